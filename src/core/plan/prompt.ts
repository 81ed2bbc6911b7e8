import { dropMarks, hasPiledMarks, InvisibleError, normaliseText } from '../text/characters.ts';

declare const frozen: unique symbol;

/** The normalised bytes of a request; every Codex run of its plan uses exactly these. */
export type Prompt = string & { readonly [frozen]: 'prompt' };

/** Why a request cannot be frozen; a sentence without foreign text. */
export class PromptError extends Error {}

/**
 * The text of a request as it is frozen. Freezing a frozen text changes nothing. Characters that a reader cannot see
 * are refused and not removed, since the approver and the model must read the same text. Only soft hyphens and
 * direction marks are dropped: people do not know that they typed them.
 * @param text whatever somebody wrote
 * @param maxKib limit of the normalised text in KiB of UTF-8
 * @throws PromptError
 */
export function freezePrompt(text: string, maxKib: number): Prompt {
  return freezeRequest(text, maxKib).prompt;
}

/**
 * Like `freezePrompt`, and also says what it dropped, for the log.
 * @throws PromptError
 */
export function freezeRequest(
  text: string,
  maxKib: number,
): { readonly prompt: Prompt; readonly dropped: readonly string[] } {
  if (!text.isWellFormed()) throw new PromptError('The request is not valid Unicode.');
  if (Buffer.byteLength(text) > 4 * maxKib * 1024) throw new PromptError(tooLong(maxKib));
  if (hasPiledMarks(text))
    throw new PromptError('The request stacks too many accents on one letter.');
  const { text: visible, dropped } = withoutMarks(normaliseText(text));
  // A dropped character may have separated two that combine: a letter and its accent, or a blank and the end of a
  // line.
  if (hasPiledMarks(visible))
    throw new PromptError('The request stacks too many accents on one letter.');
  const prompt = normaliseText(visible).replace(/^[ \t\n]+/, '');
  if (prompt.trim() === '') {
    throw new PromptError('The request is empty: write what you want done after the command.');
  }
  if (Buffer.byteLength(prompt) > maxKib * 1024) throw new PromptError(tooLong(maxKib));
  return { prompt: prompt as Prompt, dropped };
}

function withoutMarks(text: string): ReturnType<typeof dropMarks> {
  try {
    return dropMarks(text);
  } catch (error) {
    if (!(error instanceof InvisibleError)) throw error;
    throw new PromptError(`The request holds ${error.message}, which a reader cannot see.`);
  }
}

function tooLong(maxKib: number): string {
  return `The request is longer than ${maxKib} KiB.`;
}
