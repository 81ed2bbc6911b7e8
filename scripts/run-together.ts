/**
 * Runs npm scripts at the same time: `node scripts/run-together.ts check test:unit`. The first that fails ends the others. The last one
 * prints as it goes on, and the others say something only if they fail. So if all succeed, its last line is the last line of all.
 */
import { type ChildProcess, spawn } from 'node:child_process';

/** How long a script may take to end after it was asked to. */
const patienceMs = 5_000;

const names = process.argv.slice(2);
const running = new Map<string, ChildProcess>();

for (const name of names) {
  const output = name === names.at(-1) ? 'inherit' : 'pipe';
  const child = spawn('npm', ['run', '--silent', name], {
    stdio: ['ignore', output, output],
    // A group by itself, so that what it started ends with it.
    detached: true,
  });
  running.set(name, child);
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (part: Buffer) => said.push(part));
  }
  child.on('error', (error) => stop(`${name} did not start: ${error.message}`));
  child.on('close', (status, signal) => {
    running.delete(name);
    // What it started may go on if something killed npm.
    if (status !== 0) endGroup(child, 'SIGKILL');
    if (status !== 0) stop(`${name} failed with ${signal ?? status}`, Buffer.concat(said));
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stop(signal));
}
process.on('exit', () => endAll('SIGKILL'));

/** Ends what still runs, and this process with a failure. */
function stop(why: string, said?: Uint8Array): void {
  if (process.exitCode !== undefined) return;
  process.exitCode = 1;
  if (said !== undefined) process.stdout.write(said);
  const stopped =
    running.size > 0 ? `, so this was stopped: ${[...running.keys()].join(', ')}` : '';
  console.error(`\n${why}${stopped}.`);
  endAll('SIGTERM');
  setTimeout(() => endAll('SIGKILL'), patienceMs).unref();
}

function endAll(signal: NodeJS.Signals): void {
  for (const child of running.values()) endGroup(child, signal);
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch (error) {
    // It has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
