/**
 * What the policy says about an approval, as one table of rules. Mode approve, every later check of the approval and
 * the notes on the plan comment all use this table, so a new rule is one entry here and cannot be forgotten in one of
 * those places. The rules call nobody: what they need from GitHub is read before, and given to them as facts.
 */

import { Stopped, type StopReason } from '../../decision.ts';
import type { Person } from '../records/fields.ts';
import { isDenied, isElevated, type Policy } from './policy.ts';
import { hasRole, type RepositoryRole } from './roles.ts';

/** The people who may approve their own plan only if the policy allows it. */
export interface PlanParticipants {
  /** Everybody who asked for the plan or started its run again. */
  readonly requesters: readonly { readonly id: number }[];
  /** The author of the pull request; null if the account is gone. */
  readonly author: { readonly id: number } | null;
}

interface PlannedPaths {
  readonly files: readonly { readonly path: string }[];
}

/** What each kind of rule decides on. */
interface FactsAbout {
  /** Known before Codex runs. */
  readonly plan: PlannedPaths & { readonly policyFile: string };
  /** One person, as GitHub knows them now. */
  readonly approver: {
    readonly person: Person;
    readonly role: RepositoryRole;
    /** Whether they are in a team of `approvers.teams`; looked up only if it can matter. */
    readonly inTeam: boolean;
    readonly participants: PlanParticipants;
  };
  /** All approvers together. */
  readonly approval: PlannedPaths & {
    readonly approvers: readonly { readonly role: RepositoryRole }[];
  };
}

type Subject = keyof FactsAbout;

/** Why a rule refuses. */
export interface Refusal {
  readonly reason: StopReason;
  /** One sentence; it may hold a path or a login. */
  readonly detail: string;
}

export interface ApprovalRule<S extends Subject> {
  readonly name: string;
  /** @returns the first reason against the approval; undefined if there is none */
  refuse(facts: FactsAbout[S], policy: Policy): Refusal | undefined;
  /** What the plan comment says about a file that the rule concerns. */
  note?(path: string, policy: Policy, policyFile: string): string | undefined;
}

const deniedPaths: ApprovalRule<'plan'> = {
  name: 'denied paths',
  refuse: ({ files, policyFile }, policy) => {
    const denied = files.find(({ path }) => isDenied(policy, path, policyFile));
    return denied && protectedPath(denied.path, 'is protected (paths.deny): no label approves it.');
  },
  note: (path, policy, policyFile) =>
    isDenied(policy, path, policyFile) ? '**protected**: cannot be approved' : undefined,
};

const permission: ApprovalRule<'approver'> = {
  name: 'permission',
  refuse: ({ person, role }, { approvers }) =>
    hasRole(role, approvers.permission)
      ? undefined
      : lackingPermission(person, role, approvers.permission),
};

const named: ApprovalRule<'approver'> = {
  name: 'named users and teams',
  refuse: ({ person, inTeam }, { approvers }) =>
    inTeam || !needsTeam(approvers, person.login)
      ? undefined
      : {
          reason: 'actor-denied',
          detail: `${person.login} is neither in approvers.users nor in a team of approvers.teams.`,
        },
};

const ownRequest: ApprovalRule<'approver'> = {
  name: 'own request',
  refuse: ({ person, participants }, { approvers }) =>
    approvers.self || !participants.requesters.some(({ id }) => id === person.id)
      ? undefined
      : {
          reason: 'self-approval',
          detail: `${person.login} asked for this plan (approvers.self).`,
        },
};

const ownPullRequest: ApprovalRule<'approver'> = {
  name: 'own pull request',
  refuse: ({ person, participants }, { approvers }) =>
    approvers.author || participants.author?.id !== person.id
      ? undefined
      : {
          reason: 'self-approval',
          detail: `${person.login} wrote this pull request (approvers.author).`,
        },
};

const count: ApprovalRule<'approval'> = {
  name: 'number of approvers',
  refuse: ({ approvers }, policy) =>
    approvers.length >= policy.approvers.count
      ? undefined
      : {
          reason: 'votes-missing',
          detail: `${approvers.length} approved, and ${policy.approvers.count} (approvers.count) are needed by now.`,
        },
};

const elevatedPaths: ApprovalRule<'approval'> = {
  name: 'elevated paths',
  refuse: ({ files, approvers }, policy) => {
    const needed = policy.paths.elevated.permission;
    if (approvers.some(({ role }) => hasRole(role, needed))) return undefined;
    const elevated = files.find(({ path }) => isElevated(policy, path));
    const what = `needs an approver with ${needed} permission (paths.elevated).`;
    return elevated && protectedPath(elevated.path, what);
  },
  note: (path, policy) =>
    isElevated(policy, path)
      ? `**needs an approver with the role ${policy.paths.elevated.permission}**`
      : undefined,
};

/** All rules, in the order in which they refuse. */
export const approvalRules: { readonly [S in Subject]: readonly ApprovalRule<S>[] } = {
  plan: [deniedPaths],
  approver: [permission, named, ownRequest, ownPullRequest],
  approval: [count, elevatedPaths],
};

/** The first refusal by the rules about a subject; undefined if none refuses. */
export function findRefusal<S extends Subject>(
  subject: S,
  facts: FactsAbout[S],
  policy: Policy,
): Refusal | undefined {
  for (const rule of approvalRules[subject]) {
    const refusal = rule.refuse(facts, policy);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** @throws Stopped with the first refusal */
export function checkRules<S extends Subject>(
  subject: S,
  facts: FactsAbout[S],
  policy: Policy,
): void {
  const refusal = findRefusal(subject, facts, policy);
  if (refusal !== undefined) throw new Stopped(refusal.reason, refusal.detail);
}

/** What the rules say about one file, for the plan comment. */
export function ruleNotes(path: string, policy: Policy, policyFile: string): string[] {
  return Object.values(approvalRules)
    .flat()
    .map((rule) => rule.note?.(path, policy, policyFile))
    .filter((note) => note !== undefined);
}

/** Whether this login may approve only as a member of a team; nobody else approves if the policy names anybody. */
export function needsTeam({ users, teams }: Policy['approvers'], login: string): boolean {
  if (users.length === 0 && teams.length === 0) return false;
  return !users.some((user) => user.toLowerCase() === login.toLowerCase());
}

/** @param role null for none */
export function lackingPermission(
  person: Person,
  role: RepositoryRole | null,
  needed: string,
): Refusal {
  return {
    reason: 'actor-denied',
    detail: `${person.login} has ${role ?? 'no'} permission here, and ${needed} is needed.`,
  };
}

function protectedPath(path: string, what: string): Refusal {
  return { reason: 'path-protected', detail: `${JSON.stringify(path)} ${what}` };
}
