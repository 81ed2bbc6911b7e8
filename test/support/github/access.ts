import { type Account, type App, includesRole, type Role } from './accounts.ts';
import { HttpError } from './http-error.ts';
import type { Repository } from './repository.ts';

/** Permissions of a token, with the names a workflow file uses: `{ 'pull-requests': 'write' }`. */
export type Permissions = Record<string, 'read' | 'write' | 'none'>;

/** A token, as it comes in an `Authorization` header. */
export interface Token {
  value: string;
  /** `actions`: a job's GITHUB_TOKEN; `app`: an installation token; `user`: a personal token. */
  kind: 'actions' | 'app' | 'user';
  account: Account;
  app: App | null;
  permissions: Permissions;
  /** OAuth scopes of a classic personal token; null for every other kind. */
  scopes: readonly string[] | null;
  /** The only repository an installation token is for. */
  repository: Repository | null;
  revoked: boolean;
  /** Whether a person's token was authorised for organisations that enforce SAML. */
  authorisedForSaml: boolean;
}

/** A permission and its level: `issues:write`. */
export type Need = `${string}:${'read' | 'write'}`;

/** What GitHub asks of the token before it serves an operation. */
export interface Access {
  /** Any one of these permissions is enough. Empty: metadata, which every token has. */
  needs: readonly Need[];
  /** Anybody may read it if the repository is public. */
  publicRead?: boolean;
  /** The role a personal token's owner must have in the repository. */
  role?: Role;
}

/** `pull_requests` and `pull-requests` name the same permission. */
function level(permissions: Permissions, name: string): 'read' | 'write' | 'none' {
  const dashed = name.replaceAll('_', '-');
  if (dashed === 'metadata') return 'read';
  return permissions[dashed] ?? permissions[name] ?? 'none';
}

function grants(permissions: Permissions, needs: readonly Need[]): boolean {
  if (needs.length === 0) return true;
  return needs.some((need) => {
    const [name = '', wanted] = need.split(':');
    const has = level(permissions, name);
    return has === 'write' || (wanted === 'read' && has === 'read');
  });
}

/** Header that GitHub sends so that a client can name what it lacks. */
export function acceptedPermissions(access: Access): string {
  if (access.needs.length === 0) return 'metadata=read';
  return access.needs.map((need) => need.replaceAll('-', '_').replace(':', '=')).join('; ');
}

/**
 * Lets an operation on a repository through or throws what GitHub answers: 401 without a token,
 * 404 if a private repository must stay unknown, 403 if a permission is missing.
 */
export function demandRepositoryAccess(
  token: Token | null,
  repository: Repository,
  access: Access,
): void {
  const readsPublic = access.publicRead === true && !repository.private;
  if (token === null) {
    if (repository.private) throw new HttpError(404, 'Not Found');
    if (readsPublic) return;
    throw new HttpError(401, 'Requires authentication');
  }
  if (token.kind === 'user') {
    demandUserAccess(token, repository, access, readsPublic);
    return;
  }
  const installed = token.repository === null || token.repository === repository;
  if (!installed && repository.private) throw new HttpError(404, 'Not Found');
  if (readsPublic) return;
  if (!installed || !grants(token.permissions, access.needs)) {
    throw new HttpError(403, 'Resource not accessible by integration');
  }
}

function demandUserAccess(
  token: Token,
  repository: Repository,
  access: Access,
  readsPublic: boolean,
): void {
  const role = repository.roleOf(token.account.login);
  const reach = token.scopes === null || token.scopes.includes('repo');
  if (repository.private && (!includesRole(role, 'read') || !reach)) {
    throw new HttpError(404, 'Not Found');
  }
  if (readsPublic) return;
  if (token.scopes === null && !grants(token.permissions, access.needs)) {
    throw new HttpError(403, 'Resource not accessible by personal access token');
  }
  const writes = access.needs.some((need) => need.endsWith(':write'));
  if (token.scopes !== null && writes && !reach && !token.scopes.includes('public_repo')) {
    throw new HttpError(404, 'Not Found');
  }
  if (!includesRole(role, access.role ?? (writes ? 'write' : 'read'))) {
    throw new HttpError(403, 'Must have push access to the repository.');
  }
}

/** Whether an installation token holds a permission; for rules that are not about a route. */
export function holds(token: Token, need: Need): boolean {
  return grants(token.permissions, [need]);
}
