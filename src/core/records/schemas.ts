/** The public formats as JSON Schema, for readers that are written in another language. */
import { z } from 'zod';
import { eventSchema } from '../audit/events.ts';
import { storedPlanSchema } from '../plan/plan.ts';
import { policyRecordSchema } from '../policy/effective.ts';
import { policySchema } from '../policy/policy.ts';
import { approvalSchema } from './approval.ts';
import { denialSchema } from './denial.ts';
import { executionSchema } from './execution.ts';
import { entrySchema } from './journal.ts';
import { manifestSchema } from './manifest.ts';
import { resultSchema } from './result.ts';
import { verificationSchema } from './verification.ts';
import { withdrawalSchema } from './withdrawal.ts';

/**
 * The address of the released schemas. The attestation of an approval names the address of its schema as the type of
 * its predicate.
 */
export const schemaAddress =
  'https://github.com/codex-plan-governance/codex-plan-governance/blob/main/schemas/';

/** Each record by the name of its file in `schemas/`, with what it is. */
const records: Readonly<Record<string, readonly [z.ZodType, string]>> = {
  'plan.json': [storedPlanSchema, 'The plan that people approve'],
  'manifest.json': [manifestSchema, 'What a plan is tied to; its SHA-256 is the plan id'],
  'approval.json': [approvalSchema, 'Who approved a plan, and the sealed change'],
  'denial.json': [denialSchema, 'How a run of Codex ended that did not end well'],
  'verification.json': [verificationSchema, 'Whether an approval still held'],
  'execution.json': [executionSchema, 'The commit that an approval became'],
  'withdrawal.json': [withdrawalSchema, 'Who withdrew a plan'],
  'policy.json': [policyRecordSchema, 'The policy that a step went by'],
  'journal-entry.json': [entrySchema, 'One line of journal.jsonl'],
  'event.json': [eventSchema, 'One line of the events that an audit writes'],
  'result.json': [resultSchema, 'The output result of a step'],
};

/** @returns the JSON Schema (2020-12) of each record, by the name of its file */
export function jsonSchemas(): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  return new Map(
    Object.entries(records).map(([name, [schema, title]]) => {
      const { $schema, ...rest } =
        name === 'policy.json' ? policyRecord() : z.toJSONSchema(schema, { io: 'input' });
      return [name, { $schema, $id: `${schemaAddress}${name}`, title, ...rest }];
    }),
  );
}

/** A step reads only a part of this record. The whole record is the policy file with all defaults filled in. */
function policyRecord(): z.core.JSONSchema.BaseSchema {
  const policy = policySchema.required({ regenerate: true });
  const whole = policyRecordSchema.extend({ policy });
  return z.toJSONSchema(whole, { io: 'output', unrepresentable: 'any' });
}
