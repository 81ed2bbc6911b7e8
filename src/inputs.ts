import { z } from 'zod';
import { defaultPolicyFile } from './core/policy/default-paths.ts';
import { tryPath } from './core/text/paths.ts';
import { Stopped } from './decision.ts';
import { defaultInputs, inputForms, longestLabel } from './input-forms.ts';

/** Reads one input as the workflow file gave it; '' if it is not set. */
export type ReadInput = (name: string) => string;

const text = z.string();
const set = text.min(1, 'must be set');
export const optional = text.transform((value) => (value === '' ? undefined : value));
const number = (pattern: RegExp, what: string) =>
  text
    .refine((value) => value === '' || pattern.test(value), `must be ${what}`)
    .transform((value) => (value === '' ? undefined : Number(value)));
const positiveInteger = number(inputForms.positiveInteger, 'a positive whole number');
export const positiveNumber = number(inputForms.positiveNumber, 'a positive number');
export const oneOf = <const T extends readonly string[]>(values: T) =>
  text
    .refine(
      (value) => value === '' || values.includes(value),
      `must be one of ${values.join(', ')}`,
    )
    .transform((value) => (value === '' ? undefined : (value as T[number])));

/** What every mode reads. */
export const commonInputs = {
  'github-token': set,
  label: text
    .transform((value) => value || defaultInputs.label)
    .pipe(
      text
        .max(longestLabel, `must have at most ${longestLabel} characters`)
        .regex(inputForms.label, 'must be a label name'),
    ),
  command: text
    .transform((value) => value || defaultInputs.command)
    .pipe(text.regex(inputForms.command, 'must be a slash and a word')),
  // GitHub also reads ./a.yml, but a plan could name the same file in another way.
  'policy-file': text
    .transform((value) => value || defaultPolicyFile)
    .pipe(
      text.refine(
        (value) => tryPath(value) !== undefined,
        `must be a path in the repository, like ${defaultPolicyFile}`,
      ),
    ),
  'team-token': optional,
  'pull-request': positiveInteger,
  prompt: optional,
  'artifact-prefix': text
    .transform((value) => value || defaultInputs.artifactPrefix)
    .pipe(
      text.regex(
        inputForms.artifactPrefix,
        'must be letters, digits, and after the first of them hyphens, underscores and dots',
      ),
    ),
  'retention-days': positiveInteger,
};

/** Inputs of modes that run Codex. */
export const codexInputs = {
  'openai-api-key': optional,
  'responses-api-endpoint': optional.pipe(
    z
      .url({ protocol: /^https?$/, error: 'must be an address with http:// or https://' })
      .optional(),
  ),
  'codex-version': optional.pipe(
    text.regex(inputForms.codexVersion, 'must be an exact version').optional(),
  ),
  'codex-path': optional,
  model: optional.pipe(text.regex(inputForms.model, 'must be the name of a model').optional()),
  effort: optional.pipe(text.regex(inputForms.effort, 'must be a reasoning effort').optional()),
  'timeout-minutes': positiveNumber,
};

/** Inputs of modes that can run before anything was planned. */
export const whenMissingInput = { 'when-missing': oneOf(['fail', 'pass']) };

type Shape = Readonly<Record<string, z.ZodType<unknown, string>>>;

/** `artifact-prefix` → `artifactPrefix` */
type CamelCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** Checked inputs by their names in camel case. An input that is not set is undefined, so that the policy decides. */
type InputsOf<S extends Shape> = {
  readonly [Name in keyof S & string as CamelCase<Name>]: z.output<S[Name]>;
};

export type CommonInputs = InputsOf<typeof commonInputs>;
export type CodexInputs = InputsOf<typeof codexInputs>;

/** The inputs of a mode: their names in `action.yml`, and how they are read. */
export interface InputSchema<I> {
  readonly names: readonly string[];
  /**
   * Reads all of them once. A prompt keeps its white space, which is part of it.
   * @throws Stopped config-invalid naming the input
   */
  read(read: ReadInput): I;
}

export function inputSchema<S extends Shape>(shape: S): InputSchema<InputsOf<S>> {
  const names = Object.keys(shape);
  const schema = z.object(shape);
  return {
    names,
    read: (read) => {
      const raw = names.map((name) => [name, name === 'prompt' ? read(name) : read(name).trim()]);
      const parsed = schema.safeParse(Object.fromEntries(raw));
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        const what = `The input ${issue?.path.join('.')} ${issue?.message}.`;
        throw new Stopped('config-invalid', what);
      }
      const inputs = Object.entries(parsed.data).map(([name, value]) => [toCamelCase(name), value]);
      return Object.fromEntries(inputs) as InputsOf<S>;
    },
  };
}

function toCamelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * The name among these that the input `mode` has.
 * @throws Stopped config-invalid
 */
export function readMode<Name extends string>(read: ReadInput, names: readonly Name[]): Name {
  const given = read('mode').trim();
  const mode = names.find((name) => name === given);
  if (mode !== undefined) return mode;
  throw new Stopped('config-invalid', `The input mode must be one of ${names.join(', ')}.`);
}
