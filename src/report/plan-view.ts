import type { PlanEvidence } from '../core/records/archive-contents.ts';

/** What a plan comment shows in addition to the evidence. */
export interface PlanView {
  readonly evidence: PlanEvidence;
  readonly artifact: { readonly id: number; readonly digest: string };
  /** `https://github.com` or a GHE.com host. */
  readonly serverUrl: string;
  readonly label: string;
  readonly command: string;
  /** Remarks on single files, by path. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  /** The message of the commit, with `…` for what is known only later. */
  readonly commitMessage: string;
}

/** What the state line of a plan's comment depends on. */
export type StateView = Pick<PlanView, 'serverUrl' | 'label' | 'command'> & {
  readonly evidence: Pick<PlanEvidence, 'manifest'>;
};
