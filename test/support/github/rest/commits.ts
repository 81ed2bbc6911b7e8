import { EMPTY_TREE } from '../git-objects.ts';
import { HttpError, invalid, notFound } from '../http-error.ts';
import * as render from '../render/index.ts';
import type { Repository } from '../repository.ts';
import type { Answer, Call, Route } from '../router.ts';
import { listed, page } from './page.ts';
import { commitAt } from './refs.ts';

/** A comparison lists at most this many files, on its first page. */
const MAX_COMPARED_FILES = 300;

/** Commits, comparisons and commit statuses. */
export const commitRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/commits',
    access: { needs: ['contents:read'], publicRead: true },
    handle: listCommits,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/commits/{commit_sha}/pulls',
    access: { needs: ['pull-requests:read'], publicRead: true },
    handle: listCommitPulls,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/commits/{ref}/statuses',
    access: { needs: ['statuses:read'], publicRead: true },
    handle: listStatuses,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/commits/{ref}',
    access: { needs: ['contents:read'], publicRead: true },
    handle: getCommit,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/compare/{basehead}',
    access: { needs: ['contents:read'], publicRead: true },
    handle: compare,
  },
  {
    method: 'POST',
    template: '/repos/{owner}/{repo}/statuses/{sha}',
    access: { needs: ['statuses:write'], role: 'write' },
    handle: createStatus,
  },
];

function demandCommit(repository: Repository, ref: string): string {
  const sha = commitAt(repository, ref);
  if (!sha) throw new HttpError(422, `No commit found for SHA: ${ref}`);
  return sha;
}

function listCommits(call: Call): Answer {
  const { repository, query } = call;
  const start = commitAt(repository, query.get('sha') || repository.defaultBranch);
  if (!start) throw notFound();
  const path = query.get('path');
  const since = query.get('since');
  const until = query.get('until');
  const commits = repository.git.log([start], {
    ...(path ? { path: path.replace(/^\/+/, '') } : {}),
    ...(since ? { since } : {}),
    ...(until ? { until } : {}),
  });
  return listed(call, commits, (each) => render.commit(repository, each));
}

function getCommit(call: Call): Answer {
  const { repository, params } = call;
  const sha = demandCommit(repository, params.ref ?? '');
  if (/application\/vnd\.github\.(v3\.)?sha/.test(call.accept)) return { status: 200, body: sha };
  const commit = repository.git.readCommit(sha);
  if (!commit) throw notFound();
  const [parent] = commit.parents;
  const files = repository.git.diff(parent ?? EMPTY_TREE, sha);
  const slice = page(call, files, 300);
  return {
    status: 200,
    headers: slice.headers,
    body: render.commit(
      repository,
      commit,
      call.query.has('page') ? slice.items : files.slice(0, 300),
    ),
  };
}

function listCommitPulls(call: Call): Answer {
  const { repository, params } = call;
  const sha = demandCommit(repository, params.commit_sha ?? '');
  const issues = [...repository.issues.values()].filter(({ pull }) => {
    if (!pull) return false;
    const fromBase = repository.git.isAncestor(sha, pull.base.sha);
    return repository.git.isAncestor(sha, pull.head.sha) && !fromBase;
  });
  return listed(call, issues, render.simplePull);
}

/** `base...head`, where either may be `owner:branch` of the same network. */
function compare(call: Call): Answer {
  const { repository, params } = call;
  const [base = '', head = '', ...rest] = (params.basehead ?? '').split('...');
  if (base === '' || head === '' || rest.length > 0) throw notFound();
  const from = side(repository, base);
  const to = side(repository, head);
  if (!from || !to) throw notFound();
  const { git } = repository;
  const mergeBase = git.mergeBase(from, to);
  if (!mergeBase) {
    throw new HttpError(404, `No common ancestor between ${base} and ${head}.`);
  }
  const media = /application\/vnd\.github\.(v3\.)?diff/.test(call.accept);
  if (media) return { status: 200, body: git.patch(mergeBase, to) };
  const commits = git.log([`${from}..${to}`]).reverse();
  const ahead = commits.length;
  const behind = git.count(`${to}..${from}`);
  const slice = page(call, commits, 250);
  const plain = call.query.has('page') || call.query.has('per_page');
  const [baseCommit, mergeBaseCommit] = [git.readCommit(from), git.readCommit(mergeBase)];
  if (!baseCommit || !mergeBaseCommit) throw notFound();
  const first = Number(call.query.get('page') ?? 1) <= 1;
  const files = first ? git.diff(mergeBase, to).slice(0, MAX_COMPARED_FILES) : [];
  const name = `${base}...${head}`;
  const web = `https://github.com/${repository.fullName}/compare/${render.encodePath(name)}`;
  return {
    status: 200,
    headers: slice.headers,
    body: {
      url: `${call.github.apiUrl}/repos/${repository.fullName}/compare/${encodeURIComponent(name)}`,
      html_url: web,
      permalink_url: web,
      diff_url: `${web}.diff`,
      patch_url: `${web}.patch`,
      base_commit: render.commit(repository, baseCommit),
      merge_base_commit: render.commit(repository, mergeBaseCommit),
      status: relation(ahead, behind),
      ahead_by: ahead,
      behind_by: behind,
      total_commits: ahead,
      commits: (plain ? slice.items : commits.slice(0, 250)).map((each) =>
        render.commit(repository, each),
      ),
      files: files.map((file) => render.diffFile(repository, to, file)),
    },
  };
}

function side(repository: Repository, text: string): string | null {
  const colon = text.indexOf(':');
  if (colon < 0) return commitAt(repository, text);
  const owner = text.slice(0, colon).split(':')[0] ?? '';
  const network = [
    repository,
    ...(repository.parent ? [repository.parent] : []),
    ...repository.forks,
  ];
  const holder = network.find((each) => each.owner.login.toLowerCase() === owner.toLowerCase());
  return holder ? commitAt(holder, text.slice(colon + 1)) : null;
}

function relation(ahead: number, behind: number): string {
  if (ahead === 0) return behind === 0 ? 'identical' : 'behind';
  return behind === 0 ? 'ahead' : 'diverged';
}

function listStatuses(call: Call): Answer {
  const { repository, params } = call;
  const sha = demandCommit(repository, params.ref ?? '');
  const statuses = repository.statuses.filter((each) => each.sha === sha).reverse();
  return listed(call, statuses, (each) => render.status(repository, each));
}

function createStatus(call: Call): Answer {
  const { repository, params, body, token, github } = call;
  const sha = params.sha ?? '';
  if (!token) throw new HttpError(401, 'Requires authentication');
  if (repository.git.typeOf(sha) !== 'commit') {
    throw new HttpError(422, `No commit found for SHA: ${sha}`);
  }
  const description = typeof body.description === 'string' ? body.description : null;
  if (description && description.length > 140) {
    throw invalid('Status', 'description', 'description is too long (maximum is 140 characters)');
  }
  const status = {
    id: github.ids.next('status'),
    sha,
    state: String(body.state),
    context: typeof body.context === 'string' ? body.context : 'default',
    description,
    targetUrl: typeof body.target_url === 'string' ? body.target_url : null,
    creator: token.account,
    createdAt: github.clock.iso,
  };
  repository.statuses.push(status);
  return { status: 201, body: render.status(repository, status) };
}
