/** The roles in a repository, weakest first as GitHub orders them. */
export const roles = ['read', 'triage', 'write', 'maintain', 'admin'] as const;
export type RepositoryRole = (typeof roles)[number];

const strength: readonly (RepositoryRole | null)[] = [null, ...roles];

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
