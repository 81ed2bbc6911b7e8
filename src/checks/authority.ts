/** Who may ask for a plan and who may approve one, asked of GitHub at the moment of use. */

import type { Policy } from '../core/policy/policy.ts';
import type { PlanEvidence } from '../core/records/archive-contents.ts';
import type { Person } from '../core/records/fields.ts';
import { readJournal } from '../core/records/journal.ts';
import { Stopped } from '../decision.ts';
import type { KnownPerson, RepositoryRole } from '../ports/people.ts';
import type { PullRequest } from '../ports/pull-requests.ts';
import type { Account } from '../ports/run.ts';
import type { World } from './world.ts';

const strength: readonly (RepositoryRole | null)[] = [
  null,
  'read',
  'triage',
  'write',
  'maintain',
  'admin',
];

export function hasRole(role: RepositoryRole | null, needed: RepositoryRole): boolean {
  return strength.indexOf(role) >= strength.indexOf(needed);
}

/**
 * The person behind an event. No suffix or association counts: an app can be given any name, and a bot acts for
 * whoever can make it act.
 * @throws Stopped bot-denied, actor-denied
 */
export function personBehind(world: World, account: Account, viaApp = false): Person {
  if (account.type !== 'User' || viaApp || account.login.endsWith('[bot]')) {
    throw new Stopped('bot-denied', `${account.login} is not a person.`);
  }
  if (account.login.toLowerCase() !== world.run.actor.toLowerCase()) {
    throw new Stopped(
      'actor-denied',
      'The event is not by the account that the workflow runs for.',
    );
  }
  return { id: account.id, login: account.login };
}

/**
 * The one call that an unauthorised comment costs: nobody below triage can be given the right to ask, so the policy
 * is not even read for them.
 * @returns whoever makes this run happen: the person, or somebody who repeats the run
 * @throws Stopped actor-denied
 */
export async function authoriseRequester(world: World, person: Person): Promise<Person> {
  const role = await world.people.roleOf(person);
  if (role === null || role === 'read') throw lacksRole(person, role, 'write');
  const needed = (await world.policy()).requesters.permission;
  if (!hasRole(role, needed)) throw lacksRole(person, role, needed);
  return (await authoriseRepeater(world, async (one) => hasRole(one.role, needed))) ?? person;
}

/**
 * Anybody can comment, and a comment can start any step.
 * @throws Stopped bot-denied, actor-denied
 */
export async function authoriseCommenter(world: World): Promise<void> {
  const { trigger } = world.run;
  if (trigger.kind !== 'comment') return;
  await authoriseRequester(world, personBehind(world, trigger.sender, trigger.viaApp));
}

/** What an approver is refused for, or the role that they approve with. */
export type Standing =
  | { readonly role: RepositoryRole }
  | { readonly reason: 'actor-denied' | 'self-approval'; readonly why: string };

/** Those whose own approval needs the policy's leave. */
export interface PlanPeople {
  /** The requester, and whoever had the plan made again. */
  readonly askers: readonly { readonly id: number }[];
  /** Null where the account is gone. */
  readonly author: { readonly id: number } | null;
}

/** Who asked for a plan, and who wrote the pull request that it is about. */
export function peopleOf(
  { manifest, journal }: PlanEvidence,
  { author }: Pick<PullRequest, 'author'>,
): PlanPeople {
  const planned = readJournal(journal).filter(({ event }) => event === 'planned');
  return { askers: [manifest.request.requester, ...planned.map(({ actor }) => actor)], author };
}

/**
 * Whether somebody may approve a plan under the policy, now.
 * @param asksTeams false where no token can read teams, and an earlier step did
 */
export async function approverStanding(
  world: World,
  person: Person,
  { askers, author }: PlanPeople,
  asksTeams = true,
): Promise<Standing> {
  const { approvers } = await world.policy();
  const role = await world.people.roleOf(person);
  if (!hasRole(role, approvers.permission)) {
    return { reason: 'actor-denied', why: lacksRole(person, role, approvers.permission).message };
  }
  if (!(await isNamed(world, approvers, person.login, asksTeams))) {
    return {
      reason: 'actor-denied',
      why: `${person.login} is neither in approvers.users nor in a team of approvers.teams.`,
    };
  }
  if (!approvers.self && askers.some(({ id }) => id === person.id)) {
    return {
      reason: 'self-approval',
      why: `${person.login} asked for this plan (approvers.self).`,
    };
  }
  if (!approvers.author && person.id === author?.id) {
    return {
      reason: 'self-approval',
      why: `${person.login} wrote this pull request (approvers.author).`,
    };
  }
  return { role: role as RepositoryRole };
}

/**
 * Whoever repeats a run gets the rights of its first actor from GitHub, so they are asked for their own.
 * @returns who that is; undefined where the run is the actor's own
 * @throws Stopped actor-denied
 */
export async function authoriseRepeater(
  world: World,
  mayRepeat: (person: KnownPerson) => Promise<boolean>,
): Promise<Person | undefined> {
  const { actor, triggeringActor } = world.run;
  if (triggeringActor.toLowerCase() === actor.toLowerCase()) return undefined;
  const repeater = await world.people.find(triggeringActor);
  if (repeater !== null && (await mayRepeat(repeater))) {
    return { id: repeater.id, login: repeater.login };
  }
  throw new Stopped('actor-denied', `${triggeringActor} may not repeat this run.`);
}

/** Where the policy names users or teams, nobody else approves. */
export async function isNamed(
  world: World,
  approvers: Policy['approvers'],
  login: string,
  asksTeams = true,
): Promise<boolean> {
  if (approvers.users.length === 0 && approvers.teams.length === 0) return true;
  if (approvers.users.some((user) => user.toLowerCase() === login.toLowerCase())) return true;
  if (!asksTeams && approvers.teams.length > 0) return true;
  for (const team of approvers.teams) {
    const named = team.includes('/') ? team : `${world.run.repository.owner}/${team}`;
    if (await world.people.isMember(named, login)) return true;
  }
  return false;
}

function lacksRole(person: Person, role: RepositoryRole | null, needed: string): Stopped {
  return new Stopped(
    'actor-denied',
    `${person.login} has ${role ?? 'no'} permission here, and ${needed} is needed.`,
  );
}
