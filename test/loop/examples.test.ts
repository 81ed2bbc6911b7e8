/**
 * Plays the workflows that a user copies: their triggers, inputs and permissions, each event as one run of the file. The
 * bundle and the real CLI run the first of them from the request to the commit. The others are about inputs, permissions
 * and evidence, so their agents are scripted.
 */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ModeName } from '../../src/modes/index.ts';
import type { Permissions, WebhookEvent } from '../support/github/index.ts';
import { runStep, type StepResult } from '../support/loop/action.ts';
import { type Loop, label, startLoop } from '../support/loop/loop.ts';
import { canBeScripted, runScriptedStep } from '../support/loop/scripted.ts';

interface Job {
  readonly permissions: Permissions;
  readonly steps: readonly { readonly with?: Readonly<Record<string, string>> }[];
}

const workflow = '.github/workflows/codex-plan.yml';
const gate = '.github/workflows/drift-gate.yml';
let loop: Loop;
/** Whether the steps run as a user's do: the bundle, with the real CLI. */
let bundle = false;

afterEach(async () => {
  bundle = false;
  expect(loop.github.violations).toEqual([]);
  await loop.close();
});

function jobsOf(example: string): Readonly<Record<string, Job>> {
  const text = readFileSync(new URL(`../../examples/${example}`, import.meta.url), 'utf8');
  return (parse(text) as { jobs: Record<string, Job> }).jobs;
}

const expression = (name: string) => ['${{', name, '}}'].join(' ');

/** The values that a runner puts in the place of the expressions of the examples. */
function inputsOf(job: Job): Readonly<Record<string, string>> {
  const written = job.steps.find((step) => step.with?.mode !== undefined)?.with ?? {};
  const values = Object.entries(written).map(([name, value]) => [
    name,
    value
      .replace(expression('secrets.OPENAI_API_KEY'), 'sk-example-0123456789')
      .replace(expression('inputs.pull-request'), String(loop.pull.number)),
  ]);
  return { ...Object.fromEntries(values), 'responses-api-endpoint': loop.model.endpoint };
}

/** The jobs of one event, one after the other in one run, each with the token that its permissions give. */
async function play(
  example: string,
  event: WebhookEvent,
  names: readonly string[],
  file = workflow,
): Promise<StepResult[]> {
  const jobs = jobsOf(example);
  const results: StepResult[] = [];
  const run = loop.repo.startRun({ event, workflow: file });
  for (const name of names) {
    const job = jobs[name] as Job;
    const token = loop.github.createToken({
      kind: 'actions',
      repository: loop.repo,
      permissions: job.permissions,
    });
    const inputs: Record<string, string> = { ...inputsOf(job), 'github-token': token.value };
    const step = canBeScripted({ bundle, inputs }) ? runScriptedStep : runStep;
    results.push(await step(inputs.mode as ModeName, run, { inputs }));
  }
  loop.repo.finishRun(run);
  return results;
}

async function request(example: string, policy = ''): Promise<StepResult> {
  const stub = 'name: Codex plan\non: issue_comment\njobs: {}\n';
  loop = await startLoop({ policy, files: { [workflow]: stub, [gate]: stub } });
  const event = loop.repo.as('alice').comment(loop.pull.number, '/codex add a tax');
  const [planned] = await play(example, event, ['plan']);
  loop.github.clock.advance({ minutes: 1 });
  return planned as StepResult;
}

describe('the examples', () => {
  it('codex-plan.yml goes from a request to the commit', async () => {
    bundle = true;
    const planned = await request('codex-plan.yml');
    expect(planned).toMatchObject({ decision: 'planned', status: 0 });
    expect(planned.log).not.toContain('::warning');
    const event = loop.repo.as('bob').label(loop.pull.number, label);
    const results = await play('codex-plan.yml', event, ['approve', 'verify', 'execute']);
    expect(results.map((result) => result.decision)).toEqual(['approved', 'verified', 'executed']);
    for (const { log, status } of results) {
      expect(status).toBe(0);
      expect(log).not.toContain('::warning');
    }
    expect(loop.pull.file('src/tax.ts')).toBe('export const tax = 1.2;\n');
    expect(loop.pull.labels).toEqual([]);
    const status = loop.repo.statuses.findLast(({ sha }) => sha === loop.pull.head.sha);
    expect(status).toMatchObject({ context: 'codex-plan', state: 'success' });
    // One model run in plan and one in approve: nothing has changed since, so verify asks none.
    expect(loop.model.callsOf('plan')).toHaveLength(1);
  });

  it('codex-plan.yml tells by its job refresh that the base touched a planned file', async () => {
    await request('codex-plan.yml');
    const push = loop.repo.as('carol').pushed('main', { 'src/cart.ts': 'export const x = 1;\n' });
    const [refreshed] = await play('codex-plan.yml', push, ['refresh']);
    expect(refreshed).toMatchObject({ decision: 'refreshed', status: 0 });
    expect(refreshed?.log).not.toContain('::warning');
    const status = loop.repo.statuses.findLast(({ sha }) => sha === loop.pull.head.sha);
    expect(status).toMatchObject({ context: 'codex-plan', state: 'failure' });
  });

  it('stop-at-verify.yml ends with the verified prompt on the runner', async () => {
    expect(await request('stop-at-verify.yml')).toMatchObject({ decision: 'planned', status: 0 });
    const head = loop.pull.head.sha;
    const event = loop.repo.as('bob').label(loop.pull.number, label);
    const [, verified] = await play('stop-at-verify.yml', event, ['approve', 'verify']);
    expect(verified).toMatchObject({ decision: 'verified', status: 0 });
    const folder = verified?.outputs['evidence-path'] ?? '';
    expect(readFileSync(`${folder}/prompt.txt`, 'utf8')).toBe('add a tax');
    expect(loop.pull.head.sha).toBe(head);
  });

  it('drift-gate.yml trusts the evidence of the file that the policy lists', async () => {
    await request('codex-plan.yml', `workflows: ['${workflow}']\n`);
    const labelled = loop.repo.as('bob').label(loop.pull.number, label);
    await play('codex-plan.yml', labelled, ['approve']);
    const dispatched = loop.repo.as('carol').dispatch(gate);
    const [verified] = await play('drift-gate.yml', dispatched, ['execution'], gate);
    expect(verified).toMatchObject({ decision: 'verified', status: 0 });
  });
});
