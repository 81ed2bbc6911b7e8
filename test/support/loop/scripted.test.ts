import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { RecordedRequest } from '../github/index.ts';
import { run, say } from '../model/index.ts';
import { unpack } from './evidence.ts';
import { examplePlan, type StepInLoop, startLoop } from './loop.ts';
import { reach } from './states.ts';

/** What can be seen of a step from outside, without what differs each time. */
function seen({ job, status, outputs, summary, log, requests }: StepInLoop) {
  const general = (text = '') =>
    text
      .replaceAll(dirname(job.temp), '#')
      .replace(/codex-\w+-[\w-]{36}/g, '#')
      .replace(/\b(?:[0-9a-f]{12,}|\d{4,})\b/g, '#')
      // How long Codex took, and when it did what.
      .replace(/\b\d+ s, (?=\d+ tokens)/g, '# s, ')
      .replace(/^│ \d+:\d\d /gm, '│ #:## ');
  const masks = /^::add-mask::.*\n/gm;
  const ofArtifactClient =
    /^(?:Artifact|With the provided|Root directory|Finished|Finalizing|Beginning|SHA256).*\n/gm;
  const named = ({ service, method, template, path }: RecordedRequest) =>
    `${service} ${method} ${general(template ?? path)}`;
  return {
    status,
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, value]) => [name, general(value)]),
    ),
    summary: general(summary),
    log: general(log.replace(masks, '').replace(ofArtifactClient, '')),
    // Calls that are made at the same time arrive in any order.
    requests: requests.map(named).sort(),
  };
}

it('a step with scripted agents is seen as one of the bundle with the Codex CLI', async () => {
  const loops = [await startLoop(), await startLoop({ scripted: true })];
  for (const mode of ['plan', 'approve', 'verify', 'execute'] as const) {
    const [bundled, scripted] = await Promise.all(loops.map((loop) => loop[mode]()));
    expect(seen(scripted as StepInLoop), mode).toEqual(seen(bundled as StepInLoop));
  }
  for (const loop of loops) {
    expect(loop.github.violations).toEqual([]);
    await loop.close();
  }
});

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
