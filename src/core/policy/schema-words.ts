/**
 * The building blocks of the schema of the policy file. Each error message is the end of the sentence "… must be …",
 * so that the parser can put the key in front of it.
 */
import { z } from 'zod';
import { checkGlob, GlobError } from '../text/globs.ts';

/** A mapping that has these keys and no others. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys' ? orList(Object.keys(shape)) : 'a mapping of keys to values',
  });
}

/** A mapping of names that the author of the file chooses. */
export function mapping<Key extends z.ZodString, Value extends z.ZodType>(
  name: Key,
  value: Value,
  what: { readonly name: string; readonly value: string },
) {
  return z.record(name, value, {
    error: ({ code }) =>
      code === 'invalid_key' ? `named ${what.name}` : `a mapping of names to ${what.value}`,
  });
}

export function oneOf<const Values extends readonly string[]>(values: Values) {
  return z.enum(values, orList(values));
}

export function whole(from: number, to: number) {
  const expected = `a whole number from ${from} to ${to}`;
  return z.int(expected).min(from, expected).max(to, expected);
}

export function above0(to: number, unit: string) {
  const expected = `a number of ${unit} above 0 and at most ${to}`;
  return z.number(expected).positive(expected).max(to, expected);
}

export const flag = z.boolean('true or false');

/** A list of names in lower case, each once. */
export function distinct(pattern: RegExp, expected: string) {
  return z
    .array(
      z.string(expected).regex(pattern, expected).toLowerCase(),
      `a list, each item ${expected}`,
    )
    .refine((names) => new Set(names).size === names.length, 'a list without repetitions');
}

const glob = z.string('a path or glob in quotes').check(({ value, issues }) => {
  try {
    checkGlob(value);
  } catch (error) {
    if (!(error instanceof GlobError)) throw error;
    issues.push({
      code: 'custom',
      input: value,
      message: `a glob of paths in the repository (${error.message.replace(/\.$/, '')})`,
    });
  }
});
export const globs = z.array(glob, 'a list of globs');

/** `a, b or c` */
export function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
