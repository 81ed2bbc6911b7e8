/** Who votes for a plan, and whether they may. GitHub is asked each time, because rights can change. */

import type { Authority } from '../../checks/authority.ts';
import type { PlanLife } from '../../checks/plan-life.ts';
import { hadTimeToRead, type ReadingTimes } from '../../core/life/reading-time.ts';
import type { Labelling } from '../../core/life/timeline.ts';
import { validVotes } from '../../core/life/votes.ts';
import type { NonEmpty } from '../../core/lists.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { RepositoryRole } from '../../core/policy/roles.ts';
import type { PlanParticipants } from '../../core/policy/rules.ts';
import type { CountedLabelEvent, Person } from '../../core/records/fields.ts';
import { Stopped } from '../../decision.ts';
import type { Uses } from '../tools.ts';

/** One person's vote for a plan. */
export interface Vote {
  readonly person: Person;
  readonly role: RepositoryRole;
  readonly event: Labelling;
}

/** All votes for a plan, the latest last. */
export type Votes = NonEmpty<Vote>;

/**
 * The vote of the label event that this run is about.
 * @throws Stopped bot-denied, actor-denied, self-approval
 */
export async function readVote(
  authority: Authority,
  event: Labelling,
  participants: PlanParticipants,
): Promise<Vote> {
  if (event.actor.type !== 'User') {
    throw new Stopped('bot-denied', `${event.actor.login}, who set the label, is not a person.`);
  }
  const person = { id: event.actor.id, login: event.actor.login };
  return { person, role: await authority.requireApprover(person, participants), event };
}

/**
 * The votes that count. The rights of each voter are read now.
 * @param latest the vote of this run's own label event
 * @throws Stopped bot-denied, label-missing if GitHub does not confirm the latest; approval-expired if it is too old
 */
export async function collectVotes(
  { authority, label, people }: Uses<'authority' | 'label' | 'people'>,
  life: PlanLife,
  latest: Vote,
  participants: PlanParticipants,
  policy: Policy,
  times: ReadingTimes,
): Promise<Votes> {
  const { count, hours } = policy.approvers;
  const counting = validVotes(life.log, life.now.records, {
    label: latest.event.label.id,
    self: count === 1 ? 0 : (await people.self()).databaseId,
    hours,
    now: life.now.now,
    hadTimeToRead: ({ at }) => hadTimeToRead(at, times),
  });
  if (!counting.some(({ id }) => id === latest.event.id)) {
    throw new Stopped(
      'approval-expired',
      `The label was set at ${latest.event.at}, more than ${hours} hours ago (approvers.hours or approval-hours), or not after the last approval of this plan.`,
    );
  }
  const candidates = count === 1 ? [latest.event] : counting;
  const genuine = await label.findGenuine(life.pull.number, candidates);
  if (!genuine.has(latest.event.id)) {
    throw new Stopped(
      'bot-denied',
      `GitHub does not confirm that ${latest.person.login} set the label under the name ${label.name} and without an app.`,
    );
  }
  const others: Vote[] = [];
  for (const event of candidates) {
    if (event.actor.id === latest.person.id || event.actor.type !== 'User') continue;
    if (!genuine.has(event.id)) continue;
    const person = { id: event.actor.id, login: event.actor.login };
    const eligibility = await authority.assessApprover(person, participants);
    if ('role' in eligibility) others.push({ person, role: eligibility.role, event });
  }
  const [first, ...rest] = others;
  return first === undefined ? [latest] : [first, ...rest, latest];
}

/** A label event as the records keep it. */
export function toCountedEvent({ event }: Pick<Vote, 'event'>): CountedLabelEvent {
  const { id, label, actor, at } = event;
  return {
    id,
    label: { id: label.id, name: label.name },
    actor: { id: actor.id, login: actor.login },
    created_at: at,
  };
}
