/** What Codex tries to change while it carries out a plan, and the decision on each attempt. */
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
