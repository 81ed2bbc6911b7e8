import type { Access } from '../access.ts';
import { ArtifactHooks } from '../artifacts.ts';
import { seen } from '../faults.ts';
import { HttpError, notFound } from '../http-error.ts';
import * as render from '../render/index.ts';
import type { Repository } from '../repository.ts';
import type { Answer, Call, Route } from '../router.ts';
import type { Artifact, Run, Workflow } from '../state.ts';
import { counted } from './page.ts';

const READ: Access = { needs: ['actions:read'], publicRead: true };
/** Downloading needs a token with the permission even if the repository is public. */
const DOWNLOAD: Access = { needs: ['actions:read'] };
const WRITE: Access = { needs: ['actions:write'], role: 'write' };

/** Workflows, their runs, and artifacts. */
export const actionsRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/actions/workflows/{workflow_id}',
    access: READ,
    handle: getWorkflow,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
    access: READ,
    handle: listWorkflowRuns,
  },
  { method: 'GET', template: '/repos/{owner}/{repo}/actions/runs', access: READ, handle: listRuns },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/actions/runs/{run_id}',
    access: READ,
    handle: getRun,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}',
    access: READ,
    handle: getAttempt,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts',
    access: READ,
    handle: listRunArtifacts,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/actions/artifacts',
    access: READ,
    handle: listArtifacts,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/actions/artifacts/{artifact_id}',
    access: READ,
    handle: getArtifact,
  },
  {
    method: 'DELETE',
    template: '/repos/{owner}/{repo}/actions/artifacts/{artifact_id}',
    access: WRITE,
    handle: deleteArtifact,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}',
    access: DOWNLOAD,
    handle: downloadArtifact,
  },
];

/** A workflow is named by its id or by its file's name. */
function demandWorkflow(call: Call): Workflow {
  const wanted = call.params.workflow_id ?? '';
  const workflow = call.repository.workflows.find(
    (each) => String(each.id) === wanted || each.path.split('/').at(-1) === wanted,
  );
  if (!workflow) throw notFound();
  return workflow;
}

function getWorkflow(call: Call): Answer {
  return { status: 200, body: render.workflow(call.repository, demandWorkflow(call)) };
}

/** The latest attempt of each run, newest run first. */
function latestAttempts(repository: Repository): Run[] {
  const latest = new Map<number, Run>();
  for (const run of repository.runs) latest.set(run.id, run);
  return [...latest.values()].sort((a, b) => b.id - a.id);
}

function listWorkflowRuns(call: Call): Answer {
  const workflow = demandWorkflow(call);
  const runs = latestAttempts(call.repository).filter((run) => run.workflow === workflow);
  return filtered(call, runs);
}

function listRuns(call: Call): Answer {
  return filtered(call, latestAttempts(call.repository));
}

function filtered(call: Call, runs: readonly Run[]): Answer {
  const { query } = call;
  const tests: Record<string, (run: Run, value: string) => boolean> = {
    actor: (run, value) => run.actor.login.toLowerCase() === value.toLowerCase(),
    branch: (run, value) => run.headBranch === value,
    event: (run, value) => run.event === value,
    status: (run, value) => run.status === value || run.conclusion === value,
    head_sha: (run, value) => run.headSha === value,
    created: (run, value) => createdWithin(run.createdAt, value),
  };
  const kept = runs.filter((run) =>
    [...query].every(([name, value]) => tests[name]?.(run, value) ?? true),
  );
  return counted(call, 'workflow_runs', kept, render.run);
}

/** `created` is a date, a comparison (`>=…`) or a range (`a..b`). */
function createdWithin(createdAt: string, wanted: string): boolean {
  const [from, to] = wanted.split('..');
  if (to !== undefined) {
    return (from === '*' || createdAt >= (from ?? '')) && (to === '*' || createdAt <= end(to));
  }
  const [, sign = '', date = ''] = /^(>=|<=|>|<)?(.*)$/.exec(wanted) ?? [];
  if (sign === '>=') return createdAt >= date;
  if (sign === '>') return createdAt > end(date);
  if (sign === '<=') return createdAt <= end(date);
  if (sign === '<') return createdAt < date;
  return createdAt.startsWith(date);
}

/** A date as the end of a range includes that day. */
function end(date: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(date) ? `${date}T23:59:59Z` : date;
}

function demandRun(call: Call): Run {
  const id = Number(call.params.run_id);
  const run = latestAttempts(call.repository).find((each) => each.id === id);
  if (!run) throw notFound();
  return run;
}

function getRun(call: Call): Answer {
  return { status: 200, body: render.run(demandRun(call)) };
}

function getAttempt(call: Call): Answer {
  const { id } = demandRun(call);
  const number = Number(call.params.attempt_number);
  const run = call.repository.runs.find((each) => each.id === id && each.attempt === number);
  if (!run) throw notFound();
  return { status: 200, body: render.run(run) };
}

function listArtifacts(call: Call): Answer {
  const artifacts = new ArtifactHooks(call.repository).list(call.query.get('name') ?? undefined);
  return counted(call, 'artifacts', newestFirst(call, artifacts), render.artifact);
}

function listRunArtifacts(call: Call): Answer {
  const { id } = demandRun(call);
  const artifacts = new ArtifactHooks(call.repository)
    .list(call.query.get('name') ?? undefined)
    .filter((each) => each.run.id === id);
  const listed = newestFirst(call, artifacts);
  if (call.query.get('direction') === 'asc') listed.reverse();
  return counted(call, 'artifacts', listed, render.artifact);
}

function newestFirst(call: Call, artifacts: readonly Artifact[]): Artifact[] {
  return seen(artifacts.toReversed(), call.view).reverse();
}

function demandArtifact(call: Call): Artifact {
  const id = Number(call.params.artifact_id);
  const artifact = new ArtifactHooks(call.repository).list().find((each) => each.id === id);
  if (!artifact) throw notFound();
  return artifact;
}

function getArtifact(call: Call): Answer {
  return { status: 200, body: render.artifact(demandArtifact(call)) };
}

function deleteArtifact(call: Call): Answer {
  new ArtifactHooks(call.repository).delete(demandArtifact(call));
  return { status: 204 };
}

function downloadArtifact(call: Call): Answer {
  const artifact = demandArtifact(call);
  if (call.params.archive_format !== 'zip') throw notFound();
  if (call.repository.isExpired(artifact)) throw new HttpError(410, 'Artifact has expired');
  const { blobs } = call.github;
  const location = blobs.sign(
    blobs.expose(() => artifact.content),
    'r',
  );
  return { status: 302, headers: { location } };
}
