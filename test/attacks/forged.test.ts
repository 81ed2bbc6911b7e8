/**
 * Evidence that another workflow made, under the name and the path of the gate. Each forgery is right in itself, so that
 * nothing but where it comes from tells it from the real one.
 */
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
} from 'vitest';
import { sha256 } from '../../src/core/text/digest.ts';
import { attempt, expectShut, labelOff, status } from '../support/attack.ts';
import { forgeApproval, forgePlan, forgeVerification } from '../support/forgery.ts';
import { type Run, WORKFLOW } from '../support/github/index.ts';
import { unpack } from '../support/loop/evidence.ts';
import { type Loop, label, startLoop } from '../support/loop/loop.ts';
import { reach, type States } from '../support/loop/states.ts';

let loop: Loop;
let states: States;
/** The commit of a merged pull request that had another workflow in place of the gate, until the next commit. */
let old: string;

const evil = 'name: Codex\non: workflow_dispatch\njobs: {}\n# uploads what its author likes\n';
const change = {
  path: 'src/tax.ts',
  from: 'export const tax = 1.2;\n',
  to: 'export const tax = 9.9;\n',
};

beforeAll(async () => {
  loop = await startLoop({ scripted: true });
  const gate = loop.repo.file('main', WORKFLOW)?.toString() ?? '';
  const pull = loop.repo.openPullRequest({
    author: 'frank',
    head: 'tidy',
    files: { [WORKFLOW]: evil },
  });
  old = pull.head.sha;
  loop.repo.as('frank').pushTo(pull.number, { [WORKFLOW]: gate });
  loop.repo.as('carol').merge(pull.number);
  expect(loop.repo.file('main', WORKFLOW)?.toString()).toBe(gate);
  expect(loop.repo.git.isAncestor(old, loop.repo.tip())).toBe(true);
  states = await reach(loop, 'verified');
});
afterEach(() => expect(loop.github.violations).toEqual([]));
afterAll(() => loop.close());

/** One step that must not go on for each kind of forgery is run as users run it: by the bundle. */
const real = { bundle: true } as const;
const shut = { writes: [labelOff, status] };
const newest = (kind: string) => loop.repo.artifacts.newest(`codex-${kind}-1`);

/** Runs what stood at the old commit, as anybody can who may push a tag. */
function runOld(): Run {
  loop.repo.as('frank').tag('main', old);
  const event = loop.repo.as('frank').dispatch(WORKFLOW, { tag: 'main' });
  const { run } = loop.repo.startRun({ event });
  expect(run).toMatchObject({ event: 'workflow_dispatch', headBranch: 'main', headSha: old });
  return run;
}

describe('dispatched on a tag with the name of the default branch, at an old commit', () => {
  let head: string;
  beforeEach(() => {
    states.verified();
    head = loop.pull.head.sha;
  });
  afterEach(() => {
    expect(loop.pull.head.sha).toBe(head);
    expect(loop.pull.file(change.path)).toBeNull();
  });

  it('an approval is no approval, whoever it names', async () => {
    const genuine = newest('approval');
    const run = runOld();
    const content = await forgeApproval(genuine, run, change);
    for (const kind of ['approval', 'verification']) loop.repo.artifacts.delete(newest(kind));
    loop.repo.artifacts.add({ name: genuine.name, run, content });
    expectShut(await attempt(loop, () => loop.verify(real)), 'approval-missing', shut);
    expectShut(await attempt(loop, () => loop.execute()), 'approval-missing', shut);
  });

  it('an approval does not take the place of the real one', async () => {
    const genuine = newest('approval');
    const run = runOld();
    const content = await forgeApproval(genuine, run, change);
    loop.repo.artifacts.add({ name: genuine.name, run, content });
    expect(await loop.verify()).toMatchObject({ decision: 'verified', status: 0 });
    const { 'verification.json': record = '' } = await unpack(newest('verification'));
    expect(JSON.parse(record).approval_artifact.id).toBe(genuine.id);
  });

  it('a plan is no plan', async () => {
    states.planned();
    const genuine = newest('plan');
    const run = runOld();
    const content = await forgePlan(genuine, run);
    loop.repo.artifacts.delete(genuine);
    loop.repo.artifacts.add({ name: genuine.name, run, content });
    const attack = await attempt(loop, () => loop.approve(real));
    expectShut(attack, 'provenance-mismatch', shut);
    expect(attack.result.log).toContain('is not trusted');
    expect(loop.pull.labels).not.toContain(label);
  });

  it('a verification is no verification', async () => {
    const genuine = newest('verification');
    const run = runOld();
    const content = await forgeVerification(genuine, run);
    loop.repo.artifacts.delete(genuine);
    loop.repo.artifacts.add({ name: genuine.name, run, content });
    expectShut(await attempt(loop, () => loop.execute(real)), 'verification-missing', shut);
  });
});

describe('stored by another workflow, with another head', () => {
  const shows = '<!-- codex-plan ';
  const comment = () => loop.pull.comments.find(({ body }) => body.startsWith(shows));
  const stores = async (run: Run) => {
    const genuine = newest('plan');
    const content = await forgePlan(genuine, run, loop.repo.tip());
    const { digest } = loop.repo.artifacts.add({ name: genuine.name, run, content });
    return {
      planId: sha256((await unpack(newest('plan')))['manifest.json'] ?? ''),
      digest: digest ?? '',
    };
  };
  const names = ({ planId, digest }: { readonly planId: string; readonly digest: string }) => {
    const { id, body } = comment() ?? { id: 0, body: '' };
    const edited = body.replace(/[0-9a-f]{64}/, planId).replace(/sha256:[0-9a-f]{64}/, digest);
    expect(edited).not.toBe(body);
    loop.repo.as('frank').editComment(id, edited);
  };
  const push = () => loop.repo.as('frank').pushTo(1, { 'docs/note.md': 'Moved.\n' });
  beforeEach(() => states.approved());

  it('a plan that no comment names does not close the gate', async () => {
    await stores(runOld());
    const { decision } = await loop.verify(real);
    expect(decision).toBe('verified');
  });

  it('a plan of a fork does not close it either, also if a comment names it', async () => {
    const run = { ...runOld(), headRepository: loop.repo.fork('mallory') };
    names(await stores(run));
    expect(await loop.verify()).toMatchObject({ decision: 'verified', status: 0 });
  });

  it('a plan that an edited comment names closes it, as its editor could by hand', async () => {
    names(await stores(runOld()));
    expectShut(await attempt(loop, () => loop.verify(real)), 'head-moved', shut);
    expectShut(await attempt(loop, () => loop.execute()), 'head-moved', shut);
  });

  it('a plan that an edited comment names makes no status green that was not', async () => {
    const context = 'codex-plan';
    const newestStatus = () =>
      loop.repo.statuses.findLast(
        (one) => one.context === context && one.sha === loop.pull.head.sha,
      );
    expect(newestStatus()).toMatchObject({ state: 'pending' });
    names(await stores(runOld()));
    for (const step of [loop.verify, loop.execute]) {
      expectShut(await attempt(loop, () => step()), 'head-moved', shut);
      expect(newestStatus()).toMatchObject({ state: 'pending' });
    }
  });

  it('a plan is not looked at if a comment names another one, and the real head moved', async () => {
    await stores(runOld());
    push();
    expectShut(await attempt(loop, () => loop.verify()), 'head-moved', shut);
  });

  it('a comment that names another plan does not keep the gate open', async () => {
    names({ planId: 'f'.repeat(64), digest: '' });
    push();
    expectShut(await attempt(loop, () => loop.verify()), 'head-moved', shut);
  });
});

describe('dispatched at an old commit that had another action for the same workflow', () => {
  const gate = 'name: Codex\non: issue_comment\njobs: { gate: { steps: [{ uses: ./ }] } }\n';

  it('an approval is no approval, and a verification at the tip is one', async () => {
    const shared = loop;
    loop = await startLoop({
      scripted: true,
      files: { [WORKFLOW]: gate, 'action.yml': 'runs: good\n' },
    });
    onTestFinished(async () => {
      await loop.close();
      loop = shared;
    });
    const files = { 'action.yml': 'runs: evil\n' };
    const pull = loop.repo.openPullRequest({ author: 'frank', head: 'tidy', files });
    const evilCommit = pull.head.sha;
    loop.repo.as('frank').pushTo(pull.number, { 'action.yml': 'runs: good\n' });
    loop.repo.as('carol').merge(pull.number);
    await reach(loop, 'approved');
    const genuine = newest('approval');
    loop.repo.as('frank').tag('main', evilCommit);
    const event = loop.repo.as('frank').dispatch(WORKFLOW, { tag: 'main' });
    const { run } = loop.repo.startRun({ event });
    const content = await forgeApproval(genuine, run, change);
    loop.repo.artifacts.delete(genuine);
    const forged = loop.repo.artifacts.add({ name: genuine.name, run, content });
    expectShut(await attempt(loop, () => loop.verify()), 'approval-missing', shut);

    // What was dispatched on the branch itself, at its tip, is trusted.
    loop.repo.artifacts.delete(forged);
    loop.repo.artifacts.add(genuine);
    expect(await loop.verify()).toMatchObject({ decision: 'verified', status: 0 });
    expect(await loop.execute()).toMatchObject({ decision: 'executed', status: 0 });
  });
});
