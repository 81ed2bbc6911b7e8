import type { PlanLife } from '../../checks/plan-life.ts';
import type { PlanState } from '../../report/plan-comment.ts';

/**
 * What the action may have written about a plan that can be approved, by its records. Any other state in the comment was
 * written by somebody else, and an approver could take it for true.
 */
export function shownStates({
  records: { approvals, verifications },
  now: { now },
}: Pick<PlanLife, 'records' | 'now'>): readonly PlanState[] {
  const drifted = verifications.some(({ verification }) => verification.result === 'drifted');
  const expired = approvals.some(
    ({ approval }) => Date.parse(approval.expires_at) <= now.getTime(),
  );
  return [
    { is: 'awaiting' },
    ...approvals.map(
      ({ approval }): PlanState => ({
        is: 'approved',
        by: approval.approvers.map(({ login }) => login),
      }),
    ),
    ...(drifted ? [{ is: 'drifted' } as const] : []),
    ...(expired ? [{ is: 'expired' } as const] : []),
  ];
}
