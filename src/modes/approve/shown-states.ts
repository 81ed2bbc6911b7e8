import type { PlanLife } from '../../checks/plan-life.ts';
import type { PlanState } from '../../report/plan-comment.ts';

/**
 * What the action may have written about a plan, by its records. Any other state in the comment was written by somebody
 * else, and an approver could take it for true.
 */
export function shownStates({ records }: PlanLife): readonly PlanState[] {
  const drifted = records.verifications.some(
    ({ verification }) => verification.result === 'drifted',
  );
  return [
    { is: 'awaiting' },
    ...records.approvals.map(
      ({ approval }): PlanState => ({
        is: 'approved',
        by: approval.approvers.map(({ login }) => login),
      }),
    ),
    ...(drifted ? [{ is: 'drifted' } as const] : []),
  ];
}
