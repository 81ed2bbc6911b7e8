/** Who may ask for a plan, approve one, and start a run again. GitHub is asked at the moment of use. */

import { hasRole, type RepositoryRole } from '../core/policy/roles.ts';
import {
  findRefusal,
  lackingPermission,
  needsTeam,
  type PlanParticipants,
  type Refusal,
} from '../core/policy/rules.ts';
import type { PlanEvidence } from '../core/records/archive-contents.ts';
import type { Person } from '../core/records/fields.ts';
import { readJournal } from '../core/records/journal.ts';
import { Stopped } from '../decision.ts';
import type { PolicySource } from '../evidence/policy.ts';
import type { KnownPerson, People } from '../ports/people.ts';
import type { PullRequest } from '../ports/pull-requests.ts';
import type { Account, WorkflowRun } from '../ports/run.ts';

/** Whether somebody may approve a plan: the role that they approve with, or why not. */
export type Eligibility = { readonly role: RepositoryRole } | { readonly refusal: Refusal };

type AskedPeople = Pick<People, 'readRole' | 'find' | 'isMember' | 'members'>;

/** Each named approver costs a call. */
const mostNamed = 100;

export class Authority {
  readonly #people: AskedPeople;
  readonly #policy: PolicySource;
  readonly #run: WorkflowRun;

  constructor(people: AskedPeople, policy: PolicySource, run: WorkflowRun) {
    this.#people = people;
    this.#policy = policy;
    this.#run = run;
  }

  /**
   * The same, but everybody counts as a member of the teams that the policy names. `GITHUB_TOKEN` cannot read teams,
   * so without another token the answer of an earlier step is used.
   */
  trustingTeams(): Authority {
    const { readRole, find, members } = this.#people;
    const people = {
      readRole: readRole.bind(this.#people),
      find: find.bind(this.#people),
      members: members.bind(this.#people),
      isMember: async () => true,
    };
    return new Authority(people, this.#policy, this.#run);
  }

  /**
   * The person who caused an event. The suffix of a login and the author association prove nothing: an app can have
   * any name, and a bot acts for anybody who can make it act.
   * @throws Stopped bot-denied, actor-denied
   */
  requirePerson(account: Account, viaApp = false): Person {
    if (account.type !== 'User' || viaApp || account.login.endsWith('[bot]')) {
      throw new Stopped('bot-denied', `${account.login} is not a person.`);
    }
    if (account.login.toLowerCase() !== this.#run.actor.toLowerCase()) {
      throw new Stopped(
        'actor-denied',
        'The event is not by the account that the workflow runs for.',
      );
    }
    return { id: account.id, login: account.login };
  }

  /**
   * An unauthorised comment costs this one call. Nobody below triage can get the right to ask, so for such people the
   * policy is not even read.
   * @returns the person who started this run: the given one, or somebody who ran it again
   * @throws Stopped actor-denied
   */
  async authoriseRequester(person: Person): Promise<Person> {
    const role = await this.#people.readRole(person);
    if (role === null || role === 'read') throw stoppedBy(lackingPermission(person, role, 'write'));
    const needed = (await this.#policy.read()).requesters.permission;
    if (!hasRole(role, needed)) throw stoppedBy(lackingPermission(person, role, needed));
    return (await this.#authoriseRepeater(async (one) => hasRole(one.role, needed))) ?? person;
  }

  /**
   * People who may ask or approve can withdraw a plan, and so can the author of the pull request. A stranger's
   * attempt costs one call, as a request does.
   * @param author id of the account that opened the pull request, from the event; null if the account is gone
   * @returns the person who started this run: the given one, or somebody who ran it again
   * @throws Stopped actor-denied
   */
  async authoriseWithdrawer(person: Person, author: number | null): Promise<Person> {
    if (person.id !== author) {
      const role = await this.#people.readRole(person);
      if (!(await this.#mayEndPlans({ ...person, role }))) {
        if (!hasRole(role, 'write')) throw stoppedBy(lackingPermission(person, role, 'write'));
        throw new Stopped('actor-denied', `${person.login} may neither ask for plans nor approve.`);
      }
    }
    const repeater = await this.#authoriseRepeater(
      async (one) => one.id === author || this.#mayEndPlans(one),
    );
    return repeater ?? person;
  }

  async #mayEndPlans(person: KnownPerson): Promise<boolean> {
    const { role } = person;
    // Nobody below triage can get such a right, so for such people the policy is not even read.
    if (role === null || role === 'read') return false;
    const { requesters } = await this.#policy.read();
    return hasRole(role, requesters.permission) || this.#isApprover(person);
  }

  /** Whether somebody may approve plans, apart from those that they took part in. */
  async #isApprover({ role, login }: KnownPerson): Promise<boolean> {
    const { approvers } = await this.#policy.read();
    if (!hasRole(role, approvers.permission)) return false;
    return !needsTeam(approvers, login) || this.#isInTeam(approvers.teams, login);
  }

  /**
   * Needed because anybody can comment, and a comment can start any step.
   * @throws Stopped bot-denied, actor-denied
   */
  async authoriseCommenter(): Promise<void> {
    const { trigger } = this.#run;
    if (trigger.kind !== 'comment') return;
    await this.authoriseRequester(this.requirePerson(trigger.sender, trigger.viaApp));
  }

  /**
   * Comes first, because it is cheap: one API call for somebody who may not approve anything.
   * @throws Stopped actor-denied
   */
  async requireApproverRole(person: Person): Promise<void> {
    const { approvers } = await this.#policy.read();
    const role = await this.#people.readRole(person);
    if (hasRole(role, approvers.permission)) return;
    const needed = `${approvers.permission} (approvers.permission)`;
    throw stoppedBy(lackingPermission(person, role, needed));
  }

  /** Whether somebody may approve a plan under the policy, now. */
  async assessApprover(person: Person, participants: PlanParticipants): Promise<Eligibility> {
    const policy = await this.#policy.read();
    const { approvers } = policy;
    const role = await this.#people.readRole(person);
    if (role === null) return { refusal: lackingPermission(person, role, approvers.permission) };
    const { login } = person;
    const teamMatters = hasRole(role, approvers.permission) && needsTeam(approvers, login);
    const inTeam = teamMatters && (await this.#isInTeam(approvers.teams, login));
    const refusal = findRefusal('approver', { person, role, inTeam, participants }, policy);
    return refusal === undefined ? { role } : { refusal };
  }

  /**
   * @returns the role that they approve with
   * @throws Stopped actor-denied, self-approval
   */
  async requireApprover(person: Person, participants: PlanParticipants): Promise<RepositoryRole> {
    const eligibility = await this.assessApprover(person, participants);
    if ('refusal' in eligibility) throw stoppedBy(eligibility.refusal);
    return eligibility.role;
  }

  /**
   * Everybody whom the policy names as an approver, by login or by team, and who has the role that approvers need;
   * sorted by account id. It does not matter here whether they took part in a plan.
   * @returns undefined if it names nobody: then everybody with the role may approve
   * @throws Stopped config-invalid if a team cannot be read, limit-exceeded if so many are named that nobody can be
   *   asked
   */
  async listNamedApprovers(): Promise<readonly KnownPerson[] | undefined> {
    const { users, teams, permission } = (await this.#policy.read()).approvers;
    if (users.length + teams.length === 0) return undefined;
    const logins = new Map(users.map((login) => [login.toLowerCase(), login]));
    for (const team of teams) {
      for (const { login } of await this.#people.members(this.#fullName(team))) {
        logins.set(login.toLowerCase(), login);
      }
    }
    if (logins.size > mostNamed) {
      throw new Stopped('limit-exceeded', `The policy names more than ${mostNamed} approvers.`);
    }
    const found: KnownPerson[] = [];
    for (const login of logins.values()) {
      const person = await this.#people.find(login);
      if (person !== undefined && hasRole(person.role, permission)) found.push(person);
    }
    return found.sort((a, b) => a.id - b.id);
  }

  #fullName(team: string): string {
    return team.includes('/') ? team : `${this.#run.repository.owner}/${team}`;
  }

  /**
   * A person who runs an approval again must be allowed to approve.
   * @returns that person; undefined if the first actor also started this attempt
   * @throws Stopped actor-denied
   */
  authoriseRepeatedApproval(): Promise<Person | undefined> {
    return this.#authoriseRepeater((person) => this.#isApprover(person));
  }

  /**
   * GitHub gives a person who repeats a run the rights of its first actor, so this checks the person's own rights.
   */
  async #authoriseRepeater(
    mayRepeat: (person: KnownPerson) => Promise<boolean>,
  ): Promise<Person | undefined> {
    const { actor, triggeringActor } = this.#run;
    if (triggeringActor.toLowerCase() === actor.toLowerCase()) return undefined;
    const repeater = await this.#people.find(triggeringActor);
    if (repeater !== undefined && (await mayRepeat(repeater))) {
      return { id: repeater.id, login: repeater.login };
    }
    throw new Stopped('actor-denied', `${triggeringActor} may not repeat this run.`);
  }

  /** Costs a call for each team, up to the one that has the login. */
  async #isInTeam(teams: readonly string[], login: string): Promise<boolean> {
    for (const team of teams) {
      if (await this.#people.isMember(this.#fullName(team), login)) return true;
    }
    return false;
  }
}

/** Who asked for a plan, and who wrote the pull request that it is about. */
export function findParticipants(
  { manifest, journal }: PlanEvidence,
  { author }: Pick<PullRequest, 'author'>,
): PlanParticipants {
  const planned = readJournal(journal).filter(({ event }) => event === 'planned');
  const asked = manifest.requests.map(({ requester }) => requester);
  return { requesters: [...asked, ...planned.map(({ actor }) => actor)], author };
}

function stoppedBy({ reason, detail }: Refusal): Stopped {
  return new Stopped(reason, detail);
}
