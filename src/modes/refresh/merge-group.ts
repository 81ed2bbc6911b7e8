/** Sets the status on the head of a merge group: the worst of its pull requests. */

import { numbered } from '../../checks/plan-status.ts';
import { look } from '../../checks/stated-pull.ts';
import { followingUp } from '../../core/first-error.ts';
import { type StatusText, worstStatus } from '../../core/life/status.ts';
import { Stopped } from '../../decision.ts';
import type { QueuedPullRequest } from '../../ports/open-pull-requests.ts';
import type { ModeResult, PullRequestFacts } from '../../ports/outcome.ts';
import type { Trigger } from '../../ports/run.ts';
import { several } from '../../report/words.ts';
import type { Uses } from '../tools.ts';

/**
 * The group's event names one pull request at most, and a group can hold several.
 * Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#merge_group
 * @throws Stopped permission-missing, with the status `error`, if the queue cannot be read
 */
export async function refreshGroup(
  tools: Parameters<typeof look>[0] & Uses<'log' | 'openPullRequests' | 'report' | 'status'>,
  group: Extract<Trigger, { kind: 'merge-group' }>,
): Promise<ModeResult> {
  const { status } = tools;
  tools.log.step('Merge group');
  const readOther = async (number: number) => (await look(tools, number)).stated;
  const refresh = async (): Promise<ModeResult> => {
    const facts: PullRequestFacts[] = [];
    let worst: StatusText | undefined;
    for (const number of await findMembers(tools, group)) {
      const { stated } = await look(tools, number);
      const found = await status.find(stated, readOther);
      const one = numbered(number, found.status);
      tools.log.progress(`${one.state}: ${one.description}`);
      worst = worst === undefined ? one : worstStatus(worst, one);
      const { state, planId, head } = stated;
      facts.push({
        pullRequest: number,
        reason: found.reason,
        state: state.is,
        headSha: head,
        ...(planId === null ? {} : { planId }),
      });
    }
    if (worst === undefined) throw new Stopped('internal', 'The group has no pull request.');
    await status.set(group.headSha, worst);
    tools.report.note({ pullRequests: facts });
    return {
      decision: 'refreshed',
      detail: `${several(facts.length, 'pull request')} in the group.`,
    };
  };
  const failed = 'The status of the merge group could not be set.';
  return followingUp({ failed, log: tools.log }, refresh, async (error) => {
    if (!(error instanceof Stopped)) return;
    const description = `The merge group could not be read (${error.reason}).`;
    await status.set(group.headSha, { state: 'error', description });
  });
}

/**
 * The pull requests in the group: the first ones of the queue, up to the head of the group. If the queue has changed
 * since, or its order is not known, all queued pull requests count. Then one that comes after the group can make its
 * status worse, but none is missed.
 * @throws Stopped permission-missing if GitHub gives no queue: the pull request that the branch names may not be the only
 *   one in the group
 */
async function findMembers(
  tools: Uses<'openPullRequests'>,
  { headRef, headSha, baseRef }: Extract<Trigger, { kind: 'merge-group' }>,
): Promise<readonly number[]> {
  const branch = baseRef.replace(/^refs\/heads\//, '');
  const named = /\/pr-([1-9]\d*)-[0-9a-f]{7,64}$/.exec(headRef)?.[1];
  const queue = await readQueue(tools, branch);
  const last = queue.findIndex(({ groupHead }) => groupHead === headSha);
  const members = last === -1 ? queue : queue.slice(0, last + 1);
  const numbers = new Set(members.map(({ number }) => number));
  if (named !== undefined) numbers.add(Number(named));
  return [...numbers];
}

async function readQueue(
  { openPullRequests }: Uses<'openPullRequests'>,
  branch: string,
): Promise<readonly Pick<QueuedPullRequest, 'number' | 'groupHead'>[]> {
  const queue = await emptyIfRefused(() => openPullRequests.queue(branch));
  if (queue.length > 0) return queue;
  const numbers = await openPullRequests.queued(branch);
  if (numbers.length > 0) return numbers.map((number) => ({ number, groupHead: null }));
  throw new Stopped('permission-missing', `GitHub does not tell the merge queue of ${branch}.`);
}

/** Returns nothing if the token may not read the queue. */
async function emptyIfRefused<T>(read: () => Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Stopped && error.reason === 'permission-missing') return [];
    throw error;
  }
}
