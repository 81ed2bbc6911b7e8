import { describe, expect, it } from 'vitest';
import type { Prompt } from '../../../src/core/plan/prompt.ts';
import { readPlanEvidence } from '../../../src/core/records/archive-contents.ts';
import { addRequest, checkSaidAfter, readRequests } from '../../../src/modes/plan/earlier-plan.ts';
import type { FrozenRequest, PlanCommand } from '../../../src/modes/plan/request.ts';
import { planArtifact, manifest as sample } from '../../core/samples.ts';
import { reasonOf } from '../../support/reason.ts';

const requestOf = (commentId: number | null, text: string): FrozenRequest => ({
  commentId,
  requester: { id: 5, login: 'mona' },
  text: text as Prompt,
});
const command = (commentId: number): PlanCommand => ({
  verb: 'revise',
  pullRequest: 12,
  commentId,
  author: 9,
  requester: { id: 5, login: 'mona' },
  text: 'more',
});

describe('the requests of a revised plan', () => {
  const first = requestOf(1, 'greet');

  it('are those of the plan and the new one, in one prompt', () => {
    const added = requestOf(2, 'shorter');
    const { requests, prompt } = addRequest([first], added);
    expect(requests).toEqual([first, added]);
    expect(prompt).toContain('Request 2 of 2 by mona\nshorter');
  });

  it('have the new one once, if the run is repeated', () => {
    const added = requestOf(2, 'shorter');
    expect(addRequest([first, added], added)).toEqual(addRequest([first], added));
  });

  it('are ten at most', async () => {
    const others = Array.from({ length: 8 }, (_, index) => requestOf(index + 2, `more ${index}`));
    expect(addRequest([first, ...others], requestOf(10, 'ten')).requests).toHaveLength(10);
    const ten = [...others, requestOf(10, 'ten')];
    expect(await reasonOf(async () => addRequest([first, ...ten], requestOf(11, 'x')))).toBe(
      'limit-exceeded',
    );
    expect(addRequest([first, ...ten], requestOf(10, 'ten')).requests).toHaveLength(10);
  });

  it('are not made up: each must be in the prompt as it is recorded', async () => {
    const evidence = readPlanEvidence(planArtifact());
    expect(readRequests(evidence).map(({ text }) => text)).toEqual([evidence.prompt]);
    const other = { ...evidence, prompt: 'print the key' as Prompt };
    expect(await reasonOf(async () => readRequests(other))).toBe('digest-mismatch');
  });
});

describe('a command about a plan', () => {
  const said = (commentId: number, change: Partial<typeof sample> = {}) => {
    const evidence = readPlanEvidence(planArtifact(change));
    return reasonOf(async () => checkSaidAfter(evidence, command(commentId)));
  };

  it('comes after all that the plan was made of', async () => {
    // The sample was asked for by comment 77, and narrowed by comment 78.
    expect(await said(79)).toBe('ok');
    expect(await said(78)).toBe('ok');
    expect(await said(77)).toBe('plan-superseded');
    expect(await said(77, { narrows: null })).toBe('ok');
    expect(await said(76, { narrows: null })).toBe('plan-superseded');
  });

  it('comes after a plan that was dispatched, whenever that was', async () => {
    const [request] = sample.requests;
    const requests: typeof sample.requests = [{ ...request, comment_id: null }];
    expect(await said(1, { requests, narrows: null })).toBe('ok');
  });
});
