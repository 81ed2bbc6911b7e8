import { z } from 'zod';
import { stopReasons } from '../../decision.ts';
import { canonicalJson } from '../text/json.ts';
import {
  actionField,
  digestField,
  idField,
  labelEventField,
  operationField,
  parseRecord,
  policyField,
  runField,
  timeField,
} from './fields.ts';

export const denialSchema = z.strictObject({
  schema: z.literal('codex-denial/v1'),
  repository: z.strictObject({ id: idField, full_name: z.string().min(1) }),
  pull_request: idField,
  mode: z.enum(['plan', 'approve', 'verify']),
  /** Null if the run was to make the plan. */
  plan_id: digestField.nullable(),
  reason: z.enum(stopReasons),
  /** The label events that the run counted, oldest first; empty outside of approve. */
  label_events: z.array(labelEventField),
  /** File changes that were refused. The model chose the path, so it can be any text. */
  refused: z.array(
    z.strictObject({
      path: z.string(),
      operation: operationField,
      /** Titles of the plan's steps that name the path. */
      steps: z.array(z.string()),
      reason: z.string().min(1),
      detail: z.string(),
    }),
  ),
  /** Other requests that were refused: to leave the sandbox, for permissions, for tools. */
  refused_requests: z.array(
    z.strictObject({ kind: z.string().min(1), request: z.string(), why: z.string() }),
  ),
  /** What the guardian decided. */
  assessments: z.array(
    z.strictObject({
      at: z.string(),
      action: z.string(),
      risk: z.string().nullable(),
      authorization: z.string().nullable(),
      outcome: z.string().min(1),
      rationale: z.string(),
    }),
  ),
  policy: policyField,
  action: actionField,
  run: runField,
  created_at: timeField,
});

/** Says how a run that asked Codex ended, if it ended without success. */
export type DenialRecord = z.infer<typeof denialSchema>;

/** The bytes of `denial.json`. */
export function denialJson(denial: DenialRecord): string {
  return canonicalJson(denialSchema.parse(denial));
}

/** @throws Stopped artifact-invalid */
export function parseDenial(text: string): DenialRecord {
  return parseRecord('denial.json', text, denialSchema);
}
