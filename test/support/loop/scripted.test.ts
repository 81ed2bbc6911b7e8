import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { run, say } from '../model/index.ts';
import { unpack } from './evidence.ts';
import { examplePlan, startLoop } from './loop.ts';
import { reach } from './states.ts';

it('the log of a scripted step has what it prints, as that of the bundle has', async () => {
  const step = 'console.log("out"); console.error("error");';
  const script = `
    import { writeSync } from 'node:fs';
    import { registerHooks } from 'node:module';
    const url = 'data:text/javascript,export const run = async () => { ${step} }';
    registerHooks({
      resolve: (name, context, next) =>
        name.endsWith('/src/run.ts') ? { url, shortCircuit: true } : next(name, context),
    });
    const { runAsProcess } = await import('${new URL('as-process.ts', import.meta.url).href}');
    writeSync(1, (await runAsProcess({ env: {}, program: '' })).log);`;
  const args = ['--input-type=module', '-e', script];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
  expect({ stdout, stderr }).toEqual({ stdout: 'out\nerror\n', stderr: '' });
});

it('a command leaves the same change whoever runs it', async () => {
  const command = 'printf "export const tax = 1.2;\\n" > src/tax.ts && rm src/cart.ts';
  const files = [
    { path: 'src/cart.ts', operation: 'delete', reason: '' },
    { path: 'src/tax.ts', operation: 'create', reason: '' },
  ];
  const loop = await startLoop({
    scripted: true,
    policy: 'codex: { enforcement: after-run }\n',
    script: {
      plan: () => JSON.stringify({ ...examplePlan, files }),
      edit: (call) => (call.turn % 2 === 0 ? run(command) : say('Done.')),
    },
  });
  const states = await reach(loop, 'planned');
  const changes: unknown[] = [];
  for (const bundle of [true, false]) {
    states.planned();
    const { reason } = await loop.approve({ bundle });
    changes.push([
      reason,
      (await unpack(loop.repo.artifacts.newest('codex-approval-1')))['change.patch'],
    ]);
  }
  expect(changes[1]).toEqual(changes[0]);
  expect(loop.github.violations).toEqual([]);
  await loop.close();
});
