/**
 * The commit status that a repository can require. It repeats the state of the plan, and says that no commit claims
 * an approval that it does not have. It informs and does not protect: anybody who can write to the repository can set
 * a status.
 * Source: https://docs.github.com/en/rest/commits/statuses
 */
import type { PlanState } from './state.ts';

export interface StatusText {
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  /** At most 140 characters, without any foreign text. */
  readonly description: string;
}

/** The name of the status, which a ruleset requires by it. */
export function statusContext(artifactPrefix: string): string {
  return `${artifactPrefix}-plan`;
}

/** GitHub refuses longer descriptions. */
export const maxDescription = 140;

/**
 * @param planId full id of the newest plan; null if there is none
 * @param open the status of an open plan: `status.open` of the policy
 */
export function statusOfPlan(
  state: PlanState,
  planId: string | null,
  open: 'pending' | 'success',
): StatusText {
  const id = planId?.slice(0, 12);
  const plan = id === undefined ? 'The plan' : `Plan ${id}`;
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
        description: `The ${state.what === 'plan' ? 'evidence' : 'approval'} of ${id === undefined ? 'the plan' : `plan ${id}`} has expired.`,
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
  'base-changed': 'the pull request has another base branch',
  'request-edited': 'the request was edited',
} as const;

/**
 * Whether, by its status, a plan may still be awaiting approval or approved. Anybody who can write can set a status,
 * so this only tells which plans to look at first; it decides nothing.
 */
export function mayBeOpen(status: StatusText | null): boolean {
  return status === null || status.state === 'pending' || mayHideOpen.test(status.description);
}

/** The status of an open plan, or a worse one that hides it: about a commit, or about another pull request. */
const mayHideOpen =
  /^#\d|\(commit-unproven\)\.$|Plan [0-9a-f]{12} (?:awaits approval|is approved and not yet executed)\.$/;

/**
 * Whether the status says that a plan no longer fits. That is no longer true if the base has taken its change back.
 */
export function saysDrifted({ state, description }: StatusText): boolean {
  return state === 'failure' && description.endsWith('no longer fits the repository.');
}

const severity = ['success', 'pending', 'failure', 'error'] as const;

/** The worst of several statuses; of equal ones the first. */
export function worstStatus(first: StatusText, ...others: readonly StatusText[]): StatusText {
  return others.reduce(
    (worst, one) => (severity.indexOf(one.state) > severity.indexOf(worst.state) ? one : worst),
    first,
  );
}
