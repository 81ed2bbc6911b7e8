import type { PlanState } from '../core/life/state.ts';
import type { ImpactedTest } from '../core/policy/impacted-tests.ts';
import type { NotifyKind } from '../core/records/notify-kind.ts';
import type { ReasonCode, StopDecision, StopReason, Success } from '../decision.ts';
import type { Announcement } from '../report/notification.ts';

/** Facts for the outputs. A run that stops early leaves the rest unset. */
export interface Facts {
  readonly planId?: string;
  readonly planSha256?: string;
  readonly promptSha256?: string;
  readonly files?: readonly string[];
  readonly artifactId?: number;
  readonly artifactUrl?: string;
  readonly commentUrl?: string;
  readonly pullRequest?: number;
  readonly headSha?: string;
  readonly approver?: string;
  readonly deniedFiles?: readonly string[];
  readonly drift?: boolean;
  readonly driftDiff?: string;
  readonly evidencePath?: string;
  readonly impactedTests?: readonly ImpactedTest[];
  readonly commitSha?: string;
  /** The title of the plan: a model's text, for people only, never an output. */
  readonly title?: string;
  /** Who was asked to approve, for the notification. */
  readonly asked?: NonNullable<Announcement['asked']>;
  /** What the notification is about, if that does not follow from the decision. */
  readonly notify?: NotifyKind;
  readonly notificationPath?: string;
  /** What this run's Codex used. */
  readonly tokens?: { readonly input: number; readonly cached: number; readonly output: number };
  /** Whether this run's Codex has asked the model; for people only, never an output. */
  readonly modelAsked?: boolean;
  /** How long this run's Codex worked; for people only, never an output. */
  readonly codexSeconds?: number;
  /** The state of the newest plan. */
  readonly state?: PlanState['is'];
  /** For a run over several pull requests: what it found about each. */
  readonly pullRequests?: readonly PullRequestFacts[];
  /** Those that such a run did not reach. */
  readonly leftPullRequests?: readonly number[];
}

/** What a run over several pull requests tells about one of them. */
export interface PullRequestFacts extends Omit<Facts, 'pullRequests' | 'leftPullRequests'> {
  readonly pullRequest: number;
  readonly reason: ReasonCode;
}

/**
 * Takes what a run learns as soon as it is known, so that a run that stops reports it, too. It can only be written,
 * so that no later decision depends on it.
 */
export interface Report {
  note(facts: Facts): void;
}

/** What a run costs, to be asked at its end. */
export interface Cost {
  /** How many calls to GitHub counted against the allowance. */
  calls: () => number;
}

/** The successful end of a mode; every other end is thrown as `Stopped`. */
export interface ModeResult {
  readonly decision: Success;
  /** One sentence about this case; may hold foreign text. */
  readonly detail: string;
}

/** How a run ended, for the outputs. */
export type Outcome =
  | (ModeResult & { readonly reason: 'ok' })
  | { readonly decision: StopDecision; readonly reason: StopReason; readonly detail: string };
