/** Who votes for a plan, and whether they may: asked of GitHub at the moment of use. */

import type { Authority } from '../../checks/authority.ts';
import {
  hadTimeToRead,
  type LabelEvent,
  type Labelling,
  latestVotes,
} from '../../core/life/labelling.ts';
import type { NonEmpty } from '../../core/lists.ts';
import type { RepositoryRole } from '../../core/policy/roles.ts';
import type { PlanParticipants } from '../../core/policy/rules.ts';
import type { Approval } from '../../core/records/approval.ts';
import type { Person } from '../../core/records/fields.ts';
import { Stopped } from '../../decision.ts';
import type { Uses } from '../tools.ts';

/** One person's vote for a plan. */
export interface Vote {
  readonly person: Person;
  readonly role: RepositoryRole;
  readonly event: LabelEvent;
}

/** All votes for a plan, the latest last. */
export type Votes = NonEmpty<Vote>;

/** @throws Stopped bot-denied, actor-denied, self-approval */
export async function readVote(
  authority: Authority,
  event: Labelling,
  participants: PlanParticipants,
): Promise<Vote> {
  if (!isPersons(event)) {
    throw new Stopped('bot-denied', `${event.actor.login}, who set the label, is not a person.`);
  }
  const person = { id: event.actor.id, login: event.actor.login };
  return { person, role: await authority.requireApprover(person, participants), event };
}

/** When voters could read what they vote for. */
export interface ReadingTimes {
  /** Since when the plan comment reads as it does. */
  readonly shownSince: string;
  /** Since when the request reads as it does; undefined if it was never edited. */
  readonly editedAt: string | undefined;
  /** The policy's time to read. */
  readonly seconds: number;
  /** The approval that the votes led to before: what the action wrote on the comment then says nothing against them. */
  readonly earlier: Approval | undefined;
}

/** Whether a labelling came late enough for what it votes for, and is still about the same head and base. */
export function isValidVote(
  event: LabelEvent,
  { shownSince, editedAt, seconds, earlier }: ReadingTimes,
): boolean {
  if (!event.current) return false;
  if (earlier?.approvers.some((approver) => approver.label_event.id === event.id)) return true;
  return (
    hadTimeToRead(event, shownSince, seconds) &&
    // Within one second nobody can tell which came first.
    (editedAt === undefined || hadTimeToRead(event, editedAt, Math.max(seconds, 1)))
  );
}

/**
 * The votes of everybody who may approve, asked for their rights now.
 * @param isValid whether a labelling counts for this plan
 */
export async function collectVotes(
  { authority, people, policy }: Uses<'authority' | 'people' | 'policy'>,
  history: readonly LabelEvent[],
  latest: Vote,
  participants: PlanParticipants,
  isValid: (event: LabelEvent) => boolean,
): Promise<Votes> {
  if ((await policy.read()).approvers.count === 1) return [latest];
  const { databaseId } = await people.self();
  const votes: Vote[] = [];
  for (const event of latestVotes(history, databaseId, isValid)) {
    if (event.actor.id === latest.person.id || !isPersons(event)) continue;
    const person = { id: event.actor.id, login: event.actor.login };
    const eligibility = await authority.assessApprover(person, participants);
    if ('role' in eligibility) votes.push({ person, role: eligibility.role, event });
  }
  const [first, ...others] = votes;
  return first === undefined ? [latest] : [first, ...others, latest];
}

function isPersons({ actor, viaApp }: Labelling): boolean {
  return actor.type === 'User' && !viaApp;
}
