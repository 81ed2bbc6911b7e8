import { notFound } from '../http-error.ts';
import * as render from '../render/index.ts';
import type { Repository } from '../repository.ts';
import type { Answer, Call, Route } from '../router.ts';
import { branchTip, commitAt } from './refs.ts';

/** GitHub gives a file's content inline up to one megabyte. */
const MAX_INLINE = 1_048_576;

/** Repositories, branches and file contents. */
export const repositoryRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}',
    access: { needs: [], publicRead: true },
    handle: (call) => ({ status: 200, body: render.fullRepository(call.repository, rights(call)) }),
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/branches/{branch}',
    access: { needs: ['contents:read'], publicRead: true },
    handle: getBranch,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/contents/{path}',
    access: { needs: ['contents:read'], publicRead: true },
    handle: getContents,
  },
];

function rights(call: Call): Record<string, boolean> {
  const { token, repository } = call;
  if (!token) return render.permissionFlags('read');
  if (token.kind === 'user') return render.permissionFlags(repository.roleOf(token.account.login));
  const push = token.permissions.contents === 'write';
  return { admin: false, maintain: false, push, triage: push, pull: true };
}

function getBranch(call: Call): Answer {
  const { repository, params } = call;
  const name = params.branch ?? '';
  const sha = branchTip(repository, name);
  const commit = sha && repository.git.readCommit(sha);
  if (!commit) throw notFoundBranch();
  const protection = repository.protections.get(name);
  const url = `${repository.github.apiUrl}/repos/${repository.fullName}/branches/${encodeURIComponent(name)}`;
  return {
    status: 200,
    body: {
      name,
      commit: render.commit(repository, commit),
      _links: {
        self: url,
        html: `https://github.com/${repository.fullName}/tree/${render.encodePath(name)}`,
      },
      protected: protection !== undefined,
      protection: {
        enabled: protection !== undefined,
        required_status_checks: protection
          ? { enforcement_level: 'everyone', ...protection }
          : { enforcement_level: 'off', contexts: [], checks: [] },
      },
      protection_url: `${url}/protection`,
    },
  };
}

function notFoundBranch() {
  const error = notFound();
  error.message = 'Branch not found';
  return error;
}

function getContents(call: Call): Answer {
  const { repository, params, query } = call;
  const { git } = repository;
  const path = (params.path ?? '').replace(/^\/+|\/+$/g, '');
  const commit = commitAt(repository, query.get('ref') ?? repository.defaultBranch);
  if (!commit) throw notFound();
  const root = { path, mode: '040000', type: 'tree', sha: commit, size: null } as const;
  const entry = path === '' ? root : git.entry(commit, path);
  if (!entry) throw notFound();
  const ref = query.get('ref') ?? repository.defaultBranch;
  if (entry.type === 'tree') {
    const items = git.tree(entry.sha).map((each) => {
      const type = each.type === 'tree' ? 'dir' : each.type === 'commit' ? 'submodule' : 'file';
      const item = { ...each, path: path === '' ? each.path : `${path}/${each.path}` };
      return {
        ...describe(repository, item, ref),
        type: each.mode === '120000' ? 'symlink' : type,
      };
    });
    return { status: 200, body: items };
  }
  if (entry.type === 'commit') {
    return {
      status: 200,
      body: {
        ...describe(repository, entry, ref),
        type: 'submodule',
        submodule_git_url: `https://github.com/${entry.path}.git`,
      },
    };
  }
  let content = git.readBlob(entry.sha) ?? Buffer.alloc(0);
  if (entry.mode === '120000') {
    const target = content.toString();
    const followed = git.entry(commit, resolvePath(path, target));
    if (followed?.type !== 'blob') {
      return {
        status: 200,
        body: { ...describe(repository, entry, ref), type: 'symlink', target },
      };
    }
    content = git.readBlob(followed.sha) ?? Buffer.alloc(0);
  }
  if (/application\/vnd\.github\.(v3\.)?raw/.test(call.accept))
    return { status: 200, body: content };
  const inline = content.length <= MAX_INLINE;
  return {
    status: 200,
    body: {
      ...describe(repository, entry, ref),
      type: 'file',
      size: content.length,
      content: inline ? wrapped(content) : '',
      encoding: inline ? 'base64' : 'none',
    },
  };
}

/** Where a symbolic link leads, inside the repository. */
function resolvePath(path: string, target: string): string {
  const parts = path.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** Base64 in lines of 60, as GitHub sends it. */
export function wrapped(content: Buffer): string {
  return content.toString('base64').replace(/.{1,60}/g, '$&\n');
}

function describe(
  repository: Repository,
  entry: { path: string; sha: string; size: number | null; type: string },
  ref: string,
) {
  const api = `${repository.github.apiUrl}/repos/${repository.fullName}`;
  const web = `https://github.com/${repository.fullName}`;
  const path = render.encodePath(entry.path);
  const url = `${api}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const kind = entry.type === 'tree' ? 'tree' : 'blob';
  const git_url = entry.type === 'commit' ? null : `${api}/git/${kind}s/${entry.sha}`;
  const html_url = `${web}/${kind}/${render.encodePath(ref)}/${path}`;
  return {
    name: entry.path.split('/').at(-1) ?? '',
    path: entry.path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url,
    html_url,
    git_url,
    download_url:
      entry.type === 'blob'
        ? `https://raw.githubusercontent.com/${repository.fullName}/${render.encodePath(ref)}/${path}`
        : null,
    _links: { self: url, git: git_url, html: html_url },
  };
}
