/** What follows from one reason code. */
export interface Explanation {
  /** How a run ends that stops with this code, unless the step says otherwise. */
  readonly decision: 'ignored' | 'denied' | 'drifted' | 'failed';
  /** Another way in which it may end, if the step says so. */
  readonly or?: Explanation['decision'];
  /**
   * Whether the approval is over, so that the label is removed. `never`: the code says nothing about the approval,
   * and running the job again goes on with it. `in approve`: the code is about what this approval would lead to, not
   * about an approval that is recorded. Each code has to choose.
   */
  readonly voids: 'never' | 'in approve' | 'always';
  /** One sentence: what happened. */
  readonly what: string;
  /** One sentence: what to do next. */
  readonly next: string;
}
