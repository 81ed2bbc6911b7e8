/** The parts that the records of the evidence share, and how a record is read back. */
import { z } from 'zod';
import { Stopped } from '../../decision.ts';
import { type Sha256, sha256Pattern } from '../text/digest.ts';
import { canonicalJson, JsonError, parseJson } from '../text/json.ts';
import { type ObjectId, objectIdPattern } from '../text/object-id.ts';
import { type CanonicalPath, tryExistingPath } from '../text/paths.ts';

export const digestField = z
  .string()
  .regex(sha256Pattern, 'expected 64 lowercase hexadecimal digits')
  .transform((text) => text as Sha256);

/** An archive as the artifact store names it. */
export const artifactField = z.strictObject({
  id: z.int().positive(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 hexadecimal digits'),
});

export const pathField = z.string().transform((text, context): CanonicalPath => {
  const path = tryExistingPath(text);
  if (path !== undefined) return path;
  context.addIssue('expected a path inside the repository');
  return z.NEVER;
});

/** A git object id. The action gives git only such ids, never names. */
export const objectIdField = z
  .string()
  .regex(objectIdPattern)
  .transform((text) => text as ObjectId);
export const idField = z.int().positive();
export const timeField = z.iso.datetime();
export const operationField = z.enum(['create', 'modify', 'delete']);
export const personField = z.strictObject({ id: idField, login: z.string().min(1) });
export const pinField = z.strictObject({ ref: z.string().min(1), sha: objectIdField });
export const runField = z.strictObject({
  id: idField,
  attempt: idField,
  workflow: z.string().min(1),
  /** The commit that the workflow file was taken from; null if the runner does not say it. */
  workflow_sha: objectIdField.nullable(),
  /** The reusable workflows that the run called. */
  called: z.array(
    z.strictObject({ path: z.string().min(1), sha: objectIdField, ref: z.string().nullable() }),
  ),
});
/** The policy file that a decision was made under; `blob` is null if the repository has none. */
export const policyField = z.strictObject({
  path: z.string().min(1),
  blob: objectIdField.nullable(),
  commit: objectIdField,
});
/** The action that made a record; `dist_sha256` covers the name and content of each file of its bundle. */
export const actionField = z.strictObject({
  repository: z.string().min(1).nullable(),
  ref: z.string().min(1).nullable(),
  dist_sha256: digestField,
});
/** What a run of Codex used: tokens, and seconds. */
export const usageField = z.strictObject({
  input: z.int().nonnegative(),
  cached: z.int().nonnegative(),
  output: z.int().nonnegative(),
  seconds: z.number().nonnegative(),
});
/** A person set the label: GitHub's own ids of the event and of the label, as GraphQL tells them. */
export const labelEventField = z.strictObject({
  id: z.string().min(1),
  label: z.strictObject({ id: z.string().min(1), name: z.string().min(1) }),
  actor: personField,
  created_at: timeField,
});
/** Somebody who had approved, as GitHub named them when their approval was used: with the login and role of that time. */
export const approverField = z.strictObject({
  ...personField.shape,
  permission: z.string().min(1),
});
/** A list with at least one item; its type says so, too. */
export function nonEmpty<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .min(1)
    .transform((list) => list as [z.output<T>, ...z.output<T>[]]);
}

export const modeField = z.string().regex(/^[0-7]{6}$/);
export const stateField = z.strictObject({
  mode: modeField,
  blob: objectIdField,
});

/** A person as GitHub names one. */
export type Person = z.infer<typeof personField>;
/** An approver at the time when their approval was used. */
export type ApproverNow = z.infer<typeof approverField>;
/** A branch and the commit it was at; people read the name, git gets the id. */
export type Pin = z.infer<typeof pinField>;
/** The policy that a decision was made under. */
export type PolicyRef = z.infer<typeof policyField>;
/** The action that made a record. */
export type ActionRef = z.infer<typeof actionField>;
/** What a run of Codex used. */
export type Usage = z.infer<typeof usageField>;
/** A label event that a decision counted. */
export type CountedLabelEvent = z.infer<typeof labelEventField>;
/** The workflow run that made a record; `workflow` is the path of its file. */
export type RunRef = z.infer<typeof runField>;

/**
 * Reads a record of the evidence. Its bytes must be in canonical form, so that each record has exactly one digest.
 * @param name the file, for the message
 * @throws Stopped artifact-invalid
 */
export function parseRecord<T>(name: string, text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    if (error instanceof JsonError)
      throw new Stopped('artifact-invalid', `${name}: ${error.message}`);
    throw error;
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Stopped(
      'artifact-invalid',
      `${name} does not fit its schema at ${issue?.path.join('.') || 'the top level'}: ${issue?.message}.`,
    );
  }
  if (canonicalJson(value) !== text) {
    throw new Stopped('artifact-invalid', `${name} is not in its canonical form.`);
  }
  return parsed.data;
}
