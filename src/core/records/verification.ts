import { z } from 'zod';
import { canonicalJson } from '../text/json.ts';
import { tryExistingPath } from '../text/paths.ts';
import {
  actionField,
  approverField,
  artifactField,
  digestField,
  idField,
  nonEmpty,
  objectIdField,
  operationField,
  parseRecord,
  pathField,
  pinField,
  policyField,
  runField,
  timeField,
} from './fields.ts';

export const driftWays = ['anchored', 'scope', 'exact'] as const;
/** How the regenerated plan is compared: see `drift.ts`. */
export type DriftWay = (typeof driftWays)[number];

/** Checked like a path of the plan, but typed as a plain text. */
const writtenPath = z.string().refine((text) => tryExistingPath(text) !== undefined);
const scopedFile = z.strictObject({ path: pathField, operation: operationField });

const verificationBases = ['same-tree', 'model', 'deterministic'] as const;
/** What a verification rests on. */
export type VerificationBasis = (typeof verificationBases)[number];

export const verificationSchema = z.strictObject({
  schema: z.literal('codex-verification/v1'),
  repository: z.strictObject({ id: idField, full_name: z.string().min(1) }),
  pull_request: idField,
  plan_id: digestField,
  approval_sha256: digestField,
  approval_artifact: artifactField,
  /** The approvers of the approval, in the same order, as GitHub named them now. */
  approvers: nonEmpty(approverField),
  way: z.enum(driftWays),
  result: z.enum(['verified', 'drifted']),
  /** What the answer rests on: nothing has changed, Codex was asked again, or only the checks that need no model. */
  basis: z.enum(verificationBases),
  /** The plan that Codex made now; null if it was not asked. */
  regenerated: z.strictObject({ plan_sha256: digestField }).nullable(),
  scope: z.strictObject({
    added: z.array(scopedFile),
    removed: z.array(scopedFile),
    retyped: z.array(scopedFile),
  }),
  causes: z.strictObject({
    base_commits: z.array(z.strictObject({ sha: objectIdField, paths: z.array(writtenPath) })),
    toolchain: z.array(z.string()),
  }),
  head: pinField,
  base: pinField,
  policy: policyField,
  action: actionField,
  run: runField,
  created_at: timeField,
});

/** Says that an approval was still valid at one head and base, or what had drifted. */
export type Verification = z.infer<typeof verificationSchema>;

/** The bytes of `verification.json`. */
export function verificationJson(verification: Verification): string {
  return canonicalJson(verification);
}

/** @throws Stopped artifact-invalid */
export function parseVerification(text: string): Verification {
  return parseRecord('verification.json', text, verificationSchema);
}
