import type { Account, App } from './accounts.ts';
import type { Repository } from './repository.ts';

/** A label of a repository. Renaming it renames it on every issue. */
export interface Label {
  id: number;
  nodeId: string;
  name: string;
  color: string;
  description: string | null;
}

/** A reaction on a comment. */
export interface Reaction {
  id: number;
  nodeId: string;
  content: string;
  user: Account;
  createdAt: string;
}

/** A comment in an issue's or a pull request's conversation. */
export interface Comment {
  id: number;
  nodeId: string;
  issue: Issue;
  user: Account;
  /** The app whose token wrote it; null for a person at the web page. */
  app: App | null;
  body: string;
  createdAt: string;
  updatedAt: string;
  /** Who changed it last; null if nobody did, or it was its writer. */
  editor: Account | null;
  reactions: Reaction[];
  /** Why it is collapsed (`outdated`), null while it is shown. */
  minimized: string | null;
}

/** An entry of an issue's events: what the `issues/{n}/events` list tells. */
export interface IssueEvent {
  id: number;
  nodeId: string;
  issue: Issue;
  event: string;
  actor: Account | null;
  app: App | null;
  createdAt: string;
  commitId: string | null;
  /** A copy of the label as it was then. */
  label: Label | null;
  rename: { from: string; to: string } | null;
  /** For a moved branch or a changed base: the commit or the name of the base, before and after. */
  from: string | null;
  to: string | null;
}

/** An issue; every pull request is one. */
export interface Issue {
  id: number;
  nodeId: string;
  repository: Repository;
  number: number;
  title: string;
  body: string | null;
  user: Account;
  state: 'open' | 'closed';
  locked: boolean;
  labels: Label[];
  assignees: Account[];
  /** The people who were asked to review the pull request. */
  reviewers: Account[];
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedBy: Account | null;
  pull: Pull | null;
}

/** What makes an issue a pull request. */
export interface Pull {
  id: number;
  nodeId: string;
  issue: Issue;
  head: { ref: string; sha: string; repository: Repository | null; owner: Account };
  /** `sha` is the base's tip when the head was last pushed: GitHub reports this stale one. */
  base: { ref: string; sha: string };
  draft: boolean;
  merged: boolean;
  mergedAt: string | null;
  mergedBy: Account | null;
  /** The test merge of head and `base.sha`, so just as stale; null if they conflict. */
  mergeCommit: string | null;
  /** False right after a push: GitHub answers `mergeable: null` once, and then computes it. */
  mergeableKnown: boolean;
  /** When the test merge was made, and over which merge base. */
  testMerge: { at: Date; mergeBase: string | null } | null;
  maintainerCanModify: boolean;
}

/** A run of a workflow. Attempts of one run share its id. */
export interface Run {
  id: number;
  nodeId: string;
  repository: Repository;
  headRepository: Repository;
  workflow: Workflow;
  attempt: number;
  number: number;
  event: string;
  /** The ref that the workflow file was taken from. */
  ref: string;
  headBranch: string | null;
  headSha: string;
  /** The commit that `head_commit` shows; another one than `headSha` for some triggers. */
  headCommit: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  actor: Account;
  triggeringActor: Account;
  createdAt: string;
  updatedAt: string;
  startedAt: string;
  pull: Pull | null;
  suite: number;
}

/** A workflow file of a repository. */
export interface Workflow {
  id: number;
  nodeId: string;
  path: string;
  name: string;
  createdAt: string;
  /** What GitHub says of it; `active` if this is not set. */
  state?: 'active' | 'disabled_manually' | 'disabled_inactivity' | 'disabled_fork';
}

/** An artifact, finalised or still being uploaded. */
export interface Artifact {
  id: number;
  nodeId: string;
  repository: Repository;
  run: Run;
  /** The attempt of the run that uploaded it. */
  attempt: number;
  name: string;
  content: Buffer;
  /** `sha256:…` of the uploaded bytes; null for an upload from before GitHub kept digests. */
  digest: string | null;
  size: number;
  createdAt: string;
  expiresAt: string;
  finalized: boolean;
}

/** A commit status. */
export interface Status {
  id: number;
  sha: string;
  state: string;
  context: string;
  description: string | null;
  targetUrl: string | null;
  creator: Account;
  createdAt: string;
}

/** A pull request in a merge queue, with the commit of its group. */
export interface QueueEntry {
  issue: Issue;
  by: Account;
  at: string;
  /** The commit before it in the queue. */
  base: string;
  /** The merge of everything up to it. */
  head: string;
}

/** A ruleset as the API tells it; the rules that refuse commits are in `Repository.rules`. */
export interface Ruleset {
  id: number;
  name: string;
  /** Branches that it is about; all when left out. */
  branch?: RegExp;
  /** As GitHub gives them. */
  rules: readonly { type: string; parameters?: Record<string, unknown> }[];
  bypass?: readonly { actor_type: string; actor_id: number | null; bypass_mode: string }[];
  /** Whether the token that asks can bypass it. */
  tokenBypasses?: boolean;
}

/** Required checks of a classic branch protection, as everybody sees them. */
export interface Protection {
  contexts: string[];
  checks: { context: string; app_id: number | null }[];
}
