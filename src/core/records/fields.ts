/** The parts that the records of the evidence share, and how a record is read back. */
import { z } from 'zod';
import { Stopped } from '../../decision.ts';
import { parseSha256, type Sha256 } from '../text/digest.ts';
import { canonicalJson, JsonError, parseJson } from '../text/json.ts';
import { type ObjectId, objectIdPattern } from '../text/object-id.ts';
import { type CanonicalPath, tryPath } from '../text/paths.ts';

export const digestField = z.string().transform((text, context): Sha256 => {
  const digest = parseSha256(text);
  if (digest !== undefined) return digest;
  context.addIssue('expected 64 lowercase hexadecimal digits');
  return z.NEVER;
});

export const pathField = z.string().transform((text, context): CanonicalPath => {
  const path = tryPath(text);
  if (path !== undefined) return path;
  context.addIssue('expected a path inside the repository');
  return z.NEVER;
});

/** A git object id; git itself is only ever given these, never a name. */
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
});
export const modeField = z.string().regex(/^[0-7]{6}$/);
export const stateField = z.strictObject({
  mode: modeField,
  blob: objectIdField,
});

/** A person as GitHub names one. */
export type Person = z.infer<typeof personField>;
/** A branch and the commit it was at; the name is for people, the id for git. */
export type Pin = z.infer<typeof pinField>;
/** The workflow run that made a record; `workflow` is the path of its file. */
export type RunRef = z.infer<typeof runField>;

/**
 * Reads a record of the evidence. Its bytes must be the canonical form, so that one record has one digest.
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
      `${name} is not of its schema at ${issue?.path.join('.') || 'the top level'}: ${issue?.message}.`,
    );
  }
  if (canonicalJson(value) !== text) {
    throw new Stopped('artifact-invalid', `${name} is not in its canonical form.`);
  }
  return parsed.data;
}
