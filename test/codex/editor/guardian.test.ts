import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
import { once } from '../../support/once.ts';
import { defaultSettings, onRamDisk, PLAN } from '../setting.ts';

const { repository, setting } = onRamDisk;

/** @param turn how often the model was asked before to go on */
type Guardian = (call: ModelCall, turn: number) => Answer;

const reviewed: CodexSettings = {
  ...defaultSettings,
  approvals: { policy: 'on-request', reviewer: 'auto_review' },
};

const onlyA: Judge = ({ path }) =>
  path === 'a.txt' ? null : { reason: 'outside-plan', detail: 'The plan does not name it.' };

async function edit(
  steps: readonly Item[],
  guardian: Guardian,
  settings = reviewed,
  judge: Judge = onlyA,
) {
  const edits = [...steps, ...Array.from({ length: 4 }, () => say('done'))];
  const { options, model } = await setting({
    edit: edits,
    guardian: (call) => guardian(call, model.callsOf('edit').length - 1),
  });
  const workspace = repository();
  const made = await createEditor({ ...options, settings }).carryOut({
    workspace,
    prompt: 'Greet\n',
    plan: PLAN,
    instructions: null,
    struck: [],
    judge,
  });
  // Read now: several tests look at one run, and the workspace is removed when the first of them is over.
  const [a, c] = ['a.txt', 'c.txt'].map((path) =>
    existsSync(join(workspace, path)) ? readFileSync(join(workspace, path), 'utf8') : null,
  );
  return { ...made, model, a, c, left: readdirSync(workspace).sort() };
}

const greeting = patch(update('a.txt', 'hello', 'hi'));
const allow: Guardian = () => assess('allow', { rationale: 'It is harmless.' });

describe('the guardian', () => {
  const allowing = once(() =>
    edit(
      [
        greeting,
        patch(create('evil.txt', 'x')),
        patch(update('a.txt', 'hi', 'ho'), create('beside.txt', 'x')),
        run('echo x > c.txt', { escalate: 'I must' }),
      ],
      allow,
    ),
  );

  it('lets an approved file change through, and its assessment is kept', async () => {
    const { a, declined, assessments, log, toolchain, model } = await allowing();
    expect(a).toBe('hi\n');
    expect(declined.map(({ path }) => path)).not.toContain('a.txt');
    expect(assessments[0]).toEqual({
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      action: 'applyPatch /workspace/a.txt',
      risk: 'low',
      authorization: 'unknown',
      outcome: 'approved',
      rationale: 'It is harmless.',
    });
    expect(log).toContain('guardian: approved applyPatch /workspace/a.txt (risk low)');
    // One for each thing that it was asked about.
    expect(model.callsOf('guardian')).toHaveLength(4);
    expect(assessments).toHaveLength(4);
    expect(toolchain.model).toBe('gpt-5.5');
  });

  it('cannot let a change outside the plan through, however fast it answers', async () => {
    const { left, declined, assessments, model } = await allowing();
    expect(left).not.toContain('evil.txt');
    expect(declined[0]).toMatchObject({ path: 'evil.txt', reason: 'outside-plan' });
    expect(assessments[1]?.outcome).toBe('denied');
    expect(assessments[1]?.rationale).toContain('The plan does not name it.');
    expect(outputs(model.callsOf('edit')[2] as ModelCall).at(-1)).toContain('rejected');
  });

  it('cannot let one through beside one that is approved', async () => {
    const { a, left, declined, assessments } = await allowing();
    expect(a).toBe('hi\n');
    expect(left).not.toContain('beside.txt');
    expect(declined.map(({ path }) => path)).toEqual(['evil.txt', 'beside.txt']);
    expect(assessments[2]?.outcome).toBe('denied');
  });

  it('rules on a command that asks to leave the sandbox', async () => {
    const { c, assessments } = await allowing();
    expect(assessments[3]).toMatchObject({
      action: expect.stringContaining('echo x > c.txt'),
      outcome: 'approved',
    });
    expect(c).toBe('x\n');
  });

  describe('in one turn', () => {
    const again = patch(update('a.txt', 'hi', 'ho'));
    /** What the model tries, and what the guardian says then. Three denials in a row would end the turn. */
    const tries: readonly (readonly [string, Item, Guardian])[] = [
      ['prose', greeting, () => say('Sure, go ahead.')],
      ['half an answer', greeting, () => say('{"outcome":"allow"')],
      [
        'given after a look',
        greeting,
        (call) => (outputs(call).length === 0 ? run('cat a.txt; echo x > c.txt') : assess('allow')),
      ],
      ['another form', again, () => say('{"decision":"approved"}')],
      ['an error', again, () => refuse(400)],
    ];
    const tried = once(() =>
      edit(
        tries.map(([, step]) => step),
        (call, turn) => tries[turn]?.[2](call, turn) ?? assess('deny'),
      ),
    );

    it('may look at the workspace before it answers, and not change it', async () => {
      const { a, c, assessments } = await tried();
      expect(a).toBe('hi\n');
      expect(c).toBeNull();
      expect(assessments[2]).toMatchObject({ outcome: 'approved' });
      expect(assessments).toHaveLength(tries.length);
    });

    it.each(['prose', 'half an answer', 'another form', 'an error'])(
      'denies where its answer is %s',
      async (answer) => {
        const { a, assessments, model } = await tried();
        // The patch after the first two fits only a file that they left alone.
        expect(a).toBe('hi\n');
        const place = tries.findIndex(([name]) => name === answer);
        expect(assessments[place]).toMatchObject({ outcome: 'denied' });
        const told = outputs(model.callsOf('edit')[place + 1] as ModelCall);
        expect(told.at(-1)).toMatch(/rejected|was not executed/);
      },
    );
  });

  describe('that denies three times in a row', () => {
    const denying = once(() =>
      edit([greeting, greeting, greeting, greeting], () =>
        assess('deny', { risk: 'critical', authorization: 'low', rationale: 'No.' }),
      ),
    );

    it('may do that to what the plan allows', async () => {
      const { a, assessments } = await denying();
      expect(a).toBe('hello\n');
      const denied = {
        outcome: 'denied',
        risk: 'critical',
        authorization: 'low',
        rationale: 'No.',
      };
      expect(assessments[0]).toMatchObject(denied);
    });

    it('ends the turn, which is said', async () => {
      const { model, assessments, warnings } = await denying();
      expect(model.callsOf('edit')).toHaveLength(3);
      expect(assessments).toHaveLength(3);
      expect(warnings).toEqual([expect.stringContaining('ended its turn early')]);
    });
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

  it('is not asked again if nobody can rule: the run ends by what the machine lacks', async () => {
    const unable: Judge = () => {
      throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
    };
    const steps = [patch(update('a.txt', 'hello', 'hi'))];
    const run = edit(steps, () => assess('allow'), reviewed, unable);
    await expect(run).rejects.toMatchObject({
      reason: 'platform-unsupported',
      message: expect.stringContaining('too many open files'),
    });
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
    const { a, left, assessments } = await edit(
      [patch(create('evil.txt', 'x')), greeting],
      allow,
      settings,
    );
    expect(a).toBe('hi\n');
    expect(left).not.toContain('evil.txt');
    expect(assessments.map(({ outcome }) => outcome)).toEqual(['denied', 'approved']);
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
