import { type Access, holds } from '../access.ts';
import { type Account, includesRole, type Role } from '../accounts.ts';
import { HttpError, notFound } from '../http-error.ts';
import * as render from '../render/index.ts';
import type { Repository } from '../repository.ts';
import type { Answer, Call, Route } from '../router.ts';
import type { Ruleset } from '../state.ts';
import { listed } from './page.ts';

const METADATA: Access = { needs: [], publicRead: true };

/** How a repository is set up: who has access, which rules hold, how long artifacts are kept. */
export const setUpRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/collaborators',
    access: { needs: [], role: 'write' },
    handle: listCollaborators,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/assignees',
    access: { needs: ['issues:read'], publicRead: true },
    handle: listAssignees,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/rules/branches/{branch}',
    access: METADATA,
    handle: listRules,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/rulesets/{ruleset_id}',
    access: METADATA,
    handle: getRuleset,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/actions/permissions/artifact-and-log-retention',
    access: { needs: ['administration:read'], role: 'admin' },
    handle: (call) => ({
      status: 200,
      body: { days: call.repository.retentionDays, maximum_allowed_days: 400 },
    }),
  },
  { method: 'GET', template: '/apps/{app_slug}', access: { needs: [] }, handle: getApp },
];

/** Only those who may push see it. */
function listCollaborators(call: Call): Answer {
  const { github, repository, token } = call;
  if (token && token.kind !== 'user' && !holds(token, 'contents:write')) {
    throw new HttpError(403, 'Must have push access to view repository collaborators.');
  }
  return listed(call, peopleWith(repository, 'read'), (account) => {
    const role = repository.roleOf(account.login);
    return {
      ...render.user(github.apiUrl, account),
      permissions: render.permissionFlags(role),
      role_name: repository.customRoles.get(account.login.toLowerCase()) ?? role,
    };
  });
}

/** Everybody to whom an issue can be assigned. */
function listAssignees(call: Call): Answer {
  const { github, repository } = call;
  return listed(call, peopleWith(repository, 'triage'), (one) => render.user(github.apiUrl, one));
}

function peopleWith(repository: Repository, role: Role): Account[] {
  const logins = new Set([...repository.roles.keys()]);
  if (repository.owner.type === 'User') logins.add(repository.owner.login.toLowerCase());
  return [...logins]
    .filter((login) => includesRole(repository.roleOf(login), role))
    .map((login) => repository.github.user(login));
}

function rulesetsFor(call: Call): Ruleset[] {
  const branch = call.params.branch ?? '';
  return call.repository.rulesets.filter((one) => one.branch?.test(branch) ?? true);
}

function listRules(call: Call): Answer {
  const rules = rulesetsFor(call).flatMap((ruleset) =>
    ruleset.rules.map((rule) => ({
      ...rule,
      ruleset_source_type: 'Repository',
      ruleset_source: call.repository.fullName,
      ruleset_id: ruleset.id,
    })),
  );
  return listed(call, rules, (rule) => rule);
}

/** Only those who can change a ruleset see who may bypass it. */
function getRuleset(call: Call): Answer {
  const { repository, params, token } = call;
  const found = repository.rulesets.find(({ id }) => String(id) === params.ruleset_id);
  if (!found) throw notFound();
  const sees = token !== null && token.kind !== 'user' && holds(token, 'administration:write');
  return {
    status: 200,
    body: {
      id: found.id,
      name: found.name,
      target: 'branch',
      source_type: 'Repository',
      source: repository.fullName,
      enforcement: 'active',
      rules: found.rules,
      current_user_can_bypass: found.tokenBypasses ? 'always' : 'never',
      ...(sees ? { bypass_actors: found.bypass ?? [] } : {}),
    },
  };
}

function getApp(call: Call): Answer {
  const app = call.github.findAccount(`${call.params.app_slug}[bot]`)?.app;
  if (!app) throw notFound();
  return { status: 200, body: render.app(call.github.apiUrl, app) };
}
