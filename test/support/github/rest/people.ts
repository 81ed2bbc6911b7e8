import { membershipOf, type Team } from '../accounts.ts';
import { HttpError, notFound } from '../http-error.ts';
import * as render from '../render/index.ts';
import type { Answer, Call, Route } from '../router.ts';

/** Users, their permission in a repository, and teams. */
export const peopleRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/collaborators/{username}/permission',
    access: { needs: [], role: 'write' },
    handle: getPermission,
  },
  {
    method: 'GET',
    template: '/orgs/{org}/teams/{team_slug}/memberships/{username}',
    access: { needs: ['members:read'] },
    handle: getMembership,
  },
  {
    method: 'GET',
    template: '/orgs/{org}/teams/{team_slug}/members',
    access: { needs: ['members:read'] },
    handle: listMembers,
  },
  { method: 'GET', template: '/users/{username}', access: { needs: [] }, handle: getUser },
  { method: 'GET', template: '/user', access: { needs: [] }, handle: getOwnUser },
];

/** Apps are not users: GitHub answers 404 for them. */
function getPermission(call: Call): Answer {
  const login = call.params.username ?? '';
  const account = call.github.findAccount(login);
  if (account?.type !== 'User') throw new HttpError(404, `${login} is not a user`);
  return { status: 200, body: render.permission(call.repository, account) };
}

/**
 * Membership needs a token that may read the organisation; a job's token never may. Who is not
 * in the team, and a team that the token may not see, are both 404.
 */
function getMembership(call: Call): Answer {
  const { github, params } = call;
  const { org = '', team_slug = '', username = '' } = params;
  const membership = membershipOf(demandTeam(call), username);
  if (!membership) throw notFound();
  const url = `${github.apiUrl}/orgs/${org}/teams/${team_slug}/memberships/${username}`;
  return { status: 200, body: { url, ...membership } };
}

/** Members of teams inside it are listed, too; whoever has not accepted yet is not. */
function listMembers(call: Call): Answer {
  const logins = new Set<string>();
  const collect = (team: Team) => {
    for (const [login, { state }] of team.members) if (state === 'active') logins.add(login);
    for (const child of team.children) collect(child);
  };
  collect(demandTeam(call));
  const people = [...logins].map((login) => call.github.user(login));
  return { status: 200, body: people.map((each) => render.user(call.github.apiUrl, each)) };
}

function demandTeam(call: Call): Team {
  const { github, token, params } = call;
  const { org = '', team_slug = '' } = params;
  if (!token) throw new HttpError(401, 'Requires authentication');
  const organization = github.findAccount(org);
  if (organization?.type !== 'Organization') throw notFound();
  if (token.kind === 'user') {
    const reads = token.scopes?.some((scope) =>
      ['read:org', 'write:org', 'admin:org'].includes(scope),
    );
    const insider = organization.members.has(token.account.login.toLowerCase());
    if (token.scopes && !reads) {
      throw new HttpError(403, 'You must have the read:org scope to see team memberships.');
    }
    if (!insider) throw notFound();
  }
  if (token.scopes === null && (token.permissions.members ?? 'none') === 'none') {
    throw new HttpError(
      403,
      `Resource not accessible by ${token.kind === 'user' ? 'personal access token' : 'integration'}`,
    );
  }
  const team = organization.teams.get(team_slug);
  if (!team) throw notFound();
  return team;
}

function getUser(call: Call): Answer {
  const account = call.github.findAccount(call.params.username ?? '');
  if (!account) throw notFound();
  return { status: 200, body: render.profile(call.github.apiUrl, account, '2020-01-01T00:00:00Z') };
}

/** Only a person's token belongs to a user. */
function getOwnUser(call: Call): Answer {
  const { token, github } = call;
  if (!token) throw new HttpError(401, 'Requires authentication');
  if (token.kind !== 'user') throw new HttpError(403, 'Resource not accessible by integration');
  return {
    status: 200,
    body: render.profile(github.apiUrl, token.account, '2020-01-01T00:00:00Z'),
  };
}
