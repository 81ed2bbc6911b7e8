/**
 * The commit status that a repository can require. It repeats the state of the plan, and says that no commit claims an
 * approval that it does not have. It is a signpost and no lock: whoever can write to the repository can set a status.
 * Source: https://docs.github.com/en/rest/commits/statuses
 */
import type { PlanState } from './state.ts';

export interface CommitStatus {
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  /** At most 140 characters, in words of ours alone. */
  readonly description: string;
}

/** GitHub refuses longer descriptions. */
export const maxDescription = 140;

/**
 * @param planId full id of the newest plan; null if there is none
 * @param open what an open plan is: the policy's `status.open`
 */
export function statusOfPlan(
  state: PlanState,
  planId: string | null,
  open: 'pending' | 'success',
): CommitStatus {
  const plan = `Plan ${planId?.slice(0, 12) ?? ''}`;
  switch (state.is) {
    case 'none':
      return { state: 'success', description: 'No Codex plan.' };
    case 'awaiting':
      return { state: open, description: `${plan} awaits approval.` };
    case 'approved':
      return { state: open, description: `${plan} is approved and not yet executed.` };
    case 'denied':
      return { state: 'failure', description: `${plan} was denied (${state.reason}).` };
    case 'drifted':
      return { state: 'failure', description: `${plan} no longer fits the repository.` };
    case 'outdated':
      return { state: 'success', description: `${plan} is outdated (${outdated[state.by]}).` };
    case 'expired':
      return {
        state: 'success',
        description:
          state.what === 'plan'
            ? `The evidence of plan ${planId?.slice(0, 12) ?? ''} has expired.`
            : `The approval of plan ${planId?.slice(0, 12) ?? ''} has expired.`,
      };
    case 'executed':
      return {
        state: 'success',
        description: `${plan} was executed in ${state.commit.slice(0, 12)}.`,
      };
    case 'withdrawn':
      return { state: 'success', description: `${plan} was withdrawn.` };
  }
}

const outdated = {
  'head-moved': 'the head moved',
  'base-changed': 'the base branch is another',
  'request-edited': 'the request was edited',
} as const;

const severity = ['success', 'pending', 'failure', 'error'] as const;

/** The worst of several statuses; of equal ones the first. */
export function worstStatus(first: CommitStatus, ...others: readonly CommitStatus[]): CommitStatus {
  return others.reduce(
    (worst, one) => (severity.indexOf(one.state) > severity.indexOf(worst.state) ? one : worst),
    first,
  );
}
