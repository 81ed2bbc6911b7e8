import { z } from 'zod';
import { Stopped } from '../../decision.ts';
import { findControl, hasPiledMarks, nameCharacter, normaliseText } from '../text/characters.ts';
import { type Sha256, sha256 } from '../text/digest.ts';
import { canonicalJson, JsonError, parseJson } from '../text/json.ts';
import {
  byPath,
  type CanonicalPath,
  findTwin,
  PathError,
  parseExistingPath,
  parsePath,
} from '../text/paths.ts';

/** What a plan does to a file; a rename is a delete and a create. */
export type Operation = 'create' | 'modify' | 'delete';

/**
 * The structured proposal of `plan.json`; made by `parsePlan` alone, so it is canonical and its paths are checked. A
 * null stays null and '' stays '', since the digest covers exactly what the model said; readers see nothing for both.
 */
export interface Plan {
  readonly schema: 'codex-plan/v1';
  readonly title: string;
  readonly summary: string | null;
  readonly steps: readonly PlanStep[];
  /** Sorted by path, each path once. */
  readonly files: readonly PlannedFile[];
  readonly commands: readonly string[];
  readonly risks: readonly string[];
}

export interface PlanStep {
  readonly title: string;
  readonly detail: string | null;
  readonly paths: readonly CanonicalPath[];
}

export interface PlannedFile {
  readonly path: CanonicalPath;
  readonly operation: Operation;
  readonly reason: string | null;
}

const maxAnswerBytes = 256 * 1024;
const maxDepth = 8;

/** Every key is required, as the strict mode of structured outputs asks. */
const answerSchema = z.strictObject({
  title: z.string(),
  summary: z.string().nullable(),
  steps: z.array(
    z.strictObject({
      title: z.string(),
      detail: z.string().nullable(),
      paths: z.array(z.string()),
    }),
  ),
  files: z.array(
    z.strictObject({
      path: z.string(),
      operation: z.enum(['create', 'modify', 'delete']),
      reason: z.string().nullable(),
    }),
  ),
  commands: z.array(z.string()),
  risks: z.array(z.string()),
});

/** A stored plan names its format; a model may leave it out. */
const planSchema = answerSchema.extend({ schema: z.literal('codex-plan/v1').optional() });

/** A stored plan always names its format; `parsePlan` checks more than a schema can say. */
export const storedPlanSchema = answerSchema.extend({ schema: z.literal('codex-plan/v1') });

/**
 * The JSON schema that the API makes the planner's answer follow. Codex itself does not check it, so the answer is
 * validated again by `parsePlan`.
 */
export function planOutputSchema(): unknown {
  const { $schema: _, ...schema } = z.toJSONSchema(answerSchema);
  return schema;
}

/**
 * Reads what a model answered, or a stored plan. Nothing is extracted from prose and nothing is repaired.
 * @param maxFiles the policy's `limits.files`
 * @throws Stopped plan-invalid, path-invalid or limit-exceeded
 */
export function parsePlan(answer: string, maxFiles: number): Plan {
  if (Buffer.byteLength(answer) > maxAnswerBytes) {
    throw new Stopped('limit-exceeded', `The plan is larger than ${maxAnswerBytes / 1024} KiB.`);
  }
  const raw = checkShape(readJson(answer));
  if (raw.files.length > maxFiles) {
    throw new Stopped(
      'limit-exceeded',
      `The plan names ${raw.files.length} files; the limit (limits.files) is ${maxFiles}.`,
    );
  }
  const plan: Plan = {
    schema: 'codex-plan/v1',
    title: text(raw.title),
    summary: textOrNull(raw.summary),
    steps: raw.steps.map((step) => ({
      title: text(step.title),
      detail: textOrNull(step.detail),
      paths: step.paths.map((path) => checked(path, parseExistingPath)),
    })),
    files: raw.files
      .map((file) => ({
        // `checkPathsInTree` finds out later whether a file with an unusual name exists.
        path: checked(file.path, file.operation === 'create' ? parsePath : parseExistingPath),
        operation: file.operation,
        reason: textOrNull(file.reason),
      }))
      .sort(byPath),
    commands: raw.commands.map(text),
    risks: raw.risks.map(text),
  };
  checkUnique(plan.files);
  return plan;
}

/** The bytes of `plan.json`. */
export function planJson(plan: Plan): string {
  return canonicalJson(plan);
}

export function planDigest(plan: Plan): Sha256 {
  return sha256(planJson(plan));
}

function readJson(answer: string): unknown {
  try {
    return parseJson(answer, maxDepth);
  } catch (error) {
    if (error instanceof JsonError) throw new Stopped('plan-invalid', `The plan: ${error.message}`);
    throw error;
  }
}

function checkShape(value: unknown): z.infer<typeof planSchema> {
  const parsed = planSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'the top level';
  throw new Stopped(
    'plan-invalid',
    `The plan does not fit its schema at ${where}: ${issue?.message}.`,
  );
}

function text(value: string): string {
  if (hasPiledMarks(value))
    throw new Stopped('plan-invalid', 'The plan stacks too many accents on one letter.');
  const normal = normaliseText(value);
  const control = findControl(normal);
  if (control !== undefined) {
    throw new Stopped(
      'plan-invalid',
      `The plan holds the control character ${nameCharacter(control)}.`,
    );
  }
  return normal;
}

function textOrNull(value: string | null): string | null {
  return value === null ? null : text(value);
}

function checked(value: string, parse: (text: string) => CanonicalPath): CanonicalPath {
  try {
    return parse(value);
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
    throw new Stopped('path-invalid', `The plan names ${JSON.stringify(value)}. ${error.message}`);
  }
}

function checkUnique(files: readonly PlannedFile[]): void {
  const paths = files.map((file) => file.path);
  const again = paths.find((one, index) => one === paths[index - 1]);
  if (again !== undefined) {
    throw new Stopped('plan-invalid', `The plan names ${JSON.stringify(again)} twice.`);
  }
  // Two existing files may be twins, and a created file may replace a deleted one.
  const twin = findTwin(
    files.filter((file) => file.operation === 'create').map((file) => file.path),
    files.filter((file) => file.operation === 'modify').map((file) => file.path),
  );
  if (twin !== undefined) {
    const [one, other] = twin.map((path) => JSON.stringify(path));
    throw new Stopped('path-invalid', `${one} and ${other} are one file on some file systems.`);
  }
}
