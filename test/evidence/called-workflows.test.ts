/** A dispatched run is trusted if all of the workflow that it ran is what the default branch has today. */
import { expect, it } from 'vitest';
import type { RunFacts } from '../../src/ports/repository.ts';
import { objectId } from '../support/object-ids.ts';
import { buildTools, workflow as gate, ids, ownRun } from '../support/tools.ts';

const part = '.github/workflows/part.yml';
const tip = objectId('a');
const old = objectId('b');

/** The content of each file at each commit; its first character stands for its blob. */
function trust(
  files: Record<string, string>,
  called: RunFacts['called'],
  headSha: RunFacts['headSha'] = old,
) {
  const stored = Object.entries(files).map(([name, content]) => {
    const [when, path] = name.split(' ');
    return {
      file: `${when === 'today' ? tip : old}:${path}`,
      blob: objectId(content.charAt(0)),
      content,
    };
  });
  const run = { ...ownRun, id: 7, event: 'workflow_dispatch', headBranch: 'main', headSha, called };
  const { provenance } = buildTools({
    tip,
    runs: [run],
    files: Object.fromEntries(stored.map(({ file, blob }) => [file, blob])),
    texts: new Map(stored.map(({ blob, content }) => [blob, content.slice(1)])),
  });
  return provenance.trustRun({
    id: 7,
    repositoryId: ids.repository,
    headRepositoryId: ids.repository,
  });
}

const same = { [`then ${gate}`]: '1', [`today ${gate}`]: '1' };
const calls = (path: string) => [{ path, sha: old, ref: 'refs/tags/main' }];
const trusted = { run: expect.anything() };
const untrusted = { why: 'Another event or branch made it.' };

it('trusts a run that called nothing', async () => {
  expect(await trust(same, [])).toEqual(trusted);
});

it.each([`octo/demo/${part}`, `octo/demo/${part}@refs/tags/main`, `Octo/Demo/${part}@main`])(
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
    const called = path === gate ? [] : calls(`octo/demo/${part}`);
    expect(await trust(files, called)).toEqual(untrusted);
    const atTip = called.map((one) => ({ ...one, sha: tip }));
    expect(await trust(files, atTip, tip)).toEqual(trusted);
  },
);
