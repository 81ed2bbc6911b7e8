/**
 * Slash commands: which comments are one, and what they ask for. A command counts at the very beginning of a comment
 * alone, since a quoted or fenced command is somebody talking about it.
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
      /** What was written in place of a verb: foreign text, cut. */
      readonly name: string;
      readonly text: string;
    };

const maxNameLength = 40;

/** After the command: perhaps a verb, then the end or white space of any kind; phones type no-break spaces. */
const afterCommand = /^(?:-(\P{White_Space}*))?(\p{White_Space}.*)?$/su;

/**
 * @param body of a comment, whoever wrote it; one byte order mark in front is passed over
 * @param command the input of that name: a slash and a word
 * @returns undefined for a comment that is no command; the command alone asks for help
 */
export function parseCommand(body: string, command: string): Command | undefined {
  const start = body.startsWith('\ufeff') ? 1 : 0;
  const end = start + command.length;
  // Phones begin with a capital letter. A look-alike letter of another script is another word.
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
