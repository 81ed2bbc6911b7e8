import { describe, expect, it } from 'vitest';
import { createPlanner } from '../../src/codex/planner.ts';
import { run } from '../support/model/index.ts';
import { PLAN, repository, setting } from './setting.ts';

describe('the planner', () => {
  it('gives the model the prompt, and its answer back as it came', async () => {
    const { options } = await setting({
      plan: [run('cat a.txt; git log --oneline'), PLAN],
    });
    const proposal = await createPlanner({ ...options, enforcement: 'before-write' }).propose({
      workspace: repository(),
      prompt: 'Greet the world\n',
      anchor: null,
    });
    expect(proposal.answer).toBe(PLAN);
    expect(proposal.toolchain).toEqual({ version: '0.169.0', model: 'gpt-5.5', effort: null });
  });
});
