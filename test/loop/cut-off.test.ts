/** Codex fails or stalls under `after-run`: what its commands wrote until then is held against the plan all the same. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { findingsIn, foldersOf } from '../support/audit-tools.ts';
import type { StepOptions } from '../support/loop/action.ts';
import { storedIn } from '../support/loop/audited.ts';
import { unpack } from '../support/loop/evidence.ts';
import { exampleScript, type Loop, label, startLoop } from '../support/loop/loop.ts';
import { remember } from '../support/loop/memory.ts';
import { type Answer, hang, refuse, run } from '../support/model/index.ts';

let loop: Loop;
let planned: () => void;

beforeAll(async () => {
  loop = await startLoop({
    scripted: true,
    policy: 'version: 1\ncodex: { enforcement: after-run }\n',
    files: { '.gitignore': 'build/\n' },
  });
  await loop.plan();
  planned = remember(loop);
});
afterEach(() => {
  expect(loop.github.violations).toEqual([]);
  planned();
});
afterAll(() => loop.close());

const carryOut = (edit: readonly Answer[], options: StepOptions = {}) => {
  loop.model.follow({ ...exampleScript, edit });
  return loop.approve(options);
};

// The time is enough for Codex to start and to run one command, also on a busy machine.
it.each<[string, Answer, StepOptions]>([
  ['fails', refuse(400), {}],
  ['stalls, with the real CLI', hang, { bundle: true, inputs: { 'timeout-minutes': '0.2' } }],
])(
  'a file outside of the plan ends the approval if Codex then %s',
  async (how, answer, options) => {
    const denied = await carryOut([run('echo hello > hello.txt; rm README.md'), answer], options);
    expect(denied).toMatchObject({ decision: 'denied', reason: 'outside-plan', status: 1 });
    expect(JSON.parse(denied.outputs['denied-files'] ?? '')).toEqual(['README.md', 'hello.txt']);
    expect(loop.pull.labels).toEqual([]);
    const report = loop.pull.comments.find(({ body }) => body.startsWith('<!-- codex-report '));
    expect(report?.body).toContain('| `hello.txt` | create | outside-plan:');
    // The scripted agent and the real CLI have different words for a model that fails.
    const why =
      how === 'fails' ? /The scripted model failed|scripted 400/ : /was still running after/;
    expect(report?.body).toMatch(why);
    const files = await unpack(loop.repo.artifacts.newest('codex-denial-1'));
    expect(JSON.parse(files['denial.json'] ?? '')).toMatchObject({
      reason: 'outside-plan',
      refused: [{ path: 'README.md', operation: 'delete' }, { path: 'hello.txt' }],
    });
    expect(files['run.log']).toContain('echo hello > hello.txt');
    expect(findingsIn(await foldersOf({ stored: () => storedIn(loop) }))).toEqual([]);
  },
);

it('a build that is cut off leaves the label if only planned and ignored files changed', async () => {
  const build = run('mkdir build && echo out > build/out.txt && echo "export {};" > src/tax.ts');
  const failed = await carryOut([build, refuse(400)]);
  expect(failed).toMatchObject({ decision: 'failed', reason: 'codex-failed', status: 1 });
  expect(loop.pull.labels).toEqual([label]);
});
