import { type Account, type App, includesRole, legacyPermission, type Role } from '../accounts.ts';
import type { Repository } from '../repository.ts';
import { WEB } from './web.ts';

/** GitHub's "simple user". */
export function user(apiUrl: string, account: Account) {
  const api = `${apiUrl}/users/${encodeURIComponent(account.login)}`;
  const web = account.app ? `${WEB}/apps/${account.app.slug}` : `${WEB}/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: account.nodeId,
    avatar_url: `https://avatars.githubusercontent.com/u/${account.id}?v=4`,
    gravatar_id: '',
    url: api,
    html_url: web,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: account.type,
    site_admin: false,
  };
}

/** A public user profile, as `GET /users/{username}` answers it. */
export function profile(apiUrl: string, account: Account, createdAt: string) {
  return {
    ...user(apiUrl, account),
    name: null,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 1,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: createdAt,
    updated_at: createdAt,
  };
}

/** GitHub's "integration": the app that made a change. */
export function app(apiUrl: string, value: App) {
  return {
    id: value.id,
    slug: value.slug,
    node_id: value.nodeId,
    owner: user(apiUrl, value.owner),
    name: value.name,
    description: '',
    external_url: `${WEB}/apps/${value.slug}`,
    html_url: `${WEB}/apps/${value.slug}`,
    created_at: '2018-07-30T09:30:17Z',
    updated_at: '2018-07-30T09:30:17Z',
    permissions: {},
    events: [],
  };
}

/** The answer of `GET …/collaborators/{username}/permission`. */
export function permission(repository: Repository, account: Account) {
  const role = repository.roleOf(account.login);
  const name = repository.customRoles.get(account.login.toLowerCase()) ?? role;
  return {
    permission: legacyPermission(role),
    role_name: name,
    user: {
      ...user(repository.github.apiUrl, account),
      permissions: permissionFlags(role),
      role_name: name,
    },
  };
}

/** A role as the five flags of a repository's `permissions`. */
export function permissionFlags(role: Role) {
  return {
    admin: includesRole(role, 'admin'),
    maintain: includesRole(role, 'maintain'),
    push: includesRole(role, 'write'),
    triage: includesRole(role, 'triage'),
    pull: includesRole(role, 'read'),
  };
}
