/** Plans as fast-check draws them, and every way to change a single thing in a value. */
import fc from 'fast-check';
import { type Plan, parsePlan } from '../../src/core/plan/plan.ts';
import { tryPath } from '../../src/core/text/paths.ts';

/** Few characters, so that two texts are often nearly the same, and all that a rendering could stumble over. */
const letter = fc.constantFrom(
  ...[
    'a',
    'b',
    ' ',
    '\n',
    '  ',
    '- ',
    '> ',
    '1. ',
    ':',
    '`',
    '|',
    '\\',
    '\t',
    '\n\n',
    '\n    ',
    '\n  ',
  ],
  ...[
    'Steps',
    'Files',
    'Commands',
    'Risks',
    'create a',
    'é',
    '@a',
    '<!--',
    '＠',
    '\\u{a}',
    '\u200b',
    '😀',
  ],
);
export const prose = fc.array(letter, { maxLength: 5 }).map((letters) => letters.join(''));

const proseOrNull = fc.option(prose);

export const plannedPath = fc
  .array(fc.string({ unit: fc.constantFrom(...'abé- .'), minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((names) => names.join('/').normalize('NFC'))
  .filter((path) => tryPath(path) !== undefined);

export const operation = fc.constantFrom('create', 'modify', 'delete');

export const plannedFiles = fc.uniqueArray(
  fc.record({ path: plannedPath, operation, reason: proseOrNull }),
  { selector: ({ path }) => path, maxLength: 4 },
);

/** An answer as a model gives it: of the schema, and not yet canonical. */
export const answer = fc.record({
  title: prose,
  summary: proseOrNull,
  steps: fc.array(
    fc.record({
      title: prose,
      detail: proseOrNull,
      paths: fc.array(plannedPath, { maxLength: 2 }),
    }),
    { maxLength: 3 },
  ),
  files: plannedFiles,
  commands: fc.array(prose, { maxLength: 3 }),
  risks: fc.array(prose, { maxLength: 2 }),
});

export const plan = answer.map((one) => toPlan(one));

export function toPlan(one: unknown): Plan {
  return parsePlan(JSON.stringify(one), 10_000);
}

/** What a reader is shown of a plan: null and '' are both nothing. */
export function asShown(plan: Plan): string {
  return JSON.stringify(plan, (_, value) => value ?? '');
}

/**
 * Every value that differs from the given one in a single place, by what is found there: each string, number, null
 * and truth value another one, each list longer, shorter and in another order, each key left out, renamed, added.
 */
export function* mutationsOf(value: unknown): Generator<{ where: string; mutant: unknown }> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      for (const { where, mutant } of mutationsOf(item)) {
        yield { where: `${index}.${where}`, mutant: value.with(index, mutant) };
      }
      yield { where: `without ${index}`, mutant: value.toSpliced(index, 1) };
      yield { where: `${index} twice`, mutant: value.toSpliced(index, 0, item) };
    }
    if (value.length > 1) yield { where: 'turned round', mutant: value.toReversed() };
    yield { where: 'with null', mutant: [...value, null] };
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      const { [key]: _, ...rest } = value as Record<string, unknown>;
      for (const { where, mutant } of mutationsOf(item)) {
        yield { where: `${key}.${where}`, mutant: { ...value, [key]: mutant } };
      }
      yield { where: `without ${key}`, mutant: rest };
      yield { where: `renamed ${key}`, mutant: { ...rest, [`${key}_`]: item } };
    }
    yield { where: 'with one more', mutant: { ...value, more: 1 } };
  } else {
    for (const mutant of replacementsOf(value)) yield { where: JSON.stringify(mutant), mutant };
  }
}

function replacementsOf(value: unknown): unknown[] {
  switch (typeof value) {
    case 'string':
      return [
        `${value}x`,
        `x${value}`,
        value.slice(1),
        value.slice(0, -1),
        flip(value),
        null,
        1,
      ].filter((one) => one !== value);
    case 'number':
      return [value + 1, value - 1, -value, value + 0.5, String(value), null].filter(
        (one) => one !== value,
      );
    case 'boolean':
      return [!value, null];
    default:
      return ['', 'x', 1, false];
  }
}

/** The last character becomes its neighbour. */
function flip(text: string): string {
  const last = text.at(-1);
  if (last === undefined) return 'y';
  return text.slice(0, -1) + (last === 'a' ? 'b' : last === '0' ? '1' : last === '1' ? '0' : 'a');
}
