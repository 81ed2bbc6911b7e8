/** A mistake in our own code must not look like evidence that is missing or cannot be read: it ends the run. */
import { expect, it, vi } from 'vitest';
import { sha256 } from '../../src/core/text/digest.ts';
import { objectId } from '../support/object-ids.ts';
import { Story } from '../support/story.ts';
import { buildTools, ids } from '../support/tools.ts';

type Tools = ReturnType<typeof buildTools>;

it.each<[string, (tools: Tools, story: Story) => Promise<unknown>]>([
  ['a plan is looked for', ({ evidence }) => evidence.findPlan(12)],
  ['the head has moved', ({ evidence }) => evidence.findPlanOfHead(12, objectId('e'))],
  ['records are read', ({ evidence }, { plan }) => evidence.readRecords(plan)],
  ['executions are looked for', ({ evidence }) => evidence.findExecutions(ids.run)],
  ['runs of Codex are counted', ({ codexRuns }) => codexRuns.count(12, new Date(0), 0)],
])('an error that nobody foresaw is passed on if %s', async (_, step) => {
  const story = new Story();
  const { planId, artifact } = story.plan;
  const createdAt = '2026-01-02T11:00:00Z';
  story.verify(sha256('an approval'), {}, { createdAt });
  story.artifacts.put('codex-execution-12', new Map());
  const mistake = new TypeError('x is not a function');
  vi.spyOn(story.artifacts, 'read').mockRejectedValueOnce(mistake);
  const shown = { planId, digests: [artifact.digest], isNew: false };
  const tools = buildTools({ artifacts: story.artifacts, shown });
  await expect(step(tools, story)).rejects.toBe(mistake);
});
