/** What Codex tries while it carries a plan out, and how that is ruled on. */
import type { Operation } from './plan.ts';

/** Rules on one attempted change; null if it is approved, else why not, in one sentence. */
export type Judge = (attempt: FileAttempt) => AttemptRefusal | null;

export interface FileAttempt {
  /** Relative to the workspace, `/`-separated; as the model gave it if it is not inside. */
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
