/** People are asked in turn: when a plan awaits approval, and others after a denial and after drift. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../../src/core/audit/audit.ts';
import { chooseAsked } from '../../src/core/policy/rotation.ts';
import { unpack } from '../support/loop/evidence.ts';
import {
  exampleEdit,
  exampleScript,
  type Loop,
  label,
  type StepInLoop,
  startLoop,
} from '../support/loop/loop.ts';
import { remember } from '../support/loop/memory.ts';
import { type Answer, create, patch, say } from '../support/model/index.ts';

const users = ['alice', 'bob', 'carol', 'erin', 'frank', 'gina', 'hank'];
const policyOf = (rotate: string, more = '') =>
  `version: 1\napprovers: { users: [${users.join(', ')}] }\nrotate: { ${rotate} }\nnotify: { people: { bob: U012AB3CD } }\n${more}`;
const outside = [patch(create('src/elsewhere.ts', 'x\n')), say('Done.')];

let loop: Loop;
let fresh: () => void;
let edits: readonly Answer[] = exampleEdit;

beforeAll(async () => {
  loop = await startLoop({
    scripted: true,
    policy: policyOf('ask: 1'),
    script: { ...exampleScript, edit: (call) => edits[call.turn % 2] ?? 'Done.' },
  });
  for (const login of ['gina', 'hank']) loop.repo.setRole(login, 'write');
  fresh = remember(loop);
});
afterEach(() => {
  expect(loop.github.violations).toEqual([]);
  edits = exampleEdit;
  for (const login of users) loop.github.user(login).busy = false;
  fresh();
});
afterAll(() => loop.close());

const assignees = () => loop.repo.issue(1).assignees.map(({ login }) => login);
const reviewers = () => loop.repo.issue(1).reviewers.map(({ login }) => login);
const idOf = (login: string) => loop.github.user(login).id;
interface Ask {
  readonly as: 'assignee' | 'reviewer';
  readonly asked: { id: number; login: string }[];
  readonly before: number[];
  readonly busy: number[];
  readonly candidates: number[];
  readonly participants: number[];
}
/** What the newest artifact of that kind has in its journal. */
async function asks(kind: string): Promise<Ask[]> {
  const files = await unpack(loop.repo.artifacts.newest(`codex-${kind}-1`));
  return String(files['journal.jsonl'])
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'asked')
    .map(({ detail }) => JSON.parse(detail));
}
const comment = () => loop.pull.comments.find(({ body }) => body.startsWith('<!-- codex-asked '));
/** An audit of everything that lies in the store finds nothing, and has computed each turn again. */
async function expectConsistent(atLeast: number): Promise<void> {
  const found = [];
  for (const artifact of loop.repo.artifacts.list()) {
    const files = Object.entries(await unpack(artifact));
    const members = new Map(files.map(([name, text]) => [name, Buffer.from(text)]));
    found.push({ name: artifact.name, members, stored: null });
  }
  const { findings, recomputed } = audit(found, 'not proven');
  expect(findings).toEqual([]);
  const turns = recomputed.find(({ what }) => what.startsWith('Whose turn'));
  expect(turns?.times).toBeGreaterThanOrEqual(atLeast);
}
/** Again from what the records say, as an auditor would. */
const recompute = ({ candidates, ...ask }: Ask) =>
  chooseAsked({
    ...ask,
    pullRequest: 1,
    ask: 1,
    candidates: candidates.map((id) => ({ id, login: '' })),
  }).map(({ id }) => id);

describe('rotation', () => {
  it('asks those who may approve this plan, and the next ones after a denial and after drift', async () => {
    const planned = await loop.plan();
    expect(planned.decision).toBe('planned');
    // erin has too low a role, alice asked for it, frank wrote the pull request.
    const [first] = await asks('plan');
    expect(first?.candidates).toEqual(
      ['alice', 'bob', 'carol', 'frank', 'gina', 'hank'].map(idOf).sort((a, b) => a - b),
    );
    expect(first?.participants).toEqual([idOf('alice'), idOf('frank')].sort((a, b) => a - b));
    const left = ['bob', 'carol', 'gina', 'hank'].sort((a, b) => idOf(a) - idOf(b));
    expect(assignees()).toEqual([left[1]]);
    expect(first && recompute(first)).toEqual([idOf(left[1] ?? '')]);
    expect(comment()?.body).toContain(`| \`${left[1]}\` | \`${label}\` |`);
    expect(comment()?.body).toContain('A review does not approve the plan; only the label does.');

    edits = outside;
    const denied = await loop.approve({ by: 'hank' });
    expect(denied).toMatchObject({ decision: 'denied', reason: 'outside-plan' });
    const afterDenial = await asks('denial');
    expect(afterDenial).toHaveLength(2);
    expect(afterDenial[1]?.before).toEqual([idOf(left[1] ?? '')]);
    const [second] = recompute(afterDenial[1] as Ask);
    expect(assignees().map(idOf)).toEqual([second]);
    expect(assignees()).not.toContain(left[1]);
    expect(comment()?.body).toContain('was denied');

    edits = exampleEdit;
    expect((await loop.approve({ by: 'hank' })).decision).toBe('approved');
    loop.repo.push('main', { 'src/cart.ts': 'other\n' });
    expect((await loop.verify()).decision).toBe('drifted');
    const afterDrift = await asks('verification');
    expect(afterDrift).toHaveLength(3);
    expect(afterDrift[2]?.before).toHaveLength(2);
    expect(assignees().map(idOf)).toEqual(recompute(afterDrift[2] as Ask));
    expect(comment()?.body).toContain('has drifted');

    await expectConsistent(2);
    // A new plan of the pull request asks the one who is left, and then nobody.
    loop.repo.push('main', { 'src/cart.ts': 'export const total = 1;\n' });
    await loop.plan('again');
    const fourth = assignees();
    expect(new Set([left[1], ...[second].map(loginOf), ...fourth])).toHaveLength(3);
    await loop.plan('and again');
    expect(assignees()).toEqual(fourth);
    expect(await asks('plan')).toEqual([]);
  });

  it('asks the next ones about the next plan if refresh finds that the base touched this one', async () => {
    await loop.plan();
    const first = assignees();
    const [asked] = await asks('plan');
    const { repo } = loop;
    const event = repo.as('bob').pushed('main', { 'src/cart.ts': 'other\n' });
    const refreshed = await loop.step('refresh', event, {
      permissions: {
        actions: 'read',
        contents: 'read',
        'pull-requests': 'write',
        statuses: 'write',
      },
      inputs: { 'openai-api-key': '' },
    });
    expect(JSON.parse(refreshed.outputs.result ?? '').pull_requests).toMatchObject([
      { state: 'drifted' },
    ]);
    // Nobody can approve the drifted plan any more.
    expect(assignees()).toEqual(first);
    repo.push('main', { 'src/cart.ts': 'export const total = 1;\n' });
    await loop.plan('again');
    const [next] = await asks('plan');
    expect(next?.before).toEqual(asked?.asked.map(({ id }) => id));
    expect(assignees().map(idOf)).toEqual(recompute(next as Ask));
    expect(assignees()).not.toEqual(first);
    await expectConsistent(2);
  });

  const loginOf = (id: number | undefined) => users.find((login) => idOf(login) === id);

  it('asks for reviews, leaves out who is busy, and mentions by the id of the policy', async () => {
    loop.repo.push('main', { '.github/codex-plan.yml': policyOf('ask: 2, as: reviewer') });
    for (const login of ['carol', 'hank']) loop.github.user(login).busy = true;
    const step = await loop.plan();
    expect(new Set(reviewers())).toEqual(new Set(['bob', 'gina']));
    expect(assignees()).toEqual([]);
    expect((await asks('plan'))[0]?.busy).toEqual(
      [idOf('carol'), idOf('hank')].sort((a, b) => a - b),
    );
    const words = readFileSync(step.outputs['notification-path'] ?? '', 'utf8');
    expect(words).toContain('<@U012AB3CD>');
    expect(words).toContain(label);
  });

  it('asks nobody without a permission or a team that it can read, and plans all the same', async () => {
    const expectWarned = (step: StepInLoop) => {
      expect(step).toMatchObject({ decision: 'planned', status: 0 });
      expect(step.log).toMatch(/##\[warning\]|::warning.*Nobody could be asked to approve/);
      expect(assignees()).toEqual([]);
    };
    const fault = loop.github.fault({
      method: 'POST',
      path: /\/assignees$/,
      status: 403,
      message: 'Resource not accessible by integration',
    });
    expectWarned(await loop.plan());
    expect(fault.hits).toBeGreaterThan(0);
    expect(comment()?.body).toMatch(/GitHub did not let the action ask .+: tell them yourself\./);
    loop.github.faults.clear();
    loop.repo.push('main', {
      '.github/codex-plan.yml': 'version: 1\napprovers: { teams: [keepers] }\nrotate: { ask: 1 }\n',
    });
    expectWarned(await loop.plan());
    expect(await asks('plan')).toEqual([]);
  });

  it('asks nobody who started an earlier attempt of the same run: that person may not approve', async () => {
    const planned = await loop.plan();
    const [first] = assignees();
    const repeated = await loop.rerun('plan', planned, first ?? '');
    expect(repeated).toMatchObject({ decision: 'planned', status: 0 });
    const [second] = assignees();
    const again = await loop.rerun('plan', repeated, second ?? '');
    expect(again).toMatchObject({ decision: 'planned', status: 0 });
    const [third] = assignees();
    expect(new Set([first, second, third, undefined]).size).toBe(4);
    const asked = (await asks('plan')).at(-1);
    const starters = ['alice', first, second].map((login) => idOf(login ?? ''));
    expect(asked?.participants).toEqual(expect.arrayContaining(starters));
    await expectConsistent(1);
  });

  it('asks only those whose role suffices for the files of the plan', async () => {
    const more = "paths: { elevated: { paths: ['src/**'] } }\n";
    loop.repo.push('main', { '.github/codex-plan.yml': policyOf('ask: 3', more) });
    await loop.plan();
    expect((await asks('plan'))[0]?.candidates).toEqual([idOf('carol')]);
    expect(assignees()).toEqual(['carol']);
  });

  it('restricts nobody', async () => {
    await loop.plan();
    const other = ['bob', 'gina'].find((login) => !assignees().includes(login)) ?? '';
    expect((await loop.approve({ by: other })).decision).toBe('approved');
  });
});
