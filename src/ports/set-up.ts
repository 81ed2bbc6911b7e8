/**
 * The set-up of a repository, for mode doctor. Every call only reads, and the token may lack the permission for it.
 */

import type { RepositoryRole } from '../core/policy/roles.ts';
import type { ObjectId } from '../core/text/object-id.ts';

/** Somebody with access to the repository. */
export interface Collaborator {
  readonly id: number;
  readonly login: string;
  readonly role: RepositoryRole | null;
}

/** The default branch, and whether anything can be written to the repository. */
export interface DefaultBranch {
  readonly name: string;
  readonly tip: ObjectId;
  readonly isArchived: boolean;
}

/** A rule that is in force for a branch. */
export interface BranchRule {
  /** GitHub's name of it, `required_status_checks` for example. */
  readonly type: string;
  /** From GitHub; their form is not checked yet. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The ruleset that it belongs to; null for a classic protection. */
  readonly ruleset: number | null;
}

export interface Ruleset {
  readonly name: string;
  /** Who can bypass it, in words; null if the token may not know. */
  readonly bypass: readonly string[] | null;
  /** Whether the token itself can always bypass it. */
  readonly bypassedByToken: boolean;
}

/** The conditions under which a status check counts. */
export interface RequiredCheck {
  readonly context: string;
  /** The app that must have set it; null for any. */
  readonly app: number | null;
}

export interface ClassicProtection {
  readonly isProtected: boolean;
  readonly checks: readonly RequiredCheck[];
}

export interface OpenPull {
  readonly number: number;
  readonly createdAt: string;
  /** The branch; null if it lies in a fork. */
  readonly ownBranch: string | null;
}

/** Each call throws `Stopped`, mostly permission-missing, if the token may not read this. */
export interface SetUp {
  defaultBranch(): Promise<DefaultBranch>;
  /** `active`, or why GitHub starts no run of this workflow file; undefined if GitHub does not know it yet. */
  workflowState(path: string): Promise<string | undefined>;
  /** Names of the files in a folder of a commit; empty if there is no such folder. */
  listFolder(path: string, commit: ObjectId): Promise<readonly string[]>;
  /** The text of a file of a commit; undefined if there is none. */
  readFile(path: string, commit: ObjectId): Promise<string | undefined>;
  /** Everybody who can see a private repository, or has a role in a public one. */
  collaborators(): Promise<readonly Collaborator[]>;
  labelExists(name: string): Promise<boolean>;
  /** The rules of rulesets for a branch, which does not have to exist. */
  rules(branch: string): Promise<readonly BranchRule[]>;
  ruleset(id: number): Promise<Ruleset>;
  /** What a classic branch protection says, as far as everybody may see it. */
  protection(branch: string): Promise<ClassicProtection>;
  /** How many days the repository keeps artifacts. */
  retentionDays(): Promise<number>;
  /** How many days the newest artifacts are kept, by their own dates; undefined if there is none. */
  shortestRetention(): Promise<number | undefined>;
  openPulls(): Promise<readonly OpenPull[]>;
  /** The id of an app by its slug; undefined if there is none. */
  appId(slug: string): Promise<number | undefined>;
}
