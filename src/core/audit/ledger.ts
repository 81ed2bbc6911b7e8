/** What an audit found, in the lists that its report has. */

/** What is computed again from the files, each as the sentence that the report shows. */
const recomputations = {
  files: 'The digest of each file, by the checksums and the manifest',
  records: 'The schema, the canonical form and the digest of each record',
  lines: 'Each line of each journal: its number, and the digest of the line before',
  journals: 'That the journals of one plan go on from each other',
  decisions: 'That each artifact has its line in the journal, and each decision there its artifact',
  links: 'The plan, the approval and the verification that each record names, by digest',
  times: 'The order of the times, and how long votes, approvals and verifications last',
  requests: 'The prompt, from the recorded requests',
  narrowed: 'Each narrowed plan, from the plan before it and the files that were taken out',
  scope: 'That each changed file lies inside the plan, with its operation, mode and first content',
  patch: 'The files, modes and blobs of each sealed change',
  policy: 'Each decision by the rules of the recorded policy',
  policies: 'That each recorded policy says where its values come from, and agrees with the others',
  votes: 'That each label event was counted once',
  asked: 'Whose turn it was to be asked for an approval, from the recorded candidates',
  denials: 'Each denial, from what was refused and from the plan',
  drift: 'Each verdict on drift, from both plans or the recorded base',
  executions: 'That each execution rests on a fresh verification of a valid approval',
} as const;

/** One kind of check. */
export type Recomputation = keyof typeof recomputations;

/** Collects what an audit finds. Nothing is decided here: one finding makes the evidence inconsistent. */
export class Ledger {
  readonly #findings = new Set<string>();
  readonly #held = new Map<Recomputation, number>();
  readonly #told = new Set<string>();
  readonly #unproven = new Set<string>();

  /**
   * @param finding one sentence that is true if the check fails; it may hold foreign text
   * @returns whether it held
   */
  check(what: Recomputation, holds: boolean, finding: string): boolean {
    if (holds) this.#held.set(what, (this.#held.get(what) ?? 0) + 1);
    else this.#findings.add(finding);
    return holds;
  }

  /** Something that GitHub said at the time, and the records only repeat. */
  told(sentence: string): void {
    this.#told.add(sentence);
  }

  /** Something that these files cannot prove. */
  unproven(sentence: string): void {
    this.#unproven.add(sentence);
  }

  get findings(): readonly string[] {
    return [...this.#findings];
  }

  get recomputed(): readonly { readonly what: string; readonly times: number }[] {
    return Object.entries(recomputations).flatMap(([key, what]) => {
      const times = this.#held.get(key as Recomputation);
      return times === undefined ? [] : [{ what, times }];
    });
  }

  get toldByGitHub(): readonly string[] {
    return [...this.#told];
  }

  get notProvable(): readonly string[] {
    return [...this.#unproven];
  }
}
