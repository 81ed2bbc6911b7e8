/** The brakes of a policy: a pause, and a limit of Codex runs in a day. A brake is not a lock. */

import { Stopped } from '../decision.ts';
import type { CodexRuns } from '../evidence/codex-runs.ts';
import type { PolicySource } from '../evidence/policy.ts';
import type { Clock } from '../ports/runner.ts';
import { several } from '../report/words.ts';

const dayMs = 24 * 3_600_000;

export class Brakes {
  readonly #policy: PolicySource;
  readonly #codexRuns: CodexRuns;
  readonly #clock: Clock;

  constructor(policy: PolicySource, codexRuns: CodexRuns, clock: Clock) {
    this.#policy = policy;
    this.#codexRuns = codexRuns;
    this.#clock = clock;
  }

  /** @throws Stopped paused, with the reason that the policy gives */
  async checkNotPaused(): Promise<void> {
    const { paused } = await this.#policy.read();
    if (paused !== null) throw new Stopped('paused', `Paused: ${paused}`);
  }

  /**
   * To be called right before Codex runs. It counts what earlier runs left in the artifact store, which people who
   * can write can delete.
   * @throws Stopped runs-spent
   */
  async checkRunsLeft(pullRequest: number): Promise<void> {
    const { runs } = (await this.#policy.read()).limits;
    const since = new Date(this.#clock.now().getTime() - dayMs);
    const spent = await this.#codexRuns.count(pullRequest, since, runs - 1);
    if (spent < runs) return;
    throw new Stopped(
      'runs-spent',
      `Codex ran ${several(spent, 'time')} for this pull request within 24 hours, and ${runs} (limits.runs) ${runs === 1 ? 'is' : 'are'} allowed.`,
    );
  }
}
