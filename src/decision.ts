/**
 * The closed vocabulary of outcomes: every run of the action ends in one decision and one reason code, each with a
 * sentence that says what happened and one that says what to do next.
 */

import { approvalReasons } from './reasons/approval-reasons.ts';
import { changeReasons } from './reasons/change-reasons.ts';
import type { Explanation } from './reasons/explanation.ts';
import { runReasons } from './reasons/run-reasons.ts';
import { startReasons } from './reasons/start-reasons.ts';

/** The good ends of a mode. */
const successes = [
  'planned',
  'approved',
  'verified',
  'executed',
  'refreshed',
  'healthy',
  'audited',
  'consistent',
] as const;
export type Success = (typeof successes)[number];

/** How a run ended. */
export type Decision = Success | StopDecision;

/** How a run ends that was stopped. */
export type StopDecision = Explanation['decision'];

const explanations = {
  ...startReasons,
  ...approvalReasons,
  ...changeReasons,
  ...runReasons,
} as const satisfies Record<string, Explanation>;

type Explanations = typeof explanations;

/** Why a run was stopped. */
export type StopReason = keyof Explanations;

/** The closed set that `reason-code` is taken from. */
export type ReasonCode = 'ok' | StopReason;

/** The codes that a run may end with under this decision. */
type ReasonFor<D extends StopDecision> = {
  [R in StopReason]: D extends Explanations[R]['decision']
    ? R
    : D extends OtherDecision<R>
      ? R
      : never;
}[StopReason];
type OtherDecision<R extends StopReason> = Explanations[R] extends { readonly or: infer D }
  ? D
  : never;

export const stopReasons = Object.keys(explanations) as StopReason[];

export function explain(reason: StopReason): Explanation {
  return explanations[reason];
}

/** Whether a run that stopped for this reason can simply be repeated: it never ends an approval. */
export function isTemporary(reason: StopReason): boolean {
  return explain(reason).voids === 'never';
}

/** The exit status is 0 for these, and 1 for all others. */
export function isGood(decision: Decision): boolean {
  return decision === 'ignored' || successes.some((success) => success === decision);
}

/**
 * The one way to stop a run, whoever made the mistake. `detail` is one sentence about this case; it may hold foreign
 * text, which is escaped where it is shown.
 */
export class Stopped extends Error {
  readonly reason: StopReason;
  readonly decision: StopDecision;
  /** The decision is about an earlier label event, or about an unknown one, so the present label stays. */
  readonly keepsLabel: boolean;

  /** @param options `decision`, if it is not the usual one of this reason */
  constructor(
    reason: ReasonFor<'ignored'>,
    detail: string,
    options: ErrorOptions & { readonly decision: 'ignored' },
  );
  constructor(
    reason: ReasonFor<'drifted'>,
    detail: string,
    options: ErrorOptions & { readonly decision: 'drifted'; readonly keepsLabel?: boolean },
  );
  constructor(
    reason: StopReason,
    detail: string,
    options?: ErrorOptions & { readonly keepsLabel?: boolean },
  );
  constructor(
    reason: StopReason,
    detail: string,
    options?: ErrorOptions & { readonly decision?: StopDecision; readonly keepsLabel?: boolean },
  ) {
    super(detail, options);
    this.name = 'Stopped';
    this.reason = reason;
    this.decision = options?.decision ?? explain(reason).decision;
    this.keepsLabel = options?.keepsLabel ?? false;
  }
}

/**
 * @returns the error itself if it is a `Stopped`; platform-unsupported if the machine lacks something; otherwise internal,
 *   since then the action has made a mistake
 */
export function toStopped(error: unknown): Stopped {
  const known = error instanceof Stopped ? error : stoppedByMachine(error);
  if (known !== undefined) return known;
  const detail = error instanceof Error ? error.message : 'An unknown error.';
  return new Stopped('internal', detail, { cause: error });
}

/** Codex was started, and the run ended without a result. */
export class CodexStopped extends Stopped {
  /** The text of `run.log` so far. */
  readonly log: string;

  constructor(reason: StopReason, detail: string, log: string, options?: ErrorOptions) {
    super(reason, detail, options);
    this.log = log;
  }
}

/** Codes of errors which say that the machine lacks something: those of the system, and those of Node for memory. */
const lacks: Readonly<Record<string, string>> = {
  ENOSPC: "The runner's disk is full",
  EDQUOT: "The runner's disk quota is used up",
  EROFS: "The runner's disk cannot be written",
  EIO: "The runner's disk fails",
  EFBIG: 'The runner limits the size of files',
  EMFILE: 'The runner lets the action open no more files',
  ENFILE: 'The runner opens no more files',
  ENOMEM: 'The runner has no memory left',
  ERR_MEMORY_ALLOCATION_FAILED: 'The runner has no memory left',
  Z_MEM_ERROR: 'The runner has no memory left',
  EAGAIN: 'The runner starts no more processes',
};

/** What V8 says if there is no memory for a buffer. The error has no code. */
const noBuffer = 'Array buffer allocation failed';

/**
 * How a run stops because the machine lacks something. The action made no mistake then, and the approval stays.
 * @param error as the system throws it, with its code
 * @returns undefined for every other error
 */
export function stoppedByMachine(error: unknown): Stopped | undefined {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const named = error instanceof RangeError && message === noBuffer ? 'ENOMEM' : code;
  const lack = typeof named === 'string' && Object.hasOwn(lacks, named) ? lacks[named] : undefined;
  if (lack === undefined) return undefined;
  return new Stopped('platform-unsupported', `${lack}: ${message}.`, { cause: error });
}

/**
 * Whether the error that ended a step ends the approval. An error that is not a `Stopped` is a mistake in our code.
 * @param step `approve`, or one that relies on a recorded approval
 */
export function voidsApproval(error: unknown, step: 'approve' | 'later'): boolean {
  const { reason, decision, keepsLabel } = toStopped(error);
  const { voids } = explain(reason);
  return (
    decision !== 'ignored' &&
    !keepsLabel &&
    (voids === 'always' || (voids === 'in approve' && step === 'approve'))
  );
}
