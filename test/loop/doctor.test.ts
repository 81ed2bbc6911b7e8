/** Mode doctor through the bundle: on a machine that lacks something, with no right but to read, and without a write. */
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { workflowFile } from '../modes/doctor/set-ups.ts';
import { WORKFLOW } from '../support/github/index.ts';
import { type Loop, type StepInLoop, startLoop } from '../support/loop/loop.ts';

let loop: Loop;
beforeAll(async () => {
  loop = await startLoop({ files: { [WORKFLOW]: workflowFile } });
});
afterEach(() => expect(loop.github.violations).toEqual([]));
afterAll(() => loop.close());

const permissions = {
  actions: 'read',
  contents: 'read',
  issues: 'read',
  'pull-requests': 'read',
} as const;
const run = (env: Readonly<Record<string, string>> = {}) =>
  loop.step('doctor', loop.repo.as('carol').dispatch(WORKFLOW), {
    permissions,
    env,
    bundle: true,
    inputs: { 'openai-api-key': '' },
  });
const writesOf = ({ requests }: StepInLoop) => {
  const asked = new Set(requests);
  return loop.github.writes().filter((one) => asked.has(one));
};
const linesOf = ({ outputs }: StepInLoop) => {
  const path = join(outputs['evidence-path'] ?? '', 'doctor.json');
  return JSON.parse(readFileSync(path, 'utf8')).lines as { mark: string; about: string }[];
};

/** A folder with programs that stand before those of the machine. */
function withPrograms(
  programs: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'programs-'));
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return { PATH: `${folder}:${process.env.PATH}` };
}

describe('doctor', () => {
  it('says with a token that only reads what it saw and what it could not see', async () => {
    const step = await run();
    expect(step).toMatchObject({ decision: 'healthy', reason: 'ok', status: 0 });
    expect(writesOf(step)).toEqual([]);
    expect(loop.model.calls).toEqual([]);
    const lines = linesOf(step);
    for (const { mark, about } of lines) {
      expect(step.log).toContain(`${mark} ${about}: `);
      expect(step.summary).toContain(`| ${mark} | `);
    }
    expect(step.summary).toContain('his could not be seen.');
    expect(step.outputs).toMatchObject({ 'plan-id': '', 'pull-request': '' });
  });

  it('is unhealthy on a machine with an old git and without user namespaces', async () => {
    const step = await run({
      ...withPrograms({ git: 'echo git version 2.34.1', unshare: 'exit 1' }),
      RUNNER_ENVIRONMENT: 'self-hosted',
    });
    expect(step).toMatchObject({ decision: 'failed', reason: 'unhealthy', status: 1 });
    const broken = linesOf(step).filter(({ mark }) => mark === '✗');
    expect(broken.map(({ about }) => about)).toEqual(['User namespaces', 'git']);
    expect(step.log).toContain('git version 2.34.1');
  });

  it('does not run on a comment', async () => {
    const event = loop.repo.as('dave').comment(1, '/codex x');
    const step = await loop.step('doctor', event, { permissions, bundle: true });
    expect(step).toMatchObject({ decision: 'failed', reason: 'unsupported-event' });
    expect(step.requests).toEqual([]);
  });
});
