/** A comment that is none of ours: it loads a small part of the bundle alone, and ends as the whole bundle would end. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKey, bundle, distFolder, environmentOf } from '../support/loop/action.ts';
import { type Loop, type StepInLoop, startLoop } from '../support/loop/loop.ts';

let loop: Loop;
/** The first file of the bundle, without the others. */
let alone: string;

beforeAll(async () => {
  loop = await startLoop();
  alone = mkdtempSync(join(tmpdir(), 'alone-'));
  for (const name of ['index.js', 'package.json']) {
    copyFileSync(join(distFolder, name), join(alone, name));
  }
});
afterAll(async () => {
  rmSync(alone, { recursive: true, force: true });
  await loop.close();
});

const say = (body: string) => loop.repo.as('alice').comment(loop.pull.number, body);

function runAlone(body: string, more: Readonly<Record<string, string>> = {}) {
  const job = loop.repo.startRun({ event: say(body) });
  const inputs = { 'responses-api-endpoint': loop.model.endpoint, ...more };
  const env = environmentOf('plan', job, { inputs });
  const { status, stdout } = spawnSync(process.execPath, [join(alone, 'index.js')], {
    cwd: job.workspace,
    env,
    encoding: 'utf8',
  });
  loop.repo.finishRun(job);
  return { status, stdout, outputs: job.outputs() };
}

describe('a comment that is none of ours', () => {
  it('needs the first file of the bundle alone', () => {
    const { status, outputs } = runAlone('looks good');
    expect(status).toBe(0);
    expect(outputs).toMatchObject({ decision: 'ignored', 'reason-code': 'not-a-command' });
  });

  it('is the only thing that needs no more: a request fails without the rest, and says so', () => {
    const { status, stdout, outputs } = runAlone('/codex add a tax');
    expect(status).toBe(1);
    expect(outputs).toMatchObject({ decision: 'failed', 'reason-code': 'internal' });
    expect(stdout).toContain('Cannot find module');
  });

  it('is searched for secrets if its answer is not of our words alone', () => {
    const { status, stdout, outputs } = runAlone('looks good', { command: `/${apiKey}` });
    expect(status).toBe(1);
    expect(outputs['reason-code']).toBe('secret-detected');
    const said = stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'));
    expect(`${said} ${JSON.stringify(outputs)}`).not.toContain(apiKey);
  });

  it('ends as it does with the whole bundle: output by output, line by line', async () => {
    const quick = await loop.step('plan', say('looks good'), { bundle: true });
    // The name of a repository in other letters is the same name, and is left to the whole bundle.
    const reference = quick.job.env.GITHUB_WORKFLOW_REF?.replace(/^[^/]+/, (owner) =>
      owner.toUpperCase(),
    );
    const whole = await loop.step('plan', say('looks good'), {
      bundle: true,
      env: { GITHUB_WORKFLOW_REF: reference },
    });
    expect(ending(quick)).toEqual(ending(whole));
    expect(quick.requests).toEqual([]);
  });

  it('is told by a file that stays small', () => {
    expect(readFileSync(bundle).length).toBeLessThan(200_000);
  });
});

/** All that a step leaves, without what is random or counted. */
function ending({ status, outputs, log, summary, job }: StepInLoop) {
  const path = outputs['notification-path'] ?? '';
  const strip = (text: string) =>
    text
      .replaceAll(path, 'path')
      .replaceAll(job.token, 'token')
      .replaceAll(job.env.GITHUB_RUN_ID ?? '', 'run');
  return {
    ...{ status, log: strip(log), summary },
    outputs: JSON.parse(strip(JSON.stringify(outputs))),
    notification: strip(readFileSync(path, 'utf8')),
  };
}
