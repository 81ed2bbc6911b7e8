import { z } from 'zod';
import { stopReasons } from '../../decision.ts';
import { canonicalJson } from '../text/json.ts';
import {
  actionField,
  approverField,
  artifactField,
  digestField,
  idField,
  nonEmpty,
  objectIdField,
  parseRecord,
  pinField,
  policyField,
  runField,
  timeField,
} from './fields.ts';

export const executionSchema = z.strictObject({
  schema: z.literal('codex-execution/v1'),
  repository: z.strictObject({ id: idField, full_name: z.string().min(1) }),
  pull_request: idField,
  plan_id: digestField,
  approval_sha256: digestField,
  verification_artifact: artifactField,
  /** The approvers of the approval, in the same order, as GitHub named them now. */
  approvers: nonEmpty(approverField),
  /** The branch, and the commit that was approved on: the parent of `commit`. */
  head: pinField,
  commit: objectIdField,
  tree: objectIdField,
  /**
   * Commits of earlier executions of this plan that the branch did not have at this time: GitHub gave no answer when
   * the branch was to move to them.
   */
  unreached: z.array(objectIdField),
  /**
   * Why the branch was not moved to the commit; absent if it was. The commit exists, and anybody who can write can
   * push it: that would not be an execution.
   */
  stopped: z.enum(stopReasons).optional(),
  policy: policyField,
  action: actionField,
  run: runField,
  created_at: timeField,
});

/** Says which commit an approval became, or was to become. */
export type Execution = z.infer<typeof executionSchema>;

/** The bytes of `execution.json`. */
export function executionJson(execution: Execution): string {
  return canonicalJson(executionSchema.parse(execution));
}

/** @throws Stopped artifact-invalid */
export function parseExecution(text: string): Execution {
  return parseRecord('execution.json', text, executionSchema);
}
