import type { PlanLife } from '../../checks/plan-life.ts';
import { isTemporary } from '../../decision.ts';
import { approvedState, denialState, driftedState } from '../../page/comment-state.ts';
import type { CommentState } from '../../report/plan-comment.ts';

/**
 * The states that the action may have written on the comment of a plan that can be approved, according to its records. If
 * the comment shows another state, somebody else wrote it, and it could mislead an approver.
 */
export function shownStates({
  records: { approvals, denials, verifications },
  now: { now },
}: Pick<PlanLife, 'records' | 'now'>): readonly CommentState[] {
  const drifted = verifications.filter(({ verification }) => verification.result === 'drifted');
  const expired = approvals.some(
    ({ approval }) => Date.parse(approval.expires_at) <= now.getTime(),
  );
  return [
    { is: 'awaiting' },
    ...approvals.map(approvedState),
    // Temporary trouble is not shown on the comment.
    ...denials.filter(({ denial }) => !isTemporary(denial.reason)).map(denialState),
    ...drifted.map(driftedState),
    ...(expired ? [{ is: 'expired', what: 'approval' } as const] : []),
  ];
}
