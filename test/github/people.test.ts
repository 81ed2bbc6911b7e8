import { describe, expect, it } from 'vitest';
import { highestRole } from '../../src/github/people.ts';

type Answer = Parameters<typeof highestRole>[0];

/** An answer with these flags set; all of them are told, as github.com does. */
function answer(permission: string, roleName: string, flags: string): Answer {
  const has = (name: string) => flags.split(' ').includes(name);
  const permissions = {
    pull: has('pull'),
    triage: has('triage'),
    push: has('push'),
    maintain: has('maintain'),
    admin: has('admin'),
  };
  return { permission, role_name: roleName, user: { id: 1, permissions } };
}

describe('highestRole', () => {
  it.each([
    ['none', 'none', '', null],
    ['read', 'read', 'pull', 'read'],
    ['read', 'triage', 'pull triage', 'triage'],
    ['write', 'write', 'pull triage push', 'write'],
    ['write', 'maintain', 'pull triage push maintain', 'maintain'],
    ['admin', 'admin', 'pull triage push maintain admin', 'admin'],
  ])('of %s (%s) with the flags "%s" is %s', (permission, roleName, flags, role) => {
    expect(highestRole(answer(permission, roleName, flags))).toBe(role);
  });

  it.each([
    ['read', 'pull', 'read'],
    ['read', 'pull triage', 'triage'],
    ['write', 'pull triage push', 'write'],
    ['write', 'pull triage push maintain', 'maintain'],
    ['admin', 'pull triage push maintain admin', 'admin'],
  ])('of a custom role built on %s with the flags "%s" is %s', (permission, flags, role) => {
    expect(highestRole(answer(permission, 'release-manager', flags))).toBe(role);
    // No name of a custom role says anything, not even that of a stronger one.
    expect(highestRole(answer(permission, 'maintain', flags))).toBe(role);
    expect(highestRole(answer(permission, 'admin', flags))).toBe(role);
  });

  it('takes the weaker one if the two vocabularies disagree', () => {
    const all = 'pull triage push maintain admin';
    expect(highestRole(answer('none', 'x', all))).toBeNull();
    expect(highestRole(answer('read', 'x', all))).toBe('triage');
    expect(highestRole(answer('write', 'x', all))).toBe('maintain');
    expect(highestRole(answer('WRITE', 'write', all))).toBeNull();
    expect(highestRole(answer('constructor', 'write', all))).toBeNull();
    expect(highestRole(answer('admin', 'x', 'pull triage push'))).toBe('write');
    expect(highestRole(answer('write', 'write', 'pull triage maintain admin'))).toBe('triage');
    expect(highestRole(answer('write', 'write', 'triage push'))).toBeNull();
  });

  it.each([
    ['read', 'read', 'read'],
    ['read', 'triage', 'triage'],
    ['write', 'write', 'write'],
    ['write', 'maintain', 'maintain'],
    ['admin', 'admin', 'admin'],
    ['read', 'maintain', 'read'],
    ['write', 'release-manager', 'write'],
    ['none', 'none', null],
  ])('of %s (%s) without flags is %s', (permission, roleName, role) => {
    expect(highestRole({ permission, role_name: roleName, user: { id: 1 } })).toBe(role);
    expect(highestRole({ permission, role_name: roleName, user: null })).toBe(role);
  });

  it('takes the name for a flag that is not told', () => {
    const permissions = { pull: true, push: true, admin: false };
    const user = { id: 1, permissions };
    expect(highestRole({ permission: 'write', role_name: 'maintain', user })).toBe('maintain');
    expect(highestRole({ permission: 'write', role_name: 'other', user })).toBe('write');
    expect(highestRole({ permission: 'write', user })).toBe('write');
  });
});
