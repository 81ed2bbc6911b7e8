/** The output `result`: what a later step may rely on. */
import { z } from 'zod';
import { stopReasons } from '../../decision.ts';
import { digestField, idField, objectIdField } from './fields.ts';
import { notifyKinds } from './notify-kind.ts';

const reasonField = z.enum(['ok', ...stopReasons]);
const stateField = z.string().min(1).nullable();
const countField = z.int().nonnegative();
const pathsField = z.array(z.string());
const textField = z.string().min(1).nullable();

/** The single outputs, by their names in `action.yml`; null, false, 0 or [] if the run does not know. */
const single = {
  decision: z.string().min(1),
  'reason-code': reasonField,
  notify: z.enum(notifyKinds),
  state: stateField,
  'plan-id': digestField.nullable(),
  'plan-sha256': digestField.nullable(),
  'prompt-sha256': digestField.nullable(),
  files: pathsField,
  'files-count': countField,
  'artifact-id': idField.nullable(),
  'artifact-url': textField,
  'comment-url': textField,
  'pull-request': idField.nullable(),
  'head-sha': objectIdField.nullable(),
  approved: z.boolean(),
  approver: textField,
  'denied-files': pathsField,
  'denied-files-count': countField,
  verified: z.boolean(),
  drift: z.boolean(),
  'drift-diff': textField,
  'evidence-path': textField,
  'impacted-tests': pathsField,
  'impacted-tests-count': countField,
  'has-tests': z.boolean(),
  'test-matrix': z.strictObject({
    include: z.array(
      z.strictObject({ name: z.string(), run: z.string().min(1), files: pathsField }),
    ),
  }),
  'commit-sha': objectIdField.nullable(),
  tokens: z.strictObject({ input: countField, cached: countField, output: countField }),
  'notification-path': textField,
};

export const resultSchema = z.strictObject({
  schema: z.literal('codex-plan-result/v1'),
  /** '' if the run ended before the mode was known. */
  mode: z.string(),
  ...single,
  /** Of a run over several pull requests alone. */
  pull_requests: z
    .array(
      z.strictObject({
        'pull-request': idField,
        'reason-code': reasonField,
        state: stateField,
        notify: z.enum(notifyKinds),
        'plan-id': digestField.nullable(),
        'head-sha': objectIdField.nullable(),
      }),
    )
    .optional(),
  left_pull_requests: z.array(idField).optional(),
  detail: z.string().min(1),
});
