/**
 * What the modes need of the world, each as a small interface with one real implementation, handed in by `run.ts`.
 */
import type { Assessment, Denial, Judge, RefusedRequest } from '../core/plan/attempts.ts';
import type { FileChange, FileState } from '../core/plan/scope.ts';
import type { Members } from '../core/records/archive-contents.ts';
import type { Person } from '../core/records/fields.ts';

/** Asks Codex for a plan, read-only. */
export interface Planner {
  /** @throws Fault codex-unavailable, sandbox-unavailable, codex-failed, codex-timeout, limit-exceeded */
  propose(task: PlanningTask): Promise<Proposal>;
}

export interface PlanningTask {
  /** Absolute path of the private workspace. */
  readonly workspace: string;
  /** The frozen prompt, normalised. */
  readonly prompt: string;
  /** Canonical JSON of the approved plan, to keep what still holds of it; null for a fresh plan. */
  readonly anchor: string | null;
}

export interface Proposal {
  /** The model's final message as it came: untrusted, not parsed. */
  readonly answer: string;
  readonly toolchain: Toolchain;
  /** The text of `run.log`. */
  readonly log: string;
}

/** What produced a plan. */
export interface Toolchain {
  /** Version of the Codex CLI, as it says itself. */
  readonly version: string;
  /** The model that Codex asked for. */
  readonly model: string;
  /** Reasoning effort as it was asked for; null for Codex's own. */
  readonly effort: string | null;
}

/** Lets Codex carry out a plan in the workspace, each file change ruled on before it is written. */
export interface Editor {
  /** @throws Fault codex-unavailable, sandbox-unavailable, codex-failed, codex-timeout, config-invalid */
  carryOut(task: EditingTask): Promise<EditReport>;
}

export interface EditingTask {
  readonly workspace: string;
  readonly prompt: string;
  /** Canonical JSON of the approved plan. */
  readonly plan: string;
  /** The approved scope's verdict on one end of one file change; null where it is approved. */
  readonly judge: Judge;
}

export interface EditReport {
  /** File changes that were refused, in the order they were tried. */
  readonly declined: readonly Denial[];
  /** Everything else that was refused: requests to leave the sandbox, permissions, tools. */
  readonly refusedRequests: readonly RefusedRequest[];
  /** What the guardian decided, where it is the reviewer. */
  readonly assessments: readonly Assessment[];
  /** Warnings of Codex about its configuration, such as an administrator's override. */
  readonly warnings: readonly string[];
  readonly toolchain: Toolchain;
  readonly log: string;
}

/** A role in the repository, weakest first as GitHub orders them. */
export type RepositoryRole = 'read' | 'triage' | 'write' | 'maintain' | 'admin';

export interface Identity {
  readonly login: string;
  readonly databaseId: number;
}

/** Somebody with the role that they have now. */
export interface KnownPerson extends Person {
  readonly role: RepositoryRole | null;
}

/** Who somebody is and what they may do, asked at the moment of use. */
export interface People {
  /** Null for no role, an app, or a login that is another account by now. */
  roleOf(person: { readonly id: number; readonly login: string }): Promise<RepositoryRole | null>;
  /** Whoever has that login now, for whoever repeats a run: the runner names no id of theirs. */
  find(login: string): Promise<KnownPerson | null>;
  /** @param team `org/slug` */
  isMember(team: string, login: string): Promise<boolean>;
  /** The account that this action's own comments are written by. */
  self(): Promise<Identity>;
}

export interface PullRequest {
  readonly number: number;
  /** Neither closed nor merged. */
  readonly open: boolean;
  readonly author: { readonly id: number; readonly login: string } | null;
  readonly labels: readonly string[];
  readonly head: { readonly ref: string; readonly sha: string };
  /** Null where the source repository was deleted. */
  readonly headRepository: number | null;
  readonly baseRef: string;
}

/** A commit of the base, with those of the paths in question that it touched. */
export interface BaseCommit {
  readonly sha: string;
  readonly paths: readonly string[];
}

export interface PullRequests {
  read(number: number): Promise<PullRequest>;
  /** The commit that a branch is at now. */
  baseTip(ref: string): Promise<string>;
  mergeBase(base: string, head: string): Promise<string>;
  commitsTouching(
    paths: readonly string[],
    since: string,
    tip: string,
  ): Promise<readonly BaseCommit[]>;
}

/** One time that a label was set or taken off. */
export interface LabelEvent {
  readonly id: number;
  readonly set: boolean;
  readonly actor: { readonly id: number; readonly login: string; readonly type: string } | null;
  /** RFC 3339, GitHub's clock, to the second. */
  readonly at: string;
  readonly viaApp: boolean;
  /** False where the branch was force-pushed or the base exchanged since: it was set on something else. */
  readonly current: boolean;
}

export interface Labels {
  remove(pullRequest: number, label: string): Promise<void>;
  /** Creates the label where the repository lacks it. */
  ensure(label: string): Promise<void>;
  history(pullRequest: number, label: string): Promise<readonly LabelEvent[]>;
}

export interface Comment {
  readonly id: number;
  /** Null where GitHub does not say it: such a comment cannot be folded away. */
  readonly nodeId: string | null;
  readonly url: string;
  readonly body: string;
  readonly authorId: number | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Comments {
  read(id: number): Promise<Comment | undefined>;
  list(pullRequest: number): Promise<readonly Comment[]>;
  create(pullRequest: number, body: string): Promise<Comment>;
  update(id: number, body: string): Promise<void>;
  minimise(comment: Comment): Promise<void>;
  react(id: number, content: 'eyes' | 'rocket' | 'confused'): Promise<void>;
}

export interface PublishedArtifact {
  readonly id: number;
  /** `sha256:` and 64 hexadecimal digits, over the archive. */
  readonly digest: string;
}

export interface StoredArtifact {
  readonly id: number;
  /** As the store says it; null for one that is older than digests. */
  readonly digest: string | null;
  readonly expired: boolean;
  readonly run: ArtifactOrigin | null;
}

/** The run that made an artifact, as the store says it; null for what it does not say, and only the run itself can. */
export interface ArtifactOrigin {
  readonly id: number;
  readonly repositoryId: number | null;
  readonly headRepositoryId: number | null;
}

export interface ArtifactStore {
  publish(name: string, members: Members): Promise<PublishedArtifact>;
  /** Newest first. */
  find(name: string): Promise<readonly StoredArtifact[]>;
  read(artifact: StoredArtifact): Promise<Members>;
}

/** What GitHub says about a workflow run. */
export interface RunFacts {
  readonly id: number;
  readonly event: string;
  /** The workflow file, with `@ref` behind it in some answers. */
  readonly path: string;
  readonly headBranch: string | null;
  readonly headSha: string;
  readonly repositoryId: number;
  readonly headRepositoryId: number | null;
}

export interface Repository {
  defaultBranch(): Promise<string>;
  /** Undefined where the commit has no such file. By id: a tag can have the name of a branch. */
  readFile(path: string, commit: string): Promise<{ blob: string; text: string } | undefined>;
  run(id: number): Promise<RunFacts | undefined>;
}

/** The commits that a workspace is made of. */
export interface Pins {
  readonly head: string;
  readonly base: string;
  readonly mergeBase: string;
}

/** Private repositories of the merge of a pull request, in which Codex works. */
export interface Workspaces {
  /**
   * @param also further commits to fetch, whose trees are asked for later
   * @throws Fault merge-conflict, api-unavailable
   */
  build(pins: Pins, also?: readonly string[]): Promise<Workspace>;
}

/**
 * Which files of a work tree count: all, or those that the repository does not ignore and these besides. Builds and
 * tests leave ignored files behind, which never become part of a change.
 */
export type CountedFiles = 'all' | { readonly unignoredAnd: readonly string[] };

export interface Workspace {
  /** Absolute path of the work tree. */
  readonly directory: string;
  /** Stand-in commit of the merge, and its tree; the same for the same pins. */
  readonly commit: string;
  readonly tree: string;
  /** All files of a fetched commit, or of the merge. */
  files(treeish: string): Promise<ReadonlyMap<string, FileState>>;
  /**
   * Which of these files GitHub folds or leaves out where it shows a diff: by `.gitattributes` of the merge they are
   * generated (`linguist-generated`) or have no diff (`-diff`, `binary`).
   */
  hiddenInDiffs(paths: readonly string[]): Promise<ReadonlySet<string>>;
  /** How these files differ between two fetched commits: a unified diff for people. */
  difference(from: string, to: string, paths: readonly string[]): Promise<string>;
  /** What the work tree has changed since it was built. */
  changes(counted?: CountedFiles): Promise<readonly FileChange[]>;
  /** The change as a patch that git applies to the byte. */
  patch(counted?: CountedFiles): Promise<Uint8Array>;
  /**
   * What a sealed change does to the merge; the work tree stays as it is.
   * @throws Fault base-moved where it does not apply to the byte
   */
  replay(patch: Uint8Array): Promise<readonly FileChange[]>;
  /** The tree of a fetched commit. */
  treeOf(commit: string): Promise<string>;
  /**
   * That tree with these files as they become, and nothing else different.
   * @throws Fault base-moved where they cannot be put there without touching others
   */
  treeWith(commit: string, changes: readonly FileChange[]): Promise<string>;
  /** The content of a file that a change made. */
  blob(id: string): Promise<Uint8Array>;
}

/** A file as a new tree has it; null where the tree no longer has it. */
export interface TreeEntry {
  readonly path: string;
  readonly after: FileState | null;
}

/** Commits made through the interface of GitHub, which signs them. */
export interface Commits {
  /** @returns the object id that GitHub gives the content */
  createBlob(content: Uint8Array): Promise<string>;
  /** @returns the tree `base` with these entries in place of its own */
  createTree(base: string, entries: readonly TreeEntry[]): Promise<string>;
  createCommit(message: string, tree: string, parent: string): Promise<string>;
  /** Whether the branch was moved to the commit; only forward, and false where it would not be. */
  fastForward(branch: string, commit: string): Promise<boolean>;
  /** The commits that lead from one to the other, oldest first; no more than GitHub lists at once. */
  between(from: string, to: string): Promise<readonly ListedCommit[]>;
}

export interface ListedCommit {
  readonly sha: string;
  readonly message: string;
  readonly parents: readonly string[];
}
