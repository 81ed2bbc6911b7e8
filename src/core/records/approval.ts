import { z } from 'zod';
import { canonicalJson } from '../text/json.ts';
import {
  actionField,
  artifactField,
  digestField,
  idField,
  labelEventField,
  nonEmpty,
  objectIdField,
  parseRecord,
  pathField,
  pinField,
  policyField,
  runField,
  stateField,
  timeField,
} from './fields.ts';

export const approvalSchema = z.strictObject({
  schema: z.literal('codex-approval/v1'),
  repository: z.strictObject({ id: idField, full_name: z.string().min(1) }),
  pull_request: idField,
  plan_id: digestField,
  plan_sha256: digestField,
  prompt_sha256: digestField,
  plan_artifact: artifactField,
  approvers: nonEmpty(
    z.strictObject({
      id: idField,
      login: z.string().min(1),
      permission: z.string().min(1),
      label_event: z.strictObject({ id: z.string().min(1), created_at: timeField }),
    }),
  ),
  head: pinField,
  base: pinField,
  files: z.array(
    z.discriminatedUnion('operation', [
      z.strictObject({
        path: pathField,
        operation: z.literal('create'),
        before: z.null(),
        after: stateField,
      }),
      z.strictObject({
        path: pathField,
        operation: z.literal('modify'),
        before: stateField,
        after: stateField,
      }),
      z.strictObject({
        path: pathField,
        operation: z.literal('delete'),
        before: stateField,
        after: z.null(),
      }),
    ]),
  ),
  change_sha256: digestField,
  /** As GitHub told them; one for each approver, in the same order. */
  label_events: nonEmpty(labelEventField),
  /**
   * Commits of earlier executions of this plan that the branch did not have at this time: GitHub gave no answer when
   * the branch was to move to them.
   */
  unreached: z.array(objectIdField),
  policy: policyField,
  action: actionField,
  run: runField,
  created_at: timeField,
  /** Counted from the last label event. */
  expires_at: timeField,
});

/** Says that named people approved one plan id, and names the exact change that Codex made for it. */
export type Approval = z.infer<typeof approvalSchema>;

/** The bytes of `approval.json`. */
export function approvalJson(approval: Approval): string {
  return canonicalJson(approval);
}

/** @throws Stopped artifact-invalid */
export function parseApproval(text: string): Approval {
  return parseRecord('approval.json', text, approvalSchema);
}
