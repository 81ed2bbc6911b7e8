import { expect, it } from 'vitest';
import { withdrawPlan } from '../../../src/modes/plan/withdraw.ts';
import { label, request, set } from '../../support/labels.ts';
import { Story } from '../../support/story.ts';
import { buildTools } from '../../support/tools.ts';

it('a withdrawal is recorded although there is no room for later steps, and the label is removed', async () => {
  const story = new Story();
  const removed: string[] = [];
  const tools = buildTools({
    artifacts: story.artifacts,
    timeline: { read: async () => ({ events: [set], carried: [label] }) },
    labels: {
      carried: async () => [label],
      remove: async (_, { name }) => {
        removed.push(name);
        return 'removed';
      },
    },
    comments: [request],
    roles: { mona: 'write' },
  });
  tools.page.react = async () => {};
  tools.page.findPlanComments = async () => [];
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
  const asked = {
    verb: 'withdraw',
    pullRequest: 12,
    commentId: Number.MAX_SAFE_INTEGER,
    author: 9,
    requester: { id: 5, login: 'mona' },
    text: '',
  } as const;
  const withdrawal = withdrawPlan(
    {
      ...tools,
      status: { tell: async () => {} },
      keepForLaterSteps: () => Promise.reject(full),
    },
    asked,
    {},
  );
  await expect(withdrawal).rejects.toMatchObject({ reason: 'plan-withdrawn', decision: 'ignored' });
  expect(story.artifacts.stored.at(-1)?.artifact.name).toBe('codex-withdrawal-12');
  expect(removed).toEqual([label.name]);
});
