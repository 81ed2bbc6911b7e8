/** Labels, known by their ids: whoever can rename labels can give any name to any label. */

import type { Label } from '../core/life/timeline.ts';

/**
 * `removed`: it was on the pull request, and now is not. `absent`: it was not on it. `gone`: the repository no longer
 * has a label of that id, so no pull request has it.
 */
export type LabelRemoval = 'removed' | 'absent' | 'gone';

export interface LabelsById {
  /** The label that has this name now, whatever its case. */
  find(name: string): Promise<Label | undefined>;
  /** @throws Stopped api-unavailable unless GitHub says that the label is not on the pull request afterwards */
  remove(pullRequest: number, label: string): Promise<LabelRemoval>;
}
