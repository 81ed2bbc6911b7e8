import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';

/** Removes folders when this process has ended. Vitest ends its workers by a signal, so a small process waits for that. */
export async function removeAfterThisProcess(folders: readonly string[]): Promise<void> {
  const waiting = spawn('sh', ['-c', 'cat; rm -rf -- "$@"', 'sh', ...folders], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // A signal from the terminal is for this process.
    detached: true,
  });
  await once(waiting, 'spawn');
  waiting.unref();
  (waiting.stdin as Socket).unref();
}
