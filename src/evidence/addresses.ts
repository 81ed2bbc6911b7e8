import type { WorkflowRun } from '../ports/run.ts';

/** The address of a run of this repository, for people. */
export function runUrl({ serverUrl, repository, id }: WorkflowRun, runId = id): string {
  return `${serverUrl}/${repository.owner}/${repository.name}/actions/runs/${runId}`;
}

/** @param runId the run that made the artifact; this one unless another is given */
export function artifactUrl(run: WorkflowRun, artifactId: number, runId = run.id): string {
  return `${runUrl(run, runId)}/artifacts/${artifactId}`;
}
