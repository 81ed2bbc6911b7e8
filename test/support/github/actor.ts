import { type Account, type App, includesRole, type Role } from './accounts.ts';
import { mergeGroupEvent, pushEvent } from './branch-payloads.ts';
import { commitFiles, type Files, type PushOptions } from './files.ts';
import { enqueue } from './merge-queue.ts';
import {
  dispatchEvent,
  issueCommentEvent,
  pullRequestEvent,
  scheduleEvent,
  type WebhookEvent,
} from './payloads.ts';
import {
  closeIssue,
  mergePull,
  type OpenPullRequest,
  type PullView,
  pushToHead,
  testMerge,
} from './pulls.ts';
import type { Repository } from './repository.ts';
import type { Comment, Issue, Label } from './state.ts';

/**
 * A person who uses GitHub's pages. Each method does what a click does, at the clock's time, and
 * returns the event that a workflow can run on. What the person's role does not allow throws.
 */
export class Actor {
  readonly repository: Repository;
  readonly account: Account;
  /** The app that acts: the bot's app, or one that acts for a person. */
  readonly via: App | null;

  constructor(repository: Repository, account: Account, via: App | null = null) {
    this.repository = repository;
    this.account = account;
    this.via = via ?? account.app;
  }

  #need(role: Role, deed: string): void {
    const has = this.repository.roleOf(this.account.login);
    if (this.account.type === 'Bot' || includesRole(has, role)) return;
    throw new Error(`GitHub lets ${role} ${deed}; ${this.account.login} has ${has}`);
  }

  /** Writes a comment: `issue_comment` `created`. */
  comment(number: number, body: string): WebhookEvent {
    const issue = this.repository.issue(number);
    this.#need(issue.locked ? 'write' : 'read', 'comment');
    const comment = this.repository.addComment(issue, this.account, body, this.via);
    return issueCommentEvent(comment, this.account, 'created');
  }

  /** Changes a comment, given by id or by the event it came with: `issue_comment` `edited`. */
  editComment(which: number | WebhookEvent, body: string): WebhookEvent {
    const comment = this.#comment(which);
    if (comment.user !== this.account) this.#need('write', 'edit what others wrote');
    const before = comment.body;
    comment.body = body;
    comment.updatedAt = this.repository.github.clock.iso;
    comment.editor = this.account;
    return issueCommentEvent(comment, this.account, 'edited', before);
  }

  /** Deletes a comment: `issue_comment` `deleted`. */
  deleteComment(which: number | WebhookEvent): WebhookEvent {
    const comment = this.#comment(which);
    if (comment.user !== this.account) this.#need('write', 'delete what others wrote');
    this.repository.dropComment(comment);
    this.repository.record(comment.issue, 'comment_deleted', this.account);
    return issueCommentEvent(comment, this.account, 'deleted');
  }

  #comment(which: number | WebhookEvent): Comment {
    const id = typeof which === 'number' ? which : commentId(which);
    const comment = this.repository.comments.get(id);
    if (!comment) throw new Error(`no comment ${id}`);
    return comment;
  }

  /** Sets a label (and creates it if it is new): `pull_request_target` `labeled`. */
  label(number: number, name: string): WebhookEvent {
    this.#need('triage', 'label');
    const issue = this.repository.issue(number);
    let label = this.repository.findLabel(name);
    if (!label) {
      this.#need('write', 'make labels');
      label = this.repository.createLabel(name);
    }
    if (!this.repository.addLabel(issue, label, this.account, this.via)) {
      throw new Error(`#${number} has the label ${name} already: GitHub sends no event`);
    }
    return pullRequestEvent(issue, this.account, 'labeled', { label });
  }

  /** Removes a label: `pull_request_target` `unlabeled`. */
  unlabel(number: number, name: string): WebhookEvent {
    this.#need('triage', 'label');
    const issue = this.repository.issue(number);
    const label = this.repository.findLabel(name);
    if (!label || !this.repository.removeLabel(issue, label, this.account, this.via)) {
      throw new Error(`#${number} does not have the label ${name}`);
    }
    return pullRequestEvent(issue, this.account, 'unlabeled', { label });
  }

  /** Makes a label in the settings. */
  createLabel(name: string): Label {
    this.#need('write', 'make labels');
    return this.repository.createLabel(name);
  }

  /** Renames a label in the settings: it keeps its id, and the issues that have it get no event. */
  renameLabel(from: string, to: string): void {
    this.#need('write', 'rename labels');
    if (from.toLowerCase() !== to.toLowerCase() && this.repository.findLabel(to)) {
      throw new Error(`label ${to} exists`);
    }
    this.#label(from).name = to;
  }

  /** Deletes a label in the settings: it disappears everywhere, without an event. */
  deleteLabel(name: string): void {
    this.#need('write', 'delete labels');
    this.repository.deleteLabel(this.#label(name));
  }

  #label(name: string): Label {
    const label = this.repository.findLabel(name);
    if (!label) throw new Error(`no label ${name}`);
    return label;
  }

  /** Commits files and pushes them; the new commit. */
  push(branch: string, files: Files, options: PushOptions = {}): string {
    this.#need('write', 'push');
    const { git } = this.repository;
    const before = git.ref(`refs/heads/${branch}`);
    const sha = commitFiles(this.repository, this.account, branch, files, options);
    if (before && !options.force && !git.isAncestor(before, sha)) {
      throw new Error(`${branch} would not move forward: push with force`);
    }
    this.repository.moveBranch(branch, sha, before, this.account);
    return sha;
  }

  /** As `push`, and returns the event: `push`. */
  pushed(branch: string, files: Files, options: PushOptions = {}): WebhookEvent {
    const ref = `refs/heads/${branch}`;
    const before = this.repository.git.ref(ref);
    const after = this.push(branch, files, options);
    return pushEvent(this.repository, this.account, ref, before, after);
  }

  /** Commits onto a pull request's branch: `pull_request_target` `synchronize`. */
  pushTo(number: number, files: Files, options: PushOptions = {}): WebhookEvent {
    const issue = this.repository.issue(number);
    const before = issue.pull?.head.sha ?? '';
    const from = issue.pull?.head.repository;
    if (from === this.repository || issue.user !== this.account) this.#need('write', 'push');
    const after = pushToHead(issue, this.account, files, options);
    return pullRequestEvent(issue, this.account, 'synchronize', { before, after });
  }

  /** Points a pull request's branch at another commit, forward, back or elsewhere: `synchronize`. */
  resetTo(number: number, sha: string): WebhookEvent {
    const issue = this.repository.issue(number);
    const { head } = this.repository.pull(number).state;
    if (!head.repository) throw new Error(`#${number} has no head to push to`);
    if (head.repository === this.repository) this.#need('write', 'push');
    const before = head.sha;
    head.repository.moveBranch(head.ref, sha, before, this.account);
    return pullRequestEvent(issue, this.account, 'synchronize', { before, after: sha });
  }

  /** Sets a tag. */
  tag(name: string, sha: string): void {
    this.#need('write', 'push');
    this.repository.git.setRef(`refs/tags/${name}`, sha);
  }

  /** Names a pull request in that many commits of a fork: each one adds an event to the pull request. Anybody can do this. */
  reference(number: number, times = 1): void {
    const issue = this.repository.issue(number);
    const commitId = this.repository.tip(this.repository.defaultBranch);
    for (let count = 0; count < times; count++) {
      this.repository.record(issue, 'referenced', this.account, { commitId });
    }
  }

  /** Opens a pull request. */
  openPullRequest(options: Omit<OpenPullRequest, 'author'>): PullView {
    return this.repository.openPullRequest({ ...options, author: this.account.login });
  }

  /** Merges a pull request: `pull_request_target` `closed`. */
  merge(number: number): WebhookEvent {
    this.#need('write', 'merge');
    const issue = this.repository.issue(number);
    mergePull(issue, this.account);
    return pullRequestEvent(issue, this.account, 'closed');
  }

  /** Puts a pull request into the merge queue of its base: `merge_group` `checks_requested`. */
  enqueue(number: number): WebhookEvent {
    this.#need('write', 'merge');
    return mergeGroupEvent(this.repository, enqueue(this.repository.issue(number), this.account));
  }

  /** Closes a pull request: `pull_request_target` `closed`. */
  close(number: number): WebhookEvent {
    const issue = this.#owned(number);
    closeIssue(issue, this.account);
    return pullRequestEvent(issue, this.account, 'closed');
  }

  /** Opens a closed pull request again: `pull_request_target` `reopened`. */
  reopen(number: number): WebhookEvent {
    const issue = this.#owned(number);
    if (issue.pull?.merged) throw new Error('a merged pull request stays closed');
    issue.state = 'open';
    issue.closedAt = null;
    issue.closedBy = null;
    this.repository.record(issue, 'reopened', this.account);
    return pullRequestEvent(issue, this.account, 'reopened');
  }

  /**
   * Points a pull request at another base: `pull_request_target` `edited`. `automatic`: as GitHub does by itself
   * if the base was merged and deleted.
   */
  retarget(number: number, base: string, how?: 'automatic'): WebhookEvent {
    const issue = this.#owned(number);
    const { pull } = issue;
    if (!pull) throw new Error(`#${number} is no pull request`);
    const from = { ref: { from: pull.base.ref }, sha: { from: pull.base.sha } };
    pull.base = { ref: base, sha: this.repository.tip(base) };
    testMerge(issue);
    const event = how === 'automatic' ? 'automatic_base_change_succeeded' : 'base_ref_changed';
    this.repository.record(issue, event, this.account, { from: from.ref.from, to: base });
    return pullRequestEvent(issue, this.account, 'edited', { changes: { base: from } });
  }

  /** Gives a pull request another title: `pull_request_target` `edited`. */
  retitle(number: number, title: string): WebhookEvent {
    const issue = this.#owned(number);
    const rename = { from: issue.title, to: title };
    issue.title = title;
    this.repository.record(issue, 'renamed', this.account, { rename });
    const changes = { title: { from: rename.from } };
    return pullRequestEvent(issue, this.account, 'edited', { changes });
  }

  /** Turns a pull request into a draft or back. */
  setDraft(number: number, draft: boolean): WebhookEvent {
    const issue = this.#owned(number);
    if (issue.pull) issue.pull.draft = draft;
    this.repository.record(issue, draft ? 'convert_to_draft' : 'ready_for_review', this.account);
    const action = draft ? 'converted_to_draft' : 'ready_for_review';
    return pullRequestEvent(issue, this.account, action);
  }

  /** Locks a conversation: only people who can write may comment. */
  lock(number: number): void {
    this.#need('write', 'lock');
    const issue = this.repository.issue(number);
    issue.locked = true;
    this.repository.record(issue, 'locked', this.account);
  }

  /** Opens a locked conversation again. */
  unlock(number: number): void {
    this.#need('write', 'lock');
    const issue = this.repository.issue(number);
    issue.locked = false;
    this.repository.record(issue, 'unlocked', this.account);
  }

  /** Archives the repository: it can be read only. */
  archive(): void {
    this.#need('admin', 'archive');
    this.repository.archived = true;
  }

  #owned(number: number): Issue {
    const issue = this.repository.issue(number);
    if (issue.user !== this.account) this.#need('triage', 'change what others opened');
    return issue;
  }

  /** Starts a workflow by hand, on a branch or a tag: `workflow_dispatch`. */
  dispatch(
    workflow: string,
    options: { ref?: string; tag?: string; inputs?: Record<string, string> } = {},
  ): WebhookEvent {
    this.#need('write', 'dispatch');
    const { repository } = this;
    const ref =
      options.tag === undefined
        ? `refs/heads/${options.ref ?? repository.defaultBranch}`
        : `refs/tags/${options.tag}`;
    const inputs = options.inputs ?? null;
    return dispatchEvent(repository, this.account, repository.workflow(workflow), ref, inputs);
  }

  /** Starts a scheduled run; this person was the last who changed the schedule. */
  schedule(workflow: string, cron = '0 3 * * *'): WebhookEvent {
    const { repository } = this;
    return scheduleEvent(repository, this.account, repository.workflow(workflow), cron);
  }

  /** Gives somebody another role. */
  setRole(login: string, role: Role): void {
    this.#need('admin', 'change roles');
    this.repository.setRole(login, role);
  }
}

/** The id of the comment that an `issue_comment` event is about. */
export function commentId(event: WebhookEvent): number {
  const comment = event.payload.comment as { id: number } | undefined;
  if (!comment) throw new Error(`${event.name} has no comment`);
  return comment.id;
}
