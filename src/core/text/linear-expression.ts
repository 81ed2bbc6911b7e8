/**
 * Regular expressions that somebody else wrote. A JavaScript expression can take longer than the job; the time of RE2
 * grows only linearly with the text, whatever the pattern is. Who tries one is given RE2, since few steps need it.
 */

/** An expression that answers in bounded time. */
export interface LinearExpression {
  /** Whether the text has a part that matches. */
  test(text: string): boolean;
}

/**
 * @param pattern in the syntax of RE2: https://github.com/google/re2/wiki/Syntax
 * @returns undefined if RE2 does not accept the pattern
 */
export type TryExpression = (pattern: string) => LinearExpression | undefined;
