/**
 * Regular expressions that somebody else wrote. One of JavaScript can need longer than the job lasts; RE2 needs time in
 * proportion to the text, whatever the pattern is.
 */

import { RE2JS, RE2JSException } from 're2js';

/** An expression that answers in bounded time. */
export interface LinearExpression {
  /** Whether the text has a part that matches. */
  test(text: string): boolean;
}

/**
 * @param pattern in the syntax of RE2: https://github.com/google/re2/wiki/Syntax
 * @returns undefined if RE2 does not take the pattern
 */
export function tryLinearExpression(pattern: string): LinearExpression | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof RE2JSException) return undefined;
    throw error;
  }
}
