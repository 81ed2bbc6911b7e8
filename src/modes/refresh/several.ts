/** Refreshes many pull requests within the hour's allowance of calls. */

import { type Look, look } from '../../checks/stated-pull.ts';
import { mayBeOpen, saysDrifted } from '../../core/life/status.ts';
import { Stopped } from '../../decision.ts';
import type { OpenPullRequest } from '../../ports/open-pull-requests.ts';
import type { ModeResult, PullRequestFacts } from '../../ports/outcome.ts';
import type { Trigger } from '../../ports/run.ts';
import { several } from '../../report/words.ts';
import type { Uses } from '../tools.ts';
import { type Refreshed, refreshOne } from './one.ts';

type SeveralTools = Parameters<typeof refreshOne>[0] &
  Uses<'openPullRequests' | 'allowance' | 'report'>;

/** How many pull requests the outputs list at most. */
const maxListed = 100;

/** All open pull requests with a label, without a status, or with a status that may have to change; oldest first. */
export async function refreshAll(tools: SeveralTools): Promise<ModeResult> {
  const open = await tools.openPullRequests.list(tools.status.context);
  const due = open.filter(
    (pull) => isLabelled(tools, pull) || mayBeOpen(pull.status) || pull.status?.state !== 'success',
  );
  tools.log.step('Open pull requests');
  tools.log.progress(`${open.length} are open, and ${due.length} of them are looked at.`);
  return refreshEach(tools, due, ({ number }) => refreshOne(tools, number));
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
  // Pull requests with a known plan come first, in case the calls of the hour are not enough for all of them.
  const known = open.filter((pull) => isLabelled(tools, pull) || pull.status !== null);
  const unknown = open.filter((pull) => !known.includes(pull));
  tools.log.step('Push');
  tools.log.progress(
    `${pusher} pushed to ${branch}. Pull requests that may have an open plan: ${open.length}.`,
  );
  return refreshEach(tools, [...known, ...unknown], async (pull) => {
    const found = await look(tools, pull.number);
    return isTouched(found) || isTakenBack(pull, found)
      ? refreshOne(tools, pull.number, found)
      : undefined;
  });
}

function isLabelled({ label }: Uses<'label'>, { labels }: OpenPullRequest): boolean {
  return labels.some(({ name }) => label.isNamed(name));
}

function mayHaveOpenPlan(tools: Uses<'label'>, pull: OpenPullRequest): boolean {
  const { status } = pull;
  return isLabelled(tools, pull) || mayBeOpen(status) || (status !== null && saysDrifted(status));
}

function isTouched({ life }: Look): boolean {
  return life?.state.is === 'drifted' && life.state.by === 'base';
}

/** Whether the status says that the plan drifted, and this push has undone the change: then the status is wrong now. */
function isTakenBack({ status }: OpenPullRequest, { life }: Look): boolean {
  return status !== null && saysDrifted(status) && life?.state.is !== 'drifted';
}

/** @param refresh one of them; undefined if there was nothing to do */
async function refreshEach(
  tools: SeveralTools,
  pulls: readonly OpenPullRequest[],
  refresh: (pull: OpenPullRequest) => Promise<Refreshed | undefined>,
): Promise<ModeResult> {
  const facts: PullRequestFacts[] = [];
  let left: readonly number[] = [];
  for (const [index, pull] of pulls.entries()) {
    if (tools.allowance.isLow()) {
      left = pulls.slice(index).map(({ number }) => number);
      break;
    }
    const found = await refreshSafely(tools, pull.number, () => refresh(pull));
    if (found !== undefined) facts.push(found);
  }
  tools.report.note({
    pullRequests: facts.slice(0, maxListed),
    leftPullRequests: left.slice(0, maxListed),
  });
  const rest =
    left.length === 0 ? '' : ` Left for the next run: ${left.map((one) => `#${one}`).join(', ')}.`;
  if (left.length > 0) {
    const text = `Less than a quarter of the hour's calls is left, so this run ends.${rest}`;
    tools.log.warn(text);
    tools.log.summarise(text);
  }
  return {
    decision: 'refreshed',
    detail: `${several(facts.length, 'pull request')} refreshed.${rest}`,
  };
}

/** A failure with one pull request must not keep the others from being refreshed. */
async function refreshSafely(
  tools: SeveralTools,
  number: number,
  refresh: () => Promise<Refreshed | undefined>,
): Promise<PullRequestFacts | undefined> {
  try {
    const stated = await refresh();
    if (stated === undefined) return undefined;
    const { state, planId, head, notify, reason } = stated;
    return {
      pullRequest: number,
      reason,
      notify,
      state: state.is,
      headSha: head,
      ...(planId === null ? {} : { planId }),
    };
  } catch (error) {
    if (!(error instanceof Stopped) || error.reason === 'permission-missing') throw error;
    tools.log.warn(`#${number}: ${error.reason}. ${error.message}`);
    return { pullRequest: number, reason: error.reason, notify: 'failed' };
  }
}
