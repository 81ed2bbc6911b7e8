import { afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { graphqlQuery, type RecordedRequest } from '../support/github/index.ts';
import { type Loop, type LoopOptions, label, startLoop } from '../support/loop/loop.ts';
import { shareLoop } from '../support/loop/shared.ts';
import { reach, type States } from '../support/loop/states.ts';
import { run, say } from '../support/model/index.ts';

let loop: Loop;
let states: States;

beforeAll(async () => {
  ({ loop, states } = await shareLoop('verified'));
});
afterEach(() => expect(loop.github.violations).toEqual([]));

/** A pull request whose plan is approved and verified, ready to be executed. */
const ready = () => states.verified();

/** The same in a repository of its own, for one test. */
async function readyIn(options: LoopOptions): Promise<void> {
  const shared = loop;
  loop = await startLoop({ ...options, scripted: true });
  onTestFinished(async () => {
    await loop.close();
    loop = shared;
  });
  await reach(loop, 'verified');
}

/** A plan of these files, by operation, that one command carries out. */
function afterRun(operations: Readonly<Record<string, string>>, command: string): LoopOptions {
  const files = Object.entries(operations).map(([path, operation]) => ({
    path,
    operation,
    reason: '',
  }));
  const plan = { title: 'Change', summary: '', steps: [], files, commands: [], risks: [] };
  return {
    policy: 'version: 1\ncodex: { enforcement: after-run }\n',
    script: { plan: () => JSON.stringify(plan), edit: [run(command), say('Done.')] },
  };
}

const movesBranch = (request: RecordedRequest) => graphqlQuery(request).includes('updateRefs');

/** Uploads are writes, too. */
const isWrite = (request: RecordedRequest) => {
  if (request.service === 'graphql') return movesBranch(request);
  return request.method !== 'GET' && request.service !== 'git';
};

const planComment = () =>
  loop.pull.comments.find((comment) => comment.body.startsWith('<!-- codex-plan '))?.body;

describe('execute', () => {
  it('commits exactly the approved change on the approved head, once', async () => {
    ready();
    const head = loop.pull.head.sha;
    const executed = await loop.execute();
    expect(executed).toMatchObject({ decision: 'executed', reason: 'ok', status: 0 });
    const { id } = loop.repo.artifacts.newest('codex-execution-1');
    expect(executed.outputs['artifact-id']).toBe(`${id}`);
    expect(executed.outputs['artifact-url']).toBe(
      `https://github.com/octo/shop/actions/runs/${executed.job.id}/artifacts/${id}`,
    );
    const commit = executed.outputs['commit-sha'] as string;
    expect(loop.pull.head.sha).toBe(commit);
    expect(loop.pull.file('src/cart.ts')).toBe('export const total = 1 * tax;\n');
    expect(loop.pull.file('src/tax.ts')).toBe('export const tax = 1.2;\n');
    expect(loop.pull.labels).not.toContain(label);
    expect(planComment()).toContain(`**State:** executed in [\`${commit.slice(0, 7)}\`]`);
    expect(executed.summary).toContain(commit);
    expect(loop.repo.signedCommits.has(commit)).toBe(true);
    const { message = '', parents } = loop.repo.git.readCommit(commit) ?? {};
    expect(parents).toEqual([head]);
    expect(message.split('\n').slice(1)).toEqual([
      '',
      `Codex-Plan-Id: ${executed.outputs['plan-id']}`,
      'Codex-Plan-Approved-By: bob',
      'Codex-Plan-Requested-By: alice',
      expect.stringMatching(
        /^Codex-Plan-Run: https:\/\/github\.com\/octo\/shop\/actions\/runs\/\d+$/,
      ),
    ]);

    const again = await loop.execute();
    expect(again).toMatchObject({ decision: 'denied', reason: 'approval-consumed', status: 1 });
    expect(again.outputs['commit-sha']).toBe(commit);
    expect(loop.pull.head.sha).toBe(commit);
  });

  it('gives one commit and one approval-consumed if two run at once', async () => {
    ready();
    const head = loop.pull.head.sha;
    const results = await Promise.all([loop.execute(), loop.execute()]);
    const reasons = results.map((result) => result.reason).sort();
    expect(reasons).toEqual(['approval-consumed', 'ok']);
    const done = results.find((result) => result.reason === 'ok');
    expect(loop.pull.head.sha).toBe(done?.outputs['commit-sha']);
    expect(loop.repo.git.readCommit(loop.pull.head.sha)?.parents).toEqual([head]);
  });

  it('is repeated safely after a kill at each of its writes', async () => {
    ready();
    const head = loop.pull.head.sha;
    for (let nth = 1; ; nth++) {
      const killer = new AbortController();
      let writes = 0;
      let moved = false;
      const stop = loop.github.onRequest((request) => {
        if (!isWrite(request)) return;
        if (++writes === nth) {
          moved = movesBranch(request);
          killer.abort();
        }
      });
      const killed = await loop.execute({ signal: killer.signal });
      stop();
      expect(killed.outputs.decision).toBe('failed');
      expect(killed.status).not.toBe(0);
      if (moved) break;
      // Before the branch moves there is nothing to see of the run.
      expect(loop.pull.head.sha).toBe(head);
      expect(loop.pull.labels).toContain(label);
    }
    const commit = loop.pull.head.sha;
    expect(commit).not.toBe(head);
    const repeated = await loop.execute();
    expect(repeated).toMatchObject({ reason: 'approval-consumed', status: 1 });
    expect(repeated.outputs['commit-sha']).toBe(commit);
    expect(loop.pull.head.sha).toBe(commit);
    expect(loop.pull.labels).not.toContain(label);
    expect(planComment()).toContain(`**State:** executed in [\`${commit.slice(0, 7)}\`]`);
  });

  it.each<[string, () => string]>([
    [
      'forward',
      () => loop.repo.as('frank').push(loop.pull.head.ref, { 'docs/note.md': 'Mine.\n' }),
    ],
    [
      // The commit would be a fast-forward of it, and bring back what was taken back.
      'back',
      () => {
        const [parent = ''] = loop.repo.git.readCommit(loop.pull.head.sha)?.parents ?? [];
        loop.repo.as('frank').resetTo(1, parent);
        return parent;
      },
    ],
  ])(
    'writes nothing if the branch moves %s between the last look and the push',
    async (_, move) => {
      ready();
      let moved = '';
      const stop = loop.github.onRequest((request) => {
        if (!movesBranch(request)) return;
        stop();
        moved = move();
      });
      const executed = await loop.execute();
      expect(executed).toMatchObject({ decision: 'denied', reason: 'head-moved', status: 1 });
      expect(executed.outputs['commit-sha']).toBe('');
      expect(loop.pull.head.sha).toBe(moved);
      expect(loop.pull.file('src/tax.ts')).toBeNull();
      expect(loop.pull.labels).not.toContain(label);
      expect(planComment()).not.toContain('executed in');
    },
  );

  it('knows its commit if the answer to the push is lost', async () => {
    ready();
    const lost = loop.github.fault({ graphql: /updateRefs/, drop: true, when: 'after' });
    const executed = await loop.execute();
    expect(lost.hits).toBe(1);
    expect(executed).toMatchObject({ decision: 'executed', status: 0 });
    expect(loop.pull.head.sha).toBe(executed.outputs['commit-sha']);
  });

  it('asks for a verification, and for a fresh one', async () => {
    states.approved();
    expect(await loop.execute()).toMatchObject({ reason: 'verification-missing', status: 1 });
    await loop.verify();
    loop.github.clock.advance({ minutes: 16 });
    expect(await loop.execute()).toMatchObject({ reason: 'verification-missing', status: 1 });
    await loop.verify();
    expect(await loop.execute()).toMatchObject({ decision: 'executed', status: 0 });
  });

  it('refuses after a base commit on a planned file, and lets another one pass', async () => {
    ready();
    loop.repo.as('carol').push('main', { 'src/other.ts': 'export const other = 2;\n' });
    loop.repo.as('carol').push('main', { 'src/cart.ts': 'export const total = 2;\n' });
    const head = loop.pull.head.sha;
    const refused = await loop.execute();
    expect(refused).toMatchObject({ reason: 'base-moved', status: 1 });
    expect(refused.log).toContain('The base has changed "src/cart.ts" since the approval.');
    expect(loop.pull.head.sha).toBe(head);
    expect(loop.pull.labels).not.toContain(label);
  });

  it('carries the approved change over a base commit on other files', async () => {
    ready();
    loop.repo.as('carol').push('main', { 'src/other.ts': 'export const other = 2;\n' });
    expect(await loop.execute()).toMatchObject({ decision: 'executed', status: 0 });
    expect(loop.pull.file('src/other.ts')).toBe('export const other = 1;\n');
    expect(loop.pull.file('src/tax.ts')).toBe('export const tax = 1.2;\n');
  });

  it('refuses after a push, an expiry, a label that was set again, and a lost permission', async () => {
    ready();
    loop.repo.setRole('bob', 'read');
    expect(await loop.execute()).toMatchObject({ reason: 'actor-denied', status: 1 });
    expect(loop.pull.labels).not.toContain(label);
    loop.repo.setRole('bob', 'write');
    loop.repo.as('bob').label(loop.pull.number, label);
    expect(await loop.execute()).toMatchObject({ reason: 'approval-missing', status: 1 });
    loop.github.clock.advance({ hours: 25 });
    expect(await loop.execute()).toMatchObject({ reason: 'approval-expired', status: 1 });
    loop.repo.as('frank').push(loop.pull.head.ref, { 'docs/note.md': 'More.\n' });
    expect(await loop.execute()).toMatchObject({ reason: 'head-moved', status: 1 });
    expect(loop.pull.file('src/tax.ts')).toBeNull();
  });

  it('names the permission that its token lacks', async () => {
    ready();
    const event = loop.repo.as('carol').dispatch('.github/workflows/codex.yml');
    const executed = await loop.step('execute', event, {
      inputs: { 'pull-request': String(loop.pull.number) },
      permissions: { actions: 'read', contents: 'read', issues: 'write', 'pull-requests': 'write' },
    });
    expect(executed).toMatchObject({ reason: 'permission-missing', status: 1 });
    expect(executed.log).toMatch(/contents[:=] ?write/);
  });

  it('commits large binary files byte for byte', async () => {
    await readyIn(
      afterRun(
        { 'assets/large.bin': 'create' },
        'mkdir assets && (seq 1 400000; printf "\\0\\377") > assets/large.bin',
      ),
    );
    const executed = await loop.execute();
    expect(executed).toMatchObject({ decision: 'executed', status: 0 });
    const numbers = Array.from({ length: 400_000 }, (_, index) => `${index + 1}\n`).join('');
    const expected = Buffer.concat([Buffer.from(numbers), Buffer.from([0, 255])]);
    const stored = loop.repo.file(executed.outputs['commit-sha'] as string, 'assets/large.bin');
    expect(stored?.equals(expected)).toBe(true);
  });

  it('commits a file in the place of a folder', async () => {
    const command = 'mv tool/main m && rmdir tool && mv m tool';
    await readyIn({
      ...afterRun({ tool: 'create', 'tool/main': 'delete' }, command),
      files: { 'tool/main': 'x\n' },
    });
    const executed = await loop.execute();
    expect(executed).toMatchObject({ decision: 'executed', status: 0 });
    const commit = executed.outputs['commit-sha'] as string;
    expect(loop.repo.file(commit, 'tool')?.toString()).toBe('x\n');
  });

  it('commits a change that repeats itself, which packs a hundred times smaller', async () => {
    const line = '  { "id": 0, "on": false },';
    const command = `yes '${line}' | head -n 60000 > fixture.json`;
    await readyIn(afterRun({ 'fixture.json': 'create' }, command));
    const executed = await loop.execute();
    expect(executed).toMatchObject({ decision: 'executed', status: 0 });
    const stored = loop.repo.file(executed.outputs['commit-sha'] as string, 'fixture.json');
    expect(stored?.toString()).toBe(`${line}\n`.repeat(60_000));
  });
});
