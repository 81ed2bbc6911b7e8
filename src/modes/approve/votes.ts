/** Who votes for a plan, and whether they may: asked of GitHub at the moment of use. */

import { approverStanding, hasRole, isNamed, type PlanPeople } from '../../checks/authority.ts';
import { isReadFirst, type Labelling, votesIn } from '../../checks/label.ts';
import type { World } from '../../checks/world.ts';
import type { Approval } from '../../core/records/approval.ts';
import type { Person } from '../../core/records/fields.ts';
import { Stopped } from '../../decision.ts';
import type { LabelEvent } from '../../ports/labels.ts';
import type { KnownPerson, RepositoryRole } from '../../ports/people.ts';

/** One person's vote for a plan. */
export interface Vote {
  readonly person: Person;
  readonly role: RepositoryRole;
  readonly event: LabelEvent;
}

/** Cheap and first: whoever may approve nothing here costs nothing more. */
export async function checkMayApprove(world: World, person: Person): Promise<void> {
  const { approvers } = await world.policy();
  const role = await world.people.roleOf(person);
  if (!hasRole(role, approvers.permission)) {
    throw new Stopped(
      'actor-denied',
      `${person.login} has ${role ?? 'no'} permission here, and ${approvers.permission} (approvers.permission) is needed.`,
    );
  }
}

export async function mayApprove(world: World, { role, login }: KnownPerson): Promise<boolean> {
  const { approvers } = await world.policy();
  return hasRole(role, approvers.permission) && isNamed(world, approvers, login);
}

export async function voteOf(world: World, event: Labelling, people: PlanPeople): Promise<Vote> {
  if (event.actor.type !== 'User' || event.viaApp) {
    throw new Stopped('bot-denied', `${event.actor.login}, who set the label, is not a person.`);
  }
  const person = { id: event.actor.id, login: event.actor.login };
  return { person, role: await checkMayApprovePlan(world, person, people), event };
}

/** @throws Stopped actor-denied, self-approval */
export async function checkMayApprovePlan(
  world: World,
  person: Person,
  people: PlanPeople,
): Promise<RepositoryRole> {
  const standing = await approverStanding(world, person, people);
  if ('why' in standing) throw new Stopped(standing.reason, standing.why);
  return standing.role;
}

/** What a voter was shown. */
export interface Shown {
  /** Since when the plan comment reads as it does, and the request where it was edited. */
  readonly since: string;
  readonly editedAt: string | null;
  /** The policy's time to read. */
  readonly seconds: number;
  /** The approval that the votes led to before: what the action wrote on the comment then says nothing against them. */
  readonly earlier: Approval | undefined;
}

/** Whether a labelling came late enough for what it votes for, and is still about the same head and base. */
export function counts(event: LabelEvent, { since, editedAt, seconds, earlier }: Shown): boolean {
  if (!event.current) return false;
  if (earlier?.approvers.some((approver) => approver.label_event.id === event.id)) return true;
  return (
    isReadFirst(event, since, seconds) &&
    // Within one second nobody can tell which came first.
    (editedAt === null || isReadFirst(event, editedAt, Math.max(seconds, 1)))
  );
}

/** The votes of everybody who may approve, asked for their standing now. */
export async function collectVotes(
  world: World,
  history: readonly LabelEvent[],
  latest: Vote,
  people: PlanPeople,
  readable: (event: LabelEvent) => boolean,
): Promise<readonly Vote[]> {
  if ((await world.policy()).approvers.count === 1) return [latest];
  const { databaseId } = await world.people.self();
  const votes = [];
  for (const event of votesIn(history, databaseId, readable)) {
    if (event.actor.id === latest.person.id || event.actor.type !== 'User' || event.viaApp)
      continue;
    const person = { id: event.actor.id, login: event.actor.login };
    const standing = await approverStanding(world, person, people);
    if ('role' in standing) votes.push({ person, role: standing.role, event });
  }
  return [...votes, latest];
}
