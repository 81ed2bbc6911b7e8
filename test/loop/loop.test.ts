import { afterEach, describe, expect, it } from 'vitest';
import type { Permissions } from '../support/github/index.ts';
import { type Loop, label, startLoop } from '../support/loop/loop.ts';

let loop: Loop;

afterEach(async () => {
  expect(loop.github.violations).toEqual([]);
  await loop.close();
});

describe('the loop', () => {
  it('plans, approves, verifies and executes', async () => {
    loop = await startLoop();
    expect(await loop.plan()).toMatchObject({ decision: 'planned', reason: 'ok', status: 0 });
    expect(await loop.approve()).toMatchObject({ decision: 'approved', reason: 'ok', status: 0 });
    expect(await loop.verify()).toMatchObject({ decision: 'verified', reason: 'ok', status: 0 });
    expect(await loop.execute()).toMatchObject({ decision: 'executed', reason: 'ok', status: 0 });
    expect(loop.pull.file('src/tax.ts')).toBe('export const tax = 1.2;\n');
  });

  it('names the permission that a job lacks, and keeps the label for another try', async () => {
    loop = await startLoop({ scripted: true });
    const all: Permissions = {
      actions: 'read',
      contents: 'read',
      issues: 'write',
      'pull-requests': 'write',
    };
    const without = (name: string): Permissions => ({ ...all, [name]: 'none' });
    const request = loop.repo.as('alice').comment(1, '/codex add a tax');

    const planned = await loop.step('plan', request, { permissions: without('pull-requests') });
    expect(planned).toMatchObject({ reason: 'permission-missing', status: 1 });
    expect(planned.log).toMatch(/needs permissions: .*pull-requests: write/);

    expect(await loop.plan()).toMatchObject({ status: 0 });
    loop.github.clock.advance({ minutes: 1 });
    const labelled = loop.repo.as('bob').label(1, label);
    const approved = await loop.step('approve', labelled, { permissions: without('actions') });
    expect(approved).toMatchObject({ reason: 'permission-missing', status: 1 });
    expect(approved.log).toMatch(/needs permissions: actions: read/);
    expect(loop.pull.labels).toEqual([label]);
  });
});
