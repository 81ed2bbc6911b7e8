/** What follows from one reason code. */
export interface Explanation {
  /** How a run ends that stops with this code, unless it says otherwise. */
  readonly decision: 'ignored' | 'denied' | 'drifted' | 'failed';
  /** How it may end as well, if the step says so. */
  readonly or?: Explanation['decision'];
  /**
   * Whether the approval is over, so that the label is removed. `never`: the code says nothing about the approval, and
   * running the job again goes on with it. `in approve`: it says something about what this approval would lead to, and
   * nothing about one that is recorded. A new code has to choose.
   */
  readonly voids: 'never' | 'in approve' | 'always';
  /** One sentence: what happened. */
  readonly what: string;
  /** One sentence: what to do next. */
  readonly next: string;
}
