import { z } from 'zod';
import { type PlanId, sha256 } from '../text/digest.ts';
import { canonicalJson } from '../text/json.ts';
import {
  actionField,
  digestField,
  idField,
  modeField,
  nonEmpty,
  objectIdField,
  parseRecord,
  pathField,
  personField,
  pinField,
  policyField,
  runField,
  timeField,
  usageField,
} from './fields.ts';

export const manifestSchema = z.strictObject({
  schema: z.literal('codex-plan-manifest/v1'),
  repository: z.strictObject({ id: idField, full_name: z.string().min(1) }),
  pull_request: idField,
  /** Oldest first; `comment_id` is null if the workflow was dispatched. */
  requests: nonEmpty(
    z.strictObject({
      comment_id: idField.nullable(),
      requester: personField,
      /** Of the normalised text. */
      sha256: digestField,
    }),
  ),
  /** The plan that this one was made from by striking files, and who asked for that. */
  narrows: z
    .strictObject({
      plan_id: digestField,
      comment_id: idField,
      by: personField,
      paths: z.array(pathField),
    })
    .nullable(),
  head: pinField,
  base: pinField,
  merge_base: objectIdField,
  workspace: z.strictObject({ commit: objectIdField, tree: objectIdField }),
  codex: z.strictObject({
    version: z.string().min(1),
    model: z.string().min(1),
    effort: z.string().nullable(),
    /** Folders of the tool cache that its commands could use. */
    tools: z.array(z.string().min(1)),
  }),
  policy: policyField,
  usage: usageField,
  instructions_sha256: digestField,
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
  action: actionField,
  run: runField,
  created_at: timeField,
});

/**
 * Ties together plan, prompt, pull request, commits, toolchain and run. `files` says what git had before the change:
 * null mode and blob for a file to create. `members` lists the other files of the artifact, without `plan.sha256`.
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
