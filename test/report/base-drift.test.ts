import { describe, expect, it } from 'vitest';
import type { PlanId } from '../../src/core/text/digest.ts';
import { type BaseDriftView, renderBaseDrift } from '../../src/report/base-drift.ts';

const view: BaseDriftView = {
  planId: 'ab'.repeat(32) as PlanId,
  baseRef: 'main',
  paths: ['src/cart.ts'],
  commits: [{ sha: 'c'.repeat(40), paths: ['src/cart.ts'] }],
  push: { by: 'ada', paths: ['src/cart.ts'] },
  labelSet: true,
  repositoryUrl: 'https://github.com/octo/shop',
};

describe('the report of a base that touched planned files', () => {
  it('names the plan, the file, the commit and who pushed it', () => {
    const text = renderBaseDrift(view);
    expect(text).toContain('`abababababab`');
    expect(text).toContain('`main` has changed `src/cart.ts`');
    expect(text).toContain('`ada` pushed the change of `src/cart.ts`');
    expect(text).toContain(`(https://github.com/octo/shop/commit/${'c'.repeat(40)})`);
    expect(text).toContain('An approval of this plan no longer counts.');
  });

  it('says nothing of what is not known', () => {
    const text = renderBaseDrift({ ...view, commits: [], push: null, labelSet: false });
    expect(text).not.toMatch(/pushed|Commit|approval of this plan/);
  });

  it('shows some of many files, and bounds the rest', () => {
    const paths = Array.from({ length: 200 }, (_, index) => `src/${index}/${'x'.repeat(400)}.ts`);
    const commits = paths.map((path, index) => ({
      sha: String(index).padStart(40, '0'),
      paths: [path],
    }));
    const text = renderBaseDrift({ ...view, paths, commits, push: { by: 'ada', paths } });
    expect(text).toContain('and 195 more');
    expect(text.length).toBeLessThan(30_000);
  });

  it('shows foreign names as code', () => {
    const text = renderBaseDrift({
      ...view,
      baseRef: '@team',
      paths: ['@team/`x`'],
      commits: [],
      push: { by: 'ada`@team', paths: ['a|b'] },
    });
    expect(text.replace(/(`+)[\s\S]*?[^`]\1(?!`)/g, '')).not.toContain('@team');
  });
});
