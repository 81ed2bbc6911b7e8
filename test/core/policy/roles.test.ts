import { describe, expect, it } from 'vitest';
import { hasRole, isRole, type RepositoryRole } from '../../../src/core/policy/roles.ts';

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

  it('is one of the five words that GitHub has', () => {
    for (const role of roles) expect(isRole(role)).toBe(true);
    for (const word of ['owner', 'Admin', 'none', '']) expect(isRole(word)).toBe(false);
  });
});
