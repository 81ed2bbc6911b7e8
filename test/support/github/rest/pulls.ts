import type { Access } from '../access.ts';
import { notFound } from '../http-error.ts';
import { mergeable, pullFiles, pullRange } from '../pulls.ts';
import * as render from '../render/index.ts';
import type { Answer, Call, Route } from '../router.ts';
import type { Issue } from '../state.ts';
import { listed } from './page.ts';

const READ: Access = { needs: ['pull-requests:read'], publicRead: true };

/** GitHub lists at most this many files of a pull request, and this many commits. */
const MAX_FILES = 3_000;
const MAX_COMMITS = 250;

/** Pull requests. */
export const pullRoutes: readonly Route[] = [
  { method: 'GET', template: '/repos/{owner}/{repo}/pulls', access: READ, handle: listPulls },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/pulls/{pull_number}',
    access: READ,
    handle: getPull,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/pulls/{pull_number}/files',
    access: READ,
    handle: listFiles,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/pulls/{pull_number}/commits',
    access: READ,
    handle: listCommits,
  },
];

function demandPull(call: Call): Issue {
  const issue = call.repository.issues.get(Number(call.params.pull_number));
  if (!issue?.pull) throw notFound();
  return issue;
}

function getPull(call: Call): Answer {
  const issue = demandPull(call);
  const { git } = call.repository;
  if (/application\/vnd\.github\.(v3\.)?diff/.test(call.accept)) {
    const base =
      issue.pull && git.mergeBase(call.repository.tip(issue.pull.base.ref), issue.pull.head.sha);
    return { status: 200, body: base && issue.pull ? git.patch(base, issue.pull.head.sha) : '' };
  }
  const can = mergeable(issue, true);
  return {
    status: 200,
    body: render.pull(issue, can, pullFiles(issue), git.count(pullRange(issue))),
  };
}

function listPulls(call: Call): Answer {
  const { repository, query } = call;
  const state = query.get('state') ?? 'open';
  const head = query.get('head');
  const base = query.get('base');
  const sort = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt';
  const descending = (query.get('direction') ?? (query.get('sort') ? 'asc' : 'desc')) === 'desc';
  const issues = [...repository.issues.values()]
    .filter(({ pull }) => pull !== null)
    .filter((issue) => state === 'all' || issue.state === state)
    .filter(({ pull }) => !head || `${pull?.head.owner.login}:${pull?.head.ref}` === head)
    .filter(({ pull }) => !base || pull?.base.ref === base)
    .sort((a, b) => a[sort].localeCompare(b[sort]) || a.number - b.number);
  if (descending) issues.reverse();
  return listed(call, issues, render.simplePull);
}

function listFiles(call: Call): Answer {
  const issue = demandPull(call);
  const head = issue.pull?.head.sha ?? '';
  const files = pullFiles(issue).slice(0, MAX_FILES);
  return listed(call, files, (file) => render.diffFile(call.repository, head, file));
}

function listCommits(call: Call): Answer {
  const issue = demandPull(call);
  const commits = call.repository.git
    .log([pullRange(issue)])
    .reverse()
    .slice(0, MAX_COMMITS);
  return listed(call, commits, (each) => render.commit(call.repository, each));
}
