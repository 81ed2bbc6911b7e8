import { afterEach, describe, expect, it } from 'vitest';
import { type Loop, startLoop } from '../support/loop/loop.ts';

let loop: Loop;

afterEach(async () => {
  expect(loop.github.violations).toEqual([]);
  await loop.close();
});

describe('the loop', () => {
  it('plans, approves and verifies', async () => {
    loop = await startLoop();
    const planned = await loop.plan();
    console.log(
      planned.log,
      planned.milliseconds,
      loop.pull.comments.map((c) => c.body).join('\n----\n'),
    );
    console.log(loop.github.requests.map((r) => `${r.method} ${r.path} ${r.status}`).join('\n'));
    expect(planned).toMatchObject({ decision: 'planned', reason: 'ok', status: 0 });
    const approved = await loop.approve();
    console.log(approved.log, approved.milliseconds);
    expect(approved).toMatchObject({ decision: 'approved', reason: 'ok', status: 0 });
    const verified = await loop.verify();
    console.log(verified.log, verified.milliseconds, verified.outputs);
    expect(verified).toMatchObject({ decision: 'verified', reason: 'ok', status: 0 });
  });
});
