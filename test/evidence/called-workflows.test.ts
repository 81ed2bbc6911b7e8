/** A dispatched run is trusted if all of the workflow that it ran is what the default branch has today. */
import { expect, it } from 'vitest';
import type { PolicySource } from '../../src/evidence/policy.ts';
import { Provenance } from '../../src/evidence/provenance.ts';
import type { Repository, RunFacts } from '../../src/ports/repository.ts';
import type { WorkflowRun } from '../../src/ports/run.ts';
import { objectId } from '../support/object-ids.ts';

const gate = '.github/workflows/codex.yml';
const part = '.github/workflows/part.yml';
const tip = objectId('a');
const old = objectId('b');

/** The content of each file at each commit; its first character stands for its blob. */
function trust(
  files: Record<string, string>,
  called: RunFacts['called'],
  headSha: RunFacts['headSha'] = old,
) {
  const run: RunFacts = {
    id: 7,
    event: 'workflow_dispatch',
    path: gate,
    headBranch: 'main',
    headSha,
    repositoryId: 1,
    headRepositoryId: 1,
    called,
  };
  const repository = {
    run: async () => run,
    readFile: async (path: string, commit: string) => {
      const text = files[`${commit === tip ? 'today' : 'then'} ${path}`];
      return text === undefined
        ? undefined
        : { blob: objectId(text.charAt(0)), text: text.slice(1) };
    },
  } as unknown as Repository;
  const provenance = new Provenance(
    repository,
    { baseTip: async () => tip } as never,
    {
      id: 8,
      attempt: 1,
      defaultBranch: 'main',
      workflow: gate,
      workflowRef: 'refs/heads/main',
      workflowSha: objectId('c'),
      repository: { id: 1, owner: 'octo', name: 'shop' },
    } as WorkflowRun,
    { read: async () => ({ forks: false, workflows: [] }) } as unknown as PolicySource,
    { warn: () => {} },
  );
  return provenance.trustRun({ id: 7, repositoryId: 1, headRepositoryId: 1 });
}

const same = { [`then ${gate}`]: '1', [`today ${gate}`]: '1' };
const calls = (path: string) => [{ path, sha: old, ref: 'refs/tags/main' }];
const trusted = { run: expect.anything() };
const untrusted = { why: 'Another event or branch made it.' };

it('trusts a run that called nothing', async () => {
  expect(await trust(same, [])).toEqual(trusted);
});

it.each([`octo/shop/${part}`, `octo/shop/${part}@refs/tags/main`, `Octo/Shop/${part}@main`])(
  'looks at a called workflow of this repository, too: %s',
  async (path) => {
    const unchanged = { ...same, [`then ${part}`]: '2', [`today ${part}`]: '2' };
    expect(await trust(unchanged, calls(path))).toEqual(trusted);
    const changed = { ...same, [`then ${part}`]: '3', [`today ${part}`]: '2' };
    expect(await trust(changed, calls(path))).toEqual(untrusted);
    const gone = { ...same, [`then ${part}`]: '3' };
    expect(await trust(gone, calls(path))).toEqual(untrusted);
  },
);

it('leaves a workflow of another repository to the file that names it', async () => {
  expect(await trust(same, calls(`other/shop/${part}@v1`))).toEqual(trusted);
});

it.each([gate, part])(
  'trusts one that runs actions of its commit at the tip alone: %s',
  async (path) => {
    const own = '4jobs: { gate: { steps: [{ uses: ./ }] } }';
    const files = { ...same, [`then ${path}`]: own, [`today ${path}`]: own };
    const called = path === gate ? [] : calls(`octo/shop/${part}`);
    expect(await trust(files, called)).toEqual(untrusted);
    const atTip = called.map((one) => ({ ...one, sha: tip }));
    expect(await trust(files, atTip, tip)).toEqual(trusted);
  },
);
