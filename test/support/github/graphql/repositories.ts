import { includesRole } from '../accounts.ts';
import { WEB } from '../render/web.ts';
import type { Repository } from '../repository.ts';
import type { Issue } from '../state.ts';
import { accountNode } from './accounts.ts';
import { connection, type Slice } from './connection.ts';
import { type Context, forbidden, GraphQlError, type Node } from './context.ts';
import { demandRead, objectNode, refNode } from './git.ts';
import { labelNode } from './labels.ts';
import { pullNode } from './pulls.ts';

/** A repository. */
export function repositoryNode(repository: Repository): Node {
  const { git, defaultBranch } = repository;
  const path = `/${repository.fullName}`;
  return {
    __typename: 'Repository',
    id: repository.nodeId,
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: repository.fullName,
    owner: () => accountNode(repository.owner),
    isArchived: repository.archived,
    isPrivate: repository.private,
    isFork: repository.parent !== null,
    resourcePath: path,
    url: `${WEB}${path}`,
    viewerPermission: (_: object, { token }: Context) =>
      token.kind === 'user' ? repository.roleOf(token.account.login).toUpperCase() : null,
    defaultBranchRef: () => refNode(repository, `refs/heads/${defaultBranch}`),
    ref: ({ qualifiedName }: { qualifiedName: string }, context: Context) => {
      demandRead(context, repository, ['contents:read']);
      const names = qualifiedName.startsWith('refs/')
        ? [qualifiedName]
        : [`refs/heads/${qualifiedName}`, `refs/tags/${qualifiedName}`];
      const name = names.find((each) => git.ref(each) !== null);
      return name === undefined ? null : refNode(repository, name);
    },
    object: (
      { expression, oid }: { expression?: string | null; oid?: string | null },
      context: Context,
    ) => {
      demandRead(context, repository, ['contents:read']);
      return objectNode(repository, oid ?? expression ?? '');
    },
    label: ({ name }: { name: string }) => {
      const label = repository.findLabel(name);
      return label && labelNode(repository, label);
    },
    labels: (args: Slice) =>
      connection(repository.labels, args, (label) => labelNode(repository, label)),
    pullRequest: ({ number }: { number: number }, context: Context) => {
      demandRead(context, repository, ['pull-requests:read']);
      const issue = repository.issues.get(number);
      if (!issue?.pull) {
        throw new GraphQlError(
          'NOT_FOUND',
          `Could not resolve to a PullRequest with the number of ${number}.`,
        );
      }
      return pullNode(issue);
    },
    pullRequests: (args: Slice & PullFilter, context: Context) => {
      demandRead(context, repository, ['pull-requests:read']);
      return connection(filtered(repository, args), args, pullNode, {
        most: context.github.pageLimit,
      });
    },
    mergeQueue: ({ branch }: { branch?: string | null }, context: Context) =>
      mergeQueueNode(repository, branch ?? defaultBranch, context),
  };
}

interface PullFilter {
  states?: readonly string[] | null;
  baseRefName?: string | null;
  headRefName?: string | null;
  orderBy?: { field: string; direction: 'ASC' | 'DESC' } | null;
}

function filtered(repository: Repository, filter: PullFilter): Issue[] {
  const { states, baseRefName, headRefName, orderBy } = filter;
  const key = orderBy?.field === 'UPDATED_AT' ? 'updatedAt' : 'createdAt';
  const found = [...repository.issues.values()]
    .filter(({ pull }) => pull !== null)
    .filter((issue) => states == null || states.includes(pullState(issue)))
    .filter(({ pull }) => baseRefName == null || pull?.base.ref === baseRefName)
    .filter(({ pull }) => headRefName == null || pull?.head.ref === headRefName)
    .sort((a, b) => a[key].localeCompare(b[key]) || a.number - b.number);
  return orderBy?.direction === 'DESC' ? found.reverse() : found;
}

export function pullState(issue: Issue): 'OPEN' | 'CLOSED' | 'MERGED' {
  if (issue.pull?.merged) return 'MERGED';
  return issue.state === 'open' ? 'OPEN' : 'CLOSED';
}

/** Null if the branch has no queue. Public reports differ on whether a job's token may read it. */
function mergeQueueNode(repository: Repository, branch: string, context: Context): Node | null {
  const { token, github } = context;
  if (token.kind === 'actions' && !github.jobsReadMergeQueues) throw forbidden();
  const queue = repository.mergeQueues.get(branch);
  if (!queue) return null;
  const path = `/${repository.fullName}/queue/${branch}`;
  return {
    __typename: 'MergeQueue',
    id: `MQ_${repository.id}_${branch}`,
    repository: () => repositoryNode(repository),
    resourcePath: path,
    url: `${WEB}${path}`,
    entries: (args: Slice) =>
      connection(queue, args, (entry) => ({
        __typename: 'MergeQueueEntry',
        id: `MQE_${entry.issue.number}`,
        position: queue.indexOf(entry) + 1,
        state: 'AWAITING_CHECKS',
        enqueuedAt: entry.at,
        enqueuer: () => accountNode(entry.by),
        pullRequest: () => pullNode(entry.issue),
        baseCommit: () => objectNode(repository, entry.base),
        headCommit: () => objectNode(repository, entry.head),
        jump: false,
        solo: false,
      })),
  };
}

/** Whether a person's role or a job's permission lets the token write. */
export function mayWrite(context: Context, repository: Repository, needs: readonly string[]) {
  const { token } = context;
  if (token.kind === 'user') return includesRole(repository.roleOf(token.account.login), 'triage');
  const here = token.repository === null || token.repository === repository;
  return here && needs.some((need) => token.permissions[need] === 'write');
}
