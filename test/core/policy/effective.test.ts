import { describe, expect, it } from 'vitest';
import {
  effectivePolicyJson,
  type PolicyInputs,
  parsePolicyRecord,
} from '../../../src/core/policy/effective.ts';
import { leaves } from '../../../src/core/policy/leaves.ts';
import { defaultPolicy, parsePolicyFile } from '../../../src/core/policy/policy.ts';
import { canonicalJson } from '../../../src/core/text/json.ts';
import { Stopped } from '../../../src/decision.ts';

interface Effective {
  readonly schema: string;
  readonly policy: typeof defaultPolicy;
  readonly sources: Readonly<Record<string, string>>;
}

/** The record of a run under this policy file, '' for none, and these inputs. */
function effective(file = '', inputs: PolicyInputs = {}): Effective {
  return JSON.parse(effectivePolicyJson(parsePolicyFile(file), inputs));
}

/** The keys that do not have their default, with where they come from. */
function notDefault({ sources }: Effective) {
  return Object.fromEntries(Object.entries(sources).filter(([, from]) => from !== 'default'));
}

describe('the policy in force', () => {
  it('has every key, and where each comes from', () => {
    const { schema, policy, sources } = effective();
    expect(schema).toBe('codex-policy/v1');
    expect(policy).toEqual({ ...defaultPolicy, regenerate: 'when-changed' });
    expect(Object.keys(sources).toSorted()).toEqual(leaves(policy).toSorted());
    expect(new Set(Object.values(sources))).toEqual(new Set(['default']));
  });

  it('has what the file says', () => {
    const file = [
      'approvers: { hours: 2, users: [ada] }',
      'paths: { elevated: { permission: admin } }',
      'drift: anchored',
      'tests: [{ paths: src/**, run: npm test }]',
    ].join('\n');
    const found = effective(file);
    expect(notDefault(found)).toEqual({
      'approvers.hours': 'file',
      'approvers.users': 'file',
      'paths.elevated.permission': 'file',
      drift: 'file',
      tests: 'file',
    });
    expect(found.policy.approvers).toMatchObject({ hours: 2, users: ['ada'] });
  });

  it('has what an input says, in place of the file', () => {
    const file = 'approvers: { hours: 2 }\ndrift: scope\nregenerate: never';
    const inputs = { approvalHours: 5, drift: 'exact', regenerate: 'always' } as const;
    const found = effective(file, inputs);
    expect(notDefault(found)).toEqual({
      'approvers.hours': 'input',
      drift: 'input',
      regenerate: 'input',
    });
    expect(found.policy).toMatchObject({
      approvers: { hours: 5 },
      drift: 'exact',
      regenerate: 'always',
    });
  });

  it('says that an input decided, even if the file says the same', () => {
    expect(notDefault(effective('approvers: { hours: 5 }', { approvalHours: 5 }))).toEqual({
      'approvers.hours': 'input',
    });
  });

  it('asks the model each time for an exact comparison, unless it is told otherwise', () => {
    expect(effective('drift: exact').policy.regenerate).toBe('always');
    expect(effective('', { drift: 'exact' }).policy.regenerate).toBe('always');
    expect(effective('drift: exact\nregenerate: when-changed').policy.regenerate).toBe(
      'when-changed',
    );
    expect(effective('drift: exact', { drift: 'scope' }).policy.regenerate).toBe('when-changed');
  });

  it('has the settings of the profile that an input names', () => {
    const file = [
      'codex:',
      '  enforcement: before-write',
      '  profiles:',
      '    build: { enforcement: after-run, approvals: { reviewer: auto_review } }',
    ].join('\n');
    expect(effective(file).policy.codex).toMatchObject({
      enforcement: 'before-write',
      approvals: { policy: 'on-request', reviewer: 'user' },
    });
    const found = effective(file, { profile: 'build' });
    expect(found.policy.codex).toMatchObject({
      enforcement: 'after-run',
      approvals: { policy: 'on-request', reviewer: 'auto_review' },
    });
    expect(notDefault(found)).toMatchObject({
      'codex.enforcement': 'input',
      'codex.approvals.policy': 'input',
      'codex.approvals.reviewer': 'input',
      'codex.on-override': 'input',
    });
    expect(() => effective(file, { profile: 'other' })).toThrow(
      expect.objectContaining({ reason: 'config-invalid' }),
    );
  });

  it('has a mapping of names as its single entries, and an empty one as itself', () => {
    const { sources } = effective('notify: { people: { Ada: U012AB3CD } }');
    expect(sources).toMatchObject({ 'notify.people.ada': 'file', 'codex.profiles': 'default' });
  });

  it('is read back as it was written', () => {
    const text = effectivePolicyJson(parsePolicyFile('approvers: { hours: 2 }'), {});
    expect(parsePolicyRecord(text)).toEqual(JSON.parse(text));
    expect(canonicalJson(parsePolicyRecord(text))).toBe(text);
    for (const spoilt of ['{}', ` ${text}`, text.replace('"hours":2', '"hours":0')]) {
      expect(() => parsePolicyRecord(spoilt)).toThrow(Stopped);
    }
  });
});
