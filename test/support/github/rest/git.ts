import { type Access, holds } from '../access.ts';
import { emailOf } from '../files.ts';
import { type Edit, EMPTY_TREE, type Mode } from '../git-objects.ts';
import { HttpError, invalid, notFound } from '../http-error.ts';
import { refChanged } from '../pulls.ts';
import { demandRules, demandWritable, moveRefs } from '../ref-updates.ts';
import * as render from '../render/index.ts';
import type { Repository } from '../repository.ts';
import type { Answer, Call, Route } from '../router.ts';
import { isSha } from './refs.ts';
import { wrapped } from './repositories.ts';

const READ: Access = { needs: ['contents:read'], publicRead: true };
const WRITE: Access = { needs: ['contents:write'], role: 'write' };

/** GitHub cuts a tree at this many entries and says `truncated`. */
const MAX_TREE_ENTRIES = 100_000;

/** The Git database: blobs, trees, commits and refs. */
export const gitRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/git/blobs/{file_sha}',
    access: READ,
    handle: getBlob,
  },
  {
    method: 'POST',
    template: '/repos/{owner}/{repo}/git/blobs',
    access: WRITE,
    handle: createBlob,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/git/trees/{tree_sha}',
    access: READ,
    handle: getTree,
  },
  {
    method: 'POST',
    template: '/repos/{owner}/{repo}/git/trees',
    access: WRITE,
    handle: createTree,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/git/commits/{commit_sha}',
    access: READ,
    handle: getCommit,
  },
  {
    method: 'POST',
    template: '/repos/{owner}/{repo}/git/commits',
    access: WRITE,
    handle: createCommit,
  },
  { method: 'GET', template: '/repos/{owner}/{repo}/git/ref/{ref}', access: READ, handle: getRef },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/git/matching-refs/{ref}',
    access: READ,
    handle: matchingRefs,
  },
  { method: 'POST', template: '/repos/{owner}/{repo}/git/refs', access: WRITE, handle: createRef },
  {
    method: 'PATCH',
    template: '/repos/{owner}/{repo}/git/refs/{ref}',
    access: WRITE,
    handle: updateRef,
  },
  {
    method: 'DELETE',
    template: '/repos/{owner}/{repo}/git/refs/{ref}',
    access: WRITE,
    handle: deleteRef,
  },
];

function getBlob(call: Call): Answer {
  const { repository, params, github } = call;
  const sha = params.file_sha ?? '';
  const content = isSha(sha) ? repository.git.readBlob(sha) : null;
  if (!content) throw notFound();
  if (/application\/vnd\.github\.(v3\.)?raw/.test(call.accept))
    return { status: 200, body: content };
  return {
    status: 200,
    body: {
      sha,
      node_id: `B_${sha}`,
      size: content.length,
      url: `${github.apiUrl}/repos/${repository.fullName}/git/blobs/${sha}`,
      content: wrapped(content),
      encoding: 'base64',
    },
  };
}

function createBlob(call: Call): Answer {
  const { repository, body, github } = call;
  const encoding = body.encoding ?? 'utf-8';
  if (encoding !== 'utf-8' && encoding !== 'base64') {
    throw new HttpError(422, 'Invalid request.\n\nencoding must be utf-8 or base64.');
  }
  const text = String(body.content);
  if (encoding === 'base64' && !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)) {
    throw new HttpError(422, 'content is not valid Base64');
  }
  const sha = repository.git.writeBlob(
    Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8'),
  );
  return {
    status: 201,
    body: { sha, url: `${github.apiUrl}/repos/${repository.fullName}/git/blobs/${sha}` },
  };
}

function getTree(call: Call): Answer {
  const { repository, params, query } = call;
  const { git } = repository;
  const wanted = params.tree_sha ?? '';
  const named = git.ref(`refs/heads/${wanted}`) ?? git.ref(`refs/tags/${wanted}`);
  const sha = named ?? (/^[0-9a-f]{7,40}$/.test(wanted) ? wanted : null);
  const tree = sha && git.treeId(sha);
  if (!sha || !tree) throw notFound();
  const recursive = query.has('recursive');
  return { status: 200, body: treeBody(repository, tree, recursive, sha) };
}

function treeBody(repository: Repository, tree: string, recursive: boolean, sha = tree) {
  const entries = tree === EMPTY_TREE ? [] : repository.git.tree(tree, recursive);
  const limit = Math.min(MAX_TREE_ENTRIES, repository.treeLimit);
  return {
    sha,
    url: `${repository.github.apiUrl}/repos/${repository.fullName}/git/trees/${sha}`,
    tree: entries.slice(0, limit).map((entry) => render.treeEntry(repository, entry)),
    truncated: entries.length > limit,
  };
}

/** Which type of object a mode means. */
const MODE_TYPES: Record<string, string> = {
  '100644': 'blob',
  '100755': 'blob',
  '120000': 'blob',
  '160000': 'commit',
  '040000': 'tree',
};

function createTree(call: Call): Answer {
  const { repository, body } = call;
  const { git } = repository;
  const entries = body.tree as Record<string, unknown>[];
  if (entries.length === 0) throw new HttpError(422, 'Invalid tree info');
  let base: string | null = null;
  if (body.base_tree !== undefined) {
    // The real API accepts a commit, too, although its description does not say so.
    base = isSha(body.base_tree) && git.typeOf(body.base_tree) === 'tree' ? body.base_tree : null;
    if (!base) throw new HttpError(422, 'base_tree is not a valid tree oid');
  }
  const edits = new Map<string, Edit>();
  for (const entry of entries) {
    const path = treePath(entry.path);
    const edit = treeEdit(repository, entry);
    if (edit === null) demandFile(repository, base, path);
    edits.set(path, edit);
  }
  demandWorkflows(call, [...edits.keys()]);
  const tree = git.editTree(base, edits);
  return { status: 201, body: treeBody(repository, tree, false) };
}

/** Only a file that is there can be deleted. */
function demandFile(repository: Repository, base: string | null, path: string): void {
  const entry = base && repository.git.entry(base, path);
  if (!entry || entry.type === 'tree') throw new HttpError(422, 'GitRPC::BadObjectState');
}

/**
 * Workflow files need the permission `workflows`, which a job's token cannot be given: GitHub
 * refuses the tree, an app with 403 and a classic token without the scope with 404.
 */
function demandWorkflows(call: Call, paths: readonly string[]): void {
  const { token } = call;
  if (!paths.some((path) => path.startsWith('.github/workflows/')) || !token) return;
  if (token.scopes?.includes('workflow') || holds(token, 'workflows:write')) return;
  if (token.scopes) throw notFound();
  throw new HttpError(403, 'Resource not accessible by integration');
}

/** GitHub refuses what git would refuse to check out. */
function treePath(path: unknown): string {
  const text = String(path ?? '');
  const bad = text
    .split('/')
    .some((part) => part === '' || part === '.' || part === '..' || /^\.git$/i.test(part));
  if (bad || text.includes('\0')) {
    throw new HttpError(422, 'tree.path contains a malformed path component');
  }
  return text;
}

function treeEdit(repository: Repository, entry: Record<string, unknown>): Edit {
  const { git } = repository;
  const mode = String(entry.mode ?? '');
  const expected = MODE_TYPES[mode];
  if (entry.sha === null) return null;
  if (!expected) throw new HttpError(422, 'Must supply a valid tree.mode');
  if (typeof entry.content === 'string') {
    if (entry.sha !== undefined) {
      throw new HttpError(422, 'Must supply either tree.sha or tree.content, not both');
    }
    return { mode: mode as Mode, sha: git.writeBlob(Buffer.from(entry.content)) };
  }
  const sha = String(entry.sha ?? '');
  if (entry.type !== undefined && entry.type !== expected) {
    throw new HttpError(422, `tree.mode ${mode} does not fit type ${String(entry.type)}`);
  }
  if (!isSha(sha) || (expected !== 'commit' && git.typeOf(sha) !== expected)) {
    throw new HttpError(422, `tree.sha ${sha} is not a valid ${expected}`);
  }
  return { mode: mode as Mode, sha };
}

function getCommit(call: Call): Answer {
  const { repository, params } = call;
  const sha = params.commit_sha ?? '';
  const commit =
    isSha(sha) && repository.git.typeOf(sha) === 'commit' ? repository.git.readCommit(sha) : null;
  if (!commit) throw notFound();
  return { status: 200, body: render.gitCommit(repository, commit) };
}

/**
 * A commit made without `author` and `committer` is the token owner's, committed by GitHub and
 * signed with its key: that is what shows as verified.
 */
function createCommit(call: Call): Answer {
  const { repository, body, token, github } = call;
  const { git } = repository;
  if (!token) throw new HttpError(401, 'Requires authentication');
  const tree = String(body.tree);
  if (!isSha(tree) || git.typeOf(tree) !== 'tree') {
    throw new HttpError(422, 'Tree SHA does not exist');
  }
  const parents = (body.parents as string[] | undefined) ?? [];
  for (const parent of parents) {
    if (!isSha(parent) || git.typeOf(parent) !== 'commit') {
      throw new HttpError(422, 'Parent SHA does not exist or is not a commit object');
    }
  }
  const now = github.clock.iso;
  const own = { name: token.account.login, email: emailOf(token.account), date: now };
  const given = (value: unknown) => (value ? { ...own, ...(value as Partial<typeof own>) } : null);
  const author = given(body.author) ?? own;
  const signed = !body.author && !body.committer && !body.signature;
  const web = { name: 'GitHub', email: 'noreply@github.com', date: now };
  const committer = given(body.committer) ?? (signed ? web : author);
  const sha = git.commit({ tree, parents, author, committer, message: String(body.message) });
  if (signed && token.kind !== 'user') repository.signedCommits.add(sha);
  const commit = git.readCommit(sha);
  if (!commit) throw notFound();
  return { status: 201, body: render.gitCommit(repository, commit) };
}

function getRef(call: Call): Answer {
  const { repository, params } = call;
  const ref = `refs/${params.ref ?? ''}`;
  const sha = repository.git.ref(ref);
  if (!sha) throw notFound();
  return { status: 200, body: refBody(repository, ref, sha) };
}

function matchingRefs(call: Call): Answer {
  const { repository, params } = call;
  const refs = repository.git.refs(`refs/${params.ref ?? ''}`);
  return {
    status: 200,
    body: refs.map(({ ref, sha, type }) => render.gitRef(repository, ref, sha, type)),
  };
}

function refBody(repository: Repository, ref: string, sha: string) {
  return render.gitRef(repository, ref, sha, repository.git.typeOf(sha) ?? 'commit');
}

function createRef(call: Call): Answer {
  const { repository, body, token } = call;
  const { git } = repository;
  const ref = String(body.ref);
  const sha = String(body.sha);
  if (!ref.startsWith('refs/') || ref.split('/').length < 3 || !git.validRef(ref)) {
    throw new HttpError(422, `Reference name must be valid: ${ref}`);
  }
  demandWritable(ref);
  if (git.ref(ref)) throw new HttpError(422, 'Reference already exists');
  const type = isSha(sha) ? git.typeOf(sha) : null;
  if (!type) throw new HttpError(422, 'Object does not exist');
  if (ref.startsWith('refs/heads/') && type !== 'commit') {
    throw new HttpError(422, 'Object is not a commit');
  }
  if (git.refs(`${ref}/`).length > 0 || parentRefs(ref).some((each) => git.ref(each))) {
    throw new HttpError(422, 'Reference cannot be created');
  }
  const by = token?.account ?? repository.owner;
  demandRules(repository, ref, null, sha, by);
  git.setRef(ref, sha);
  refChanged(repository, { ref, before: null, after: sha, by });
  return { status: 201, body: refBody(repository, ref, sha) };
}

function parentRefs(ref: string): string[] {
  const parts = ref.split('/');
  return parts.slice(3).map((_, index) => parts.slice(0, index + 3).join('/'));
}

/** Moves a ref. Without `force` only forward from where it is now, also if it was moved back before. */
function updateRef(call: Call): Answer {
  const { repository, params, body, token } = call;
  const { git } = repository;
  const ref = `refs/${params.ref ?? ''}`;
  demandWritable(ref);
  if (!git.ref(ref)) throw new HttpError(422, 'Reference does not exist');
  const sha = String(body.sha);
  if (!isSha(sha)) throw new HttpError(422, 'Object does not exist');
  const by = token?.account ?? repository.owner;
  moveRefs(repository, [{ ref, after: sha, force: body.force === true }], by);
  return { status: 200, body: refBody(repository, ref, sha) };
}

function deleteRef(call: Call): Answer {
  const { repository, params, token } = call;
  const ref = `refs/${params.ref ?? ''}`;
  demandWritable(ref);
  const before = repository.git.ref(ref);
  if (!before) throw new HttpError(422, 'Reference does not exist');
  if (ref === `refs/heads/${repository.defaultBranch}`) {
    throw invalid('Reference', 'ref', 'Cannot delete the default branch');
  }
  repository.git.deleteRef(ref);
  refChanged(repository, { ref, before, after: null, by: token?.account ?? repository.owner });
  return { status: 204 };
}
