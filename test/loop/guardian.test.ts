import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { journalOf, unpack } from '../support/loop/evidence.ts';
import {
  exampleEdit,
  examplePlan,
  type Loop,
  type LoopOptions,
  label,
  startLoop,
} from '../support/loop/loop.ts';
import { reach, type States } from '../support/loop/states.ts';
import { type Answer, assess, create, patch, run, say, update } from '../support/model/index.ts';
import { once } from '../support/once.ts';

let loop: Loop;

const guarded = (more = '') =>
  `version: 1\ncodex: { approvals: { policy: on-request, reviewer: auto_review }${more} }\n`;

/** A planned pull request for the tests of a block; in each of them editor and guardian answer in turn. */
function stage(options: LoopOptions) {
  let states: States;
  beforeAll(async () => {
    loop = await startLoop({ scripted: ['plan'], ...options });
    states = await reach(loop, 'planned');
  });
  afterEach(() => expect(loop.github.violations).toEqual([]));
  afterAll(() => loop.close());
  return (edit: readonly Answer[], guardian: readonly Answer[] = []) => {
    states.planned();
    loop.model.follow({ plan: () => JSON.stringify(examplePlan), edit, guardian });
  };
}

const filesOf = (name: string) => unpack(loop.repo.artifacts.newest(name));

const notes = () =>
  loop.pull.comments.find((comment) => comment.body.startsWith('<!-- codex-change '))?.body;

describe('with the guardian as reviewer', () => {
  const planned = stage({ policy: guarded() });

  /** Codex may run one command, and not another one. */
  const reviewed = once(async () => {
    planned(
      [
        run('true', { escalate: 'Run the tests?' }),
        run('git push --force origin main', { escalate: 'Publish?' }),
        ...exampleEdit,
      ],
      [
        assess('allow', { rationale: 'a test run' }),
        assess('deny', { risk: 'critical', rationale: 'rewrites history' }),
        assess('allow'),
      ],
    );
    const approved = await loop.approve();
    expect(approved).toMatchObject({ decision: 'approved', status: 0 });
    return { approved, files: await filesOf('codex-approval-1'), told: notes() };
  });

  it('records each assessment, lets an approved command run, and seals the approved files', async () => {
    const { files } = await reviewed();
    const assessments = journalOf(files).filter((entry) => entry.event === 'assessed');
    expect(assessments.length).toBe(3);
    expect(JSON.parse(assessments[0]?.detail as string)).toMatchObject({
      outcome: 'approved',
      risk: 'low',
      rationale: 'a test run',
    });
    expect(JSON.parse(files['approval.json'] ?? '').files).toHaveLength(examplePlan.files.length);
  });

  it('tells the reviewers what the guardian denied, in a change that is approved all the same', async () => {
    const { approved, told } = await reviewed();
    expect(told).toContain('git push --force origin main');
    expect(told).toContain('rewrites history');
    expect(approved.summary).toContain('rewrites history');
  });

  it('writes nothing outside the plan, whatever the guardian allows', async () => {
    planned(
      [patch(update('README.md', '# Shop', '# Pwned')), ...exampleEdit],
      [assess('allow'), assess('allow')],
    );
    const denied = await loop.approve();
    expect(denied).toMatchObject({ decision: 'denied', reason: 'outside-plan', status: 1 });
    expect(JSON.parse(denied.outputs['denied-files'] as string)).toEqual(['README.md']);
    expect(denied.log).not.toContain('Changed: update README.md');
    expect(loop.pull.labels).not.toContain(label);
    expect(loop.repo.artifacts.list('codex-approval-1')).toEqual([]);
  });

  it('takes an answer that cannot be read as a denial', async () => {
    planned(
      [...exampleEdit],
      [say('certainly!'), say('certainly!'), say('certainly!'), say('certainly!')],
    );
    const result = await loop.approve();
    expect(result.status).toBe(1);
    expect(result.decision).not.toBe('approved');
    expect(loop.pull.labels).not.toContain(label);
  });
});

describe('settings of Codex', () => {
  const planned = stage({ policy: 'version: 1\n', scripted: true });

  it.each([
    ['approvals: { policy: never }', 'codex.approvals.policy: never'],
    [
      'approvals: { policy: { granular: { sandbox_approval: false, rules: true, mcp_elicitations: true } } }',
      'sandbox_approval',
    ],
    ['approvals: { policy: untrusted, reviewer: user }', 'untrusted'],
  ])(
    'under which nothing could change are refused before any model is asked: %s',
    async (setting, named) => {
      const policy = `version: 1\ncodex: { ${setting} }\n`;
      planned(exampleEdit);
      const calls = loop.model.calls.length;
      loop.repo.push('main', { '.github/codex-plan.yml': policy });
      for (const refused of [await loop.plan(), await loop.approve()]) {
        expect(refused).toMatchObject({ decision: 'failed', reason: 'config-invalid', status: 1 });
        expect(refused.log).toContain(named);
        expect(refused.log).toContain('Policy file, line 2');
      }
      expect(loop.model.calls).toHaveLength(calls);
      // Running the job again goes on, once the policy is right.
      expect(loop.pull.labels).toContain(label);
    },
  );

  it('come from the profile that the input names, and an unknown one is refused', async () => {
    const profiles = ', profiles: { ci: { approvals: { policy: untrusted } } }';
    planned(exampleEdit);
    loop.repo.push('main', { '.github/codex-plan.yml': guarded(profiles) });
    const approved = await loop.approve({ inputs: { profile: 'ci' } });
    expect(approved.log).toContain('Under codex.profiles.ci.approvals.policy: untrusted');
    loop.repo.as('bob').unlabel(1, label);
    const calls = loop.model.callsOf('edit').length;
    const unknown = await loop.approve({ inputs: { profile: 'dev' } });
    expect(unknown).toMatchObject({ reason: 'config-invalid', status: 1 });
    expect(loop.model.callsOf('edit')).toHaveLength(calls);
  });

  it('answer a request for wider permissions with an explained denial', async () => {
    planned([run('curl https://example.com', { escalate: 'Look it up?' }), ...exampleEdit]);
    const approved = await loop.approve({ bundle: true });
    expect(approved).toMatchObject({ decision: 'approved' });
    expect(notes()).toContain('curl https://example.com');
  });
});

describe('after-run', () => {
  const policy = 'version: 1\ncodex: { enforcement: after-run }\n';
  const planned = stage({ policy, files: { '.gitignore': 'build/\n' }, scripted: true });

  it('lets Codex build and test in its box, and leaves ignored files aside', async () => {
    planned([
      run(
        'mkdir build && echo out > build/out.txt && printf "export const tax = 1.2;\\n" > src/tax.ts && cat src/tax.ts',
      ),
      patch(update('src/cart.ts', 'export const total = 1;', 'export const total = 1 * tax;')),
      say('Done.'),
    ]);
    const approved = await loop.approve({ bundle: true });
    expect(approved).toMatchObject({ decision: 'approved', status: 0 });
    const approval = JSON.parse((await filesOf('codex-approval-1'))['approval.json'] ?? '');
    expect(approval.files.map(({ path }: { path: string }) => path)).toEqual([
      'src/cart.ts',
      'src/tax.ts',
    ]);
  });

  it('decides by parity what a command wrote', async () => {
    planned([
      run('echo hello > hello.txt; rm README.md'),
      patch(create('src/tax.ts', 'export {};\n')),
      say('Done.'),
    ]);
    const denied = await loop.approve();
    expect(denied).toMatchObject({ decision: 'denied', reason: 'outside-plan', status: 1 });
    expect(JSON.parse(denied.outputs['denied-files'] as string)).toEqual([
      'README.md',
      'hello.txt',
    ]);
  });
});
