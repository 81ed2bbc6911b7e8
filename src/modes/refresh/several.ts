/** Refreshes many pull requests within the hour's allowance of calls. */

import { look } from '../../checks/stated-pull.ts';
import { Stopped } from '../../decision.ts';
import type { OpenPullRequest } from '../../ports/open-pull-requests.ts';
import type { ModeResult, PullRequestFacts } from '../../ports/outcome.ts';
import type { Trigger } from '../../ports/run.ts';
import type { Uses } from '../tools.ts';
import { refreshOne } from './one.ts';

type SeveralTools = Parameters<typeof refreshOne>[0] &
  Uses<'openPullRequests' | 'allowance' | 'report'>;

/** What the outputs list at most. */
const maxListed = 100;

/** All open pull requests that have no status yet, a label, or an open plan; oldest first. */
export async function refreshAll(tools: SeveralTools): Promise<ModeResult> {
  const open = await tools.openPullRequests.list(tools.status.context);
  const due = open.filter(
    ({ status, labels }) =>
      status === null ||
      status.state !== 'success' ||
      labels.some(({ name }) => tools.label.isNamed(name)),
  );
  return refreshEach(
    tools,
    due.map(({ number }) => number),
  );
}

/**
 * The pull requests whose planned files a push to the default branch touched. The others are not written to.
 * @throws Stopped unsupported-event, as ignored, for a push to another branch
 */
export async function refreshTouched(
  tools: SeveralTools & Uses<'provenance'>,
  { ref, pusher }: Extract<Trigger, { kind: 'push' }>,
): Promise<ModeResult> {
  const branch = await tools.provenance.defaultBranch();
  if (ref !== `refs/heads/${branch}`) {
    throw new Stopped('unsupported-event', `The push is not to ${branch}.`, {
      decision: 'ignored',
    });
  }
  const open = (await tools.openPullRequests.list(tools.status.context)).filter(
    (pull) => pull.baseRef === branch && mayHaveOpenPlan(tools, pull),
  );
  tools.log.progress(
    `${pusher} pushed to ${branch}; ${open.length} pull requests may have a plan.`,
  );
  const touched: number[] = [];
  for (const { number } of open) {
    const { life } = await look(tools, number);
    if (life?.state.is === 'drifted' && life.state.by === 'base') touched.push(number);
  }
  return refreshEach(tools, touched);
}

/** A pull request without our status has no plan that is awaiting or approved, unless its label says otherwise. */
function mayHaveOpenPlan({ label }: Uses<'label'>, { status, labels }: OpenPullRequest): boolean {
  return status !== null || labels.some(({ name }) => label.isNamed(name));
}

async function refreshEach(tools: SeveralTools, numbers: readonly number[]): Promise<ModeResult> {
  const facts: PullRequestFacts[] = [];
  let left: readonly number[] = [];
  for (const [index, number] of numbers.entries()) {
    if (tools.allowance.isLow()) {
      left = numbers.slice(index);
      break;
    }
    facts.push(await refreshSafely(tools, number));
  }
  tools.report.note({ pullRequests: facts.slice(0, maxListed) });
  const rest = left.length === 0 ? '' : ` Left for the next run: ${left.join(', ')}.`;
  if (left.length > 0) {
    tools.log.warn(`A quarter of the hour's calls is left, so this run ends.${rest}`);
  }
  return { decision: 'refreshed', detail: `${facts.length} pull requests looked at.${rest}` };
}

/** What is wrong with one pull request must not keep the others from being told the truth. */
async function refreshSafely(tools: SeveralTools, number: number): Promise<PullRequestFacts> {
  try {
    const { state, planId, head } = await refreshOne(tools, number);
    tools.log.progress(`#${number}: ${state.is}`);
    return {
      pullRequest: number,
      reason: 'ok',
      state: state.is,
      headSha: head,
      ...(planId === null ? {} : { planId }),
    };
  } catch (error) {
    if (!(error instanceof Stopped) || error.reason === 'permission-missing') throw error;
    tools.log.warn(`#${number}: ${error.reason}. ${error.message}`);
    return { pullRequest: number, reason: error.reason };
  }
}
