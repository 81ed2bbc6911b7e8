/** Which runs of which workflow files are believed: those that the default branch owns. */
import { Fault } from '../decision.ts';
import type { RunFacts, StoredArtifact } from './ports.ts';
import type { World } from './world.ts';

/** Events whose workflow file is the default branch's whatever the pull request contains. */
const defaultBranchEvents = new Set([
  'issue_comment',
  'pull_request_target',
  'schedule',
  'workflow_dispatch',
]);

export async function defaultBranch({ run, repository }: World): Promise<string> {
  return run.defaultBranch ?? (await repository.defaultBranch());
}

/**
 * Before any decision: the workflow file that runs must be the default branch's, or else a pull request rewrites the
 * gate it has to pass.
 * @throws Fault workflow-untrusted, unsupported-event
 */
export async function checkTrustedRun(world: World): Promise<void> {
  const { run } = world;
  const branch = await defaultBranch(world);
  if (defaultBranchEvents.has(run.eventName)) {
    if (run.workflowRef === `refs/heads/${branch}`) return;
    throw new Fault(
      'workflow-untrusted',
      'The workflow file was not taken from the default branch.',
    );
  }
  if (run.eventName !== 'pull_request') {
    throw new Fault(
      'unsupported-event',
      'The event is not one whose workflow file can be trusted.',
    );
  }
  await checkPullRequestRun(world, branch);
}

/** `pull_request` runs the pull request's own copy of the file: accepted where that is, by blob, the default branch's. */
async function checkPullRequestRun(world: World, branch: string): Promise<void> {
  const { run, pullRequests, repository } = world;
  const number = 'pullRequest' in run.trigger ? run.trigger.pullRequest : null;
  const pull = number === null ? undefined : await pullRequests.read(number);
  if (pull?.baseRef !== branch) {
    throw new Fault('workflow-untrusted', 'The pull request does not go to the default branch.');
  }
  const [ran, owned] = await Promise.all([
    /^[0-9a-f]{40,64}$/.test(run.workflowSha)
      ? repository.readFile(run.workflow, run.workflowSha)
      : undefined,
    repository.readFile(run.workflow, branch),
  ]);
  if (ran === undefined || ran.blob !== owned?.blob) {
    throw new Fault(
      'workflow-untrusted',
      'The pull request has its own copy of the workflow file.',
    );
  }
  world.warn(
    'pull_request runs the copy of the workflow in the pull request; use pull_request_target.',
  );
}

/**
 * The run that made an artifact, or why it is not believed. A name proves nothing: any workflow of any fork can
 * upload under it. The conclusion proves nothing either: it is null in the same run, and a later job may fail.
 */
export async function believeRun(
  world: World,
  artifact: StoredArtifact,
): Promise<{ run: RunFacts } | { why: string }> {
  const repositoryId = world.run.repository.id;
  const made = artifact.run;
  if (made === null) return { why: 'No run made it.' };
  if (made.repositoryId !== repositoryId) return { why: 'A run of another repository made it.' };
  const run = await world.repository.run(made.id);
  // With a run its artifacts go, so this is a fault: passed over, the artifact would let an older one stand for it.
  if (run === undefined) {
    throw new Fault('api-unavailable', `GitHub has no run ${made.id}, which made an artifact.`);
  }
  if (run.repositoryId !== repositoryId) return { why: 'A run of another repository made it.' };
  const policy = await world.policy();
  const workflow = workflowPath(run.path, [world.run.workflow, ...policy.workflows]);
  if (workflow === undefined) return { why: 'Another workflow file made it.' };
  const local = [made.headRepositoryId, run.headRepositoryId].every((id) => id === repositoryId);
  if (!local && !(run.event === 'pull_request_target' && policy.forks)) {
    return { why: 'A run for another repository made it.' };
  }
  if (!(await ranDefaultBranch(world, run, workflow)))
    return { why: 'Another event or branch made it.' };
  return { run };
}

/** Some answers put `@` and a ref behind the path. */
function workflowPath(path: string, believed: readonly string[]): string | undefined {
  return believed.find((own) => path === own || path.startsWith(`${own}@`));
}

/** Whether the run took its workflow file from the default branch. */
async function ranDefaultBranch(world: World, run: RunFacts, workflow: string): Promise<boolean> {
  const branch = await defaultBranch(world);
  switch (run.event) {
    case 'pull_request_target':
      // Always the default branch's file; the run's branch is the pull request's.
      return true;
    case 'pull_request': {
      const [ran, owned] = await Promise.all([
        world.repository.readFile(workflow, run.headSha),
        world.repository.readFile(workflow, branch),
      ]);
      return ran !== undefined && ran.blob === owned?.blob;
    }
    default:
      return defaultBranchEvents.has(run.event) && run.headBranch === branch;
  }
}
