/** The classes that decide, built on ports in memory. A port that a test does not give fails when it is called. */

import { Authority } from '../../src/checks/authority.ts';
import { Brakes } from '../../src/checks/brakes.ts';
import { ApprovalLabel } from '../../src/checks/label.ts';
import { Requests } from '../../src/checks/requests.ts';
import { Targets } from '../../src/checks/targets.ts';
import { defaultPolicyFile } from '../../src/core/policy/default-paths.ts';
import { defaultPolicy, type Policy } from '../../src/core/policy/policy.ts';
import type { RepositoryRole } from '../../src/core/policy/roles.ts';
import type { Members } from '../../src/core/records/members.ts';
import type { ObjectId } from '../../src/core/text/object-id.ts';
import { CodexRuns } from '../../src/evidence/codex-runs.ts';
import type { ShownPlan } from '../../src/evidence/outdated-plan.ts';
import type { PolicySource } from '../../src/evidence/policy.ts';
import { Provenance } from '../../src/evidence/provenance.ts';
import { RecordContext } from '../../src/evidence/record-context.ts';
import { EvidenceStore } from '../../src/evidence/store.ts';
import { Page } from '../../src/page/page.ts';
import type { ArtifactStore } from '../../src/ports/artifacts.ts';
import type { Comment, Comments } from '../../src/ports/comments.ts';
import type { Labels } from '../../src/ports/labels.ts';
import type { Facts } from '../../src/ports/outcome.ts';
import type { KnownPerson, People } from '../../src/ports/people.ts';
import type { PullRequest, PullRequests } from '../../src/ports/pull-requests.ts';
import type { Repository, RunFacts } from '../../src/ports/repository.ts';
import type { Trigger, WorkflowRun } from '../../src/ports/run.ts';
import type { Log } from '../../src/ports/runner.ts';
import type { Timeline } from '../../src/ports/timeline.ts';
import { making, policyRecord } from '../core/samples.ts';
import { objectId } from './object-ids.ts';
import { MemoryArtifacts } from './story.ts';

export interface Given {
  readonly run?: Partial<WorkflowRun>;
  readonly policy?: {
    readonly approvers?: Partial<Policy['approvers']>;
    readonly requesters?: Partial<Policy['requesters']>;
    readonly paths?: Partial<Policy['paths']>;
    readonly limits?: Partial<Policy['limits']>;
    readonly paused?: string;
    readonly forks?: boolean;
    readonly workflows?: readonly string[];
  };
  /** Roles by login; nobody else has one. */
  readonly roles?: Readonly<Record<string, RepositoryRole>>;
  /** Who can be found by login. */
  readonly known?: readonly KnownPerson[];
  /** Members by `org/team`. */
  readonly teams?: Readonly<Record<string, readonly string[]>>;
  /** In addition to the present run. */
  readonly runs?: readonly RunFacts[];
  /** Blobs by `commit:path`. */
  readonly files?: Readonly<Record<string, ObjectId>>;
  /** Texts by blob; an empty one unless given. */
  readonly texts?: ReadonlyMap<ObjectId, string>;
  readonly pull?: Partial<PullRequest>;
  readonly tip?: ObjectId;
  readonly pullRequests?: Partial<PullRequests>;
  readonly artifacts?: ArtifactStore;
  /** The plan that the page shows; none unless given. */
  readonly shown?: ShownPlan | undefined;
  /** GitHub's clock; noon of the day of the samples unless given. */
  readonly now?: string;
  readonly labels?: Partial<Labels>;
  readonly timeline?: Partial<Timeline>;
  /** The action's own account. */
  readonly self?: number;
  /** The comments that can be read. */
  readonly comments?: readonly Comment[];
}

export const ids = { repository: 7, run: 900 };
export const workflow = '.github/workflows/codex-plan.yml';
export const account = { id: 1, login: 'mona', type: 'User' };

/** One trigger of each kind that the modes act on. */
export const triggers = {
  comment: {
    kind: 'comment',
    action: 'created',
    pullRequest: 12,
    commentId: 77,
    body: '/codex greet everybody',
    author: account,
    issueAuthor: 9,
    sender: account,
    viaApp: false,
  },
  label: {
    kind: 'label',
    action: 'labeled',
    label: { id: 'LA_1', name: 'approved-plan' },
    pullRequest: 12,
    headSha: objectId('a'),
    sender: account,
    at: '2026-01-01T00:00:00Z',
  },
  dispatch: { kind: 'dispatch', pullRequest: null, sender: account },
} satisfies Record<string, Trigger>;

/** What GitHub says of the present run. */
export const ownRun: RunFacts = {
  id: ids.run,
  event: 'pull_request_target',
  path: workflow,
  headBranch: 'topic',
  headSha: objectId('a'),
  repositoryId: ids.repository,
  headRepositoryId: ids.repository,
  attempt: 1,
  createdAt: '2026-01-01T00:00:00Z',
  called: [],
};

export const pullRequest: PullRequest = {
  number: 12,
  open: true,
  author: { id: 9, login: 'author' },
  draft: false,
  locked: false,
  archived: false,
  head: { ref: 'topic', sha: objectId('a') },
  headRepository: ids.repository,
  baseRef: 'main',
};

export function buildTools(given: Given = {}) {
  /** Each call, in order. */
  const calls: string[] = [];
  const warnings: string[] = [];
  const asked =
    <Args extends readonly unknown[], Result>(name: string, answer: (...args: Args) => Result) =>
    async (...args: Args): Promise<Result> => {
      calls.push([name, ...args.map((one) => JSON.stringify(one))].join(' '));
      return answer(...args);
    };
  const unexpected = (name: string) => () => Promise.reject(new Error(`${name} was asked for.`));

  const run: WorkflowRun = {
    id: ids.run,
    attempt: 1,
    eventName: 'issue_comment',
    workflow,
    workflowRef: 'refs/heads/main',
    workflowSha: objectId('d'),
    repository: { id: ids.repository, owner: 'octo', name: 'demo' },
    defaultBranch: 'main',
    actor: 'mona',
    triggeringActor: 'mona',
    serverUrl: 'https://github.com',
    trigger: triggers.label,
    ...given.run,
  };
  const policy: PolicySource = {
    path: defaultPolicyFile,
    read: asked('policy', () => ({
      ...defaultPolicy,
      paused: given.policy?.paused ?? defaultPolicy.paused,
      forks: given.policy?.forks ?? defaultPolicy.forks,
      workflows: [...(given.policy?.workflows ?? [])],
      approvers: { ...defaultPolicy.approvers, ...given.policy?.approvers },
      requesters: { ...defaultPolicy.requesters, ...given.policy?.requesters },
      paths: { ...defaultPolicy.paths, ...given.policy?.paths },
      limits: { ...defaultPolicy.limits, ...given.policy?.limits },
    })),
    origin: asked('origin', () => making.policy),
    effective: asked('effective', () => policyRecord),
  };
  const people: People = {
    readRole: asked('readRole', ({ login }) => given.roles?.[login] ?? null),
    find: asked('find', (login) => given.known?.find((one) => one.login === login)),
    members: asked('members', (team) =>
      (given.teams?.[team] ?? []).map((login) => ({ id: 0, login })),
    ),
    findBusy: asked('findBusy', () => new Set<number>()),
    self: asked('self', () => ({ login: 'self', databaseId: given.self ?? 0 })),
    isMember: asked('isMember', (team, login) => Boolean(given.teams?.[team]?.includes(login))),
  };
  const repository: Repository = {
    defaultBranch: asked('defaultBranch', () => 'main'),
    run: asked('run', (id) => [...(given.runs ?? []), ownRun].find((one) => one.id === id)),
    readFile: asked('readFile', (path, ref) => {
      const blob = given.files?.[`${ref}:${path}`];
      return blob === undefined ? undefined : { blob, text: given.texts?.get(blob) ?? '' };
    }),
  };
  const pullRequests: PullRequests = {
    read: asked('read', (number) => ({ ...pullRequest, ...given.pull, number })),
    baseTip: asked('baseTip', () => given.tip ?? objectId('d')),
    mergeBase: unexpected('mergeBase'),
    commitsTouching: unexpected('commitsTouching'),
    readHead: unexpected('readHead'),
    fileStates: unexpected('fileStates'),
    ...given.pullRequests,
  };
  const labels: Labels = {
    remove: unexpected('remove'),
    ensure: unexpected('ensure'),
    carried: unexpected('carried'),
    ...given.labels,
  };
  const timeline: Timeline = {
    read: unexpected('timeline'),
    readDetails: unexpected('details'),
    ...given.timeline,
  };
  const comments: Comments = {
    read: asked('comment', (id) => given.comments?.find((one) => one.id === id)),
    list: asked('comments', () => given.comments ?? []),
    create: unexpected('create'),
    update: unexpected('update'),
    minimise: unexpected('minimise'),
    react: unexpected('react'),
  };
  const log: Log = {
    step: () => {},
    progress: () => {},
    warn: (line) => void warnings.push(line),
    summarise: () => {},
  };
  const facts: Facts = {};
  const kept = new Map<string, Members>();
  const provenance = new Provenance(repository, pullRequests, run, policy, log);
  const artifacts = given.artifacts ?? new MemoryArtifacts();
  const evidence = new EvidenceStore(artifacts, provenance, 'codex', run, () => given.shown);
  const codexRuns = new CodexRuns(artifacts, provenance, 'codex');
  const clock = { now: () => new Date(given.now ?? '2026-01-02T12:00:00Z') };
  return {
    calls,
    warnings,
    /** What was noted for the outputs. */
    facts,
    report: { note: (more: Facts) => void Object.assign(facts, more) },
    log,
    clock,
    evidence,
    records: new RecordContext(
      run,
      policy,
      { ...repository, ranWorkflow: () => undefined },
      () => making.action,
    ),
    codexRuns,
    brakes: new Brakes(policy, codexRuns, clock),
    run,
    policy,
    people,
    repository,
    pullRequests,
    authority: new Authority(people, policy, run),
    provenance,
    label: new ApprovalLabel(labels, timeline, 'approved-plan', log),
    requests: new Requests(comments, '/codex'),
    targets: new Targets(pullRequests, policy, run),
    page: new Page(comments, people, log, {
      serverUrl: 'https://github.com',
      label: 'approved-plan',
      command: '/codex',
      policyFile: '.github/codex-plan.yml',
    }),
    keepForLaterSteps: async (name: string, members: Members) => {
      kept.set(name, members);
      return `/kept/${name}`;
    },
    /** What was kept for later steps, by name. */
    kept,
  };
}
