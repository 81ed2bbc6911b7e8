/**
 * A runner that lacks something in the middle of a step: no approval is lost by it, and the next try goes on. Through the
 * bundle, since git is replaced by its path.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { folder } from '../git/repository.ts';
import { type Loop, label, type StepInLoop } from '../support/loop/loop.ts';
import { shareLoop } from '../support/loop/shared.ts';

let loop: Loop;
const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();

beforeAll(async () => {
  ({ loop } = await shareLoop('planned'));
});

/** A git that the machine ends when it is to do this, as it does if its memory is used up. */
function killedAt(command: string): { readonly env: Readonly<Record<string, string>> } {
  const bin = folder();
  const script = `#!/bin/sh\n[ "$1" = ${command} ] && kill -KILL $$\nexec ${real} "$@"\n`;
  writeFileSync(join(bin, 'git'), script, { mode: 0o755 });
  return { env: { PATH: `${bin}:${process.env.PATH}` } };
}

function expectKept(step: StepInLoop): void {
  expect(step, step.log).toMatchObject({ reason: 'platform-unsupported', status: 1 });
  expect(step.log).toContain(
    'The runner ended git (SIGKILL), as it does if its memory is used up.',
  );
  expect(loop.repo.pull(1).labels).toEqual([label]);
}

it('ends no approval, and each step goes on when it is run again', async () => {
  const approval = await loop.approve(killedAt('read-tree'));
  expectKept(approval);
  expect(loop.model.callsOf('edit')).toEqual([]);
  expect(await loop.rerun('approve', approval, 'bob')).toMatchObject({ decision: 'approved' });

  loop.repo.push('main', { 'src/other.ts': 'export const other = 2;\n' });
  expectKept(await loop.verify(killedAt('merge-tree')));
  expect(await loop.verify()).toMatchObject({ decision: 'verified' });

  expectKept(await loop.execute(killedAt('apply')));
  expect(await loop.execute()).toMatchObject({ decision: 'executed' });
});
