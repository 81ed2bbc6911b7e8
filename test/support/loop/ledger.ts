/**
 * What somebody who watches a pull request writes down: who asked, who approved what, and what ended it. It decides by itself
 * what must be true, and shares no code with the product.
 */

/** A policy of a walk, and its text. */
export interface WalkPolicy {
  readonly count: number;
  /** Whether the requester may approve, and whether the author may. */
  readonly lone: boolean;
  readonly text: string;
}

const written = (count: number, lone: boolean, more = ''): WalkPolicy => ({
  count,
  lone,
  text: `limits: { runs: 1000 }\napprovers: { count: ${count}, self: ${lone}, author: ${lone} }\n${more}`,
});
export const usual = written(1, false);
export const policies: readonly WalkPolicy[] = [
  usual,
  written(2, false),
  written(1, true),
  written(1, false, 'regenerate: always\n'),
];

/** One time that a person set the label. */
export interface Labelling {
  readonly by: string;
  /** Milliseconds. */
  readonly at: number;
}

export interface Approval {
  readonly labelling: Labelling;
  readonly by: readonly string[];
  /** What Codex wrote: path → text. */
  readonly content: Readonly<Record<string, string>>;
  /** What ended it; null while it stands. */
  over: string | null;
  drifted: boolean;
  /** When a run last verified it, in milliseconds. */
  verifiedAt: number | null;
}

export interface Plan {
  readonly id: string;
  readonly requesters: ReadonlySet<string>;
  /** Ids of the comments that ask for it. */
  readonly comments: ReadonlySet<number>;
  readonly head: string;
  /** The planned files as the base had them. */
  readonly base: string;
  readonly at: number;
  votes: Labelling[];
  ended: 'withdrawn' | 'executed' | null;
  /** Whether an approval or a denial was ever recorded. */
  answered: boolean;
  /** The newest labelling that a run answered for good. */
  ruling: Approval | 'denied' | null;
}

/** The pull request as it is. */
export interface Sight {
  readonly now: number;
  readonly head: string;
  readonly base: string;
  readonly labelled: boolean;
}

const hour = 3_600_000;
/** Of those who can set a label, these may approve; frank is the author. */
const approvers = ['alice', 'bob', 'carol', 'frank'];

export class Ledger {
  policy: WalkPolicy;
  plan: Plan | null = null;
  /** Ids of the comments that somebody edited. */
  readonly edited = new Set<number>();
  /** The last time that somebody set the label, whatever became of it. */
  labelling: Labelling | null = null;
  sight: Sight;

  constructor(policy: WalkPolicy, sight: Sight) {
    this.policy = policy;
    this.sight = sight;
  }

  look(sight: Sight): void {
    this.sight = sight;
    const approval = this.approval;
    if (approval !== null && !sight.labelled) approval.over ??= 'the label is off';
  }

  get approval(): Approval | null {
    const ruling = this.plan?.ruling ?? null;
    return ruling === 'denied' ? null : ruling;
  }

  /** The word that comment, output and status must agree on. */
  get state(): string {
    const { plan, approval, sight } = this;
    if (plan === null) return 'none';
    if (plan.ended !== null) return plan.ended;
    if (plan.head !== sight.head || !plan.comments.isDisjointFrom(this.edited)) return 'outdated';
    if (plan.base !== sight.base) return 'drifted';
    if (plan.ruling === 'denied') return 'denied';
    if (approval === null) return 'awaiting';
    if (approval.drifted) return 'drifted';
    if (sight.now >= approval.labelling.at + 24 * hour) return 'expired';
    return approval.over === null ? 'approved' : 'awaiting';
  }

  mayApprove(login: string): boolean {
    if (!approvers.includes(login)) return false;
    if (this.policy.lone) return true;
    return login !== 'frank' && this.plan?.requesters.has(login) !== true;
  }

  /** Whether a label that is set now can lead to an approval, as far as the plan is concerned. */
  get canBeApproved(): boolean {
    const { state, plan, sight } = this;
    return (
      ['awaiting', 'approved', 'denied', 'expired'].includes(state) ||
      (state === 'drifted' && plan?.base === sight.base)
    );
  }

  /** What stands in the way of a commit; undefined if nothing does. */
  get missing(): string | undefined {
    const { state, approval, policy, sight } = this;
    if (state !== 'approved' || approval === null) return `the plan is ${state}`;
    if (approval.verifiedAt === null) return 'nothing verified it';
    if (sight.now > approval.verifiedAt + hour / 4) return 'the verification is old';
    if (approval.by.length < policy.count) return 'too few people approved';
    if (!approval.by.every((login) => this.mayApprove(login))) return 'somebody may not approve';
    return undefined;
  }
}
