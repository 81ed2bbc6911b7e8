import { type Access, holds } from '../access.ts';
import { includesRole } from '../accounts.ts';
import { HttpError, invalid, notFound } from '../http-error.ts';
import * as render from '../render/index.ts';
import type { Answer, Call, Route } from '../router.ts';
import type { Label } from '../state.ts';
import { demandIssue } from './issues.ts';
import { listed } from './page.ts';

const READ: Access = { needs: ['issues:read', 'pull-requests:read'], publicRead: true };
const SET: Access = { needs: ['issues:write', 'pull-requests:write'], role: 'triage' };
/** A pull request may be labelled with `pull-requests`, but labels are made with `issues`. */
const MAKE: Access = { needs: ['issues:write'], role: 'write' };

/** Labels of the repository and of its issues. */
export const labelRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/labels',
    access: READ,
    handle: listRepositoryLabels,
  },
  { method: 'POST', template: '/repos/{owner}/{repo}/labels', access: MAKE, handle: createLabel },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/labels/{name}',
    access: READ,
    handle: getLabel,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/issues/{issue_number}/labels',
    access: READ,
    handle: listIssueLabels,
  },
  {
    method: 'POST',
    template: '/repos/{owner}/{repo}/issues/{issue_number}/labels',
    access: SET,
    handle: addLabels,
  },
  {
    method: 'DELETE',
    template: '/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}',
    access: SET,
    handle: removeLabel,
  },
];

const rendered = (call: Call) => (label: Label) => render.label(call.repository, label);

function listRepositoryLabels(call: Call): Answer {
  const labels = [...call.repository.labels].sort((a, b) => a.name.localeCompare(b.name));
  return listed(call, labels, rendered(call));
}

function getLabel(call: Call): Answer {
  const label = call.repository.findLabel(call.params.name ?? '');
  if (!label) throw notFound();
  return { status: 200, body: rendered(call)(label) };
}

function createLabel(call: Call): Answer {
  const { repository, body } = call;
  const name = labelName(body.name);
  if (repository.findLabel(name)) {
    throw new HttpError(422, 'Validation Failed', {
      errors: [{ resource: 'Label', code: 'already_exists', field: 'name' }],
    });
  }
  const color = String(body.color ?? 'ededed');
  if (!/^[0-9a-f]{6}$/i.test(color)) throw invalid('Label', 'color', 'color is invalid', 'invalid');
  const description = typeof body.description === 'string' ? body.description : null;
  if (description && description.length > 100) {
    throw invalid('Label', 'description', 'description is too long (maximum is 100 characters)');
  }
  const label = repository.createLabel(name, color, description);
  return {
    status: 201,
    headers: { location: rendered(call)(label).url },
    body: rendered(call)(label),
  };
}

function labelName(value: unknown): string {
  const name = String(value ?? '');
  if (name.trim() === '') throw invalid('Label', 'name', 'name is missing', 'missing_field');
  if ([...name].length > 50) {
    throw invalid('Label', 'name', 'name is too long (maximum is 50 characters)');
  }
  return name;
}

function listIssueLabels(call: Call): Answer {
  return listed(call, demandIssue(call, 'read').labels, rendered(call));
}

/** Sets labels, and creates those that the repository does not have. */
function addLabels(call: Call): Answer {
  const { repository, token } = call;
  if (!token) throw new HttpError(401, 'Requires authentication');
  const issue = demandIssue(call, 'write');
  for (const value of wantedLabels(call.body)) {
    const name = labelName(value);
    let label = repository.findLabel(name);
    if (!label) {
      const maker =
        token.kind === 'user'
          ? includesRole(repository.roleOf(token.account.login), 'write')
          : holds(token, 'issues:write');
      if (!maker)
        throw new HttpError(403, 'You do not have permission to create labels on this repository.');
      label = repository.createLabel(name);
    }
    repository.addLabel(issue, label, token.account, token.app);
  }
  return { status: 200, body: issue.labels.map(rendered(call)) };
}

/** The body is `{labels: […]}` with names or objects, or the array itself. */
function wantedLabels(body: unknown): unknown[] {
  const list = Array.isArray(body) ? body : ((body as { labels?: unknown }).labels ?? []);
  return (list as unknown[]).map((each) =>
    typeof each === 'object' && each !== null ? (each as { name?: unknown }).name : each,
  );
}

function removeLabel(call: Call): Answer {
  const { repository, token, params } = call;
  if (!token) throw new HttpError(401, 'Requires authentication');
  const issue = demandIssue(call, 'write');
  const label = repository.findLabel(params.name ?? '');
  if (!label || !repository.removeLabel(issue, label, token.account, token.app)) {
    throw new HttpError(404, 'Label does not exist');
  }
  return { status: 200, body: issue.labels.map(rendered(call)) };
}
