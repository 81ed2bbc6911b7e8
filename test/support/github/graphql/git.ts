import { demandRepositoryAccess, type Need } from '../access.ts';
import type { Commit } from '../git-objects.ts';
import { WEB } from '../render/web.ts';
import type { Repository } from '../repository.ts';
import { commitAt } from '../rest/refs.ts';
import type { Status } from '../state.ts';
import { actorNode } from './accounts.ts';
import { connection, type Slice } from './connection.ts';
import { type Context, type Node, refusing } from './context.ts';
import { pullNode } from './pulls.ts';
import { repositoryNode } from './repositories.ts';

/** Allows a read if the token has one of the permissions; everybody may read what is public. */
export function demandRead(context: Context, repository: Repository, needs: readonly Need[]): void {
  refusing(() => demandRepositoryAccess(context.token, repository, { needs, publicRead: true }));
}

/** A branch or tag; null if there is none. */
export function refNode(repository: Repository, name: string): Node | null {
  const sha = repository.git.ref(name);
  if (!sha) return null;
  const [, prefix = '', short = ''] = /^(refs\/[^/]+\/)(.+)$/.exec(name) ?? [];
  return {
    __typename: 'Ref',
    id: `REF_${repository.id}_${name}`,
    name: short,
    prefix,
    repository: () => repositoryNode(repository),
    target: () => objectNode(repository, sha),
  };
}

/** The object that an id, a ref or `ref:path` names; null if there is none. */
export function objectNode(repository: Repository, expression: string): Node | null {
  const { git } = repository;
  const colon = expression.indexOf(':');
  if (colon >= 0) {
    const commit = commitAt(repository, expression.slice(0, colon));
    const path = expression.slice(colon + 1);
    if (!commit) return null;
    if (path === '') return objectNode(repository, git.treeId(commit) ?? '');
    const entry = git.entry(commit, path);
    return entry && objectNode(repository, entry.sha);
  }
  const known = /^[0-9a-f]{40}$/.test(expression) ? git.typeOf(expression) : null;
  const sha = known ? expression : commitAt(repository, expression);
  if (!sha) return null;
  const type = git.typeOf(sha);
  if (type === 'commit') {
    const commit = git.readCommit(sha);
    return commit && commitNode(repository, commit);
  }
  if (type === 'blob') return blobNode(repository, sha);
  return {
    __typename: type === 'tree' ? 'Tree' : 'Tag',
    ...common(repository, sha, type === 'tree' ? 'T' : 'TA'),
  };
}

function common(repository: Repository, sha: string, prefix: string): Node {
  const path = `/${repository.fullName}/commit/${sha}`;
  return {
    id: `${prefix}_${repository.id}_${sha}`,
    oid: sha,
    abbreviatedOid: sha.slice(0, 7),
    repository: () => repositoryNode(repository),
    commitResourcePath: path,
    commitUrl: `${WEB}${path}`,
  };
}

function blobNode(repository: Repository, sha: string): Node {
  const content = repository.git.readBlob(sha) ?? Buffer.alloc(0);
  const text = content.toString();
  const isBinary = !Buffer.from(text).equals(content) || content.includes(0);
  return {
    __typename: 'Blob',
    ...common(repository, sha, 'B'),
    byteSize: content.length,
    isBinary,
    isTruncated: false,
    text: isBinary ? null : text,
  };
}

/** A commit, with its statuses. */
export function commitNode(repository: Repository, commit: Commit): Node {
  const [headline = '', ...rest] = commit.message.split('\n');
  return {
    __typename: 'Commit',
    ...common(repository, commit.sha, 'C'),
    message: commit.message,
    messageHeadline: headline,
    messageBody: rest.join('\n').trim(),
    authoredDate: commit.author.date,
    committedDate: commit.committer.date,
    signature: repository.signedCommits.has(commit.sha)
      ? { __typename: 'GpgSignature', isValid: true, wasSignedByGitHub: true }
      : null,
    parents: (args: Slice) =>
      connection(commit.parents, args, (parent) => objectNode(repository, parent) as Node),
    tree: () => objectNode(repository, commit.tree),
    status: () => statusNode(repository, commit.sha),
    file: ({ path }: { path: string }) => fileNode(repository, commit.sha, path),
    associatedPullRequests: (args: Slice) =>
      connection(
        [...repository.issues.values()].filter(({ pull }) => pull?.head.sha === commit.sha),
        args,
        pullNode,
      ),
  };
}

/** A file or folder of a commit; null if it has none. The mode is a number there. */
function fileNode(repository: Repository, commit: string, path: string): Node | null {
  const entry = repository.git.entry(commit, path);
  if (!entry) return null;
  return {
    __typename: 'TreeEntry',
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    mode: Number.parseInt(entry.mode, 8),
    oid: entry.sha,
    type: entry.type,
    size: repository.git.readBlob(entry.sha)?.length ?? 0,
  };
}

const ORDER = ['ERROR', 'FAILURE', 'PENDING', 'SUCCESS'];

/** The newest status of each context; null if the commit has none. */
function statusNode(repository: Repository, sha: string): Node | null {
  const newest = new Map<string, Status>();
  for (const each of repository.statuses) if (each.sha === sha) newest.set(each.context, each);
  if (newest.size === 0) return null;
  const contexts = [...newest.values()].map(contextNode);
  return {
    __typename: 'Status',
    id: `S_${repository.id}_${sha}`,
    state: ORDER.find((state) => contexts.some((each) => each.state === state)),
    contexts,
    context: ({ name }: { name: string }) => contexts.find((each) => each.context === name) ?? null,
  };
}

function contextNode(status: Status): Node {
  return {
    __typename: 'StatusContext',
    id: `SC_${status.id}`,
    context: status.context,
    state: status.state.toUpperCase(),
    description: status.description,
    targetUrl: status.targetUrl,
    createdAt: status.createdAt,
    creator: () => actorNode(status.creator),
  };
}
