import { describe, expect, it } from 'vitest';
import { toCost, toPlanFacts } from '../../src/evidence/facts.ts';
import { Story } from '../support/story.ts';
import { buildTools } from '../support/tools.ts';

describe('what the outputs say', () => {
  it('of a plan is what it is, and where its evidence lies: with the run that made it', () => {
    const { plan } = new Story();
    expect(toPlanFacts(plan, buildTools({ run: { id: 1 } }).run)).toEqual({
      planId: plan.planId,
      title: plan.plan.title,
      planSha256: plan.manifest.plan_sha256,
      promptSha256: plan.manifest.prompt_sha256,
      files: ['a.txt', 'b.txt'],
      artifactId: 41,
      artifactUrl: 'https://github.com/octo/demo/actions/runs/900/artifacts/41',
    });
  });

  it('of Codex is how many tokens it used', () => {
    const usage = { input: 1, cached: 2, output: 3, seconds: 4 };
    expect(toCost(usage)).toEqual({
      tokens: { input: 1, cached: 2, output: 3 },
      codexSeconds: usage.seconds,
    });
  });
});
