import { expect, it } from 'vitest';
import { readLife } from '../../../src/checks/plan-life.ts';
import { Stopped } from '../../../src/decision.ts';
import { unlessConsumed } from '../../../src/modes/execute/execute.ts';
import { label, request, set } from '../../support/labels.ts';
import { objectId } from '../../support/object-ids.ts';
import { Story } from '../../support/story.ts';
import { buildTools, pullRequest } from '../../support/tools.ts';

const commit = objectId('c');

/** Runs a step that moves the branch if it may, and then fails. */
async function attempt(error: Error, moves: boolean) {
  const story = new Story();
  const { digest } = story.approve();
  let reached = false;
  const pull = () =>
    reached ? { ...pullRequest, head: { ref: 'topic', sha: commit } } : pullRequest;
  const tools = buildTools({
    artifacts: story.artifacts,
    timeline: { read: async () => ({ events: [set], carried: [label] }) },
    comments: [request],
    pullRequests: { read: async () => pull() },
  });
  const shown: string[] = [];
  tools.page.showEnd = async (number) => {
    shown.push(String(number));
    return [];
  };
  const life = await readLife(tools, pullRequest, story.plan);
  const outcome = await unlessConsumed(tools, life, async () => {
    if (moves) {
      story.execute(digest, { commit });
      reached = true;
    }
    throw error;
  }).catch((thrown: unknown) => thrown);
  return { outcome, shown, facts: tools.facts };
}

it.each([
  new Stopped('head-moved', 'The branch moved.'),
  new TypeError('x is not a function'),
  Object.assign(new Error('write'), { code: 'ENOSPC' }),
])('a step that has moved the branch says so, although it failed: %s', async (error) => {
  const { outcome, shown, facts } = await attempt(error, true);
  expect(outcome).toMatchObject({ reason: 'approval-consumed' });
  expect([shown, facts.commitSha]).toEqual([['12'], commit]);
});

it('a step that has not moved the branch fails for its own reason', async () => {
  const error = new TypeError('x is not a function');
  const { outcome, shown } = await attempt(error, false);
  expect([outcome, shown]).toEqual([error, []]);
});
