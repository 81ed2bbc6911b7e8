/** Runs `git http-backend`, from a small process. */
import { spawn } from '../processes/spawn.ts';

/**
 * @param env the whole environment of the backend, as the Common Gateway Interface (RFC 3875) names it
 * @param onPart takes the answer of the backend, head and body, part by part, and null at its end
 * @returns ends the backend before its time
 */
export function runHttpBackend(
  env: Readonly<Record<string, string>>,
  body: Uint8Array,
  onPart: (part: Uint8Array | null) => void,
): () => void {
  const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdout?.on('data', onPart);
  // It is closed, too.
  child.on('error', () => {});
  child.on('close', () => onPart(null));
  child.stdin?.on('error', () => {});
  child.stdin?.end(body);
  return () => child.kill('SIGKILL');
}
