/** What a workflow file says about the jobs that run this action. */

import { parseDocument } from 'yaml';
import { z } from 'zod';

/**
 * The modes that a job can run. A step belongs to this action if its input `mode` is one of these. The registry of modes
 * has the same names, which a test compares: the core imports no mode.
 */
export const jobModes = [
  'plan',
  'approve',
  'verify',
  'execute',
  'refresh',
  'audit',
  'doctor',
] as const;
export type JobMode = (typeof jobModes)[number];

/** The permissions of a job by name; `all` means those that are not named. */
export type JobPermissions = Readonly<Record<string, string>>;

export interface WorkflowStep {
  readonly mode: JobMode;
  readonly uses: string;
  readonly with: Readonly<Record<string, string>>;
}

/** A job with at least one step of this action. */
export interface WorkflowJob {
  readonly name: string;
  readonly steps: readonly WorkflowStep[];
  /** Null if neither the job nor the workflow names any: then the repository's setting decides. */
  readonly permissions: JobPermissions | null;
  /** Whether the job has a concurrency group; `workflow` if only the whole file has one. */
  readonly concurrency: 'job' | 'workflow' | 'none';
}

export interface Workflow {
  readonly path: string;
  /** The events that start it, each with its types; an empty list if the file names none: then GitHub's default types do. */
  readonly events: Readonly<Record<string, readonly string[]>>;
  readonly jobs: readonly WorkflowJob[];
  /** Every action that a job of these uses, ours included. */
  readonly uses: readonly string[];
}

const loose = z.record(z.string(), z.unknown()).catch({});
const texts = z
  .record(z.string(), z.coerce.string())
  .nullish()
  .catch(null)
  .transform((found) => found ?? {});
const stepShape = z
  .object({ uses: z.string().catch(''), with: texts })
  .catch({ uses: '', with: {} });
const fileShape = z.object({
  on: z.unknown().optional(),
  permissions: z.unknown().optional(),
  concurrency: z.unknown().optional(),
  jobs: z.record(
    z.string(),
    z.object({
      uses: z.string().optional().catch(undefined),
      permissions: z.unknown().optional(),
      concurrency: z.unknown().optional(),
      steps: z.array(stepShape).catch([]),
    }),
  ),
});

/**
 * @param text of a workflow file; its form is not checked yet
 * @returns undefined if it cannot be read as a workflow, or if none of its jobs runs this action
 */
export function parseWorkflow(path: string, text: string): Workflow | undefined {
  const parsed = fileShape.safeParse(readYaml(text));
  if (!parsed.success) return undefined;
  const { on, permissions, concurrency, jobs } = parsed.data;
  const ours = Object.entries(jobs).flatMap(([name, job]) => {
    const steps = job.steps.flatMap((step) => readStep(step) ?? []);
    if (steps.length === 0) return [];
    const own = job.concurrency !== undefined && job.concurrency !== null;
    return [
      {
        name,
        steps,
        permissions: readPermissions(job.permissions ?? permissions),
        concurrency: own ? 'job' : concurrency ? 'workflow' : 'none',
        uses: job.steps.map((step) => step.uses).filter((uses) => uses !== ''),
      } as const,
    ];
  });
  if (ours.length === 0) return undefined;
  return {
    path,
    events: readEvents(on),
    jobs: ours.map(({ uses: _, ...job }) => job),
    uses: [...new Set(ours.flatMap(({ uses }) => uses))],
  };
}

function readYaml(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) return undefined;
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

function readStep({ uses, with: given }: z.infer<typeof stepShape>): WorkflowStep | undefined {
  const mode = jobModes.find((name) => name === given.mode?.trim());
  return mode === undefined || uses === '' ? undefined : { mode, uses, with: given };
}

function readPermissions(said: unknown): JobPermissions | null {
  if (said === 'read-all') return { all: 'read' };
  if (said === 'write-all') return { all: 'write' };
  if (said === undefined || said === null) return null;
  return texts.parse(said);
}

/** `on: push`, `on: [push]` and `on: { push: { … } }` are the three forms. */
function readEvents(on: unknown): Workflow['events'] {
  if (typeof on === 'string') return { [on]: [] };
  if (Array.isArray(on)) return Object.fromEntries(on.map((name) => [String(name), []]));
  return Object.fromEntries(
    Object.entries(loose.parse(on)).map(([name, about]) => {
      const types = loose.parse(about).types;
      return [name, (Array.isArray(types) ? types : types ? [types] : []).map(String)];
    }),
  );
}

/**
 * Whether a job has a permission at this level or a higher one. Once any permission is named, those that are not
 * named are none.
 */
export function grants(permissions: JobPermissions, name: string, level: string): boolean {
  const has = permissions[name] ?? permissions.all ?? 'none';
  return has === 'write' || has === level;
}
