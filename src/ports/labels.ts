/** The labels of a pull request, and who set and removed them when. */

import type { LabelEvent } from '../core/life/labelling.ts';

export interface Labels {
  remove(pullRequest: number, label: string): Promise<void>;
  /** Creates the label if the repository lacks it. */
  ensure(label: string): Promise<void>;
  /** Oldest first. */
  history(pullRequest: number, label: string): Promise<readonly LabelEvent[]>;
}
