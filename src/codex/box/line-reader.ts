/** The output of Codex as lines, within limits. */

const MIB = 1024 * 1024;
/**
 * The longest line and the most output that are read before the whole group is killed. Codex keeps a mebibyte of what a
 * command printed, which in JSON may take six.
 */
const LINE_BYTES = 8 * MIB;
const TOTAL_BYTES = 256 * MIB;
const TOO_LONG = `Codex printed a line of more than ${LINE_BYTES / MIB} MiB.`;

/** Cuts a byte stream into lines, within the limits. */
export class LineReader {
  readonly #emit: (line: string) => void;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #totalBytes = 0;

  constructor(emit: (line: string) => void) {
    this.#emit = emit;
  }

  /** What was too much, in one sentence; null while all is well. */
  push(chunk: Buffer): string | null {
    this.#totalBytes += chunk.length;
    if (this.#totalBytes > TOTAL_BYTES) return `Codex printed more than ${TOTAL_BYTES / MIB} MiB.`;
    let rest = chunk;
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      this.#keep(rest.subarray(0, end));
      if (this.#pendingBytes > LINE_BYTES) return TOO_LONG;
      this.#flush();
      rest = rest.subarray(end + 1);
    }
    this.#keep(rest);
    return this.#pendingBytes > LINE_BYTES ? TOO_LONG : null;
  }

  end(): void {
    if (this.#pendingBytes > 0) this.#flush();
  }

  #keep(bytes: Buffer): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
  }

  #flush(): void {
    const line = Buffer.concat(this.#pending).toString('utf8');
    this.#pending = [];
    this.#pendingBytes = 0;
    if (line.trim() !== '') this.#emit(line);
  }
}
