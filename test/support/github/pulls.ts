import type { Account } from './accounts.ts';
import { commitFiles, emailOf, type Files, type PushOptions } from './files.ts';
import type { DiffFile } from './git-diff.ts';
import { nodeId } from './ids.ts';
import type { Repository } from './repository.ts';
import type { Comment, Issue, Pull } from './state.ts';

/** What {@link openPullRequest} takes. */
export interface OpenPullRequest {
  /** Branch to merge; created from the base's tip and `files` if it does not exist. */
  head?: string;
  /** Branch to merge into; the default branch when left out. */
  base?: string;
  /** What the head's first commit changes. */
  files?: Files;
  /** Login; must be able to push to the head's repository. */
  author: string;
  /** The fork that holds the head. */
  from?: Repository;
  title?: string;
  body?: string;
  draft?: boolean;
  commit?: PushOptions;
}

/** How long a test merge lasts before GitHub makes a new one without a push. */
const TEST_MERGE_HOURS = 12;

/** Opens a pull request. */
export function openPullRequest(repository: Repository, options: OpenPullRequest): PullView {
  const { github } = repository;
  const author = github.user(options.author);
  const from = options.from ?? repository;
  const base = options.base ?? repository.defaultBranch;
  const head = options.head ?? `change-${repository.issues.size + 1}`;
  const baseTip = repository.tip(base);
  if (!from.git.ref(`refs/heads/${head}`)) {
    from.as(author.login).push(head, options.files ?? { 'README.md': `Change ${head}.\n` }, {
      parent: baseTip,
      ...options.commit,
    });
  }
  const issue = repository.addIssue({
    title: options.title ?? `Change ${head}`,
    body: options.body ?? null,
    user: author,
  });
  const id = github.ids.next('pull');
  const pull: Pull = {
    id,
    nodeId: nodeId('PR', id),
    issue,
    head: { ref: head, sha: from.tip(head), repository: from, owner: from.owner },
    base: { ref: base, sha: baseTip },
    draft: options.draft ?? false,
    merged: false,
    mergedAt: null,
    mergedBy: null,
    mergeCommit: null,
    mergeableKnown: false,
    testMerge: null,
    maintainerCanModify: from !== repository,
  };
  issue.pull = pull;
  testMerge(issue);
  return new PullView(issue);
}

/** Makes the test merge of head and base as they are now; GitHub shows it until the next one. */
export function testMerge(issue: Issue): void {
  const { pull, repository } = issue;
  if (!pull) return;
  const { git, github } = repository;
  pull.base.sha = git.ref(`refs/heads/${pull.base.ref}`) ?? pull.base.sha;
  pull.mergeableKnown = false;
  const tree = git.mergeTree(pull.base.sha, pull.head.sha);
  const signature = { name: 'GitHub', email: 'noreply@github.com', date: github.clock.iso };
  pull.mergeCommit =
    tree &&
    git.commit({
      tree,
      parents: [pull.base.sha, pull.head.sha],
      author: signature,
      committer: signature,
      message: `Merge ${pull.head.sha} into ${pull.base.sha}`,
    });
  git.setRef(`refs/pull/${issue.number}/head`, pull.head.sha);
  if (pull.mergeCommit) git.setRef(`refs/pull/${issue.number}/merge`, pull.mergeCommit);
  else if (git.ref(`refs/pull/${issue.number}/merge`)) {
    git.deleteRef(`refs/pull/${issue.number}/merge`);
  }
  const mergeBase = git.mergeBase(pull.base.sha, pull.head.sha);
  pull.testMerge = { at: github.clock.now, mergeBase };
}

function testMergeIsOld(issue: Issue, pull: Pull): boolean {
  const { git, github } = issue.repository;
  const last = pull.testMerge;
  if (!last) return true;
  const tip = git.ref(`refs/heads/${pull.base.ref}`);
  if (!tip) return false;
  if (github.clock.now.getTime() - last.at.getTime() >= TEST_MERGE_HOURS * 3_600_000) return true;
  return git.mergeBase(tip, pull.head.sha) !== last.mergeBase;
}

/**
 * What GitHub answers as `mergeable`: null if it has not computed it yet (asking starts
 * that), and for a closed pull request.
 */
export function mergeable(issue: Issue, asked: boolean): boolean | null {
  const { pull } = issue;
  if (!pull || issue.state === 'closed') return null;
  if (asked && testMergeIsOld(issue, pull)) testMerge(issue);
  const known = pull.mergeableKnown;
  if (asked) pull.mergeableKnown = true;
  return known ? pull.mergeCommit !== null : null;
}

/** The files a pull request changes: from the merge base with the live base to the head. */
export function pullFiles(issue: Issue): DiffFile[] {
  const { pull, repository } = issue;
  if (!pull) return [];
  const { git } = repository;
  const from = git.mergeBase(baseOf(issue, pull), pull.head.sha);
  return from ? git.diff(from, pull.head.sha) : [];
}

/** The expression for a pull request's commits. */
export function pullRange(issue: Issue): string {
  const { pull } = issue;
  if (!pull) throw new Error(`#${issue.number} is no pull request`);
  return `${baseOf(issue, pull)}..${pull.head.sha}`;
}

/** The live base, or for a merged pull request the one it was merged into. */
function baseOf(issue: Issue, pull: Pull): string {
  if (pull.merged) return pull.base.sha;
  return issue.repository.git.ref(`refs/heads/${pull.base.ref}`) ?? pull.base.sha;
}

/** A ref that was moved, created (`before: null`) or deleted (`after: null`). */
export interface RefChange {
  ref: string;
  before: string | null;
  after: string | null;
  by: Account;
}

/** The consequences of a push: heads move, merged pull requests close, and the test merge is made again. */
export function refChanged(repository: Repository, change: RefChange): Issue[] {
  const { ref, before, after, by } = change;
  if (before === after) return [];
  repository.pushedAt = repository.github.clock.iso;
  const branch = ref.replace(/^refs\/heads\//, '');
  if (branch === ref) return [];
  const moved: Issue[] = [];
  for (const target of [repository, ...(repository.parent ? [repository.parent] : [])]) {
    for (const issue of target.issues.values()) {
      const { pull } = issue;
      if (!pull || issue.state === 'closed') continue;
      if (pull.head.repository === repository && pull.head.ref === branch) {
        headMoved(issue, pull, before, after, by);
        moved.push(issue);
      } else if (target === repository && pull.base.ref === branch && after) {
        if (repository.git.isAncestor(pull.head.sha, after)) markMerged(issue, pull, after, by);
      }
    }
  }
  return moved;
}

function headMoved(
  issue: Issue,
  pull: Pull,
  before: string | null,
  after: string | null,
  by: Account,
): void {
  const { repository } = issue;
  if (after === null) {
    closeIssue(issue, by);
    repository.record(issue, 'head_ref_deleted', by);
    return;
  }
  if (before && !repository.git.isAncestor(before, after)) {
    const details = { commitId: after, from: before, to: after };
    repository.record(issue, 'head_ref_force_pushed', by, details);
  }
  pull.head.sha = after;
  const at = repository.github.clock.iso;
  repository.timeline.push({ kind: 'push', issue, sha: after, by, at });
  issue.updatedAt = repository.github.clock.iso;
  testMerge(issue);
}

/** Closes an issue or pull request without merging it. */
export function closeIssue(issue: Issue, by: Account): void {
  if (issue.state === 'closed') return;
  issue.state = 'closed';
  issue.closedAt = issue.repository.github.clock.iso;
  issue.closedBy = by;
  issue.repository.record(issue, 'closed', by);
}

function markMerged(issue: Issue, pull: Pull, commit: string, by: Account): void {
  const { repository } = issue;
  pull.merged = true;
  pull.mergedAt = repository.github.clock.iso;
  pull.mergedBy = by;
  pull.mergeCommit = commit;
  repository.record(issue, 'merged', by, { commitId: commit });
  closeIssue(issue, by);
}

/** Merges a pull request with a merge commit; an error if it conflicts. */
export function mergePull(issue: Issue, by: Account): string {
  const { pull, repository } = issue;
  if (!pull) throw new Error(`#${issue.number} is no pull request`);
  const { git, github } = repository;
  const tip = repository.tip(pull.base.ref);
  const tree = git.mergeTree(tip, pull.head.sha);
  if (!tree) throw new Error(`#${issue.number} conflicts with ${pull.base.ref}`);
  const author = { name: by.login, email: emailOf(by), date: github.clock.iso };
  const commit = git.commit({
    tree,
    parents: [tip, pull.head.sha],
    author,
    committer: { name: 'GitHub', email: 'noreply@github.com', date: github.clock.iso },
    message: `Merge pull request #${issue.number} from ${pull.head.owner.login}/${pull.head.ref}`,
  });
  repository.signedCommits.add(commit);
  repository.moveBranch(pull.base.ref, commit, tip, by);
  return commit;
}

/** Commits onto a pull request's head, as somebody who may do that. */
export function pushToHead(issue: Issue, by: Account, files: Files, options: PushOptions): string {
  const { pull } = issue;
  const from = pull?.head.repository;
  if (!pull || !from) throw new Error(`#${issue.number} has no head to push to`);
  const sha = commitFiles(from, by, pull.head.ref, files, options);
  from.moveBranch(pull.head.ref, sha, from.tip(pull.head.ref), by);
  return sha;
}

/** A pull request as a test looks at it; always the present state. */
export class PullView {
  readonly issue: Issue;

  constructor(issue: Issue) {
    if (!issue.pull) throw new Error(`#${issue.number} is no pull request`);
    this.issue = issue;
  }

  /** GitHub's record of it; tests may change it to reach a rare state. */
  get state(): Pull {
    if (!this.issue.pull) throw new Error('no pull request');
    return this.issue.pull;
  }

  get number(): number {
    return this.issue.number;
  }

  get open(): boolean {
    return this.issue.state === 'open';
  }

  get merged(): boolean {
    return this.state.merged;
  }

  /** Branch and live commit of the head. */
  get head(): { ref: string; sha: string } {
    return { ref: this.state.head.ref, sha: this.state.head.sha };
  }

  /** Branch and stale commit of the base, as GitHub reports them. */
  get base(): { ref: string; sha: string } {
    return { ...this.state.base };
  }

  /** Names of the labels. */
  get labels(): string[] {
    return this.issue.labels.map((label) => label.name);
  }

  /** The conversation, oldest first. */
  get comments(): Comment[] {
    return this.issue.repository.commentsOf(this.number);
  }

  /** The file at a path of the head; null if there is none. */
  file(path: string): string | null {
    return this.issue.repository.file(this.state.head.sha, path)?.toString() ?? null;
  }
}
