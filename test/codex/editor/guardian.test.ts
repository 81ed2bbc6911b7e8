import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEditor } from '../../../src/codex/editor/editor.ts';
import { Reviews } from '../../../src/codex/editor/guardian.ts';
import type { Review } from '../../../src/codex/editor/protocol.ts';
import { RunLog } from '../../../src/codex/run-log.ts';
import type { Judge } from '../../../src/core/plan/attempts.ts';
import type { CodexSettings } from '../../../src/core/policy/codex-settings.ts';
import {
  type Answer,
  assess,
  create,
  hang,
  type Item,
  type ModelCall,
  outputs,
  patch,
  refuse,
  run,
  say,
  update,
} from '../../support/model/index.ts';
import { defaultSettings, onRamDisk, PLAN } from '../setting.ts';

const { repository, setting } = onRamDisk;

type Guardian = (call: ModelCall) => Answer;

const reviewed: CodexSettings = {
  ...defaultSettings,
  approvals: { policy: 'on-request', reviewer: 'auto_review' },
};

const onlyA: Judge = ({ path }) =>
  path === 'a.txt' ? null : { reason: 'outside-plan', detail: 'The plan does not name it.' };

async function edit(steps: readonly Item[], guardian: Guardian, settings = reviewed) {
  const edits = [...steps, ...Array.from({ length: 4 }, () => say('done'))];
  const { options, model } = await setting({ edit: edits, guardian });
  const workspace = repository();
  const report = await createEditor({ ...options, settings }).carryOut({
    workspace,
    prompt: 'Greet\n',
    plan: PLAN,
    instructions: null,
    struck: [],
    judge: onlyA,
  });
  const read = (path: string) =>
    existsSync(join(workspace, path)) ? readFileSync(join(workspace, path), 'utf8') : null;
  return { report, model, read };
}

const greeting = patch(update('a.txt', 'hello', 'hi'));
const allow: Guardian = () => assess('allow', { rationale: 'It is harmless.' });

describe('the guardian', () => {
  it('lets an approved file change through, and its assessment is kept', async () => {
    const { report, read, model } = await edit([greeting], allow);
    expect(read('a.txt')).toBe('hi\n');
    expect(report.declined).toEqual([]);
    expect(report.assessments).toEqual([
      {
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        action: 'applyPatch /workspace/a.txt',
        risk: 'low',
        authorization: 'unknown',
        outcome: 'approved',
        rationale: 'It is harmless.',
      },
    ]);
    expect(report.log).toContain('guardian: approved applyPatch /workspace/a.txt (risk low)');
    expect(model.callsOf('guardian')).toHaveLength(1);
    expect(report.toolchain.model).toBe('gpt-5.5');
  });

  it('cannot let a change outside the plan through, however fast it answers', async () => {
    const { report, read, model } = await edit([patch(create('evil.txt', 'x')), greeting], allow);
    expect(read('evil.txt')).toBeNull();
    expect(read('a.txt')).toBe('hi\n');
    expect(report.declined).toMatchObject([{ path: 'evil.txt', reason: 'outside-plan' }]);
    expect(report.assessments.map(({ outcome }) => outcome)).toEqual(['denied', 'approved']);
    expect(report.assessments[0]?.rationale).toContain('The plan does not name it.');
    expect(outputs(model.callsOf('edit')[1] as ModelCall)[0]).toContain('rejected');
  });

  it('cannot let one through beside one that is approved', async () => {
    const both = patch(update('a.txt', 'hello', 'hi'), create('evil.txt', 'x'));
    const { report, read } = await edit([both], allow);
    expect(read('a.txt')).toBe('hello\n');
    expect(read('evil.txt')).toBeNull();
    expect(report.declined.map(({ path }) => path)).toEqual(['evil.txt']);
  });

  it('may deny what the plan allows', async () => {
    const { report, read } = await edit([greeting], () =>
      assess('deny', { risk: 'critical', authorization: 'low', rationale: 'No.' }),
    );
    expect(read('a.txt')).toBe('hello\n');
    expect(report.assessments).toMatchObject([
      { outcome: 'denied', risk: 'critical', authorization: 'low', rationale: 'No.' },
    ]);
  });

  it('may look at the workspace before it answers, and not change it', async () => {
    const { report, read } = await edit([greeting], ({ turn }) =>
      turn === 0 ? run('cat a.txt; echo x > c.txt') : assess('allow'),
    );
    expect(read('a.txt')).toBe('hi\n');
    expect(read('c.txt')).toBeNull();
    expect(report.assessments).toHaveLength(1);
  });

  it('rules on a command that asks to leave the sandbox', async () => {
    const { report, read } = await edit([run('echo x > c.txt', { escalate: 'I must' })], allow);
    expect(report.assessments).toMatchObject([
      { action: expect.stringContaining('echo x > c.txt'), outcome: 'approved' },
    ]);
    expect(read('c.txt')).toBe('x\n');
  });

  it.each([
    ['prose', () => say('Sure, go ahead.')],
    ['half an answer', () => say('{"outcome":"allow"')],
    ['another form', () => say('{"decision":"approved"}')],
    ['an error', () => refuse(400)],
  ] satisfies [string, Guardian][])('denies where its answer is %s', async (_, guardian) => {
    const { report, read } = await edit([greeting], guardian);
    expect(read('a.txt')).toBe('hello\n');
    expect(report.assessments).toMatchObject([{ outcome: 'denied' }]);
  });

  it('that never answers is a timeout, and nothing is written', async () => {
    const { options } = await setting(
      { edit: [greeting], guardian: () => hang },
      { timeoutMs: 3_000 },
    );
    const workspace = repository();
    const editor = createEditor({ ...options, settings: reviewed });
    const task = {
      workspace,
      prompt: 'x\n',
      plan: PLAN,
      instructions: null,
      struck: [],
      judge: onlyA,
    };
    await expect(editor.carryOut(task)).rejects.toMatchObject({ reason: 'codex-timeout' });
    expect(readFileSync(join(workspace, 'a.txt'), 'utf8')).toBe('hello\n');
  });

  it('that denies three times in a row ends the turn, which is said', async () => {
    const { report, model } = await edit([greeting, greeting, greeting, greeting], () =>
      assess('deny'),
    );
    expect(model.callsOf('edit')).toHaveLength(3);
    expect(report.assessments).toHaveLength(3);
    expect(report.warnings).toEqual([expect.stringContaining('ended its turn early')]);
  });

  it('is asked under granular approvals too', async () => {
    const granular = {
      sandbox_approval: true,
      rules: true,
      mcp_elicitations: true,
      request_permissions: false,
      skill_approval: true,
    };
    const settings: CodexSettings = {
      ...reviewed,
      approvals: { policy: { granular }, reviewer: 'auto_review' },
    };
    const { report, read } = await edit(
      [patch(create('evil.txt', 'x')), greeting],
      allow,
      settings,
    );
    expect(read('a.txt')).toBe('hi\n');
    expect(read('evil.txt')).toBeNull();
    expect(report.assessments.map(({ outcome }) => outcome)).toEqual(['denied', 'approved']);
  });
});

describe('the reviews', () => {
  const review = (id: string, status: Review['review']['status'] = 'inProgress'): Review => ({
    threadId: 't',
    turnId: 'u',
    reviewId: id,
    targetItemId: `item ${id}`,
    action: { type: 'applyPatch', files: [`/workspace/${id}`] },
    review: { status },
  });
  const refusing = (...ids: string[]) =>
    new Reviews(new RunLog(), ({ reviewId }) => (ids.includes(reviewId) ? `no ${reviewId}` : null));

  it('let an answer go that nothing speaks against', async () => {
    const reviews = refusing();
    reviews.started(review('a'));
    expect(await reviews.ruleOnAnswer()).toBeNull();
  });

  it('hold an answer until it is known what is under review', async () => {
    const reviews = refusing('a');
    const answer = reviews.ruleOnAnswer();
    reviews.started(review('a'));
    expect(await answer).toContain('no a');
  });

  it('let none go while any of several open ones is refused', async () => {
    const reviews = refusing('b');
    reviews.started(review('a'));
    reviews.started(review('b'));
    expect(await reviews.ruleOnAnswer()).toContain('no b');
    reviews.completed(review('b', 'denied'));
    expect(await reviews.ruleOnAnswer()).toBeNull();
  });

  it('end the run if an approval came past the held answers', () => {
    const reviews = refusing('a');
    reviews.started(review('a'));
    expect(() => reviews.completed(review('a', 'approved'))).toThrow(/let through/);
  });

  it.each(['timedOut', 'aborted', 'denied'] as const)('keep one that ends as %s', (status) => {
    const reviews = refusing();
    reviews.completed(review('a', status));
    expect(reviews.assessments).toMatchObject([{ outcome: status, risk: null, rationale: '' }]);
  });

  it('count one that never ends, or ends without a word, as aborted', () => {
    const reviews = refusing();
    reviews.started(review('a'));
    reviews.abortOpen();
    reviews.completed(review('b', 'inProgress'));
    expect(reviews.assessments.map(({ outcome }) => outcome)).toEqual(['aborted', 'aborted']);
  });
});
