/** The coding agent: it plans read-only, and carries a plan out in a workspace. */

import type { Assessment, Denial, Judge, RefusedRequest } from '../core/plan/attempts.ts';
import type { Usage } from '../core/records/fields.ts';

/** Asks Codex for a plan, read-only. */
export interface Planner {
  /** @throws whatever `ready` fails with; Stopped codex-unavailable, sandbox-unavailable, codex-failed, codex-timeout, limit-exceeded */
  propose(task: PlanningTask): Promise<Proposal>;
  /**
   * What a plan would be made with now, without asking a model.
   * @throws Stopped codex-unavailable
   */
  describe(): Promise<PlannedToolchain>;
}

/** A toolchain whose model is not known yet if Codex would choose it. */
export type PlannedToolchain = Omit<Toolchain, 'model'> & { readonly model: string | null };

export interface PlanningTask {
  /** Absolute path of the private workspace. */
  readonly workspace: string;
  /**
   * Settles once the workspace is written and everything was checked that is checked before a model is asked: it is asked
   * after that, and not at all if this fails. Unset, it is so already.
   */
  readonly ready?: Promise<unknown>;
  /** The frozen prompt, normalised. */
  readonly prompt: string;
  /**
   * Canonical JSON of the plan to start from: the approved one for `verify`, the one to change for `revise`. Null for a new
   * plan, and for an exact comparison.
   */
  readonly anchor: string | null;
  /** `verify` repeats the parts of the anchor that still fit, `revise` changes what the newest request asks for. */
  readonly purpose: 'plan' | 'verify' | 'revise';
  /**
   * What the owners of the repository tell every agent, byte for byte as it is in the evidence; null or empty if they
   * say nothing. Never from the pull request.
   */
  readonly instructions: string | null;
  /** Files that somebody struck from the plan: Codex must neither plan nor change them. */
  readonly struck: readonly string[];
}

export interface Proposal {
  /** The model's final message as it came: untrusted, not parsed. */
  readonly answer: string;
  readonly toolchain: Toolchain;
  readonly usage: Usage;
  /** The text of `run.log`. */
  readonly log: string;
}

/** What produced a plan. */
export interface Toolchain {
  /** Version of the Codex CLI, as it says itself. */
  readonly version: string;
  /** The model that Codex asked for. */
  readonly model: string;
  /** Reasoning effort as it was asked for; null for Codex's own. */
  readonly effort: string | null;
  /** Folders of the tool cache that its commands can use. */
  readonly tools: readonly string[];
}

/** Lets Codex carry out a plan in the workspace. Each file change is judged before it is written. */
export interface Editor {
  /**
   * @throws Stopped codex-unavailable, sandbox-unavailable, codex-failed, codex-timeout, config-invalid; StoppedAfterRefusal
   *   if Codex had been refused a file change before
   */
  carryOut(task: EditingTask): Promise<EditReport>;
}

export interface EditingTask {
  readonly workspace: string;
  readonly prompt: string;
  /** Canonical JSON of the approved plan. */
  readonly plan: string;
  /**
   * What the owners of the repository tell every agent, byte for byte as it is in the evidence; null or empty if they
   * say nothing. Never from the pull request.
   */
  readonly instructions: string | null;
  /** Files that somebody struck from the plan: Codex must neither plan nor change them. */
  readonly struck: readonly string[];
  /** Judges one attempted change of one path by the approved scope; null if it is approved. */
  readonly judge: Judge;
}

export interface EditReport {
  /** File changes that were refused, in the order they were tried. */
  readonly declined: readonly Denial[];
  /** Everything else that was refused: requests to leave the sandbox, permissions, tools. */
  readonly refusedRequests: readonly RefusedRequest[];
  /** What the guardian decided, if it is the reviewer. */
  readonly assessments: readonly Assessment[];
  /** Warnings of Codex about its configuration, such as an administrator's override. */
  readonly warnings: readonly string[];
  readonly toolchain: Toolchain;
  readonly usage: Usage;
  readonly log: string;
}
