/**
 * Slash commands: which comments are commands, and what they ask for. A command counts only at the very beginning of
 * a comment: people who quote one are talking about it.
 */
import { lowerAscii } from '../text/characters.ts';

const verbs = ['revise', 'without', 'withdraw', 'help'] as const;

export type Command =
  | {
      readonly verb: 'plan' | (typeof verbs)[number];
      /** The rest of the comment as it was written; empty if that is blank. */
      readonly text: string;
    }
  | {
      readonly verb: 'unknown';
      /** The word in place of a verb: foreign text, shortened. */
      readonly name: string;
      readonly text: string;
    };

const maxNameLength = 40;

/**
 * What may follow the command: an optional verb, then the end or white space of any kind, since phones type no-break
 * spaces. Keyboards of scripts that run from right to left put direction marks around Latin words, and nobody sees them.
 */
const afterCommand =
  /^(?:-([^\p{White_Space}\u200e\u200f\u061c]*))?[\u200e\u200f\u061c]*(\p{White_Space}.*)?$/su;
/** One byte order mark, or direction marks. */
const beforeCommand = /^(?:\ufeff|[\u200e\u200f\u061c]*)/;

/**
 * @param body of a comment, whoever wrote it; such marks at the beginning are ignored
 * @param command the input of that name: a slash and a word
 * @returns undefined for a comment that is not a command; the command alone asks for help
 */
export function parseCommand(body: string, command: string): Command | undefined {
  const start = beforeCommand.exec(body)?.[0].length ?? 0;
  const end = start + command.length;
  // Phones begin with a capital letter. A look-alike letter of another script makes it another word.
  if (lowerAscii(body.slice(start, end)) !== lowerAscii(command)) return undefined;
  const match = afterCommand.exec(body.slice(end));
  if (match === null) return undefined;
  const [, name, rest = ''] = match;
  const text = /\P{White_Space}/u.test(rest) ? rest : '';
  if (name === undefined) return { verb: text === '' ? 'help' : 'plan', text };
  const verb = verbs.find((one) => one === lowerAscii(name));
  if (verb !== undefined) return { verb, text };
  return { verb: 'unknown', name: name.slice(0, maxNameLength).toWellFormed(), text };
}
