import { describe, expect, it } from 'vitest';
import { defaultPolicy, type Policy } from '../../../src/core/policy/policy.ts';
import type { RepositoryRole } from '../../../src/core/policy/roles.ts';
import {
  approvalRules,
  checkRules,
  findRefusal,
  needsTeam,
  ruleNotes,
} from '../../../src/core/policy/rules.ts';

const files = (...paths: string[]) => paths.map((path) => ({ path }));
const policyFile = 'ops/policy.yml';
const approversIn = (change: Partial<Policy['approvers']>): Policy => ({
  ...defaultPolicy,
  approvers: { ...defaultPolicy.approvers, ...change },
});

describe('a denied path', () => {
  it('is approved by nobody, the policy file included', () => {
    for (const path of ['.github/workflows/ci.yml', policyFile, 'Ops/Policy.yml']) {
      const facts = { files: files('a.ts', path), policyFile };
      const detail = `${JSON.stringify(path)} is protected (paths.deny): no label approves it.`;
      expect(findRefusal('plan', facts, defaultPolicy), path).toEqual({
        reason: 'path-protected',
        detail,
      });
      expect(() => checkRules('plan', facts, defaultPolicy)).toThrowError(
        expect.objectContaining({ reason: 'path-protected', message: detail }),
      );
      expect(ruleNotes(path, defaultPolicy, policyFile)).toContain(
        '**protected**: cannot be approved',
      );
    }
    expect(
      findRefusal('plan', { files: files('a.ts'), policyFile }, defaultPolicy),
    ).toBeUndefined();
    expect(ruleNotes('a.ts', defaultPolicy, policyFile)).toEqual([]);
  });
});

describe('an elevated path', () => {
  const refusal = (path: string, ...roles: RepositoryRole[]) =>
    findRefusal(
      'approval',
      { files: files('a.ts', path), approvers: roles.map((role) => ({ role })) },
      defaultPolicy,
    );

  it('is approved by one approver with the role for it', () => {
    expect(refusal('package.json', 'maintain')).toBeUndefined();
    expect(refusal('package.json', 'write', 'admin')).toBeUndefined();
    expect(refusal('b.ts', 'write')).toBeUndefined();
  });

  it('is not by all others together', () => {
    expect(refusal('package.json', 'write', 'write')).toEqual({
      reason: 'path-protected',
      detail: '"package.json" needs an approver with maintain permission (paths.elevated).',
    });
    expect(ruleNotes('package.json', defaultPolicy, policyFile)).toEqual([
      '**needs an approver with the role maintain**',
    ]);
  });
});

describe('the number of approvers', () => {
  const refusal = (roles: RepositoryRole[], count: number) =>
    findRefusal(
      'approval',
      { files: files('package.json'), approvers: roles.map((role) => ({ role })) },
      approversIn({ count }),
    );

  it('is reached, or asked for before their roles', () => {
    expect(refusal(['maintain', 'write'], 2)).toBeUndefined();
    expect(refusal(['write'], 2)).toEqual({
      reason: 'votes-missing',
      detail: '1 approved, and 2 (approvers.count) are needed by now.',
    });
    expect(refusal([], 1)?.reason).toBe('votes-missing');
  });
});

describe('who needs a team to approve', () => {
  it.each<[string, Partial<Policy['approvers']>, boolean]>([
    ['nobody, if nobody is named', {}, false],
    ['nobody who is named, whatever the capitals', { users: ['ADA'], teams: ['core'] }, false],
    ['everybody else', { users: ['grace'] }, true],
    ['everybody, if only teams are named', { teams: ['core'] }, true],
  ])('is %s', (_, change, needs) => {
    expect(needsTeam(approversIn(change).approvers, 'ada')).toBe(needs);
  });
});

describe('the table of rules', () => {
  it('names each rule once', () => {
    const names = Object.values(approvalRules)
      .flat()
      .map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
