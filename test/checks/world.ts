/** A world in memory for the parts of the modes that decide: what is not given fails when it is asked for. */

import type { World } from '../../src/checks/world.ts';
import { defaultPolicy, type Policy } from '../../src/core/policy/policy.ts';
import type { Comment } from '../../src/ports/comments.ts';
import type { KnownPerson, RepositoryRole } from '../../src/ports/people.ts';
import type { PullRequest } from '../../src/ports/pull-requests.ts';
import type { RunFacts } from '../../src/ports/repository.ts';

export interface Facts {
  readonly run?: Partial<World['run']>;
  readonly policy?: {
    readonly approvers?: Partial<Policy['approvers']>;
    readonly requesters?: Partial<Policy['requesters']>;
    readonly forks?: boolean;
    readonly workflows?: readonly string[];
  };
  /** Roles by login; nobody else has one. */
  readonly roles?: Readonly<Record<string, RepositoryRole>>;
  /** Who can be found by login. */
  readonly known?: readonly KnownPerson[];
  /** Members by `org/team`. */
  readonly teams?: Readonly<Record<string, readonly string[]>>;
  readonly runs?: readonly RunFacts[];
  /** Blobs by `ref:path`. */
  readonly files?: Readonly<Record<string, string>>;
  readonly pull?: Partial<PullRequest>;
  readonly tip?: string;
  /** Commits of the default branch besides its tip. */
  readonly older?: readonly string[];
  readonly labels?: Partial<World['labels']>;
  /** The action's own account. */
  readonly self?: number;
  /** The one comment that can be read. */
  readonly comment?: Comment | undefined;
}

export const ids = { repository: 7, run: 900 };
export const workflow = '.github/workflows/codex-plan.yml';
export const commit = (digit: string) => digit.repeat(40);

export interface Asked {
  readonly world: World;
  /** Each call, in order. */
  readonly calls: string[];
  readonly warnings: string[];
}

export function worldOf(facts: Facts = {}): Asked {
  const calls: string[] = [];
  const warnings: string[] = [];
  const asked =
    <Args extends readonly unknown[], Result>(name: string, answer: (...args: Args) => Result) =>
    async (...args: Args): Promise<Result> => {
      calls.push([name, ...args.map((one) => JSON.stringify(one))].join(' '));
      return answer(...args);
    };
  const policy: Policy = {
    ...defaultPolicy,
    ...(facts.policy?.forks === undefined ? {} : { forks: facts.policy.forks }),
    workflows: [...(facts.policy?.workflows ?? [])],
    approvers: { ...defaultPolicy.approvers, ...facts.policy?.approvers },
    requesters: { ...defaultPolicy.requesters, ...facts.policy?.requesters },
  };
  const roleOf = (login: string) => facts.roles?.[login] ?? null;
  const world = {
    run: {
      id: ids.run,
      attempt: 1,
      eventName: 'issue_comment',
      workflow,
      workflowRef: 'refs/heads/main',
      workflowSha: commit('d'),
      repository: { id: ids.repository, owner: 'octo', name: 'demo' },
      defaultBranch: 'main',
      actor: 'mona',
      triggeringActor: 'mona',
      serverUrl: 'https://github.com',
      trigger: { kind: 'label', pullRequest: 12 },
      ...facts.run,
    },
    policy: asked('policy', () => policy),
    warn: (line: string) => void warnings.push(line),
    people: {
      roleOf: asked('roleOf', ({ login }: { login: string }) => roleOf(login)),
      find: asked(
        'find',
        (login: string) => facts.known?.find((one) => one.login === login) ?? null,
      ),
      self: asked('self', () => ({ login: 'self', databaseId: facts.self })),
      isMember: asked('isMember', (team: string, login: string) =>
        Boolean(facts.teams?.[team]?.includes(login)),
      ),
    },
    repository: {
      defaultBranch: asked('defaultBranch', () => 'main'),
      run: asked('run', (id: number) => facts.runs?.find((run) => run.id === id)),
      readFile: asked('readFile', (path: string, ref: string) => {
        const blob = facts.files?.[`${ref}:${path}`];
        return blob === undefined ? undefined : { blob, text: '' };
      }),
    },
    pullRequests: {
      read: asked('read', () => ({ baseRef: 'main', ...facts.pull })),
      baseTip: asked('baseTip', () => facts.tip ?? commit('d')),
      mergeBase: asked('mergeBase', (_: string, sha: string) =>
        facts.older?.includes(sha) ? sha : commit('0'),
      ),
    },
    labels: facts.labels,
    comments: { read: asked('comment', () => facts.comment) },
  };
  return { world: world as unknown as World, calls, warnings };
}

/** The reason code that a step ends with; 'ok' where it does not fail. */
export async function reasonOf(step: () => unknown): Promise<string> {
  try {
    await step();
    return 'ok';
  } catch (error) {
    return (error as { reason?: string }).reason ?? `unexpected: ${error}`;
  }
}
