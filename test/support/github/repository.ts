import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Account, App, Role } from './accounts.ts';
import { Actor } from './actor.ts';
import { ArtifactHooks } from './artifacts.ts';
import type { TimelineEntry } from './conversation.ts';
import { commitFiles, type Files, type PushOptions } from './files.ts';
import { GitStore } from './git.ts';
import type { GitHub } from './github.ts';
import { EVENT_PREFIXES, nodeId } from './ids.ts';
import { type OpenPullRequest, openPullRequest, PullView, refChanged } from './pulls.ts';
import type { Rule } from './ref-updates.ts';
import { finishRun, type JobRun, rerun, type StartRun, startRun } from './runs.ts';
import type {
  Artifact,
  Comment,
  Issue,
  IssueEvent,
  Label,
  Protection,
  QueueEntry,
  Ruleset,
  Run,
  Status,
  Workflow,
} from './state.ts';

/** What {@link GitHub.createRepository} takes. */
export interface CreateRepository {
  /** Login of the owner; an organisation unless a user has the login. Default `octo`. */
  owner?: string;
  name?: string;
  private?: boolean;
  /** Default `main`. */
  defaultBranch?: string;
  /** Files of the first commit. */
  files?: Files;
  /** Workflow files that the first commit also has; a run needs its file to exist. */
  workflows?: readonly string[];
  /** Login → role. */
  collaborators?: Record<string, Role>;
  /** Names of labels that exist from the start. */
  labels?: readonly string[];
  /** Days that artifacts are kept unless the upload says less. Default 90. */
  retentionDays?: number;
}

/** A repository: its state, and the ways a test builds and changes it. */
export class Repository {
  readonly github: GitHub;
  readonly id: number;
  readonly nodeId: string;
  readonly owner: Account;
  readonly name: string;
  readonly defaultBranch: string;
  readonly git: GitStore;
  /** The repository this one is a fork of. */
  readonly parent: Repository | null;
  private: boolean;
  archived = false;
  retentionDays: number;
  /** Entries after which a tree answer is cut and says `truncated`; GitHub's limit at most. */
  treeLimit = Number.POSITIVE_INFINITY;
  readonly createdAt: string;
  updatedAt: string;
  pushedAt: string;

  readonly roles = new Map<string, Role>();
  /** Names of custom roles; `roles` has what they are built on. */
  readonly customRoles = new Map<string, string>();
  readonly forks: Repository[] = [];
  readonly labels: Label[] = [];
  readonly issues = new Map<number, Issue>();
  readonly comments = new Map<number, Comment>();
  readonly events: IssueEvent[] = [];
  readonly workflows: Workflow[] = [];
  /** One entry per attempt. */
  readonly runs: Run[] = [];
  readonly uploads: Artifact[] = [];
  readonly statuses: Status[] = [];
  /** The rules that new commits on a branch must satisfy. */
  readonly rules: Rule[] = [];
  /** What the API tells about rules; this list refuses nothing. */
  readonly rulesets: Ruleset[] = [];
  /** Branch → its classic protection, if it has one. */
  readonly protections = new Map<string, Protection>();
  /** Branch → its merge queue, if it has one. */
  readonly mergeQueues = new Map<string, QueueEntry[]>();
  /** Everything that conversations show, in the order in which it happened. */
  readonly timeline: TimelineEntry[] = [];
  /** Commits that GitHub signed because they were made through its API. */
  readonly signedCommits = new Set<string>();

  constructor(
    github: GitHub,
    owner: Account,
    parent: Repository | null,
    options: CreateRepository,
  ) {
    this.github = github;
    this.owner = owner;
    this.parent = parent;
    this.id = github.ids.next('repository');
    this.nodeId = nodeId('R', this.id);
    this.name = options.name ?? 'shop';
    this.private = options.private ?? false;
    this.defaultBranch = options.defaultBranch ?? 'main';
    this.retentionDays = options.retentionDays ?? 90;
    this.createdAt = github.clock.iso;
    this.updatedAt = this.createdAt;
    this.pushedAt = this.createdAt;
    this.git = new GitStore(join(github.quickFolder, 'git', `${this.id}.git`), {
      defaultBranch: this.defaultBranch,
    });
    if (parent) this.#shareObjectsWith(parent);
    for (const [login, role] of Object.entries(options.collaborators ?? {})) {
      this.setRole(login, role);
    }
    for (const name of options.labels ?? []) this.createLabel(name);
  }

  /** Forks and their parent share one object store on GitHub: any commit is reachable by id. */
  #shareObjectsWith(parent: Repository): void {
    const objects = join(this.git.folder, 'objects');
    rmSync(objects, { recursive: true });
    symlinkSync(join(parent.git.folder, 'objects'), objects);
  }

  /** `owner/name`. */
  get fullName(): string {
    return `${this.owner.login}/${this.name}`;
  }

  /** What somebody may do here: everybody may read a public repository. */
  roleOf(login: string): Role {
    if (login.toLowerCase() === this.owner.login.toLowerCase()) return 'admin';
    const explicit = this.roles.get(login.toLowerCase()) ?? 'none';
    return explicit === 'none' && !this.private ? 'read' : explicit;
  }

  /** Gives somebody a role, or removes it with `none`. A custom role has a separate name. */
  setRole(login: string, role: Role, customName?: string): void {
    this.github.user(login);
    this.roles.set(login.toLowerCase(), role);
    if (customName === undefined) this.customRoles.delete(login.toLowerCase());
    else this.customRoles.set(login.toLowerCase(), customName);
  }

  /** Acts as a person: what GitHub's pages let them do; what their role does not allow throws. */
  as(login: string, via: App | null = null): Actor {
    return new Actor(this, this.github.user(login), via);
  }

  /** The live tip of a branch. */
  tip(branch = this.defaultBranch): string {
    const sha = this.git.ref(`refs/heads/${branch}`);
    if (!sha) throw new Error(`${this.fullName} has no branch ${branch}`);
    return sha;
  }

  /** A file's bytes at a branch or commit; null if there is none. */
  file(at: string, path: string): Buffer | null {
    const commit = this.git.ref(`refs/heads/${at}`) ?? at;
    const entry = this.git.entry(commit, path);
    return entry?.type === 'blob' ? this.git.readBlob(entry.sha) : null;
  }

  /** Commits files onto a branch as its owner would; the branch is created if it is new. */
  push(branch: string, files: Files, options: PushOptions = {}): string {
    const before = this.git.ref(`refs/heads/${branch}`);
    const sha = commitFiles(this, this.owner, branch, files, options);
    this.moveBranch(branch, sha, before, options.by ?? this.owner);
    return sha;
  }

  /** Points a branch at a commit and lets the pull requests follow. Null deletes it. */
  moveBranch(
    branch: string,
    sha: string | null,
    before = this.git.ref(`refs/heads/${branch}`),
    by: Account = this.owner,
  ): void {
    const ref = `refs/heads/${branch}`;
    if (sha === null) this.git.deleteRef(ref);
    else this.git.setRef(ref, sha);
    refChanged(this, { ref, before, after: sha, by });
  }

  /** Opens a pull request, and creates its branch from `files` if it does not exist yet. */
  openPullRequest(options: OpenPullRequest): PullView {
    return openPullRequest(this, options);
  }

  /** A pull request as it is now. */
  pull(number: number): PullView {
    return new PullView(this.issue(number));
  }

  /** An issue or pull request by its number. */
  issue(number: number): Issue {
    const issue = this.issues.get(number);
    if (!issue) throw new Error(`${this.fullName} has no #${number}`);
    return issue;
  }

  /** Opens an issue that is no pull request. */
  openIssue(options: { title?: string; body?: string; author?: string } = {}): Issue {
    return this.addIssue({
      title: options.title ?? 'An issue',
      body: options.body ?? '',
      user: options.author ? this.github.user(options.author) : this.owner,
    });
  }

  /** Adds an issue under the next number; pull requests add themselves to it. */
  addIssue(options: { title: string; body: string | null; user: Account }): Issue {
    const { github } = this;
    const id = github.ids.next('issue');
    const now = github.clock.iso;
    const issue: Issue = {
      id,
      nodeId: nodeId('I', id),
      repository: this,
      number: this.issues.size + 1,
      ...options,
      state: 'open',
      locked: false,
      labels: [],
      assignees: [],
      reviewers: [],
      createdAt: now,
      updatedAt: now,
      closedAt: null,
      closedBy: null,
      pull: null,
    };
    this.issues.set(issue.number, issue);
    return issue;
  }

  /** The label of a name, regardless of case. */
  findLabel(name: string): Label | null {
    return this.labels.find((label) => label.name.toLowerCase() === name.toLowerCase()) ?? null;
  }

  /** Makes a label; one of that name must not exist. */
  createLabel(name: string, color = 'ededed', description: string | null = null): Label {
    if (this.findLabel(name)) throw new Error(`label ${name} exists`);
    const id = this.github.ids.next('label');
    const label = { id, nodeId: nodeId('LA', id), name, color, description };
    this.labels.push(label);
    return label;
  }

  /** Deletes a label: it disappears everywhere, without an event. A new label of that name has another id. */
  deleteLabel(label: Label): void {
    this.labels.splice(this.labels.indexOf(label), 1);
    for (const issue of this.issues.values()) {
      issue.labels = issue.labels.filter((each) => each !== label);
    }
  }

  /** Records an event of an issue at the clock's time. */
  record(
    issue: Issue,
    event: string,
    actor: Account | null,
    details: Partial<
      Pick<IssueEvent, 'label' | 'rename' | 'commitId' | 'app' | 'from' | 'to'>
    > = {},
  ): IssueEvent {
    const id = this.github.ids.next('event');
    const entry: IssueEvent = {
      id,
      nodeId: nodeId(EVENT_PREFIXES[event] ?? 'EVT', id),
      issue,
      event,
      actor,
      app: null,
      createdAt: this.github.clock.iso,
      commitId: null,
      label: null,
      rename: null,
      from: null,
      to: null,
      ...details,
    };
    this.events.push(entry);
    this.timeline.push({ kind: 'event', event: entry });
    issue.updatedAt = entry.createdAt;
    return entry;
  }

  /** Sets a label on an issue and records it; false if it was set already. */
  addLabel(issue: Issue, label: Label, by: Account, app: App | null = null): boolean {
    if (issue.labels.includes(label)) return false;
    issue.labels.push(label);
    this.record(issue, 'labeled', by, { label: { ...label }, app });
    return true;
  }

  /** Removes a label from an issue and records it; false if it was not set. */
  removeLabel(issue: Issue, label: Label, by: Account, app: App | null = null): boolean {
    if (!issue.labels.includes(label)) return false;
    issue.labels = issue.labels.filter((each) => each !== label);
    this.record(issue, 'unlabeled', by, { label: { ...label }, app });
    return true;
  }

  /** Adds a comment at the clock's time. */
  addComment(issue: Issue, user: Account, body: string, app: App | null = null): Comment {
    const id = this.github.ids.next('comment');
    const now = this.github.clock.iso;
    const comment: Comment = {
      id,
      nodeId: nodeId('IC', id),
      issue,
      user,
      app,
      body,
      createdAt: now,
      updatedAt: now,
      editor: null,
      reactions: [],
      minimized: null,
    };
    this.comments.set(id, comment);
    this.timeline.push({ kind: 'comment', comment });
    issue.updatedAt = now;
    return comment;
  }

  /** Comments of an issue, oldest first. */
  commentsOf(number: number): Comment[] {
    return [...this.comments.values()].filter((comment) => comment.issue.number === number);
  }

  /** Deletes a comment. */
  dropComment(comment: Comment): void {
    this.comments.delete(comment.id);
    comment.issue.updatedAt = this.github.clock.iso;
  }

  /** The workflow of a file; its number is given when it is first asked for. */
  workflow(path: string): Workflow {
    const known = this.workflows.find((workflow) => workflow.path === path);
    if (known) return known;
    const id = this.github.ids.next('workflow');
    const name = /^name:\s*(.+)$/m.exec(this.file(this.defaultBranch, path)?.toString() ?? '')?.[1];
    const workflow = {
      id,
      nodeId: nodeId('W', id),
      path,
      name: name ?? path,
      createdAt: this.github.clock.iso,
    };
    this.workflows.push(workflow);
    return workflow;
  }

  /** Starts a run of a workflow and prepares what a runner gives to its job. */
  startRun(options: StartRun): JobRun {
    return startRun(this, options);
  }

  /** Starts the next attempt of a run: same event and commit, another triggering actor. */
  rerun(run: JobRun, by: string, onDisk?: boolean): JobRun {
    return rerun(this, run, by, onDisk);
  }

  /** Ends a run; its token stops working, as GitHub's does when the job ends. */
  finishRun(run: JobRun | number, conclusion = 'success'): void {
    finishRun(this, typeof run === 'number' ? run : run.id, conclusion);
  }

  /** Artifacts and what can happen to them. */
  get artifacts(): ArtifactHooks {
    return new ArtifactHooks(this);
  }

  /** Whether an artifact has expired: it is still listed, but its content is gone. */
  isExpired(artifact: Artifact): boolean {
    return new Date(artifact.expiresAt) <= this.github.clock.now;
  }

  /** Forks this repository, with its branches. */
  fork(owner: string): Repository {
    const account = this.github.user(owner);
    const fork = new Repository(this.github, account, this, {
      name: this.name,
      private: this.private,
      defaultBranch: this.defaultBranch,
    });
    for (const { ref, sha } of this.git.refs('refs/heads/')) fork.git.setRef(ref, sha);
    this.forks.push(fork);
    this.github.addRepository(fork);
    return fork;
  }

  /** Deletes this repository. Pull requests from it stay, with `head.repo: null`. */
  delete(): void {
    this.github.removeRepository(this);
    if (!this.parent) return;
    this.parent.forks.splice(this.parent.forks.indexOf(this), 1);
    for (const issue of this.parent.issues.values()) {
      if (issue.pull?.head.repository === this) issue.pull.head.repository = null;
    }
  }
}
