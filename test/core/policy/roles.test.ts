import { describe, expect, it } from 'vitest';
import { hasRole, type RepositoryRole } from '../../../src/core/policy/roles.ts';

const roles: readonly RepositoryRole[] = ['read', 'triage', 'write', 'maintain', 'admin'];

describe('a role', () => {
  it('counts for all that are weaker', () => {
    for (const [weaker, needed] of roles.entries()) {
      for (const [stronger, role] of roles.entries()) {
        expect(hasRole(role, needed)).toBe(stronger >= weaker);
      }
      expect(hasRole(null, needed)).toBe(false);
    }
  });
});
