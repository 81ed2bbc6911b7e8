/** People talk back to a plan: they revise it, strike files of it, withdraw it, and ask what they can say. */
import { beforeAll, describe, expect, it } from 'vitest';
import { unpack } from '../support/loop/evidence.ts';
import {
  examplePlan,
  exampleScript,
  type Loop,
  label,
  type StepInLoop,
} from '../support/loop/loop.ts';
import { shareLoop } from '../support/loop/shared.ts';
import type { States } from '../support/loop/states.ts';

const withDocs = {
  ...examplePlan,
  files: [
    ...examplePlan.files,
    { path: 'docs/tax.md', operation: 'create', reason: 'explains the tax' },
  ],
};
let loop: Loop;
let states: States;
const planned = () => states.planned();

beforeAll(async () => {
  ({ loop, states } = await shareLoop('approved', {
    ...exampleScript,
    plan: ({ text }) =>
      JSON.stringify(text.includes('also the documents') ? withDocs : examplePlan),
  }));
});

const speak = (login: string, body: string): Promise<StepInLoop> =>
  loop.step('plan', loop.repo.as(login).comment(1, body));
const newestManifest = async () =>
  JSON.parse((await unpack(loop.repo.artifacts.newest('codex-plan-1')))['manifest.json'] ?? '');
const page = () => loop.pull.comments.map(({ body }) => body).join('\n');

describe('a plan that is talked about', () => {
  it('is revised twice, loses a file, and is carried out as it was approved', async () => {
    planned();
    const first = await speak('alice', '/codex-revise also the documents');
    expect(first.decision).toBe('planned');
    const second = await speak('dave', '/codex-revise and keep it short');
    expect(second.reason).toBe('actor-denied');
    const third = await speak('carol', '/codex-revise and keep it short');
    expect(third.decision).toBe('planned');
    const manifest = await newestManifest();
    expect(manifest.requests).toHaveLength(3);
    expect(manifest.files.map(({ path }: { path: string }) => path)).toContain('docs/tax.md');

    const asked = loop.model.calls.length;
    const narrowed = await speak('bob', '/codex-without `docs/tax.md`');
    expect(narrowed.decision).toBe('planned');
    expect(loop.model.calls).toHaveLength(asked);
    const after = await newestManifest();
    expect(narrowed.outputs).toMatchObject({
      'prompt-sha256': after.prompt_sha256,
      'plan-sha256': after.plan_sha256,
      'head-sha': after.head.sha,
      state: 'awaiting',
      tokens: '{"input":0,"cached":0,"output":0}',
    });
    expect(after.files.map(({ path }: { path: string }) => path)).not.toContain('docs/tax.md');
    expect(after.narrows).toMatchObject({ paths: ['docs/tax.md'], by: { login: 'bob' } });
    expect(page()).toContain('struck by');

    // Whoever revised is one who asked, and whoever only struck a file may approve.
    expect((await loop.approve({ by: 'carol' })).reason).toBe('self-approval');
    expect((await loop.approve({ by: 'bob' })).reason).toBe('ok');
    // The model proposes the struck file again; the gate takes it out again.
    expect((await loop.verify()).decision).toBe('verified');
    expect((await loop.execute()).decision).toBe('executed');
    expect(loop.pull.file('src/tax.ts')).not.toBeNull();
    expect(loop.pull.file('docs/tax.md')).toBeNull();
  });

  it('takes along all comments about it when a newer plan replaces it', async () => {
    states.approved();
    await speak('bob', '/codex-without src/tax.ts');
    expect((await loop.approve({ by: 'alice' })).reason).toBe('self-approval');
    await speak('alice', '/codex something else');
    expect((await loop.approve()).reason).toBe('ok');
    const about = (kind: string) =>
      loop.pull.comments
        .filter(({ body }) => body.startsWith(`<!-- codex-${kind} `))
        .map(({ minimized }) => minimized);
    expect(about('plan')).toEqual(['outdated', 'outdated', null]);
    // The change that is shown is that of the newest plan.
    expect(about('change')).toEqual([null]);
    const { requests } = await speak('alice', '/codex and another one');
    const folded = requests.filter(({ body }) =>
      JSON.stringify(body ?? '').includes('minimizeComment'),
    );
    // What was folded away before is not folded away again: the plan before, and its change.
    expect(folded).toHaveLength(2);
    expect(about('change')).toEqual([]);
    const settled = about('settled');
    expect(settled.length).toBeGreaterThan(1);
    expect(new Set(settled)).toEqual(new Set(['outdated']));
  });

  it('is refused if one of its comments was edited later', async () => {
    planned();
    await speak('alice', '/codex-revise also the documents');
    const revision = loop.pull.comments.find(({ body }) => body.startsWith('/codex-revise'));
    loop.repo.as('alice').editComment(revision?.id ?? 0, '/codex-revise something else');
    expect((await loop.approve()).reason).toBe('plan-altered');
  });

  it.each([
    ['an unknown path', '/codex-without src/none.ts', 'plan-invalid'],
    ['every file', '/codex-without src/cart.ts src/tax.ts', 'plan-invalid'],
    ['no path', '/codex-without', 'plan-invalid'],
  ])('is not narrowed by %s', async (_, body, reason) => {
    states.approved();
    const step = await speak('bob', body);
    expect(step.reason).toBe(reason);
    // Whoever asks again knows what the plan has.
    for (const { path } of examplePlan.files) expect(step.log).toContain(JSON.stringify(path));
    // What made no plan has ended no approval.
    expect(loop.pull.labels).toEqual([label]);
    expect((await loop.verify()).reason).toBe('ok');
  });

  it('is not narrowed after the head moved', async () => {
    planned();
    loop.repo.as('frank').pushTo(1, { 'docs/note.md': 'More.\n' });
    expect((await speak('bob', '/codex-without src/tax.ts')).reason).toBe('head-moved');
  });

  it.each(['alice', 'bob', 'frank'])('is withdrawn by %s', async (login) => {
    planned();
    const step = await speak(login, '/codex-withdraw');
    expect(step).toMatchObject({ decision: 'ignored', reason: 'plan-withdrawn', status: 0 });
    const { plan_sha256, prompt_sha256, head } = await newestManifest();
    expect(step.outputs).toMatchObject({
      state: 'withdrawn',
      'plan-sha256': plan_sha256,
      'prompt-sha256': prompt_sha256,
      'head-sha': head.sha,
    });
    const said = loop.pull.comments.find(({ body }) => body.startsWith('/codex-withdraw'));
    expect(said?.reactions.map(({ content }) => content)).toEqual(['eyes']);
    loop.github.clock.advance({ minutes: 1 });
    const event = loop.repo.as('bob').label(1, label);
    expect((await loop.step('approve', event)).reason).toBe('plan-withdrawn');
    expect((await speak('alice', '/codex-revise more')).reason).toBe('plan-missing');
  });

  it('is withdrawn once that is recorded, whatever GitHub does then', async () => {
    planned();
    const stop = loop.github.onRequest(({ path }) => {
      if (!path.endsWith('/FinalizeArtifact')) return;
      stop();
      loop.github.fault({ path: /^\/(?:graphql|repos)/, status: 502, times: Infinity });
    });
    const step = await speak('alice', '/codex-withdraw');
    loop.github.faults.clear();
    expect(step).toMatchObject({ decision: 'ignored', reason: 'plan-withdrawn', status: 0 });
    expect(step.log).toContain('The page could not be updated');
    const event = loop.repo.as('bob').label(1, label);
    expect((await loop.step('approve', event)).reason).toBe('plan-withdrawn');
  });

  it('is not withdrawn by somebody without rights', async () => {
    planned();
    expect((await speak('dave', '/codex-withdraw')).reason).toBe('actor-denied');
    expect((await loop.approve()).reason).toBe('ok');
  });

  it('comes with a list of commands, for people who may ask', async () => {
    planned();
    const before = loop.pull.comments.length;
    expect((await speak('dave', '/codex-help')).reason).toBe('actor-denied');
    expect(loop.pull.comments).toHaveLength(before + 1);
    expect(await speak('alice', '/codex-help')).toMatchObject({
      decision: 'ignored',
      reason: 'not-a-command',
    });
    expect(page()).toContain('/codex-withdraw');
  });

  it('shows the newest list alone, and folds away one list each time', async () => {
    planned();
    for (const body of ['/codex-help', '/codex', '/CODEX-Help ']) {
      const step = await speak('alice', body);
      expect(step.reason).toBe('not-a-command');
      const folded = step.requests.filter(({ body }) =>
        JSON.stringify(body ?? '').includes('minimizeComment'),
      );
      expect(folded.length).toBeLessThanOrEqual(1);
    }
    const lists = loop.pull.comments.filter(({ body }) => body.startsWith('<!-- codex-help -->'));
    expect(lists.map(({ minimized }) => minimized)).toEqual(['outdated', 'outdated', null]);
  });

  it('does not hear a command that does not exist', async () => {
    planned();
    const step = await speak('alice', '/codex-approve it');
    expect(step).toMatchObject({ decision: 'ignored', reason: 'not-a-command' });
    expect(step.log).toContain('/codex-revise');
    const comment = loop.pull.comments.find(({ body }) => body.startsWith('/codex-approve'));
    expect(comment?.reactions.map(({ content }) => content)).toContain('confused');
  });
});
