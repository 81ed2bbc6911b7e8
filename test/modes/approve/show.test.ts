import { describe, expect, it } from 'vitest';
import { asTold } from '../../../src/checks/telling-stop.ts';
import { Stopped } from '../../../src/decision.ts';
import { showEnd } from '../../../src/modes/approve/show.ts';
import { label, request } from '../../support/labels.ts';
import { Story } from '../../support/story.ts';
import { buildTools } from '../../support/tools.ts';

/** Shows how an approval ended. @returns how often the label was removed */
async function removals(stopped: Stopped): Promise<number> {
  let count = 0;
  const tools = buildTools({
    labels: {
      carried: async () => [label],
      remove: async () => {
        count++;
        return 'removed';
      },
    },
  });
  const page = Object.assign(tools.page, { writeReport: async () => undefined });
  const shown = { plan: new Story().plan, comment: request };
  await showEnd({ ...tools, page }, shown, {}, stopped, undefined);
  return count;
}

describe('the end of an approval', () => {
  const end = () => new Stopped('outside-plan', 'Not approved: "c.txt".');

  it('is shown if nothing was told yet', async () => {
    expect(await removals(end())).toBe(1);
  });

  it('is not shown twice', async () => {
    expect(await removals(asTold(end()))).toBe(0);
  });

  it('is not shown if it was temporary trouble, which ends nothing', async () => {
    expect(await removals(new Stopped('codex-timeout', 'It took too long.'))).toBe(0);
  });
});
