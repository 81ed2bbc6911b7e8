/**
 * Keeps other text out of the log. The toolkit describes each step of an upload on standard output, which made most
 * of the lines. Workflow commands are let through, because the toolkit masks addresses and warns with them.
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
 * From now on only the text of `asOwn`, and workflow commands except debug lines, reach standard output.
 * @param all whether everything does, for a job with debug logging
 * @returns a function that ends this
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

/** In the way in which the toolkit writes them: one for each call, beginning with the first character. */
function isCommand(chunk: string | Uint8Array): boolean {
  const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
  return text.startsWith('::') && !text.startsWith('::debug::');
}
