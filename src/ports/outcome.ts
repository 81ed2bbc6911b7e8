import type { Decision, ReasonCode, StopReason } from '../decision.ts';
import { explain } from '../decision.ts';

/** What a run learnt, for the outputs; absent where it did not come that far. */
export interface Findings {
  planId?: string;
  planSha256?: string;
  promptSha256?: string;
  files?: readonly string[];
  artifactId?: number;
  artifactUrl?: string;
  commentUrl?: string;
  pullRequest?: number;
  headSha?: string;
  approver?: string;
  deniedFiles?: readonly string[];
  drift?: boolean;
  driftDiff?: string;
  evidencePath?: string;
  impactedTests?: readonly string[];
  commitSha?: string;
}

/** The verdict that a mode returns. */
export interface Outcome {
  readonly decision: Decision;
  readonly reason: ReasonCode;
  /** One sentence about this case; may hold foreign text. */
  readonly detail: string;
}

export function refuse(reason: StopReason, detail: string): Outcome {
  return { decision: explain(reason).decision, reason, detail };
}

export function ignore(reason: StopReason, detail: string): Outcome {
  return { decision: 'ignored', reason, detail };
}

/** The good end of a mode. */
export function succeed(
  decision: 'planned' | 'approved' | 'verified' | 'executed',
  detail: string,
): Outcome {
  return { decision, reason: 'ok', detail };
}
