import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WORKFLOW } from '../support/github/index.ts';
import type { StepOptions } from '../support/loop/action.ts';
import { journalOf, madeIn, sha256, sha256sumCheck, unpack } from '../support/loop/evidence.ts';
import {
  examplePlan,
  exampleScript,
  type Loop,
  label,
  type StepInLoop,
  startLoop,
} from '../support/loop/loop.ts';
import { remember } from '../support/loop/memory.ts';
import { present } from '../support/present.ts';

let loop: Loop;
let approved: StepInLoop;
let restore: () => void;
/** What the model says the plan is, when it is asked again. */
let now: typeof examplePlan = examplePlan;

beforeAll(async () => {
  loop = await startLoop({
    scripted: true,
    script: { ...exampleScript, plan: () => JSON.stringify(now) },
    policy: 'tests: [{ paths: src/**, run: npm test }]\n',
  });
  await loop.plan();
  approved = await loop.approve();
  restore = remember(loop);
});
afterAll(() => loop.close());
afterEach(() => {
  restore();
  now = examplePlan;
  expect(loop.github.violations).toEqual([]);
});

const verificationFiles = () => unpack(loop.repo.artifacts.newest('codex-verification-1'));
const driftComments = () =>
  loop.pull.comments.filter(({ body }) => body.startsWith('<!-- codex-report '));
const planComment = () =>
  loop.pull.comments.find(({ body }) => body.startsWith('<!-- codex-plan '));

const reworded = { ...examplePlan, summary: 'The total gets a value added tax.' };
const wider = {
  ...examplePlan,
  files: [
    ...examplePlan.files,
    { path: 'src/other.ts', operation: 'delete', reason: 'is not used any more' },
  ],
};

describe('a verification', () => {
  it('passes if the repository still implies the approved plan', async () => {
    const calls = loop.model.calls.length;
    const verified = await loop.verify({
      bundle: true,
      inputs: { regenerate: 'always' },
      prepare: (job) => {
        mkdirSync(join(job.workspace, '.git'));
        writeFileSync(join(job.workspace, 'mine'), 'mine');
      },
    });
    expect(verified).toMatchObject({ decision: 'verified', reason: 'ok', status: 0 });
    expect(verified.outputs).toMatchObject({
      verified: 'true',
      drift: 'false',
      'drift-diff': '',
      approver: 'bob',
      'plan-id': approved.outputs['plan-id'],
      'impacted-tests': '["npm test"]',
      'head-sha': loop.pull.head.sha,
      'pull-request': '1',
      'comment-url': expect.stringMatching(new RegExp(`#issuecomment-${planComment()?.id}$`)),
    });
    expect(verified.summary).toContain(approved.outputs['plan-id']);
    expect(verified.summary).toContain('the plans were compared (anchored)');
    expect(verified.summary).toContain(`on base \`${loop.repo.tip()}\` (\`main\`)`);
    expect(verified.log).not.toContain('::warning');
    expect(loop.pull.labels).toEqual([label]);
    expect(readFileSync(join(verified.job.workspace, 'mine'), 'utf8')).toBe('mine');
    const asked = loop.model.calls[calls];
    // Anchored: the model is given the frozen prompt and the approved plan.
    expect(asked?.text).toContain('approved plan');

    const files = await verificationFiles();
    const members = [
      'journal.jsonl',
      'policy.json',
      'run.log',
      'verification.json',
      'verification.sha256',
    ];
    expect(Object.keys(files).sort()).toEqual(members);
    expect(sha256sumCheck(files, 'verification.sha256')).toHaveLength(4);
    const before = await unpack(loop.repo.artifacts.newest('codex-approval-1'));
    expect(JSON.parse(files['verification.json'] ?? '')).toEqual({
      schema: 'codex-verification/v1',
      repository: { id: loop.repo.id, full_name: 'octo/shop' },
      pull_request: 1,
      plan_id: approved.outputs['plan-id'],
      approval_sha256: sha256(before['approval.json'] ?? ''),
      approval_artifact: {
        id: Number(approved.outputs['artifact-id']),
        digest: loop.repo.artifacts.newest('codex-approval-1').digest,
      },
      approvers: [{ id: loop.github.user('bob').id, login: 'bob', permission: 'write' }],
      way: 'anchored',
      result: 'verified',
      basis: 'model',
      regenerated: { plan_sha256: approved.outputs['plan-sha256'] },
      scope: { added: [], removed: [], retyped: [] },
      causes: { base_commits: [], toolchain: [] },
      head: loop.pull.head,
      base: { ref: 'main', sha: loop.repo.tip() },
      ...madeIn(loop.repo, verified),
      created_at: loop.github.clock.iso,
    });
    expect(journalOf(files).map(({ event }) => event)).toEqual(['planned', 'approved', 'verified']);
    expect(readFileSync(join(verified.outputs['evidence-path'] ?? '', 'run.log'), 'utf8')).toBe(
      files['run.log'],
    );
  });

  describe('that is repeated', () => {
    const repeat = async () => {
      const verified = await loop.verify();
      return () => loop.rerun('verify', verified, 'carol', { inputs: { 'pull-request': '1' } });
    };
    const stored = () => loop.repo.artifacts.list('codex-verification-1');

    it('replaces its artifact, and carries the journal on', async () => {
      const again = await repeat();
      expect(await again()).toMatchObject({ decision: 'verified' });
      expect(stored()).toHaveLength(1);
      expect(journalOf(await verificationFiles()).map(({ event }) => event)).toEqual([
        'planned',
        'approved',
        'verified',
        'verified',
      ]);
    });

    it('replaces an artifact that the store alone knows of', async () => {
      const again = await repeat();
      const edit = (answer: object) => ({ ...answer, artifacts: [] });
      const lag = loop.github.fault({ path: /name=codex-verification/, edit, times: 9 });
      loop.github.artifactsConflictAcrossAttempts = true;
      const [earlier] = stored();
      expect(await again()).toMatchObject({ decision: 'verified' });
      loop.github.artifactsConflictAcrossAttempts = false;
      lag.remove();
      expect(stored()).toEqual([expect.not.objectContaining({ id: earlier?.id })]);
    });

    it('goes before an artifact that the store does not know of', async () => {
      const again = await repeat();
      const lag = loop.github.fault({ path: /ListArtifacts/, edit: () => ({ artifacts: [] }) });
      expect(await again()).toMatchObject({ decision: 'verified' });
      expect(lag.hits).toBe(1);
      expect(stored()[0]?.attempt).toBe(2);
    });

    it('fails if its artifact cannot be replaced', async () => {
      const again = await repeat();
      const [earlier] = stored();
      const refusal = loop.github.fault({ path: /DeleteArtifact/, status: 403 });
      expect(await again()).toMatchObject({ reason: 'api-unavailable', status: 1 });
      expect(refusal.hits).toBe(1);
      expect(stored()).toEqual([earlier]);
    });
  });

  it('runs on a schedule', async () => {
    const verified = await loop.step('verify', loop.repo.as('carol').schedule(WORKFLOW), {
      inputs: { 'pull-request': '1' },
    });
    expect(verified).toMatchObject({ decision: 'verified', status: 0 });
    expect(journalOf(await verificationFiles()).at(-1)).toMatchObject({ actor: { login: 'bob' } });
  });

  it('passes over base commits that touch no planned file', async () => {
    loop.repo.push('main', { 'src/other.ts': 'export const other = 2;\n' });
    const verified = await loop.verify();
    expect(verified).toMatchObject({ decision: 'verified' });
    const { base } = JSON.parse((await verificationFiles())['verification.json'] ?? '');
    expect(base.sha).toBe(loop.repo.tip());
  });
});

describe('drift', () => {
  /** Asks the model, whether or not something has changed. */
  const drifts = async (reason: string, options: StepOptions = {}) => {
    const inputs = { regenerate: 'always', ...options.inputs };
    const drifted = await loop.verify({ ...options, inputs });
    expect(drifted).toMatchObject({ decision: 'drifted', reason, status: 1 });
    expect(drifted.outputs).toMatchObject({ verified: 'false', drift: 'true' });
    expect(loop.pull.labels).toEqual([]);
    expect(driftComments()).toHaveLength(1);
    expect(planComment()?.body).toContain('**State:** drifted');
    expect(drifted.summary).toContain('drifted');
    const files = await verificationFiles();
    expect(readFileSync(drifted.outputs['drift-diff'] ?? '', 'utf8')).toBe(files['drift.diff']);
    return { drifted, files, comment: driftComments()[0]?.body ?? '' };
  };

  it('anchored: takes the label off for other words, and shows the difference', async () => {
    now = reworded;
    const { files, comment, drifted } = await drifts('plan-drift');
    expect(Object.keys(files).sort()).toEqual([
      'drift.diff',
      'journal.jsonl',
      'plan.json',
      'plan.txt',
      'policy.json',
      'run.log',
      'verification.json',
      'verification.sha256',
    ]);
    expect(sha256sumCheck(files, 'verification.sha256')).toHaveLength(7);
    expect(files['drift.diff']).toContain('-The total gets a tax.\n+The total gets a value added');
    expect(JSON.parse(files['plan.json'] ?? '').summary).toBe(reworded.summary);
    expect(JSON.parse(files['verification.json'] ?? '')).toMatchObject({
      result: 'drifted',
      regenerated: { plan_sha256: sha256(files['plan.json'] ?? '') },
    });
    expect(journalOf(files).at(-1)).toMatchObject({ event: 'drifted' });
    expect(comment).toContain('+│ The total gets a value added tax.');
    expect(comment).toContain('the model judges the request differently');
    expect(drifted.outputs['comment-url']).toContain(`issuecomment-${driftComments()[0]?.id}`);
  });

  it('anchored: names added, removed and retyped files', async () => {
    now = {
      ...wider,
      files: [
        { path: 'src/cart.ts', operation: 'delete', reason: 'is replaced' },
        { path: 'src/other.ts', operation: 'modify', reason: 'uses the tax' },
      ],
    };
    const { comment, files } = await drifts('scope-drift');
    expect(comment).toContain('| `src/other.ts` | added | modify |');
    expect(comment).toContain('| `src/tax.ts` | removed | create |');
    expect(comment).toContain('| `src/cart.ts` | retyped | now delete, was modify |');
    expect(JSON.parse(files['verification.json'] ?? '').scope).toEqual({
      added: [{ path: 'src/other.ts', operation: 'modify' }],
      removed: [{ path: 'src/tax.ts', operation: 'create' }],
      retyped: [{ path: 'src/cart.ts', operation: 'delete' }],
    });
  });

  it('scope: lets other words pass and reports them, on a fresh plan', async () => {
    now = reworded;
    const verified = await loop.verify({ inputs: { drift: 'scope', regenerate: 'always' } });
    expect(verified).toMatchObject({ decision: 'verified', status: 0 });
    expect(verified.log).toContain('+The total gets a value added tax.');
    expect(verified.log).toMatch(
      /^::warning::.* but other words, .* The comparison scope accepts that/m,
    );
    expect(verified.summary).toContain('+│ The total gets a value added tax.');
    expect(loop.model.calls.at(-1)?.text).not.toContain('approved plan');
    expect(loop.pull.labels).toEqual([label]);
  });

  it('scope: takes the label off for another file', async () => {
    now = wider;
    await drifts('scope-drift', { inputs: { drift: 'scope' } });
  });

  it('exact: takes the label off for other words in a fresh plan', async () => {
    now = reworded;
    await drifts('plan-drift', { inputs: { drift: 'exact' } });
    expect(loop.model.calls.at(-1)?.text).not.toContain('approved plan');
  });

  it('is the same for another order of the files, and for trailing blanks', async () => {
    now = {
      ...examplePlan,
      summary: 'The total gets a tax.  \r\n',
      files: examplePlan.files.toReversed(),
    };
    expect(await loop.verify({ inputs: { drift: 'exact', regenerate: 'always' } })).toMatchObject({
      status: 0,
    });
  });

  it('names the change of the toolchain as a cause', async () => {
    now = reworded;
    const { comment, files } = await drifts('plan-drift', { inputs: { model: 'gpt-5.5' } });
    expect(comment?.replaceAll('<!-- -->', '')).toMatch(/model was .*, is gpt-5\.5/);
    expect(JSON.parse(files['verification.json'] ?? '').causes.toolchain).toHaveLength(1);
  });

  it('of the base on a planned file decides without a model, and names the commits', async () => {
    const calls = loop.model.calls.length;
    loop.repo.push('main', { 'README.md': '# Another shop\n' });
    const sha = loop.repo.push('main', { 'src/cart.ts': 'export const total = 2;\n' });
    const { comment, files } = await drifts('base-moved');
    expect(loop.model.calls.length).toBe(calls);
    expect(comment).toContain(`/commit/${sha}`);
    expect(comment).toContain('src/cart.ts');
    expect(JSON.parse(files['verification.json'] ?? '').causes.base_commits).toEqual([
      { sha, paths: ['src/cart.ts'] },
    ]);
  });

  it('of the base on a planned file is what counts, although the branches no longer merge', async () => {
    const other = await startLoop({ scripted: true });
    onTestFinished(() => other.close());
    const { repo, pull } = other;
    const cart = 'export const total = 1;\nexport const cents = 100;\n';
    repo.as('frank').push(pull.head.ref, { 'src/cart.ts': cart });
    await other.plan();
    await other.approve();
    expect(await other.verify()).toMatchObject({ decision: 'verified' });
    const back = remember(other);
    const moveBase = () =>
      repo.as('carol').push('main', { 'src/cart.ts': 'export const total = 2;\n' });
    moveBase();
    expect(await other.execute()).toMatchObject({ decision: 'denied', reason: 'base-moved' });
    back();
    const sha = moveBase();
    const verified = await other.verify();
    expect(verified, verified.log).toMatchObject({
      decision: 'drifted',
      reason: 'base-moved',
      outputs: { state: 'drifted' },
    });
    const diff = readFileSync(verified.outputs['drift-diff'] ?? '', 'utf8');
    expect(diff).toContain('+export const total = 2;');
    const report = pull.comments.findLast(({ body }) => body.startsWith('<!-- codex-report '));
    expect(report?.body).toContain(`/commit/${sha}`);
    expect(other.github.violations).toEqual([]);
  });

  const commitList = '/repos/{owner}/{repo}/commits';

  it('of the base says which files it changed if the commits cannot be named', async () => {
    loop.repo.push('main', { 'src/cart.ts': 'export const total = 2;\n' });
    const fault = loop.github.fault({ path: commitList, status: 403 });
    const { comment } = await drifts('base-moved');
    fault.remove();
    expect(comment).toContain('The base changed `src/cart.ts`.');
    expect(comment).not.toContain('No planned file');
  });

  it('of a fresh plan says which of its files the base changed, too', async () => {
    loop.repo.push('main', { 'src/other.ts': 'export const other = 2;\n' });
    now = wider;
    const fault = loop.github.fault({ path: commitList, status: 403 });
    const { comment } = await drifts('scope-drift');
    fault.remove();
    expect(comment).toContain('The base changed `src/other.ts`.');
    expect(comment).not.toContain('No planned file');
  });

  it('ends the approval for its own reason although it cannot be recorded', async () => {
    loop.repo.push('main', { 'src/cart.ts': 'export const total = 2;\n' });
    const fault = loop.github.fault({ path: /CreateArtifact/, status: 403, times: 99 });
    const drifted = await loop.verify();
    fault.remove();
    expect(drifted, drifted.log).toMatchObject({
      decision: 'drifted',
      reason: 'base-moved',
      status: 1,
    });
    expect(fault.hits).toBeGreaterThan(0);
    expect(drifted.outputs).toMatchObject({ verified: 'false', drift: 'true' });
    expect(loop.pull.labels).toEqual([]);
    expect(driftComments()).toHaveLength(1);
    expect(driftComments()[0]?.body).toContain('base-moved');
  });

  it('updates the one drift comment of a plan in place', async () => {
    now = reworded;
    await drifts('plan-drift');
    // As if the label had stood: a second verification runs into the same drift.
    const [comment] = driftComments();
    const body = comment?.body ?? '';
    restore();
    loop.repo.comments.set(comment?.id ?? 0, present(comment));
    now = wider;
    const { comment: after } = await drifts('scope-drift');
    expect(driftComments()[0]?.id).toBe(comment?.id);
    expect(after).not.toBe(body);
  });
});

describe('the cheap checks decide without a model', () => {
  const refuses = async (
    reason: string,
    { labels = [] as string[], options = {} as StepOptions } = {},
  ) => {
    const calls = loop.model.calls.length;
    const refused = await loop.verify(options);
    expect(refused).toMatchObject({ reason, status: 1 });
    expect(refused.outputs).toMatchObject({ verified: 'false', drift: 'false' });
    expect(loop.model.calls.length).toBe(calls);
    expect(loop.pull.labels).toEqual(labels);
    return refused;
  };

  it('a head that moved', async () => {
    loop.repo.as('frank').pushTo(1, { 'docs/note.md': 'Another note.\n' });
    await refuses('head-moved');
  });

  it('an approval that expired', async () => {
    loop.github.clock.advance({ hours: 25 });
    await refuses('approval-expired');
  });

  it('a label that is gone', async () => {
    loop.repo.as('carol').unlabel(1, label);
    await refuses('label-missing');
  });

  it('a label that was removed and set again, which nothing has answered yet', async () => {
    loop.repo.as('carol').unlabel(1, label);
    loop.repo.as('carol').label(1, label);
    // Approve may be at work on the new one: it is left alone.
    await refuses('approval-missing', { labels: [label] });
  });

  it('an approver who lost the permission', async () => {
    loop.repo.setRole('bob', 'read');
    const { outputs } = await refuses('actor-denied');
    expect(outputs).toMatchObject({ state: 'awaiting', notify: 'denied' });
    const status = loop.repo.statuses.findLast(({ sha }) => sha === loop.pull.head.sha);
    expect(status?.description).toContain('awaits approval');
  });

  it('a pull request that no longer merges', async () => {
    loop.repo.push('main', { 'docs/note.md': 'Their note.\n' });
    const refused = await refuses('merge-conflict');
    expect(refused.log).toContain('docs/note.md');
  });

  it('a pull request that was closed', async () => {
    loop.repo.as('frank').close(1);
    await refuses('pull-request-closed');
  });

  it('a pull request that goes to another base', async () => {
    loop.repo.push('release', { 'README.md': '# Release\n' }, { parent: loop.repo.tip() });
    loop.repo.as('frank').retarget(1, 'release');
    await refuses('base-moved');
  });

  it('a newer plan', async () => {
    await loop.plan('something else');
    await refuses('plan-superseded');
    // A label that is set for it is for approve to answer, whatever was approved before.
    loop.repo.as('carol').label(1, label);
    await refuses('approval-missing', { labels: [label] });
  });

  it('an artifact that expired', async () => {
    loop.repo.artifacts.expire(loop.repo.artifacts.newest('codex-plan-1'));
    await refuses('plan-expired');
  });

  it('no approval at all', async () => {
    loop.repo.artifacts.delete(loop.repo.artifacts.newest('codex-approval-1'));
    await refuses('approval-missing', { labels: [label] });
  });

  it('no plan at all, unless when-missing lets that pass', async () => {
    const other = loop.repo.openPullRequest({ author: 'frank', files: { 'b.md': 'b\n' } });
    const inputs = { 'pull-request': String(other.number) };
    const options = { inputs: { ...inputs } };
    await refuses('plan-missing', { labels: [label], options });
    const passed = await loop.verify({ inputs: { ...inputs, 'when-missing': 'pass' } });
    expect(passed).toMatchObject({ decision: 'ignored', reason: 'plan-missing', status: 0 });
    expect(passed.outputs).toMatchObject({ verified: 'false', state: 'none' });
    loop.repo.issues.delete(other.number);
  });

  it('when-missing lets nothing else pass', async () => {
    loop.repo.artifacts.delete(loop.repo.artifacts.newest('codex-approval-1'));
    await refuses('approval-missing', {
      labels: [label],
      options: { inputs: { 'when-missing': 'pass' } },
    });
  });

  it('no pull request named', async () => {
    const verified = await loop.step('verify', loop.repo.as('carol').dispatch(WORKFLOW));
    expect(verified).toMatchObject({ decision: 'failed', reason: 'config-invalid', status: 1 });
  });

  it('a run of another branch', async () => {
    const event = loop.repo.as('carol').dispatch(WORKFLOW, { ref: loop.pull.head.ref });
    const verified = await loop.step('verify', event, { inputs: { 'pull-request': '1' } });
    expect(verified).toMatchObject({ reason: 'workflow-untrusted', status: 1 });
    expect(loop.pull.labels).toEqual([label]);
  });
});

describe('what moves while the model is asked', () => {
  it('ends the verification, too', async () => {
    const stop = loop.github.onRequest(({ path }) => {
      if (!path.includes('/git-upload-pack')) return;
      stop();
      loop.repo.as('carol').unlabel(1, label);
    });
    const verified = await loop.verify({ inputs: { regenerate: 'always' } });
    expect(verified).toMatchObject({ reason: 'label-missing', status: 1 });
    expect(loop.repo.artifacts.list('codex-verification-1')).toEqual([]);
  });
});
