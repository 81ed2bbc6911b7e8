/**
 * Runs npm scripts at the same time: `node scripts/run-together.ts check test:unit`. The first that fails ends the others. The last one
 * prints as it goes on, so its last line is the last line of all. What another prints is shown in one piece when it has ended.
 */
import { type ChildProcess, spawn } from 'node:child_process';

const names = process.argv.slice(2);
const running = new Map<string, ChildProcess>();

for (const name of names) {
  const isLast = name === names.at(-1);
  const child = spawn('npm', ['run', '--silent', name], {
    stdio: ['ignore', isLast ? 'inherit' : 'pipe', isLast ? 'inherit' : 'pipe'],
    // A group by itself, so that what it started ends with it.
    detached: true,
  });
  running.set(name, child);
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (part: Buffer) => output.push(part));
  }
  child.on('error', (error) => stop(`${name} did not start`, `${error.message}\n`));
  child.on('close', (status) => {
    running.delete(name);
    if (status !== 0) stop(`${name} failed`, Buffer.concat(output));
    // After the last line of all, nothing is printed that nobody has to read.
    else if (running.has(names.at(-1) ?? '')) process.stdout.write(Buffer.concat(output));
  });
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stop(signal, ''));
}

/** Ends what still runs, and this process with a failure. */
function stop(why: string, output: Uint8Array | string): void {
  if (process.exitCode !== undefined) return;
  process.exitCode = 1;
  process.stdout.write(output);
  if (running.size > 0) console.error(`\n${why}: ${[...running.keys()].join(', ')} stopped.`);
  for (const { pid } of running.values()) if (pid !== undefined) endGroup(pid);
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch (error) {
    // It has just ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
