import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fileBytes,
  type GeneratedChange,
  generatedChange,
} from '../support/loop/generated-change.ts';
import { startLoop } from '../support/loop/loop.ts';
import { run, say } from '../support/model/index.ts';
import { runs } from '../support/properties.ts';

const policy = 'version: 1\nlimits: { files: 500 }\ncodex: { enforcement: after-run }\n';

/** A shell script that makes the change; contents as base64, so that every byte arrives. */
function scriptOf({ files }: GeneratedChange): string {
  const quote = (path: string) => `'${path.replaceAll("'", `'\\''`)}'`;
  return files
    .map(({ path, after }) => {
      if (after === null) return `rm -- ${quote(path)}`;
      const folder = path.includes('/')
        ? `mkdir -p -- ${quote(path.replace(/\/[^/]*$/, ''))}; `
        : '';
      return `${folder}printf %s ${fileBytes(after).toString('base64')} | base64 -d > ./${quote(path)}`;
    })
    .join('\n');
}

describe('the exact tree', () => {
  it('is the tree of the head with exactly the approved entries, by id', async () => {
    await fc.assert(
      fc.asyncProperty(generatedChange, async (change) => {
        const plan = {
          title: 'Change files',
          summary: '',
          steps: [],
          files: change.files.map(({ path, operation }) => ({ path, operation, reason: '' })),
          commands: [],
          risks: [],
        };
        const loop = await startLoop({
          policy,
          files: change.base,
          scripted: true,
          script: {
            plan: () => JSON.stringify(plan),
            edit: (call) => (call.turn === 0 ? run(scriptOf(change)) : say('Done.')),
          },
        });
        try {
          const { git } = loop.repo;
          const files = (commit: string) =>
            new Map(
              git
                .tree(commit, true)
                .filter(({ mode }) => mode !== '040000')
                .map(({ path, mode, sha }): [string, string] => [path, `${mode} ${sha}`]),
            );
          const head = loop.pull.head.sha;
          expect(await loop.plan()).toMatchObject({ reason: 'ok' });
          expect(await loop.approve()).toMatchObject({ reason: 'ok' });
          expect(await loop.verify()).toMatchObject({ reason: 'ok' });
          const executed = await loop.execute();
          expect(executed).toMatchObject({ reason: 'ok' });
          const expected = files(head);
          for (const { path, after } of change.files) {
            const mode = expected.get(path)?.split(' ')[0] ?? '100644';
            if (after === null) expected.delete(path);
            else expected.set(path, `${mode} ${git.writeBlob(fileBytes(after))}`);
          }
          expect(files(executed.outputs['commit-sha'] as string)).toEqual(expected);
          expect(loop.github.violations).toEqual([]);
        } finally {
          await loop.close();
        }
      }),
      { numRuns: runs(10), endOnFailure: true },
    );
  }, 600_000);
});
