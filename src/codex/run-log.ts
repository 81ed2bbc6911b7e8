/**
 * The text of `run.log`: what Codex did, one line a fact. Command output never goes in: it may hold whatever the
 * workspace holds. A model's text goes in as data, on one line, with every control character escaped.
 */
import { revealBlanks } from '../core/text/blanks.ts';
import { revealInvisible, writeOut } from '../core/text/characters.ts';
import { CodexStopped, toStopped } from '../decision.ts';

const LIMIT_BYTES = 1024 * 1024;
/** What is kept of one model's message or command. */
const ENTRY_CHARACTERS = 4_000;
const CUT = 'the log was cut here: it had reached its limit';

export class RunLog {
  readonly #now: () => Date;
  #lines: string[] = [];
  #bytes = 0;
  #cut = false;

  constructor(now: () => Date = () => new Date()) {
    this.#now = now;
  }

  add(fact: string): void {
    if (this.#cut) return;
    const line = `${this.#now().toISOString()} ${oneLine(fact)}\n`;
    const size = Buffer.byteLength(line);
    // The last line has its place kept.
    if (this.#bytes + size > LIMIT_BYTES - 200) {
      this.#cut = true;
      this.#lines.push(`${this.#now().toISOString()} ${CUT}\n`);
      return;
    }
    this.#lines.push(line);
    this.#bytes += size;
  }

  text(): string {
    return this.#lines.join('');
  }
}

/** How a command ended that the model had left running: with the box, at the end of the turn. */
export const STILL_RUNNING = 'still running at the end';

/**
 * Foreign text as one line: what a reader would not see is written out, as are runs of blanks that push text off the
 * screen; its length is bounded.
 */
export function oneLine(text: string): string {
  const short =
    text.length > ENTRY_CHARACTERS
      ? `${text.slice(0, ENTRY_CHARACTERS)}… (${text.length} characters)`
      : text;
  const line = short.toWellFormed().replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return revealBlanks(revealInvisible(line)).replaceAll('\t', writeOut);
}

/** `0.2 s`. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/**
 * Runs a step of Codex; if it stops, what was logged goes along, and with it that Codex was started: what the machine
 * lacks from then on can be what boxed code took. A mistake in our code is no exception. Otherwise somebody who finds one
 * could let Codex do something, and end the run before that is compared with the plan or recorded.
 * @throws CodexStopped
 */
export async function keepingLog<T>(log: RunLog, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const { reason, message } = toStopped(error);
    throw new CodexStopped(reason, message, log.text(), { cause: error });
  }
}
