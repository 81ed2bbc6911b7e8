/**
 * The guardian: a reviewing model that Codex asks instead of the client. Its answer alone allows nothing: the proxy
 * holds the answer until the gate has ruled on the item under review, and what is outside the plan is denied whatever
 * the guardian says. Stopping the turn when the item is seen was too late if it answers fast.
 */

import type { Assessment } from '../../core/plan/attempts.ts';
import { Stopped } from '../../decision.ts';
import { responseOf } from '../proxy/response-stream.ts';
import { oneLine, type RunLog } from '../run-log.ts';
import type { Review, ReviewedAction } from './protocol.ts';

/** How long a held answer waits for Codex to say what is under review. */
const WAIT_MS = 10_000;

/** What the gate says of an item; null if it has no objection. */
export type RuleOnReview = (review: Review) => string | null;

export class Reviews {
  readonly assessments: Assessment[] = [];
  readonly #log: RunLog;
  readonly #rule: RuleOnReview;
  readonly #open = new Map<string, Review>();
  readonly #ruled = new Set<string>();
  readonly #waiting = new Set<() => void>();
  #escaped = false;

  constructor(log: RunLog, rule: RuleOnReview) {
    this.#log = log;
    this.#rule = rule;
  }

  started(review: Review): void {
    this.#open.set(review.reviewId, review);
    for (const wake of this.#waiting) wake();
  }

  completed(completed: Review): void {
    this.#open.delete(completed.reviewId);
    this.#demandRuling(completed);
    const { status, riskLevel, userAuthorization, rationale } = completed.review;
    // A review that ended without an assessment has allowed nothing.
    this.#record({
      at: new Date().toISOString(),
      action: describe(completed.action),
      risk: riskLevel ?? null,
      authorization: userAuthorization ?? null,
      outcome: status === 'inProgress' ? 'aborted' : status,
      rationale: rationale ?? '',
    });
    if (status === 'approved') this.#noteEscape(completed.action);
  }

  /** Reviews that the end of the turn left open. */
  abortOpen(): void {
    for (const review of this.#open.values()) {
      this.completed({ ...review, review: { status: 'aborted' } });
    }
  }

  /**
   * The answer that replaces the guardian's; null lets the guardian's own answer pass. A request does not name its
   * review, so if several are open every one of them has to be in order.
   */
  async ruleOnAnswer(): Promise<string | null> {
    if (!(await this.#anyOpen())) return deny('Codex did not say what is under review.');
    const objections = [...this.#open.values()].flatMap((review) => {
      this.#ruled.add(review.reviewId);
      return this.#rule(review) ?? [];
    });
    return objections.length === 0 ? null : deny(objections.join(' '));
  }

  /** An approval without a held answer: for example, another version of Codex asks its guardian in another form. */
  #demandRuling(review: Review): void {
    if (review.review.status !== 'approved' || this.#ruled.has(review.reviewId)) return;
    const objection = this.#rule(review);
    if (objection === null) return;
    throw new Stopped(
      'codex-failed',
      `The guardian let through what the gate refuses. ${objection}`,
    );
  }

  async #anyOpen(): Promise<boolean> {
    if (this.#open.size > 0) return true;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, WAIT_MS);
      this.#waiting.add(done);
    });
    return this.#open.size > 0;
  }

  #record(assessment: Assessment): void {
    this.assessments.push(assessment);
    const { outcome, action, risk, rationale } = assessment;
    this.#log.add(`guardian: ${outcome} ${action} (risk ${risk ?? 'unknown'}): ${rationale}`);
  }

  /**
   * A command that is outside of Codex's sandbox shares the command box with the program that runs all commands, and
   * could speak in its place. Nothing else that comes from there is trusted.
   */
  #noteEscape({ type }: ReviewedAction): void {
    if (type === 'applyPatch' || this.#escaped) return;
    this.#escaped = true;
    this.#log.add('note: a command left the sandbox; how later commands ended is not certain');
  }
}

function deny(rationale: string): string {
  return responseOf(
    JSON.stringify({
      risk_level: 'high',
      user_authorization: 'unknown',
      outcome: 'deny',
      rationale,
    }),
  );
}

/** What was reviewed, in one line. */
export function describe(action: ReviewedAction): string {
  const what =
    action.command ??
    action.argv?.join(' ') ??
    action.stdin ??
    action.files?.join(', ') ??
    action.host ??
    '';
  return oneLine(`${action.type} ${what}`.trim());
}
