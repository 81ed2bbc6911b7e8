import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StartRun, WebhookEvent } from '../support/github/index.ts';
import { WORKFLOW } from '../support/github/index.ts';
import { type Loop, label, type StepInLoop } from '../support/loop/loop.ts';
import { shareLoop } from '../support/loop/shared.ts';

const context = 'codex-plan';
let loop: Loop;
let planned: StepInLoop;
let toPlanned: () => void;
let toApproved: () => void;

beforeAll(async () => {
  const { states, steps, ...shared } = await shareLoop('approved');
  loop = shared.loop;
  [planned] = steps as [StepInLoop];
  ({ planned: toPlanned, approved: toApproved } = states);
});
afterEach(() => {
  toApproved();
  expect(loop.github.violations).toEqual([]);
});

const as = (login: string) => loop.repo.as(login);
/** A job of refresh has no key, and no right to write contents. */
const permissions = {
  actions: 'read',
  contents: 'read',
  'pull-requests': 'write',
  statuses: 'write',
} as const;
interface Refresh extends Partial<StartRun> {
  readonly number?: number;
  /** Whether the bundle runs it, as each event does once. */
  readonly bundle?: boolean;
}
const refresh = (event: WebhookEvent, options: Refresh = {}) => {
  const { number, ...rest } = options;
  return loop.step('refresh', event, {
    permissions,
    ...rest,
    inputs: {
      'openai-api-key': '',
      ...(number === undefined ? {} : { 'pull-request': String(number) }),
    },
  });
};
const statusOf = (sha = loop.pull.head.sha) =>
  loop.repo.statuses.filter((one) => one.sha === sha && one.context === context).at(-1);
const writesOf = ({ requests }: StepInLoop) => {
  const asked = new Set(requests);
  return loop.github.writes().filter((one) => asked.has(one));
};
const planComment = () =>
  loop.pull.comments.find(({ body }) => body.startsWith('<!-- codex-plan '));
const driftReports = () =>
  loop.pull.comments.filter(({ body }) => body.startsWith('<!-- codex-report '));
const several = ({ outputs }: StepInLoop) => JSON.parse(outputs.result ?? '{}');

describe('refresh on an event of a pull request', () => {
  const opened = () => {
    const event = as('frank').retitle(1, 'Another title');
    const { changes: _, ...payload } = event.payload;
    return { ...event, payload: { ...payload, action: 'opened' } };
  };
  const readied = () => {
    as('frank').setDraft(1, true);
    return as('frank').setDraft(1, false);
  };
  const reopened = () => {
    as('frank').close(1);
    return as('frank').reopen(1);
  };

  it.each([
    ['opened', opened],
    ['ready_for_review', readied],
    ['reopened', reopened],
  ] as const)('%s sets the status, once', async (_, happen) => {
    toPlanned();
    loop.repo.statuses.length = 0;
    const event = happen();
    const done = await refresh(event, { bundle: true });
    expect(done).toMatchObject({ decision: 'refreshed', reason: 'ok', status: 0 });
    expect(done.outputs).toMatchObject({
      state: 'awaiting',
      'pull-request': '1',
      'plan-id': planned.outputs['plan-id'],
      'plan-sha256': planned.outputs['plan-sha256'],
      'prompt-sha256': planned.outputs['prompt-sha256'],
      files: planned.outputs.files,
      'head-sha': loop.pull.head.sha,
    });
    expect(statusOf()).toMatchObject({
      state: 'pending',
      description: `Plan ${planned.outputs['plan-id']?.slice(0, 12)} awaits approval.`,
    });
    const again = await refresh(event);
    expect(again).toMatchObject({ decision: 'refreshed' });
    expect(writesOf(again)).toEqual([]);
  });

  it('sets success on a pull request without a plan', async () => {
    const other = loop.repo.openPullRequest({ author: 'frank', files: { 'x.md': 'x\n' } });
    const dispatch = as('carol').dispatch(WORKFLOW);
    const done = await refresh(dispatch, { number: other.number, bundle: true });
    expect(done.outputs).toMatchObject({ state: 'none', 'plan-id': '' });
    expect(statusOf(other.head.sha)).toMatchObject({
      state: 'success',
      description: 'No Codex plan.',
    });
    expect(writesOf(done)).toHaveLength(1);
  });

  it('shows at once that a push ended the approval', async () => {
    const event = as('frank').pushTo(1, { 'docs/note.md': 'Another note.\n' });
    const done = await refresh(event, { bundle: true });
    expect(done.outputs).toMatchObject({ state: 'outdated' });
    expect(loop.pull.labels).toEqual([]);
    expect(statusOf()).toMatchObject({ state: 'success' });
    expect(statusOf()?.description).toContain('is outdated (the head moved)');
    expect(planComment()?.body).toContain('**State:** outdated');
    expect(planComment()?.body).toContain('> `frank` pushed [`');
    const story = done.log.replaceAll(/[0-9a-f]{40}/g, 'SHA').replaceAll(/[0-9a-f]{12}/g, 'PLAN');
    expect(story.replaceAll(/\S+Z/g, 'TIME').split('\n').slice(1, 13)).toEqual([
      '::group::Event',
      '│ frank pushed SHA',
      '::endgroup::',
      '::group::Pull request #1',
      '│ Head SHA, base main: Plan PLAN is outdated (the head moved).',
      '│ The label that bob set at TIME approves nothing now: removed.',
      '│ The status codex-plan was set.',
      '│ The plan comment shows the state now: outdated.',
      '│ Looked again. Head SHA, base main: Plan PLAN is outdated (the head moved).',
      '│ Label, status and comments are right already.',
      '::endgroup::',
      expect.stringMatching(/^refreshed \(ok\): Pull request 1: outdated\./),
    ]);
    expect(writesOf(await refresh(event))).toEqual([]);
    // Another run does not know who pushed, and does not take the name away.
    const dispatch = as('carol').dispatch(WORKFLOW);
    expect(writesOf(await refresh(dispatch, { number: 1 }))).toEqual([]);
  });

  it('names nobody for a commit that came after the push of its event', async () => {
    const event = as('frank').pushTo(1, { 'docs/note.md': 'Another note.\n' });
    as('carol').pushTo(1, { 'docs/note.md': 'A third note.\n' });
    await refresh(event);
    expect(planComment()?.body).toContain('> The branch moved to [`');
  });

  it('shows that the plan is open again when the branch is put back', async () => {
    toPlanned();
    const { ref, sha } = loop.pull.head;
    await refresh(as('frank').pushTo(1, { 'docs/note.md': 'Another note.\n' }));
    expect(planComment()?.body).toContain('**State:** outdated');
    loop.repo.moveBranch(ref, sha);
    await refresh(as('carol').dispatch(WORKFLOW), { number: 1 });
    expect(planComment()?.body).toContain('**State:** awaiting approval');
  });

  it('leaves a label alone that nothing answers yet', async () => {
    toPlanned();
    loop.github.clock.advance({ minutes: 1 });
    as('bob').label(1, label);
    const event = as('frank').pushTo(1, { 'docs/note.md': 'Another note.\n' });
    expect(await refresh(event)).toMatchObject({ decision: 'refreshed' });
    expect(loop.pull.labels).toEqual([label]);
  });

  it('leaves the label of an approval that holds', async () => {
    loop.repo.statuses.length = 0;
    const done = await refresh(as('carol').dispatch(WORKFLOW), { number: 1 });
    expect(done.outputs).toMatchObject({ state: 'approved' });
    expect(loop.pull.labels).toEqual([label]);
    expect(statusOf()).toMatchObject({ state: 'pending' });
    expect(writesOf(done)).toHaveLength(1);
  });

  it('leaves a label alone that was set again after its approval ended', async () => {
    as('bob').unlabel(1, label);
    loop.github.clock.advance({ minutes: 1 });
    as('bob').label(1, label);
    await refresh(as('carol').dispatch(WORKFLOW), { number: 1 });
    expect(loop.pull.labels).toEqual([label]);
  });

  it('tells of a label that was removed', async () => {
    const done = await refresh(as('carol').unlabel(1, label), { bundle: true });
    expect(done.outputs).toMatchObject({ state: 'awaiting' });
    expect(statusOf()?.description).toContain('awaits approval');
  });

  it('tells of another base', async () => {
    loop.repo.push('release', { 'r.md': 'r\n' }, { parent: loop.repo.tip() });
    const done = await refresh(as('frank').retarget(1, 'release'), { bundle: true });
    expect(done.outputs).toMatchObject({ state: 'outdated' });
    expect(loop.pull.labels).toEqual([]);
  });

  it('removes the label of an approval when the pull request is closed, and sets no status', async () => {
    loop.repo.statuses.length = 0;
    const done = await refresh(as('frank').close(1), { bundle: true });
    expect(done).toMatchObject({ decision: 'refreshed', status: 0 });
    expect(loop.pull.labels).toEqual([]);
    expect(loop.repo.statuses).toEqual([]);
  });

  it('raises no alarm on a merged pull request', async () => {
    const done = await refresh(as('carol').merge(1), { bundle: true });
    expect(done.outputs).not.toMatchObject({ state: 'drifted' });
    expect(driftReports()).toEqual([]);
    expect(planComment()?.body).not.toContain('**State:** drifted');
  });

  it.each([
    ['a title', () => as('frank').retitle(1, 'Another title')],
    ['a label that was set', () => as('carol').label(1, 'bug')],
  ] as const)('passes over %s', async (_, happen) => {
    const done = await refresh(happen(), { bundle: true });
    expect(done).toMatchObject({ decision: 'ignored', reason: 'unsupported-event', status: 0 });
    expect(writesOf(done)).toEqual([]);
  });

  it('is red if the job was not given the permission', async () => {
    loop.repo.statuses.length = 0;
    const done = await refresh(as('carol').dispatch(WORKFLOW), {
      number: 1,
      bundle: true,
      permissions: { ...permissions, statuses: 'read' },
    });
    expect(done).toMatchObject({ decision: 'failed', reason: 'permission-missing', status: 1 });
  });
});

describe('refresh on a push', () => {
  it('to the default branch that touches a planned file tells status, label and report', async () => {
    const event = as('bob').pushed('main', { 'src/cart.ts': 'export const total = 2;\n' });
    const calls = loop.model.calls.length;
    const done = await refresh(event, { bundle: true });
    expect(done).toMatchObject({ decision: 'refreshed', status: 0 });
    expect(loop.model.calls.length).toBe(calls);
    expect(statusOf()).toMatchObject({ state: 'failure' });
    expect(statusOf()?.description).toContain('no longer fits the repository');
    expect(loop.pull.labels).toEqual([]);
    expect(planComment()?.body).toContain('**State:** drifted');
    const [report] = driftReports();
    expect(report?.body).toContain(`/commit/${loop.repo.tip()}`);
    expect(report?.body).toContain('`bob` pushed the change of `src/cart.ts`');
    expect(done.summary).toContain('src/cart.ts');
    expect(done.outputs).toMatchObject({ state: '', 'plan-id': '', 'pull-request': '' });
    expect(several(done).pull_requests).toEqual([
      {
        'pull-request': 1,
        'reason-code': 'ok',
        state: 'drifted',
        notify: 'drifted',
        'plan-id': planned.outputs['plan-id'],
        'head-sha': loop.pull.head.sha,
      },
    ]);
    expect(writesOf(await refresh(event))).toEqual([]);
  });

  it('that touches no planned file writes nothing', async () => {
    const other = loop.repo.openPullRequest({ author: 'frank', files: { 'x.md': 'x\n' } });
    const done = await refresh(as('bob').pushed('main', { 'src/other.ts': 'export {};\n' }));
    expect(done).toMatchObject({ decision: 'refreshed', status: 0 });
    expect(writesOf(done)).toEqual([]);
    expect(statusOf(other.head.sha)).toBeUndefined();
    expect(several(done).pull_requests).toEqual([]);
  });

  it('names nobody who did not push the change', async () => {
    as('bob').push('main', { 'src/cart.ts': 'export const total = 2;\n' });
    await refresh(as('carol').pushed('main', { 'README.md': '# Another shop\n' }));
    expect(driftReports()[0]?.body).toContain('src/cart.ts');
    expect(driftReports()[0]?.body).not.toContain('carol');
  });

  it('that takes a change back ends the alarm', async () => {
    toPlanned();
    await refresh(as('bob').pushed('main', { 'src/cart.ts': 'export const total = 2;\n' }));
    expect(statusOf()).toMatchObject({ state: 'failure' });
    const back = as('bob').pushed('main', { 'src/cart.ts': 'export const total = 1;\n' });
    await refresh(back);
    expect(statusOf()).toMatchObject({ state: 'pending' });
    expect(planComment()?.body).toContain('**State:** awaiting approval');
    expect(writesOf(await refresh(back))).toEqual([]);
    // The page says what the records say again, so the next label is not taken for one on an altered plan.
    expect(await loop.approve()).toMatchObject({ decision: 'approved' });
  });

  it('to another branch is passed over', async () => {
    const done = await refresh(as('bob').pushed('topic', { 'src/cart.ts': 'x\n' }), {
      bundle: true,
    });
    expect(done).toMatchObject({ decision: 'ignored', reason: 'unsupported-event', status: 0 });
    expect(writesOf(done)).toEqual([]);
  });

  it('tells the others if one pull request cannot be read', async () => {
    const other = loop.repo.openPullRequest({ author: 'frank', files: { 'x.md': 'x\n' } });
    as('bob').label(other.number, label);
    const fault = loop.github.fault({
      graphql: new RegExp(`"number":${other.number}\\b`),
      status: 500,
      times: Infinity,
    });
    const done = await refresh(
      as('bob').pushed('main', { 'src/cart.ts': 'export const total = 2;\n' }),
    );
    fault.remove();
    expect(statusOf()).toMatchObject({ state: 'failure' });
    expect(several(done).pull_requests).toContainEqual(
      expect.objectContaining({ 'pull-request': other.number, 'reason-code': 'api-unavailable' }),
    );
  });
});

describe('refresh after a newer plan', () => {
  /** GitHub answers that the label is gone, and it is not. */
  const keepLabel = () =>
    loop.github.fault({ method: 'DELETE', path: /\/labels\//, status: 200, body: [], times: 99 });

  it('removes the label that approved the earlier one', async () => {
    const fault = keepLabel();
    expect((await loop.plan('something else')).reason).toBe('ok');
    fault.remove();
    expect(loop.pull.labels).toEqual([label]);
    const done = await refresh(as('carol').dispatch(WORKFLOW), { number: 1 });
    expect(done).toMatchObject({ decision: 'refreshed', status: 0 });
    expect(done.outputs.state).toBe('awaiting');
    expect(loop.pull.labels).toEqual([]);
    expect(statusOf()).toMatchObject({ state: 'pending' });
  });

  it('leaves a label alone that nothing has answered', async () => {
    expect((await loop.plan('something else')).reason).toBe('ok');
    loop.github.clock.advance({ minutes: 1 });
    as('bob').label(1, label);
    await refresh(as('carol').dispatch(WORKFLOW), { number: 1 });
    expect(loop.pull.labels).toEqual([label]);
  });
});

describe('refresh of a merge group', () => {
  const others = () =>
    [1, 2].map(
      (name) =>
        loop.repo.openPullRequest({ author: 'frank', files: { [`q${name}.md`]: 'x\n' } }).number,
    ) as [number, number];
  const groupHead = (event: WebhookEvent) =>
    (event.payload.merge_group as { head_sha: string }).head_sha;

  it('of one has its status', async () => {
    const event = as('carol').enqueue(1);
    const done = await refresh(event, { bundle: true });
    expect(done).toMatchObject({ decision: 'refreshed', status: 0 });
    expect(statusOf(groupHead(event))).toMatchObject({ state: 'pending' });
    expect(statusOf(groupHead(event))?.description).toMatch(/^#1: Plan .* is approved/);
    expect(several(done).pull_requests).toHaveLength(1);
  });

  it('of three has the worst', async () => {
    const [first, second] = others();
    as('carol').enqueue(first);
    as('carol').enqueue(1);
    const event = as('carol').enqueue(second);
    const done = await refresh(event);
    expect(statusOf(groupHead(event))?.description).toMatch(/^#1: /);
    expect(several(done).pull_requests.map((one: object) => Object.values(one)[0])).toEqual([
      first,
      1,
      second,
    ]);
  });

  it('leaves out what comes after it in the queue', async () => {
    const [first] = others();
    const event = as('carol').enqueue(first);
    as('carol').enqueue(1);
    await refresh(event);
    expect(statusOf(groupHead(event))).toMatchObject({ state: 'success' });
  });

  it('looks at what the commits claim', async () => {
    const [first] = others();
    const message = `Fake\n\nCodex-Plan-Id: ${'ab'.repeat(32)}\nCodex-Plan-Run: https://example.com/1`;
    as('frank').pushTo(first, { 'q.md': 'q\n' }, { message });
    const event = as('carol').enqueue(first);
    const told = await refresh(event);
    expect(statusOf(groupHead(event))).toMatchObject({ state: 'failure' });
    expect(statusOf(groupHead(event))?.description).toContain('commit-unproven');
    const found = [{ 'pull-request': first, 'reason-code': 'commit-unproven' }];
    expect(several(told).pull_requests).toMatchObject(found);
    // A run over all that are open says so, too, also once the status says it.
    for (const _ of ['first', 'again']) {
      const all = await refresh(as('carol').dispatch(WORKFLOW));
      expect(all).toMatchObject({ decision: 'refreshed', reason: 'ok' });
      expect(several(all).pull_requests).toEqual(
        expect.arrayContaining([expect.objectContaining(found[0])]),
      );
    }
  });

  it('whose queue cannot be read has the worst of all that are queued', async () => {
    const [first, second] = others();
    loop.github.jobsReadMergeQueues = false;
    const event = as('carol').enqueue(first);
    as('carol').enqueue(1);
    const done = await refresh(event);
    loop.github.jobsReadMergeQueues = true;
    expect(done).toMatchObject({ decision: 'refreshed', status: 0 });
    // #1 stands after the group, and nobody says so.
    expect(statusOf(groupHead(event))?.description).toMatch(/^#1: /);
    const numbers = several(done).pull_requests.map((one: object) => Object.values(one)[0]);
    expect(numbers.toSorted()).toEqual([1, first]);
    expect(numbers).not.toContain(second);
  });

  it('that cannot be read at all is an error', async () => {
    Object.assign(loop.github, { jobsReadMergeQueues: false, jobsSeeQueued: false });
    const event = as('carol').enqueue(1);
    const done = await refresh(event);
    Object.assign(loop.github, { jobsReadMergeQueues: true, jobsSeeQueued: true });
    expect(done).toMatchObject({ decision: 'failed', reason: 'permission-missing', status: 1 });
    expect(statusOf(groupHead(event))).toMatchObject({ state: 'error' });
  });

  it('that cannot be read is told for that reason, also if its status cannot be set', async () => {
    const event = as('carol').enqueue(1);
    loop.repo.mergeQueues.clear();
    loop.github.fault({ method: 'POST', path: /\/statuses\//, status: 422, message: 'Later.' });
    const done = await refresh(event);
    expect(done).toMatchObject({ decision: 'failed', reason: 'permission-missing', status: 1 });
    expect(done.log).toMatch(
      /^::warning::The status of the merge group could not be set\..+Later/m,
    );
    expect(statusOf(groupHead(event))).toBeUndefined();
  });

  it('whose queue is hidden is an error, too: the one that its branch names may not be alone', async () => {
    const event = as('carol').enqueue(1);
    loop.repo.mergeQueues.clear();
    const done = await refresh(event);
    expect(done).toMatchObject({ decision: 'failed', reason: 'permission-missing', status: 1 });
    expect(statusOf(groupHead(event))).toMatchObject({ state: 'error' });
  });
});

describe('refresh by the clock or by hand', () => {
  it('looks at all open pull requests that may have something to tell', async () => {
    const other = loop.repo.openPullRequest({ author: 'frank', files: { 'x.md': 'x\n' } });
    loop.github.clock.advance({ hours: 25 });
    const done = await refresh(as('carol').schedule(WORKFLOW), { bundle: true });
    expect(several(done).pull_requests.map((one: { state: string }) => one.state)).toEqual([
      'expired',
      'none',
    ]);
    expect(loop.pull.labels).toEqual([]);
    expect(statusOf(other.head.sha)).toMatchObject({ state: 'success' });
    const again = await refresh(as('carol').dispatch(WORKFLOW));
    expect(writesOf(again)).toEqual([]);
    expect(several(again).pull_requests).toEqual([]);
  });

  it('is no failure if GitHub no longer has the files of the plan', async () => {
    loop.github.clock.advance({ hours: 24 * 100 });
    const done = await refresh(as('carol').dispatch(WORKFLOW), { number: 1 });
    expect(done).toMatchObject({ decision: 'refreshed', status: 0 });
    expect(done.outputs).toMatchObject({ state: 'expired', notify: 'none' });
  });

  it('stops below a quarter of the hour’s calls, and names the rest', async () => {
    const other = loop.repo.openPullRequest({ author: 'frank', files: { 'x.md': 'x\n' } });
    const token = loop.github.createToken({ kind: 'actions', repository: loop.repo, permissions });
    const { used, limit } = loop.github.spent(token);
    // The first one is looked at with what is left above a quarter.
    for (let spent = used; spent < limit * 0.75 - 2; spent++) loop.github.spend(token);
    const done = await refresh(as('carol').schedule(WORKFLOW));
    expect(done).toMatchObject({ decision: 'refreshed', status: 0 });
    expect(several(done).left_pull_requests).toContain(other.number);
    expect(done.summary).toContain(`#${other.number}`);
    expect(done.log).toContain(`#${other.number}`);
  });
});

describe('a stranger', () => {
  const shareHead = (base: string) => {
    const fork = loop.repo.fork('mallory');
    fork.moveBranch('mine', loop.pull.head.sha);
    return loop.repo.openPullRequest({ author: 'mallory', head: 'mine', base, from: fork });
  };

  it.each(['main', 'release'])(
    'does not take a status back with a pull request of the same head into %s',
    async (base) => {
      loop.repo.push('release', { 'r.md': 'r\n' });
      await refresh(as('bob').pushed('main', { 'src/cart.ts': 'export const total = 2;\n' }));
      const before = statusOf();
      expect(before).toMatchObject({ state: 'failure' });
      const theirs = shareHead(base);
      await refresh(as('carol').dispatch(WORKFLOW), { number: theirs.number });
      expect(statusOf()).toMatchObject({ state: 'failure' });
    },
  );

  it('does not use up the calls with claims of many commits', async () => {
    const message = (n: number) =>
      `Fake ${n}\n\nCodex-Plan-Id: ${'ab'.repeat(32)}\nCodex-Plan-Run: https://github.com/octo/shop/actions/runs/${planned.job.id}`;
    const other = loop.repo.openPullRequest({ author: 'frank', files: { 'x.md': 'x\n' } });
    for (let n = 0; n < 40; n++) {
      as('frank').pushTo(other.number, { 'x.md': `${n}\n` }, { message: message(n) });
    }
    const done = await refresh(as('carol').dispatch(WORKFLOW), { number: other.number });
    expect(statusOf(other.head.sha)).toMatchObject({ state: 'failure' });
    expect(done.requests.length).toBeLessThan(50);
  });
});
