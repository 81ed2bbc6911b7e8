import { afterEach, describe, expect, it } from 'vitest';
import { label, type Loop, startLoop } from '../support/loop/loop.ts';

let loop: Loop;

afterEach(async () => {
  expect(loop.github.violations).toEqual([]);
  await loop.close();
});

describe('execute', () => {
  it('commits exactly the approved change on the approved head', async () => {
    loop = await startLoop();
    await loop.plan();
    await loop.approve();
    await loop.verify();
    const head = loop.pull.head.sha;
    const executed = await loop.execute();
    console.log(executed.log, executed.milliseconds);
    expect(executed).toMatchObject({ decision: 'executed', reason: 'ok', status: 0 });
    const commit = executed.outputs['commit-sha'] as string;
    expect(loop.pull.head.sha).toBe(commit);
    expect(loop.pull.file('src/cart.ts')).toBe('export const total = 1 * tax;\n');
    expect(loop.pull.file('src/tax.ts')).toBe('export const tax = 1.2;\n');
    expect(loop.repo.git.isAncestor(head, commit)).toBe(true);
    expect(loop.pull.labels).not.toContain(label);
    const again = await loop.execute();
    expect(again).toMatchObject({ decision: 'denied', reason: 'approval-consumed', status: 1 });
    expect(again.outputs['commit-sha']).toBe(commit);
  });
});
