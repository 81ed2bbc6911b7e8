import { z } from 'zod';
import { type PlanId, sha256 } from '../text/digest.ts';
import { canonicalJson } from '../text/json.ts';
import {
  digestField,
  idField,
  modeField,
  objectIdField,
  parseRecord,
  pathField,
  personField,
  pinField,
  runField,
  timeField,
} from './fields.ts';

const manifestSchema = z.strictObject({
  schema: z.literal('codex-plan-manifest/v1'),
  repository: z.strictObject({ id: idField, full_name: z.string().min(1) }),
  pull_request: idField,
  request: z.strictObject({ comment_id: idField.nullable(), requester: personField }),
  head: pinField,
  base: pinField,
  workspace: z.strictObject({ commit: objectIdField, tree: objectIdField }),
  codex: z.strictObject({
    version: z.string().min(1),
    model: z.string().min(1),
    effort: z.string().nullable(),
  }),
  prompt_sha256: digestField,
  plan_sha256: digestField,
  files: z.array(
    z.discriminatedUnion('operation', [
      z.strictObject({
        path: pathField,
        operation: z.literal('create'),
        mode: z.null(),
        blob: z.null(),
      }),
      z.strictObject({
        path: pathField,
        operation: z.enum(['modify', 'delete']),
        mode: modeField,
        blob: objectIdField,
      }),
    ]),
  ),
  members: z.array(
    z.strictObject({ name: z.string().min(1), size: z.int().nonnegative(), sha256: digestField }),
  ),
  run: runField,
  created_at: timeField,
});

/**
 * Binds plan, prompt, pull request, commits, toolchain and run. `files` says what git had before the change: null
 * mode and blob for a file to create. `members` lists the other files of the artifact, without `plan.sha256`.
 */
export type Manifest = z.infer<typeof manifestSchema>;

/** The bytes of `manifest.json`. */
export function manifestJson(manifest: Manifest): string {
  return canonicalJson(manifest);
}

/** @throws Stopped artifact-invalid */
export function parseManifest(text: string): Manifest {
  return parseRecord('manifest.json', text, manifestSchema);
}

export function computePlanId(manifest: Manifest): PlanId {
  return sha256(manifestJson(manifest));
}
