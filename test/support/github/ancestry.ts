/**
 * Which commits come before which, without starting git: the histories of most tests are a few commits long.
 * Git decides what is not clear here.
 */

/** The parents of a commit; null if there is no such commit. */
export type ParentsOf = (id: string) => readonly string[] | null;

/** With more commits than this, git is quicker. */
const MAX_COMMITS = 500;

/** What the order of a history depends on. */
export interface CommitInHistory {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly committer: { readonly date: string };
}

/** How two commits are related. */
export interface Relation {
  /** How many commits only the other one has before it, and itself. */
  readonly onlyOther: number;
  /** Whether the one is before the other, or is the same. */
  readonly isBefore: boolean;
  /** The common commits that are before no other common commit. */
  readonly bases: readonly string[];
}

/**
 * Compares the histories of two commits.
 * @returns undefined if git has to do it
 */
export function relate(one: string, other: string, parentsOf: ParentsOf): Relation | undefined {
  const before = historyOf([one], parentsOf);
  const after = historyOf([other], parentsOf);
  if (before === undefined || after === undefined) return undefined;
  const common = [...before.keys()].filter((id) => after.has(id));
  const earlier = historyOf(
    common.flatMap((id) => before.get(id) ?? []),
    parentsOf,
  );
  if (earlier === undefined) return undefined;
  return {
    onlyOther: after.size - common.length,
    isBefore: after.has(one),
    bases: common.filter((id) => !earlier.has(id)),
  };
}

/**
 * The commits that lead to one, but not those that lead to the other, in the order of `git log`: of those that are known, the newest
 * comes next, and of two of the same time the one that became known first.
 * @returns undefined if git has to do it
 */
export function listBetween<T extends CommitInHistory>(
  other: string | null,
  one: string,
  read: (id: string) => T | null,
): readonly T[] | undefined {
  const parentsOf = (id: string) => read(id)?.parents ?? null;
  const before = historyOf(other === null ? [] : [other], parentsOf);
  const after = historyOf([one], parentsOf);
  if (before === undefined || after === undefined) return undefined;
  const found: T[] = [];
  const known = new Set([one]);
  const open = [one].map(read).filter((commit) => commit !== null);
  while (open.length > 0) {
    const newest = open.reduce((a, b) => (timeOf(b) > timeOf(a) ? b : a));
    open.splice(open.indexOf(newest), 1);
    if (!before.has(newest.sha)) found.push(newest);
    for (const id of newest.parents) {
      const parent = known.has(id) ? null : read(id);
      known.add(id);
      if (parent !== null) open.push(parent);
    }
  }
  return found;
}

const timeOf = ({ committer }: CommitInHistory) => Date.parse(committer.date);

/** These commits and all before them, with their parents. */
function historyOf(ids: readonly string[], parentsOf: ParentsOf) {
  const found = new Map<string, readonly string[]>();
  const open = [...ids];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    const parents = parentsOf(id);
    if (parents === null || found.size === MAX_COMMITS) return undefined;
    found.set(id, parents);
    open.push(...parents);
  }
  return found;
}
