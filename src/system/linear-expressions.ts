/** RE2, loaded only when an expression is tried: loading it costs every step more than its own first look at the inputs. */

import type { TryExpression } from '../core/text/linear-expression.ts';

export async function loadExpressions(): Promise<TryExpression> {
  const { RE2JS, RE2JSException } = await import('re2js');
  return (pattern) => {
    try {
      return RE2JS.compile(pattern);
    } catch (error) {
      if (error instanceof RE2JSException) return undefined;
      throw error;
    }
  };
}
