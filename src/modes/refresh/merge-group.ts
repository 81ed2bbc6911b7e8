/** Sets the status on the head of a merge group: the worst of its pull requests. */

import { look } from '../../checks/stated-pull.ts';
import type { CommitStatus } from '../../core/life/status.ts';
import { worstStatus } from '../../core/life/status.ts';
import { Stopped } from '../../decision.ts';
import type { ModeResult } from '../../ports/outcome.ts';
import type { Trigger } from '../../ports/run.ts';
import type { Uses } from '../tools.ts';

/**
 * The group's event names one pull request at most, and a group can hold several.
 * Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#merge_group
 * @throws Stopped permission-missing, with the status `error`, if GitHub does not tell the queue
 */
export async function refreshGroup(
  tools: Parameters<typeof look>[0] & Uses<'openPullRequests' | 'report' | 'status'>,
  group: Extract<Trigger, { kind: 'merge-group' }>,
): Promise<ModeResult> {
  const { status } = tools;
  let worst: CommitStatus = { state: 'success', description: 'No Codex plan.' };
  try {
    const numbers = await findMembers(tools, group);
    for (const number of numbers) {
      const { stated } = await look(tools, number);
      const one = await status.describe(stated);
      worst = worstStatus(worst, { ...one, description: `#${number}: ${one.description}` });
    }
    await status.set(group.headSha, worst);
    tools.report.note({
      pullRequests: numbers.map((number) => ({ pullRequest: number, reason: 'ok' })),
    });
    return { decision: 'refreshed', detail: `${numbers.length} pull requests in the group.` };
  } catch (error) {
    if (error instanceof Stopped) {
      const description = `The merge group could not be read (${error.reason}).`;
      await status.set(group.headSha, { state: 'error', description });
    }
    throw error;
  }
}

/** Those whose commits are in the group: of the queue up to its head, and at least the one that its branch names. */
async function findMembers(
  { openPullRequests }: Uses<'openPullRequests'>,
  { headRef, headSha, baseRef }: Extract<Trigger, { kind: 'merge-group' }>,
): Promise<readonly number[]> {
  const branch = baseRef.replace(/^refs\/heads\//, '');
  const named = /\/pr-([1-9]\d*)-[0-9a-f]{7,64}$/.exec(headRef)?.[1];
  const queue = await openPullRequests.queue(branch);
  const last = queue.findIndex(({ groupHead }) => groupHead === headSha);
  const members = last === -1 ? queue : queue.slice(0, last + 1);
  const numbers = new Set(members.map(({ number }) => number));
  if (named !== undefined) numbers.add(Number(named));
  return [...numbers];
}
