/** The label that approves plans, on the pull request as it is now. */

import { followingUp } from '../core/first-error.ts';
import {
  type Label,
  type LabelHistory,
  type Labelling,
  newestLabelling,
} from '../core/life/timeline.ts';
import { sameLabel } from '../core/text/label-name.ts';
import { Stopped, voidsApproval } from '../decision.ts';
import { readUntil } from '../evidence/lag.ts';
import type { Labels } from '../ports/labels.ts';
import type { Log } from '../ports/runner.ts';
import type { LabelEventDetails, Timeline } from '../ports/timeline.ts';
import { findSetAgain, type RunSubject } from './set-again.ts';

/** The event log, with the labels that the pull request carries. */
export interface LabelLog extends LabelHistory {
  /** The label of the configured name, if the pull request carries it. */
  readonly label: Label | undefined;
}

export class ApprovalLabel {
  /** From the inputs. GitHub ignores the case of label names. */
  readonly name: string;
  readonly #labels: Labels;
  readonly #timeline: Timeline;
  readonly #log: Pick<Log, 'warn'>;
  /** Ids of all labels that this run has dealt with, so that a renamed one is removed, too. */
  readonly #known = new Set<string>();
  readonly #subject: RunSubject = {};
  #removed = false;

  constructor(labels: Labels, timeline: Timeline, name: string, log: Pick<Log, 'warn'>) {
    this.#labels = labels;
    this.#timeline = timeline;
    this.name = name;
    this.#log = log;
  }

  /** Whether this run has removed a label. */
  get hasRemoved(): boolean {
    return this.#removed;
  }

  isNamed(label: string): boolean {
    return sameLabel(label, this.name);
  }

  /**
   * Remembers a label that an approval rests on, whatever its name is now. When the approval ends, that label is
   * removed.
   */
  remember({ id }: Pick<Label, 'id'>): void {
    this.#known.add(id);
  }

  /**
   * Remembers the label event that this run decides on. A label that somebody sets later is a new question, so the
   * answer of this run does not remove it.
   */
  rememberDecided({ id }: Pick<Labelling, 'id'>): void {
    this.#subject.decided = id;
  }

  /**
   * Remembers by which label event this run was started. If the run ends before it knows what it decides on, a label
   * that somebody surely set later stays, too: a run can wait, or be repeated weeks later.
   * @param at when GitHub sent the event; null if it does not say so, and then every label of the name is removed
   */
  rememberStart({ id }: { readonly id: number }, at: string | null): void {
    this.#subject.started = at === null ? undefined : { by: id, at };
  }

  /** Creates the label if the repository lacks it. */
  ensureExists(): Promise<void> {
    return this.#labels.ensure(this.name);
  }

  /** Everything that happened to the labels of the pull request. */
  async readLog(pullRequest: number): Promise<LabelLog> {
    const { events, carried } = await this.#timeline.read(pullRequest);
    const label = carried.find(({ name }) => this.isNamed(name));
    if (label !== undefined) this.#known.add(label.id);
    return { events, carried: new Set(carried.map(({ id }) => id)), label };
  }

  /**
   * The same, but read again while the event that started this run is missing: the list can lag. Without that event,
   * an earlier label by somebody else could be mistaken for this one.
   * @param setter who set the label by that event
   * @throws Stopped label-missing if somebody else caused the newest event. The label stays: either the list still
   *   lags, or somebody has set the label again, and another run answers that.
   */
  async readLogWith(
    pullRequest: number,
    label: Label,
    setter: { readonly id: number },
  ): Promise<LabelLog> {
    this.#known.add(label.id);
    const lastSetter = (log: LabelLog) => newestLabelling(log, label.id)?.actor;
    const log = await readUntil(
      () => this.readLog(pullRequest),
      (one) => lastSetter(one)?.id === setter.id,
    );
    const last = lastSetter(log);
    if (last?.id === setter.id) return log;
    throw new Stopped(
      'label-missing',
      `GitHub names ${last?.login ?? 'nobody'} as the person who set the label last, and the run is about another label event.`,
      { keepsLabel: true },
    );
  }

  /**
   * Whether these events set the label under its configured name and without an app. The log of GraphQL tells
   * neither: it has the present name of the label, and no app.
   * @returns the ids for which GitHub says so
   * @throws Stopped api-unavailable if GitHub's other list does not have one of them after some seconds
   */
  async findGenuine(
    pullRequest: number,
    events: readonly Labelling[],
  ): Promise<ReadonlySet<string>> {
    const findMissing = (details: ReadonlyMap<string, LabelEventDetails>) =>
      events.find(({ id }) => !details.has(id));
    const details = await readUntil(
      () => this.#timeline.readDetails(pullRequest, events),
      (found) => findMissing(found) === undefined,
    );
    const missing = findMissing(details);
    if (missing !== undefined) {
      throw new Stopped(
        'api-unavailable',
        `GitHub's list of events does not have the label that ${missing.actor.login} set at ${missing.at}.`,
      );
    }
    const genuine = [...details].filter(
      ([, { viaApp, labelName }]) => !viaApp && this.isNamed(labelName),
    );
    return new Set(genuine.map(([id]) => id));
  }

  /**
   * Removes the label of the configured name, and every label that this run has dealt with, whatever its name is.
   * @param findOthers finds ids of further labels to remove; called only if the pull request carries other labels
   * @throws Stopped api-unavailable, permission-missing, github-refused, and what `findOthers` throws
   */
  remove(pullRequest: number, findOthers?: () => Promise<ReadonlySet<string>>): Promise<void> {
    return this.#remove(pullRequest, () => true, findOthers);
  }

  async #take(pullRequest: number, label: Label): Promise<void> {
    await this.#labels.remove(pullRequest, label);
    this.#removed = true;
  }

  async #remove(
    pullRequest: number,
    mayGo: (label: Label) => boolean,
    findOthers?: () => Promise<ReadonlySet<string>>,
  ): Promise<void> {
    const carried = (await this.#labels.carried(pullRequest)).filter(mayGo);
    const isOurs = (label: Label) => this.isNamed(label.name) || this.#known.has(label.id);
    for (const label of carried.filter(isOurs)) await this.#take(pullRequest, label);
    const rest = carried.filter((label) => !isOurs(label));
    if (rest.length === 0 || findOthers === undefined) return;
    const others = await findOthers();
    for (const label of rest) {
      if (others.has(label.id)) await this.#take(pullRequest, label);
    }
  }

  /**
   * Removes the label if this is still its newest labelling: a label that was set again is a new question. It reads
   * the log right before it removes the label, because GitHub removes a label by its name, whoever set it.
   * @returns whether it was removed
   * @throws Stopped api-unavailable, permission-missing, github-refused
   */
  async removeSetBy(pullRequest: number, labelling: Labelling): Promise<boolean> {
    const log = await this.readLog(pullRequest);
    if (log.label === undefined) return false;
    if (newestLabelling(log, log.label.id)?.id !== labelling.id) return false;
    await this.#take(pullRequest, log.label);
    return true;
  }

  /**
   * Removes the label after a refusal. If that fails, the run still reports the refusal: the failed job keeps the
   * gate shut, and the record says that the approval is over. If the label was set again after the event that this
   * run decides on, it stays: another run answers it.
   * @returns whether the label is known to be removed
   */
  async tryRemove(pullRequest: number): Promise<boolean> {
    try {
      const setAgain = await findSetAgain(this.#timeline, pullRequest, this.#subject);
      await this.#remove(pullRequest, ({ id }) => !setAgain.some((label) => label.id === id));
      return true;
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      this.#log.warn(
        `The label ${this.name} could not be removed; remove it by hand. ${error.message}`,
      );
      return false;
    }
  }

  /**
   * Whether somebody has set the label after the event that this run decides on, so that it still waits for an answer.
   * @throws Stopped api-unavailable, permission-missing
   */
  async wasSetAgain(pullRequest: number): Promise<boolean> {
    const setAgain = await findSetAgain(this.#timeline, pullRequest, this.#subject);
    return setAgain.some(({ id, name }) => this.isNamed(name) || this.#known.has(id));
  }

  /**
   * Removes the label if a step ends for a reason that ends the approval. After temporary trouble the label stays,
   * and the failed job keeps the gate shut.
   * @param kind which codes end the approval
   * @throws what the step throws, and nothing else
   */
  async removingIfVoid<T>(
    pullRequest: number,
    kind: 'approve' | 'later',
    step: () => Promise<T>,
  ): Promise<T> {
    const failed = `The label ${this.name} could not be removed; remove it by hand.`;
    return followingUp({ failed, log: this.#log }, step, async (error) => {
      if (voidsApproval(error, kind)) await this.tryRemove(pullRequest);
    });
  }
}
