import { dirname } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Permissions, RecordedRequest } from '../support/github/index.ts';
import { type Loop, label, type StepInLoop, startLoop } from '../support/loop/loop.ts';
import { once } from '../support/once.ts';

/** Plays the whole loop, as users do or with scripted agents. */
async function play(scripted: boolean) {
  const loop = await startLoop({ scripted });
  const steps = {
    planned: await loop.plan(),
    approved: await loop.approve(),
    verified: await loop.verify(),
    executed: await loop.execute(),
  };
  expect(loop.github.violations).toEqual([]);
  const made = loop.pull.file('src/tax.ts');
  await loop.close();
  return { steps, made };
}

/** With the bundle and the real CLI: the first test sees that it goes well, and the second one that scripted agents seem the same. */
const played = once(() => play(false));

/** What can be seen of a step from outside, without what differs each time. */
function seen({ job, status, outputs, summary, log, requests }: StepInLoop) {
  const general = (text = '') =>
    text
      .replaceAll(dirname(job.temp), '#')
      .replace(/codex-\w+-[\w-]{36}/g, '#')
      .replace(/\b(?:[0-9a-f]{12,}|\d{4,})\b/g, '#')
      // How long Codex took, and when it did what.
      .replace(/\b\d+ s, (?=\d+ tokens)/g, '# s, ')
      .replace(/^│ \d+:\d\d /gm, '│ #:## ');
  const masks = /^::add-mask::.*\n/gm;
  const ofArtifactClient =
    /^(?:Artifact|With the provided|Root directory|Finished|Finalizing|Beginning|SHA256).*\n/gm;
  const named = ({ service, method, template, path }: RecordedRequest) =>
    `${service} ${method} ${general(template ?? path)}`;
  return {
    status,
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, value]) => [name, general(value)]),
    ),
    summary: general(summary),
    log: general(log.replace(masks, '').replace(ofArtifactClient, '')),
    // Calls that are made at the same time arrive in any order.
    requests: requests.map(named).sort(),
  };
}

describe('the loop', () => {
  it('plans, approves, verifies and executes', async () => {
    const { steps, made } = await played();
    for (const [decision, step] of Object.entries(steps)) {
      expect(step).toMatchObject({ decision, reason: 'ok', status: 0 });
    }
    expect(made).toBe('export const tax = 1.2;\n');
  });

  it('is seen with scripted agents as with the bundle and the Codex CLI', async () => {
    const [bundled, scripted] = await Promise.all([played(), play(true)]);
    for (const decision of ['planned', 'approved', 'verified', 'executed'] as const) {
      expect(seen(scripted.steps[decision]), decision).toEqual(seen(bundled.steps[decision]));
    }
  });

  it('names the permission that a job lacks, and keeps the label for another try', async () => {
    const loop: Loop = await startLoop({ scripted: true });
    onTestFinished(() => loop.close());
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
    expect(planned.log).toMatch(/Give the job permissions: .*pull-requests: write/);

    expect(await loop.plan()).toMatchObject({ status: 0 });
    loop.github.clock.advance({ minutes: 1 });
    const labelled = loop.repo.as('bob').label(1, label);
    const approved = await loop.step('approve', labelled, { permissions: without('actions') });
    expect(approved).toMatchObject({ reason: 'permission-missing', status: 1 });
    expect(approved.log).toMatch(/Give the job permissions: actions: read/);
    expect(loop.pull.labels).toEqual([label]);
    expect(loop.github.violations).toEqual([]);
  });
});
