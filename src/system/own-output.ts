/**
 * Keeps the log to what this action says. The toolkit tells each step of an upload on standard output, which was most of
 * the lines. Workflow commands pass: the toolkit masks addresses and warns by them.
 */

let own = false;

/** Writes to standard output as the action itself. */
export function asOwn(write: () => void): void {
  own = true;
  try {
    write();
  } finally {
    own = false;
  }
}

/**
 * From now on only what is written by `asOwn`, and workflow commands but for debug lines, reach standard output.
 * @param all whether everything does, for a job that is debugged
 * @returns what ends that
 */
export function keepOthersOut(all: boolean): () => void {
  const { stdout } = process;
  const write = stdout.write;
  const pass = write.bind(stdout) as (...parts: unknown[]) => boolean;
  stdout.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    if (all || own || isCommand(chunk)) return pass(chunk, ...rest);
    for (const callback of rest) if (typeof callback === 'function') callback();
    return true;
  }) as typeof stdout.write;
  return () => {
    stdout.write = write;
  };
}

/** As the toolkit writes them: one a call, from the first character on. */
function isCommand(chunk: string | Uint8Array): boolean {
  const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
  return text.startsWith('::') && !text.startsWith('::debug::');
}
