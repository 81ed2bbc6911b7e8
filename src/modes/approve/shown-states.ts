import type { PlanLife } from '../../checks/plan-life.ts';
import { explain } from '../../decision.ts';
import { approvedState, denialState, driftedState } from '../../page/comment-state.ts';
import type { PlanState } from '../../report/plan-comment.ts';

/**
 * What the action may have written about a plan that can be approved, by its records. Any other state in the comment was
 * written by somebody else, and an approver could take it for true.
 */
export function shownStates({
  records: { approvals, denials, verifications },
  now: { now },
}: Pick<PlanLife, 'records' | 'now'>): readonly PlanState[] {
  const drifted = verifications.filter(({ verification }) => verification.result === 'drifted');
  const expired = approvals.some(
    ({ approval }) => Date.parse(approval.expires_at) <= now.getTime(),
  );
  return [
    { is: 'awaiting' },
    ...approvals.map(approvedState),
    // Temporary trouble is not shown on the comment.
    ...denials.filter(({ denial }) => explain(denial.reason).voids !== 'never').map(denialState),
    ...drifted.map(driftedState),
    ...(expired ? [{ is: 'expired', what: 'approval' } as const] : []),
  ];
}
