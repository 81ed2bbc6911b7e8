/** The label event that a run is about, and the people who made the run happen. */

import type { LabelLog } from '../../checks/label.ts';
import { type Labelling, labellingEnd, newestLabelling } from '../../core/life/timeline.ts';
import type { Person } from '../../core/records/fields.ts';
import { Stopped } from '../../decision.ts';
import type { Uses } from '../tools.ts';

/**
 * The pull request that was labelled.
 * @throws Stopped as ignored if there is nothing to do; unsupported-event, config-invalid
 */
export function findLabelledPull(
  { run: { trigger }, label }: Uses<'run' | 'label'>,
  input: number | undefined,
): number {
  switch (trigger.kind) {
    case 'label':
      if (trigger.action !== 'labeled') {
        throw new Stopped('unsupported-event', 'A label was removed.', { decision: 'ignored' });
      }
      if (label.isNamed(trigger.label.name)) return trigger.pullRequest;
      throw new Stopped('other-label', `The label is not ${label.name}.`);
    case 'pull-request':
      throw new Stopped('unsupported-event', 'No label was set.', { decision: 'ignored' });
    case 'dispatch':
      if (input !== undefined) return input;
      throw new Stopped(
        'config-invalid',
        'The event names no pull request: set the input pull-request.',
      );
    default:
      throw new Stopped(
        'unsupported-event',
        'Mode approve runs on pull_request_target: labeled, and on workflow_dispatch.',
      );
  }
}

/** The people who started this run. */
interface Actors {
  /** Who set the label by the event of this run; undefined if the run was dispatched. */
  readonly labeller: Person | undefined;
  /** Who dispatched or re-ran this run. They count, too, because each run gives Codex another try. */
  readonly startedBy: readonly Person[];
}

/** Comes first, because it is cheap: for a person who may not approve, nothing more is read. */
export async function authorise({ authority, run }: Uses<'authority' | 'run'>): Promise<Actors> {
  const { kind, sender } = run.trigger;
  const person = sender === null ? undefined : authority.requirePerson(sender);
  if (person !== undefined) await authority.requireApproverRole(person);
  const repeater = await authority.authoriseRepeatedApproval();
  const labelled = kind === 'label';
  return {
    labeller: labelled ? person : undefined,
    startedBy: [labelled ? undefined : person, repeater].filter((one) => one !== undefined),
  };
}

export function readLabelLog(
  { label, run: { trigger } }: Uses<'label' | 'run'>,
  number: number,
  labeller: Person | undefined,
): Promise<LabelLog> {
  return trigger.kind === 'label' && labeller !== undefined
    ? label.readLogWith(number, trigger.label, labeller)
    : label.readLog(number);
}

/**
 * The last time that the label was set: the one of this run's event, or the one that the pull request carries.
 * @throws Stopped label-missing
 */
export function findLabelling({ run: { trigger } }: Uses<'run'>, log: LabelLog): Labelling {
  const label = trigger.kind === 'label' ? trigger.label : log.label;
  const labelling = label === undefined ? undefined : newestLabelling(log, label.id);
  if (labelling === undefined) throw new Stopped('label-missing', 'The label is not set.');
  return labelling;
}

/**
 * The label must still be set, by that event and under its name.
 * @throws Stopped label-missing, head-moved
 */
export function checkStands(log: LabelLog, labelling: Labelling): void {
  const ended = labellingEnd(log, labelling.id);
  if (ended === 'exchanged') {
    throw new Stopped(
      'head-moved',
      'The branch was force-pushed, or its base changed, after the label was set.',
    );
  }
  if (ended !== null || log.label?.id !== labelling.label.id) {
    throw new Stopped('label-missing', 'The label was removed again.');
  }
}
