/** Labels, known by their ids: people who can rename labels can give any name to any label. */

import type { Label } from '../core/life/timeline.ts';

/** `removed`: it was on the pull request, and now it is not. `absent`: it was not on it. */
export type LabelRemoval = 'removed' | 'absent';

export interface Labels {
  /** Creates the label if the repository lacks it. */
  ensure(name: string): Promise<void>;
  /** The labels that are on the pull request now. */
  carried(pullRequest: number): Promise<readonly Label[]>;
  /**
   * @param label its id decides; the name may be out of date
   * @throws Stopped api-unavailable unless GitHub says that the pull request no longer has the label
   */
  remove(pullRequest: number, label: Label): Promise<LabelRemoval>;
}
