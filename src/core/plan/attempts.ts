/** What Codex tries to change while it carries out a plan, and the decision on each attempt. */

import { CodexStopped } from '../../decision.ts';
import type { NonEmpty } from '../lists.ts';
import type { Operation } from './plan.ts';

/** Decides on one attempted change: null if it is approved, or else the reason. */
export type Judge = (attempt: FileAttempt) => AttemptRefusal | null;

export interface FileAttempt {
  /** Relative to the workspace, `/`-separated; if it lies outside, as the model gave it. */
  readonly path: string;
  readonly operation: Operation;
}

export interface AttemptRefusal {
  readonly reason: 'outside-plan' | 'operation-mismatch' | 'path-invalid';
  /** One sentence for the reviewers. */
  readonly detail: string;
}

/** A change that is refused, with what was tried. */
export interface Denial extends FileAttempt, AttemptRefusal {}

/** Codex ended without a result, after file changes had been refused to it. */
export class StoppedAfterRefusal extends CodexStopped {
  /** File changes that were refused, in the order they were tried. */
  readonly declined: NonEmpty<Denial>;

  constructor(cause: CodexStopped, declined: NonEmpty<Denial>) {
    super(cause.reason, cause.message, cause.log, { cause });
    this.declined = declined;
  }
}

export interface RefusedRequest {
  readonly kind: 'command' | 'permissions' | 'tool' | 'input';
  /** What was asked for, such as a command line. Untrusted. */
  readonly request: string;
  readonly why: string;
}

/** One automatic approval review. */
export interface Assessment {
  readonly at: string;
  readonly action: string;
  readonly risk: 'low' | 'medium' | 'high' | 'critical' | null;
  readonly authorization: 'unknown' | 'low' | 'medium' | 'high' | null;
  readonly outcome: 'approved' | 'denied' | 'timedOut' | 'aborted';
  readonly rationale: string;
}
