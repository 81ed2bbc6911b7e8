/** The policy that a run used, as the evidence keeps it: each value, and where it comes from. */

import { z } from 'zod';
import { parseRecord } from '../records/fields.ts';
import type { DriftWay } from '../records/verification.ts';
import { lowerAscii } from '../text/characters.ts';
import { canonicalJson } from '../text/json.ts';
import { codexSettings } from './codex-settings.ts';
import { leaves } from './leaves.ts';
import { driftGate, type ParsedPolicy, type Policy, type Regenerate } from './policy.ts';

/** Inputs that override the policy file. */
export interface PolicyInputs {
  readonly drift?: DriftWay | undefined;
  readonly regenerate?: Regenerate | undefined;
  readonly approvalHours?: number | undefined;
  readonly profile?: string | undefined;
}

export type PolicySourceName = 'file' | 'input' | 'default';

export const policyRecordSchema = z.strictObject({
  schema: z.literal('codex-policy/v1'),
  /** With the keys of the policy file. */
  policy: z.looseObject({ approvers: z.looseObject({ hours: z.number().positive() }) }),
  /** By key, `approvers.hours` for example. */
  sources: z.record(z.string(), z.enum(['file', 'input', 'default'])),
});

/** What a reader needs of the record; the rest is for auditors. */
export type PolicyRecord = z.infer<typeof policyRecordSchema>;

/** The bytes of `policy.json`. */
export function effectivePolicyJson(
  { policy, stated }: ParsedPolicy,
  inputs: PolicyInputs,
): string {
  const [effective, given] = applyInputs(policy, inputs);
  // Logins are keys, too, and the policy has them in lower case.
  const said = new Set([...stated].map(lowerAscii));
  const sources = Object.fromEntries(
    leaves(effective).map((key): [string, PolicySourceName] => [
      key,
      given.some((one) => covers(one, key))
        ? 'input'
        : said.has(lowerAscii(key))
          ? 'file'
          : 'default',
    ]),
  );
  return canonicalJson({ schema: 'codex-policy/v1', policy: effective, sources });
}

/** @throws Stopped artifact-invalid */
export function parsePolicyRecord(text: string): PolicyRecord {
  return parseRecord('policy.json', text, policyRecordSchema);
}

/** Every key that an input can give; of a mapping all below it. */
export const inputKeys = [
  'drift',
  'regenerate',
  'approvers.hours',
  'codex.enforcement',
  'codex.approvals',
  'codex.on-override',
] as const;

function applyInputs(
  policy: Policy,
  { drift, regenerate, approvalHours, profile }: PolicyInputs,
): readonly [effective: Policy, given: readonly (typeof inputKeys)[number][]] {
  const { enforcement, approvals, onOverride } = codexSettings(policy, profile);
  const effective: Policy = {
    ...policy,
    ...driftGate(policy, { drift, regenerate }),
    approvers: { ...policy.approvers, hours: approvalHours ?? policy.approvers.hours },
    codex: {
      ...policy.codex,
      enforcement,
      approvals: { ...approvals },
      'on-override': onOverride,
    },
  };
  const isGiven: Record<(typeof inputKeys)[number], boolean> = {
    drift: drift !== undefined,
    regenerate: regenerate !== undefined,
    'approvers.hours': approvalHours !== undefined,
    'codex.enforcement': Boolean(profile),
    'codex.approvals': Boolean(profile),
    'codex.on-override': Boolean(profile),
  };
  return [effective, inputKeys.filter((key) => isGiven[key])];
}

function covers(given: string, key: string): boolean {
  return key === given || key.startsWith(`${given}.`);
}
