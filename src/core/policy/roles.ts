/** A role in the repository, weakest first as GitHub orders them. */
export type RepositoryRole = 'read' | 'triage' | 'write' | 'maintain' | 'admin';

const strength: readonly (RepositoryRole | null)[] = [
  null,
  'read',
  'triage',
  'write',
  'maintain',
  'admin',
];

/** Whether a role, null for none, is the needed one or a stronger one. */
export function hasRole(
  role: RepositoryRole | null,
  needed: RepositoryRole,
): role is RepositoryRole {
  return strength.indexOf(role) >= strength.indexOf(needed);
}

/** Whether a recorded word is a role that GitHub has. */
export function isRole(word: string): word is RepositoryRole {
  return strength.some((role) => role === word);
}
