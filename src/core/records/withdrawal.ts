import { z } from 'zod';
import { canonicalJson } from '../text/json.ts';
import {
  actionField,
  digestField,
  idField,
  parseRecord,
  personField,
  policyField,
  runField,
  timeField,
} from './fields.ts';

export const withdrawalSchema = z.strictObject({
  schema: z.literal('codex-withdrawal/v1'),
  repository: z.strictObject({ id: idField, full_name: z.string().min(1) }),
  pull_request: idField,
  plan_id: digestField,
  /** The comment with the command, and who wrote it. */
  comment_id: idField,
  by: personField,
  policy: policyField,
  action: actionField,
  run: runField,
  created_at: timeField,
});

/** Says that a person withdrew a plan. A withdrawn plan stays withdrawn. */
export type Withdrawal = z.infer<typeof withdrawalSchema>;

/** The bytes of `withdrawal.json`. */
export function withdrawalJson(withdrawal: Withdrawal): string {
  return canonicalJson(withdrawal);
}

/** @throws Stopped artifact-invalid */
export function parseWithdrawal(text: string): Withdrawal {
  return parseRecord('withdrawal.json', text, withdrawalSchema);
}
