import { findInvisible, hasPiledMarks, nameCharacter, normaliseText } from '../text/characters.ts';

declare const frozen: unique symbol;

/** The normalised bytes of a request; every Codex run of its plan uses exactly these. */
export type Prompt = string & { readonly [frozen]: 'prompt' };

/** Why a request cannot be frozen; a sentence without foreign text. */
export class PromptError extends Error {}

/**
 * The rest of a comment behind the slash command, or undefined where the comment is not that command or asks for
 * nothing.
 * The command counts at the very beginning alone (behind one byte order mark) and to the letter: a quoted or fenced
 * command, or a look-alike in another script, is somebody talking about it.
 */
export function parseCommand(body: string, command: string): string | undefined {
  const text = body.startsWith('\ufeff') ? body.slice(1) : body;
  if (!text.startsWith(command)) return undefined;
  const rest = text.slice(command.length);
  return /^[ \t\r\n]/.test(rest) && rest.trim() !== '' ? rest : undefined;
}

/**
 * Idempotent. What a reader could not see is refused, not removed: the approver and the model must read one text.
 * @param maxKib limit of the normalised text in KiB of UTF-8
 * @throws PromptError
 */
export function freezePrompt(text: string, maxKib: number): Prompt {
  if (!text.isWellFormed()) throw new PromptError('The request is not valid Unicode.');
  if (Buffer.byteLength(text) > 4 * maxKib * 1024) throw new PromptError(tooLong(maxKib));
  if (hasPiledMarks(text)) throw new PromptError('The request piles marks on one letter.');
  const prompt = normaliseText(text).replace(/^[ \t\n]+/, '');
  if (prompt.trim() === '') {
    throw new PromptError('The request is empty: write what you want done behind the command.');
  }
  const hidden = findInvisible(prompt);
  if (hidden !== undefined) {
    throw new PromptError(`The request holds ${nameCharacter(hidden)}, which a reader cannot see.`);
  }
  if (Buffer.byteLength(prompt) > maxKib * 1024) throw new PromptError(tooLong(maxKib));
  return prompt as Prompt;
}

function tooLong(maxKib: number): string {
  return `The request is longer than ${maxKib} KiB.`;
}
