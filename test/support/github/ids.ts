/** The first number of each kind: far apart, so that a test notices if one kind is mistaken for another. */
const FIRST = {
  account: 1_001,
  app: 2_001,
  repository: 50_001,
  issue: 600_001,
  pull: 700_001,
  comment: 8_000_001,
  label: 90_001,
  event: 10_000_001,
  reaction: 11_001,
  workflow: 12_001,
  run: 13_000_001,
  suite: 14_000_001,
  artifact: 15_001,
  status: 16_001,
  team: 17_001,
  token: 1,
  blob: 1,
} as const;

/** A kind of thing that GitHub numbers. */
export type IdKind = keyof typeof FIRST;

/** Numbers counted up per kind, so that a scenario gives the same ids each time it runs. */
export class Ids {
  #next: Record<string, number> = { ...FIRST };

  /** The next number of a kind. */
  next(kind: IdKind): number {
    const id = this.#next[kind] ?? 1;
    this.#next[kind] = id + 1;
    return id;
  }
}

/** The GraphQL node id of a thing, with GitHub's prefix for its type (`IC_` an issue comment). */
export function nodeId(prefix: string, id: number): string {
  return `${prefix}_kwDO${Buffer.from(String(id)).toString('base64url')}`;
}

/** GitHub's prefixes for events that have a type of their own in GraphQL. */
export const EVENT_PREFIXES: Record<string, string> = {
  labeled: 'LE',
  unlabeled: 'UNLE',
  head_ref_force_pushed: 'HRFPE',
  base_ref_changed: 'BRCE',
  automatic_base_change_succeeded: 'ABCSE',
};
