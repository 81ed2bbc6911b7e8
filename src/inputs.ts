import { z } from 'zod';
import { defaultPolicyFile } from './core/policy/policy.ts';
import { driftWays } from './core/records/verification.ts';
import { tryPath } from './core/text/paths.ts';
import { Stopped } from './decision.ts';

/** Reads one input as the workflow file gave it; '' where it is not set. */
export type ReadInput = (name: string) => string;

const text = z.string();
const set = text.min(1, 'must be set');
const optional = text.transform((value) => (value === '' ? undefined : value));
const number = (pattern: RegExp, what: string) =>
  text
    .refine((value) => value === '' || pattern.test(value), `must be ${what}`)
    .transform((value) => (value === '' ? undefined : Number(value)));
const positiveInteger = number(/^[1-9]\d{0,9}$/, 'a positive whole number');
const positiveNumber = number(/^(?!0+(?:\.0+)?$)\d{1,6}(?:\.\d{1,6})?$/, 'a positive number');
const oneOf = <const T extends readonly string[]>(values: T) =>
  text
    .refine(
      (value) => value === '' || values.includes(value),
      `must be one of ${values.join(', ')}`,
    )
    .transform((value) => (value === '' ? undefined : (value as T[number])));

const common = {
  'github-token': set,
  label: text
    .transform((value) => value || 'approved-plan')
    .pipe(text.max(50).regex(/^[^\p{Cc},]+$/u, 'must be a label name')),
  command: text
    .transform((value) => value || '/codex')
    .pipe(text.regex(/^\/[A-Za-z0-9][A-Za-z0-9_-]{0,38}$/, 'must be a slash and a word')),
  // GitHub reads ./a.yml too, but as another path than the one that a plan could change.
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
    .transform((value) => value || 'codex')
    .pipe(
      text.regex(
        /^[a-z0-9][a-z0-9._-]{0,39}$/i,
        'must be letters, digits, and behind the first of them hyphens, underscores and dots',
      ),
    ),
  'retention-days': positiveInteger,
};

const codex = {
  'openai-api-key': optional,
  'responses-api-endpoint': optional.pipe(z.url({ protocol: /^https?$/ }).optional()),
  'codex-version': optional.pipe(
    text.regex(/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/, 'must be an exact version').optional(),
  ),
  'codex-path': optional,
  model: optional.pipe(
    text.regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/, 'must be the name of a model').optional(),
  ),
  effort: optional.pipe(text.regex(/^[a-z]{1,20}$/, 'must be a reasoning effort').optional()),
  'timeout-minutes': positiveNumber,
};

const whenMissing = { 'when-missing': oneOf(['fail', 'pass']) };

const schema = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('plan'), ...common, ...codex }),
  z.object({
    mode: z.literal('approve'),
    ...common,
    ...codex,
    profile: optional,
    'approval-hours': positiveNumber,
  }),
  z.object({
    mode: z.literal('verify'),
    ...common,
    ...codex,
    ...whenMissing,
    drift: oneOf(driftWays),
  }),
  z.object({ mode: z.literal('execute'), ...common, ...whenMissing }),
]);

/** Every input of a run, checked; what is not set is undefined, so that the policy decides. */
export type Inputs = z.infer<typeof schema>;
export type Mode = Inputs['mode'];
export type InputsOf<M extends Mode> = Extract<Inputs, { mode: M }>;
export type CodexInputs = InputsOf<'plan' | 'approve' | 'verify'>;

const modes = ['plan', 'approve', 'verify', 'execute'];
const names = [
  ...Object.keys({ ...common, ...codex, ...whenMissing }),
  'profile',
  'approval-hours',
  'drift',
];

/**
 * Reads all inputs once. A prompt keeps its white space, which has a meaning of its own.
 * @throws Stopped config-invalid naming the input
 */
export function readInputs(read: ReadInput): Inputs {
  const mode = read('mode').trim();
  if (!modes.includes(mode)) {
    throw new Stopped('config-invalid', `The input mode must be one of ${modes.join(', ')}.`);
  }
  const raw = Object.fromEntries(
    names.map((name) => [name, name === 'prompt' ? read(name) : read(name).trim()]),
  );
  const parsed = schema.safeParse({ ...raw, mode });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Stopped('config-invalid', `The input ${issue?.path.join('.')} ${issue?.message}.`);
}
