/** The label that approves plans, on the pull request as it is now. */

import type { LabelEvent } from '../core/life/labelling.ts';
import { lastLabelling } from '../core/life/labelling.ts';
import type { Person } from '../core/records/fields.ts';
import { sameLabel } from '../core/text/label-name.ts';
import { Stopped, voidsApproval } from '../decision.ts';
import type { Labels } from '../ports/labels.ts';
import type { Log } from '../ports/runner.ts';

const lagPauseMs = 1000;
const lagAttempts = 4;

export class ApprovalLabel {
  /** As the inputs give it; GitHub keeps one label for all its spellings in capitals. */
  readonly name: string;
  readonly #labels: Labels;
  readonly #log: Pick<Log, 'warn'>;

  constructor(labels: Labels, name: string, log: Pick<Log, 'warn'>) {
    this.#labels = labels;
    this.name = name;
    this.#log = log;
  }

  isNamed(label: string): boolean {
    return sameLabel(label, this.name);
  }

  /** Creates the label if the repository lacks it. */
  ensureExists(): Promise<void> {
    return this.#labels.ensure(this.name);
  }

  /** Everything that happened to the label, oldest first. */
  history(pullRequest: number): Promise<readonly LabelEvent[]> {
    return this.#labels.history(pullRequest, this.name);
  }

  /**
   * The same, read again while it lacks the event that started this run: the list can lag.
   * @param setter who set the label by that event; undefined if no label event started the run
   */
  async historyWith(
    pullRequest: number,
    setter: Person | undefined,
  ): Promise<readonly LabelEvent[]> {
    for (let attempt = 1; ; attempt++) {
      const history = await this.history(pullRequest);
      const last = history.at(-1);
      const listed = setter === undefined || (last?.set && last.actor?.id === setter.id);
      if (listed || attempt === lagAttempts) return history;
      await new Promise((resolve) => setTimeout(resolve, lagPauseMs));
    }
  }

  /**
   * Right before an irreversible step: the label is the one that was decided on.
   * @throws Stopped label-missing
   */
  async checkStillSet(pullRequest: number, event: { readonly id: number }): Promise<void> {
    const last = lastLabelling(await this.history(pullRequest));
    if (last.id !== event.id) {
      throw new Stopped('label-missing', 'The label was set anew meanwhile.');
    }
  }

  remove(pullRequest: number): Promise<void> {
    return this.#labels.remove(pullRequest, this.name);
  }

  /**
   * Removes the label after a refusal. If that fails, the refusal is still what we report: the failed job keeps the
   * gate shut.
   */
  async tryRemove(pullRequest: number): Promise<void> {
    try {
      await this.remove(pullRequest);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      this.#log.warn(`The label ${this.name} is still on, take it off by hand. ${error.message}`);
    }
  }

  /**
   * Removes the label if a step ends in a way that says that the approval is over; after passing trouble the red job
   * is the gate.
   * @param kind which of the codes end the approval
   */
  async removedIfVoid<T>(
    pullRequest: number,
    kind: 'approve' | 'later',
    step: () => Promise<T>,
  ): Promise<T> {
    try {
      return await step();
    } catch (error) {
      if (voidsApproval(error, kind)) await this.tryRemove(pullRequest);
      throw error;
    }
  }
}
