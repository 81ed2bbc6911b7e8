import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type JobRun, WORKFLOW } from '../support/github/index.ts';
import { apiKey } from '../support/loop/action.ts';
import {
  journalOf,
  madeIn,
  sha256,
  sha256sumCheck,
  type Unpacked,
  unpack,
} from '../support/loop/evidence.ts';
import { examplePlan, type Loop, label, type StepInLoop, startLoop } from '../support/loop/loop.ts';
import { shareLoop } from '../support/loop/shared.ts';
import { present } from '../support/present.ts';

let loop: Loop;
const digest = /^[0-9a-f]{64}$/;
const objectId = /^[0-9a-f]{40}$/;

const planComments = () =>
  loop.pull.comments.filter((comment) => comment.body.startsWith('<!-- codex-plan '));

afterEach(() => {
  expect(loop.github.violations).toEqual([]);
});

describe('a plan', () => {
  let planned: StepInLoop;
  let files: Unpacked;
  let manifest: Record<string, never>;
  let codexAtWork: string[];

  beforeAll(async () => {
    const policy = 'tests: [{ paths: "src/**", run: npm test }]\n';
    loop = await startLoop({ policy, scripted: true });
    loop.repo.as('bob').label(loop.pull.number, label);
    codexAtWork = [];
    planned = await loop.plan('  add a tax  \r\nto `src/cart.ts` $(id)\t\r\n\r\n', {
      bundle: true,
      onOutput: (text) => codexAtWork.push(text),
    });
    files = await unpack(loop.repo.artifacts.newest('codex-plan-1'));
    manifest = JSON.parse(files['manifest.json'] ?? '');
  });
  afterAll(() => loop.close());

  it('ends planned, with an exit status of 0', () => {
    expect(planned).toMatchObject({ decision: 'planned', reason: 'ok', status: 0 });
  });

  it('leaves nothing but the evidence and the message in the temporary folder', () => {
    const left = readdirSync(planned.job.temp).filter((name) => !name.startsWith('_'));
    const kept = [
      planned.outputs['evidence-path'],
      dirname(planned.outputs['notification-path'] ?? ''),
    ].map((path) => basename(path ?? ''));
    expect(left.toSorted()).toEqual(kept.toSorted());
  });

  it('removes a label that approved something else', () => {
    expect(loop.pull.labels).toEqual([]);
  });

  it('reacts to the request before anything slow', () => {
    const first = planned.requests.find(
      ({ method, service }) => method !== 'GET' && service !== 'graphql',
    );
    expect(first).toMatchObject({ method: 'POST', body: { content: 'eyes' } });
    const [request] = loop.pull.comments;
    expect(request?.reactions.map(({ content }) => content)).toEqual(['eyes']);
  });

  it('freezes the prompt: LF, no trailing blanks, the rest exactly', () => {
    expect(files['prompt.txt']).toBe('add a tax\nto `src/cart.ts` $(id)');
    expect(planned.outputs['prompt-sha256']).toBe(sha256(files['prompt.txt'] ?? ''));
  });

  it('sends Codex that prompt, and neither key nor token', () => {
    const [call] = loop.model.callsOf('plan');
    const asked = JSON.stringify(call?.body.input);
    expect(asked).toContain(JSON.stringify(files['prompt.txt']).slice(1, -1));
    expect(call?.text).not.toMatch(/sk-canary|ghs_/);
    expect(call?.headers.authorization).toBe(`Bearer ${apiKey}`);
  });

  it('has exactly the members of format 1, which sha256sum re-checks', () => {
    const members = [
      'instructions.md',
      'journal.jsonl',
      'manifest.json',
      'plan.json',
      'plan.sha256',
      'plan.txt',
      'policy.json',
      'prompt.txt',
      'run.log',
    ];
    expect(Object.keys(files).sort()).toEqual(members);
    expect(sha256sumCheck(files, 'plan.sha256')).toEqual(
      members.filter((name) => name !== 'plan.sha256').map((name) => `${name}: OK`),
    );
  });

  it('has a canonical plan.json with every key, and plan.txt as its rendering', () => {
    expect(JSON.parse(files['plan.json'] ?? '')).toEqual({
      schema: 'codex-plan/v1',
      ...examplePlan,
    });
    expect(Object.keys(JSON.parse(files['plan.json'] ?? ''))).toEqual([
      'commands',
      'files',
      'risks',
      'schema',
      'steps',
      'summary',
      'title',
    ]);
    expect(planned.outputs['plan-sha256']).toBe(sha256(files['plan.json'] ?? ''));
    expect(files['plan.txt']?.split('\n').slice(0, 3)).toEqual([
      'Add a tax to the cart',
      '',
      'The total gets a tax.',
    ]);
  });

  it('binds plan, prompt, pull request, commits, toolchain and run in the manifest', () => {
    const { head, tip } = { head: loop.pull.head, tip: loop.repo.tip() };
    expect(manifest).toEqual({
      schema: 'codex-plan-manifest/v1',
      repository: { id: loop.repo.id, full_name: 'octo/shop' },
      pull_request: 1,
      requests: [
        {
          comment_id: loop.pull.comments[0]?.id,
          requester: { id: loop.github.user('alice').id, login: 'alice' },
          sha256: sha256(files['prompt.txt'] ?? ''),
        },
      ],
      narrows: null,
      head: { ref: head.ref, sha: head.sha },
      base: { ref: 'main', sha: tip },
      merge_base: tip,
      workspace: { commit: expect.stringMatching(objectId), tree: expect.stringMatching(objectId) },
      codex: { version: '0.171.0', model: expect.any(String), effort: null, tools: [] },
      usage: {
        input: expect.any(Number),
        cached: expect.any(Number),
        output: expect.any(Number),
        seconds: expect.any(Number),
      },
      instructions_sha256: sha256(files['instructions.md'] ?? '?'),
      prompt_sha256: sha256(files['prompt.txt'] ?? ''),
      plan_sha256: sha256(files['plan.json'] ?? ''),
      files: [
        {
          path: 'src/cart.ts',
          operation: 'modify',
          mode: '100644',
          blob: loop.repo.git.entry(head.sha, 'src/cart.ts')?.sha,
        },
        { path: 'src/tax.ts', operation: 'create', mode: null, blob: null },
      ],
      members: [
        'prompt.txt',
        'plan.json',
        'plan.txt',
        'journal.jsonl',
        'run.log',
        'policy.json',
        'instructions.md',
      ].map((name) => ({
        name,
        size: Buffer.byteLength(files[name] ?? ''),
        sha256: sha256(files[name] ?? ''),
      })),
      ...madeIn(loop.repo, planned),
      created_at: loop.github.clock.iso,
    });
    expect(planned.outputs['plan-id']).toBe(sha256(files['manifest.json'] ?? ''));
  });

  it('begins the journal', () => {
    expect(journalOf(files)).toEqual([
      {
        seq: 1,
        prev: null,
        at: loop.github.clock.iso,
        event: 'planned',
        actor: { id: loop.github.user('alice').id, login: 'alice' },
        digests: {
          plan: planned.outputs['plan-sha256'],
          prompt: planned.outputs['prompt-sha256'],
        },
        paths: [],
        detail: null,
      },
    ]);
  });

  it('logs what Codex did, with token usage and without secrets', () => {
    expect(files['run.log']).toMatch(/message: .*Add a tax to the cart/);
    expect(files['run.log']).toMatch(/tokens: \d+ in .* out/);
    expect(files['run.log']).not.toMatch(/sk-canary|ghs_/);
  });

  it('writes every output', () => {
    const { outputs } = planned;
    const artifact = loop.repo.artifacts.newest('codex-plan-1');
    const [comment] = planComments();
    expect(outputs).toMatchObject({
      decision: 'planned',
      'reason-code': 'ok',
      'plan-id': expect.stringMatching(digest),
      files: '["src/cart.ts","src/tax.ts"]',
      'artifact-id': String(artifact.id),
      'artifact-url': `https://github.com/octo/shop/actions/runs/${planned.job.id}/artifacts/${artifact.id}`,
      'comment-url': `https://github.com/octo/shop/pull/1#issuecomment-${comment?.id}`,
      'pull-request': '1',
      'head-sha': loop.pull.head.sha,
      approved: 'false',
      approver: '',
      'denied-files': '[]',
      verified: 'false',
      drift: 'false',
      'drift-diff': '',
      'impacted-tests': '["npm test"]',
      'commit-sha': '',
    });
    const result = JSON.parse(outputs.result ?? '');
    expect(result).toMatchObject({
      schema: 'codex-plan-result/v1',
      mode: 'plan',
      decision: 'planned',
      'plan-id': outputs['plan-id'],
      files: ['src/cart.ts', 'src/tax.ts'],
      'impacted-tests': ['npm test'],
      approved: false,
    });
    for (const name of Object.keys(outputs))
      if (name !== 'result') expect(result).toHaveProperty([name]);
    const folder = outputs['evidence-path'] ?? '';
    expect(readFileSync(join(folder, 'manifest.json'), 'utf8')).toBe(files['manifest.json']);
  });

  it('writes decision first as failed, and only at the end as planned', () => {
    const written = readFileSync(planned.job.env.GITHUB_OUTPUT ?? '', 'utf8');
    const decisions = [...written.matchAll(/^decision<<(\S+)\n(.*)\n\1$/gm)].map(
      ([, , one]) => one,
    );
    expect(decisions).toEqual(['failed', 'planned']);
  });

  it('is one comment that shows all that an approver has to know', () => {
    const comments = planComments();
    expect(comments).toHaveLength(1);
    const body = comments[0]?.body ?? '';
    expect(comments[0]?.user.login).toBe('github-actions[bot]');
    for (const shown of [
      '**State:** awaiting approval',
      '│ add a tax',
      '│ to `src/cart.ts` $(id)',
      '1. **Add the tax**',
      `| modify | [\`src/cart.ts\`](https://github.com/${loop.repo.fullName}/blob/${loop.pull.head.sha}/src/cart.ts) | uses the tax |`,
      '| create | `src/tax.ts` | holds the tax |',
      '- Check that Codex names: `npm test`',
      '- Risk: Prices change.',
      planned.outputs['plan-id']?.slice(0, 12),
      planned.outputs['plan-sha256'],
      planned.outputs['prompt-sha256'],
      `/actions/runs/${planned.job.id}`,
      planned.outputs['artifact-url'],
      `Set the label \`${label}\``,
    ]) {
      expect(body).toContain(shown);
    }
    expect(planned.summary).toContain(body);
  });

  it('shows progress while Codex works', () => {
    expect(codexAtWork.join('')).toContain(`Planning on head ${loop.pull.head.sha}`);
    expect(codexAtWork.length).toBeGreaterThan(1);
  });

  it('replaces its own artifact and carries the journal on when the run is repeated', async () => {
    loop.github.artifactsConflictAcrossAttempts = true;
    const again = await loop.rerun('plan', planned, 'bob');
    expect(again).toMatchObject({ decision: 'planned', status: 0 });
    const [artifact, ...others] = loop.repo.artifacts.list('codex-plan-1');
    expect(others).toEqual([]);
    const repeated = await unpack(present(artifact));
    expect(JSON.parse(repeated['manifest.json'] ?? '').run).toMatchObject({ attempt: 2 });
    expect(journalOf(repeated).map(({ event }) => event)).toEqual(['planned', 'planned']);
    expect(repeated['journal.jsonl']).toContain(files['journal.jsonl']);
  });

  it('supersedes and folds away the older plan', async () => {
    const older = planComments();
    expect(await loop.plan('something else')).toMatchObject({ decision: 'planned' });
    for (const { body, minimized } of older) {
      expect(body).toContain('**State:** superseded');
      expect(minimized).toMatch(/outdated/i);
    }
    expect(planComments()).toHaveLength(older.length + 1);
    expect(planComments().at(-1)?.minimized).toBeNull();
  });
});

describe('the workspace', () => {
  const checkout = (job: JobRun) => {
    mkdirSync(join(job.workspace, '.git', 'hooks'), { recursive: true });
    writeFileSync(
      join(job.workspace, '.git', 'config'),
      '[core]\n\tfsmonitor = touch /tmp/never\n',
    );
    writeFileSync(join(job.workspace, 'src.txt'), 'mine');
  };

  it('is built on the live base if the pull request names a stale one, and writes no checkout', async () => {
    ({ loop } = await shareLoop('fresh'));
    const stale = loop.pull.base.sha;
    loop.repo.push('main', { 'src/other.ts': 'export const other = 2;\n' });
    expect(loop.pull.base.sha).toBe(stale);
    const planned = await loop.plan('add a tax', { prepare: checkout });
    expect(planned).toMatchObject({ decision: 'planned' });
    const files = await unpack(loop.repo.artifacts.newest('codex-plan-1'));
    expect(JSON.parse(files['manifest.json'] ?? '').base.sha).toBe(loop.repo.tip());
    expect(readFileSync(join(planned.job.workspace, 'src.txt'), 'utf8')).toBe('mine');
    expect(planned.log).not.toContain('fatal');
  });
});

describe('a dispatched plan', () => {
  it('has who dispatched it as its requester, and no comment', async () => {
    ({ loop } = await shareLoop('fresh'));
    const planned = await loop.step('plan', loop.repo.as('carol').dispatch(WORKFLOW), {
      inputs: { 'pull-request': '1', prompt: 'add a tax', 'artifact-prefix': 'gate_2.x' },
    });
    expect(planned).toMatchObject({ decision: 'planned' });
    const files = await unpack(loop.repo.artifacts.newest('gate_2.x-plan-1'));
    expect(JSON.parse(files['manifest.json'] ?? '').requests).toEqual([
      {
        comment_id: null,
        requester: { id: loop.github.user('carol').id, login: 'carol' },
        sha256: sha256('add a tax'),
      },
    ]);
    expect(planComments()[0]?.body).toContain('Requested by `carol` by a dispatched run');
    // The repository had no such label.
    expect(loop.repo.findLabel(label)?.description).toBe('Approves the plan that Codex proposed');
  });

  it('needs a pull request and a prompt', async () => {
    const planned = await loop.step('plan', loop.repo.as('carol').dispatch(WORKFLOW));
    expect(planned).toMatchObject({ decision: 'failed', reason: 'config-invalid', status: 1 });
    expect(planned.requests).toEqual([]);
  });
});
