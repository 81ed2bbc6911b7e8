import type { PlanState as LifeState } from '../core/life/state.ts';
import type { PlanState } from '../report/plan-comment.ts';

/**
 * How the plan comment says that a plan has ended; undefined for a plan that is open, whose comment the action leaves
 * alone so that no vote for it ends.
 */
export function planCommentState(state: LifeState): PlanState | undefined {
  switch (state.is) {
    case 'withdrawn':
    case 'outdated':
    case 'drifted':
    case 'expired':
      return { is: state.is };
    case 'executed':
      return { is: 'executed', commit: state.commit };
    default:
      return undefined;
  }
}
