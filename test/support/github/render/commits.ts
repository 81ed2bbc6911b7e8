import type { DiffFile } from '../git-diff.ts';
import type { Commit, TreeEntry } from '../git-objects.ts';
import { nodeId } from '../ids.ts';
import type { Repository } from '../repository.ts';
import type { Status } from '../state.ts';
import { user } from './accounts.ts';
import { addresses, encodePath } from './repositories.ts';

/** One file of a pull request, comparison or commit. */
export function diffFile(repository: Repository, commit: string, value: DiffFile) {
  const { api, web } = addresses(repository);
  const path = encodePath(value.path);
  return {
    sha: value.sha,
    filename: value.path,
    status: value.status,
    additions: value.additions,
    deletions: value.deletions,
    changes: value.additions + value.deletions,
    blob_url: `${web}/blob/${commit}/${path}`,
    raw_url: `${web}/raw/${commit}/${path}`,
    contents_url: `${api}/contents/${path}?ref=${commit}`,
    ...(value.patch === null ? {} : { patch: value.patch }),
    ...(value.previous === null ? {} : { previous_filename: value.previous }),
  };
}

function verification(repository: Repository, sha: string) {
  const signed = repository.signedCommits.has(sha);
  return {
    verified: signed,
    reason: signed ? 'valid' : 'unsigned',
    signature: signed ? '-----BEGIN PGP SIGNATURE-----\n-----END PGP SIGNATURE-----\n' : null,
    payload: signed ? `tree ${sha}\n` : null,
    verified_at: signed ? repository.createdAt : null,
  };
}

/** A commit as the Git database API gives it. */
export function gitCommit(repository: Repository, value: Commit) {
  const { api, web } = addresses(repository);
  return {
    sha: value.sha,
    node_id: nodeId('C', Number.parseInt(value.sha.slice(0, 8), 16)),
    url: `${api}/git/commits/${value.sha}`,
    html_url: `${web}/commit/${value.sha}`,
    author: utc(value.author),
    committer: utc(value.committer),
    tree: { url: `${api}/git/trees/${value.tree}`, sha: value.tree },
    message: value.message,
    parents: value.parents.map((sha) => ({
      sha,
      url: `${api}/git/commits/${sha}`,
      html_url: `${web}/commit/${sha}`,
    })),
    verification: verification(repository, value.sha),
  };
}

/** A signature with its date in UTC, as GitHub writes it. */
export function utc(value: Commit['author']) {
  return {
    name: value.name,
    email: value.email,
    date: `${new Date(value.date).toISOString().slice(0, 19)}Z`,
  };
}

/** A commit as the commits API gives it; with files only if GitHub sends them. */
export function commit(repository: Repository, value: Commit, files?: readonly DiffFile[]) {
  const { api, web } = addresses(repository);
  const git = gitCommit(repository, value);
  const { apiUrl } = repository.github;
  const author = repository.github.accountByEmail(value.author.email);
  const committer = repository.github.accountByEmail(value.committer.email);
  const additions = files?.reduce((sum, file) => sum + file.additions, 0) ?? 0;
  const deletions = files?.reduce((sum, file) => sum + file.deletions, 0) ?? 0;
  return {
    sha: value.sha,
    node_id: git.node_id,
    commit: {
      author: git.author,
      committer: git.committer,
      message: value.message,
      tree: { sha: value.tree, url: git.tree.url },
      url: git.url,
      comment_count: 0,
      verification: git.verification,
    },
    url: `${api}/commits/${value.sha}`,
    html_url: `${web}/commit/${value.sha}`,
    comments_url: `${api}/commits/${value.sha}/comments`,
    author: author ? user(apiUrl, author) : null,
    committer: committer ? user(apiUrl, committer) : null,
    parents: value.parents.map((sha) => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${web}/commit/${sha}`,
    })),
    ...(files
      ? {
          stats: { total: additions + deletions, additions, deletions },
          files: files.map((file) => diffFile(repository, value.sha, file)),
        }
      : {}),
  };
}

/** A ref of the Git database API. */
export function gitRef(repository: Repository, ref: string, sha: string, type: string) {
  const { api } = addresses(repository);
  return {
    ref,
    node_id: nodeId('REF', repository.id),
    url: `${api}/git/${ref.split('/').map(encodeURIComponent).join('/')}`,
    object: { type, sha, url: `${api}/git/${type}s/${sha}` },
  };
}

/** An entry of a tree of the Git database API. */
export function treeEntry(repository: Repository, value: TreeEntry) {
  const { api } = addresses(repository);
  return {
    path: value.path,
    mode: value.mode,
    type: value.type,
    sha: value.sha,
    ...(value.type === 'blob' ? { size: value.size ?? 0 } : {}),
    ...(value.type === 'commit' ? {} : { url: `${api}/git/${value.type}s/${value.sha}` }),
  };
}

/** A commit status. */
export function status(repository: Repository, value: Status) {
  const { api } = addresses(repository);
  return {
    url: `${api}/statuses/${value.sha}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${value.creator.id}?v=4`,
    id: value.id,
    node_id: nodeId('SC', value.id),
    state: value.state,
    description: value.description,
    target_url: value.targetUrl,
    context: value.context,
    created_at: value.createdAt,
    updated_at: value.createdAt,
    creator: user(repository.github.apiUrl, value.creator),
  };
}
