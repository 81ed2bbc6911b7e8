import type { Account } from './accounts.ts';
import type { Commit } from './git-objects.ts';
import { HttpError, RuleError } from './http-error.ts';
import { refChanged } from './pulls.ts';
import type { Repository } from './repository.ts';

/** A rule of a ruleset or of a protected branch, which can refuse a new commit on the branch. */
export interface Rule {
  /** Branches that it is about; all when left out. */
  branch?: RegExp;
  /** GitHub's sentence: `Commit message must match …`. */
  message: string;
  /** The commits that it refuses; all when left out. */
  refuses?: (commit: Commit) => boolean;
  /** The sentence of a ruleset follows GitHub's headline; that of a protected branch has no headline. */
  kind?: 'ruleset' | 'protection';
  /** GraphQL's type of a ruleset's refusal; undefined for none. `UNPROCESSABLE` when left out. */
  type?: string | undefined;
  /** Logins that may bypass it. */
  bypass?: readonly string[];
}

/** A request to move a ref. */
export interface RefMove {
  ref: string;
  /** The commit that it must be at now; forty zeros if it must not exist; any commit if left out. */
  before?: string | undefined;
  /** Forty zeros delete it. */
  after: string;
  force: boolean;
}

const NOWHERE = '0'.repeat(40);

/** `refs/pull/…` belongs to GitHub: nobody else writes there. */
export function demandWritable(ref: string): void {
  if (ref.startsWith('refs/pull/')) {
    throw new HttpError(422, 'deny updating a hidden ref');
  }
}

/** Moves all of the refs or none. Without `force` only forward. */
export function moveRefs(repository: Repository, moves: readonly RefMove[], by: Account): void {
  const { git } = repository;
  for (const move of moves) demandMove(repository, move, by);
  for (const { ref, after } of moves) {
    const before = git.ref(ref);
    if (after === NOWHERE) git.deleteRef(ref);
    else git.setRef(ref, after, before);
    refChanged(repository, { ref, before, after: after === NOWHERE ? null : after, by });
  }
}

function demandMove(repository: Repository, move: RefMove, by: Account): void {
  const { git } = repository;
  const { ref, before, after, force } = move;
  const now = git.ref(ref);
  if (before !== undefined && (now ?? NOWHERE) !== before) {
    throw new HttpError(422, `Reference ${ref} is not at ${before}`);
  }
  if (after === NOWHERE) return;
  const type = /^[0-9a-f]{40}$/.test(after) ? git.typeOf(after) : null;
  if (!type) throw new HttpError(422, 'Object does not exist');
  if (ref.startsWith('refs/heads/') && type !== 'commit') {
    throw new HttpError(422, 'Object is not a commit');
  }
  if (now !== null && !force && !git.isAncestor(now, after)) {
    throw new HttpError(422, 'Update is not a fast forward');
  }
  demandRules(repository, ref, now, after, by);
}

/** Each commit that the branch does not have yet must satisfy the rules. */
export function demandRules(
  repository: Repository,
  ref: string,
  before: string | null,
  after: string,
  by: Account,
): void {
  const branch = ref.replace(/^refs\/heads\//, '');
  if (branch === ref || repository.rules.length === 0) return;
  const commits = repository.git.log([before ? `${before}..${after}` : after]);
  for (const rule of repository.rules) {
    if (rule.branch && !rule.branch.test(branch)) continue;
    if (rule.bypass?.includes(by.login)) continue;
    if (!commits.some((commit) => rule.refuses?.(commit) ?? true)) continue;
    if (rule.kind === 'protection') {
      throw new RuleError(rule.message, 'BRANCH_PROTECTION_RULE_VIOLATION');
    }
    const message = `Repository rule violations found\n\n${rule.message}\n\n`;
    throw new RuleError(message, 'type' in rule ? rule.type : 'UNPROCESSABLE');
  }
}
