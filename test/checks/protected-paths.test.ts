import { describe, expect, it } from 'vitest';
import { checkDenied, checkElevated } from '../../src/checks/protected-paths.ts';
import { defaultPolicy } from '../../src/core/policy/policy.ts';
import type { PlanEvidence } from '../../src/core/records/archive-contents.ts';
import { reasonOf } from './world.ts';

const evidence = (...paths: string[]) =>
  ({ plan: { files: paths.map((path) => ({ path })) } }) as unknown as PlanEvidence;
const policyFile = 'ops/policy.yml';

describe('a denied path', () => {
  it('is approved by nobody, the policy file included', async () => {
    for (const path of ['.github/workflows/ci.yml', policyFile, 'Ops/Policy.yml']) {
      const check = () => checkDenied(evidence('a.ts', path), defaultPolicy, policyFile);
      expect(await reasonOf(check), path).toBe('path-protected');
      expect(check).toThrow(
        `${JSON.stringify(path)} is protected (paths.deny): no label approves it.`,
      );
    }
    expect(() => checkDenied(evidence('a.ts'), defaultPolicy, policyFile)).not.toThrow();
  });
});

describe('an elevated path', () => {
  const check =
    (path: string, ...roles: ('write' | 'maintain' | 'admin')[]) =>
    () =>
      checkElevated(
        evidence('a.ts', path),
        roles.map((role) => ({ role })),
        defaultPolicy,
      );

  it('is approved by one approver with the role for it', () => {
    expect(check('package.json', 'maintain')).not.toThrow();
    expect(check('package.json', 'write', 'admin')).not.toThrow();
    expect(check('b.ts', 'write')).not.toThrow();
  });

  it('is not by all others together', async () => {
    expect(await reasonOf(check('package.json', 'write', 'write'))).toBe('path-protected');
    expect(check('package.json', 'write')).toThrow(
      '"package.json" needs an approver with maintain permission (paths.elevated).',
    );
    expect(await reasonOf(check('package.json'))).toBe('path-protected');
  });
});
