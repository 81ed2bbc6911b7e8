/** Which runs of which workflow files are believed: those that the default branch owns. */

import type { World } from '../checks/world.ts';
import { Stopped } from '../decision.ts';
import type { ArtifactOrigin, StoredArtifact } from '../ports/artifacts.ts';
import type { RunFacts } from '../ports/repository.ts';

/** Events whose workflow file is the default branch's whatever the pull request contains. */
const defaultBranchEvents = new Set([
  'issue_comment',
  'pull_request_target',
  'schedule',
  'workflow_dispatch',
]);

/** A run that is repeated has the payload of the first time, and the default branch may be another one by now. */
export async function defaultBranch({ run, repository }: World): Promise<string> {
  const known = run.attempt === 1 ? run.defaultBranch : null;
  return known ?? (await repository.defaultBranch());
}

/**
 * Before any decision: the workflow file that runs must be the default branch's, or else a pull request rewrites the
 * gate it has to pass.
 * @throws Stopped workflow-untrusted, unsupported-event
 */
export async function checkTrustedRun(world: World): Promise<void> {
  const { run } = world;
  const branch = await defaultBranch(world);
  if (defaultBranchEvents.has(run.eventName)) {
    if (run.workflowRef === `refs/heads/${branch}`) return;
    throw new Stopped(
      'workflow-untrusted',
      'The workflow file was not taken from the default branch.',
    );
  }
  if (run.eventName !== 'pull_request') {
    throw new Stopped(
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
    throw new Stopped('workflow-untrusted', 'The pull request does not go to the default branch.');
  }
  const [ran, owned] = await Promise.all([
    /^[0-9a-f]{40,64}$/.test(run.workflowSha)
      ? repository.readFile(run.workflow, run.workflowSha)
      : undefined,
    repository.readFile(run.workflow, await pullRequests.baseTip(branch)),
  ]);
  if (ran === undefined || ran.blob !== owned?.blob) {
    throw new Stopped(
      'workflow-untrusted',
      'The pull request has its own copy of the workflow file.',
    );
  }
  world.warn(
    'pull_request runs the copy of the workflow in the pull request, so later runs do not believe what this one leaves; use pull_request_target.',
  );
}

/** Where the store says that an artifact comes from, or why not to ask the run itself about it; costs no call. */
export async function originOf(
  world: World,
  { run: origin }: StoredArtifact,
): Promise<{ origin: ArtifactOrigin } | { why: string }> {
  const own = world.run.repository.id;
  if (origin === null) return { why: 'No run made it.' };
  const { repositoryId, headRepositoryId } = origin;
  if (repositoryId !== null && repositoryId !== own) {
    return { why: 'A run of another repository made it.' };
  }
  if (headRepositoryId !== null && headRepositoryId !== own && !(await world.policy()).forks) {
    return { why: 'A run for another repository made it.' };
  }
  return { origin };
}

/**
 * The run that made an artifact, or why it is not believed. A name proves nothing: any workflow of any fork can
 * upload under it. The conclusion proves nothing either: it is null in the same run, and a later job may fail.
 */
export async function believeRun(
  world: World,
  origin: ArtifactOrigin,
): Promise<{ run: RunFacts } | { why: string }> {
  const own = world.run.repository.id;
  const run = await world.repository.run(origin.id);
  // With a run its artifacts go, so this is a fault: passed over, the artifact would let an older one stand for it.
  if (run === undefined) {
    throw new Stopped('api-unavailable', `GitHub has no run ${origin.id}, which made an artifact.`);
  }
  if (run.repositoryId !== own) return { why: 'A run of another repository made it.' };
  const { forks, workflows } = await world.policy();
  if (!believedPath(run.path, [world.run.workflow, ...workflows])) {
    return { why: 'Another workflow file made it.' };
  }
  const local = (origin.headRepositoryId ?? own) === own && run.headRepositoryId === own;
  if (!local && !(run.event === 'pull_request_target' && forks)) {
    return { why: 'A run for another repository made it.' };
  }
  if (!(await ranDefaultBranch(world, run))) return { why: 'Another event or branch made it.' };
  return { run };
}

/** Some answers put `@` and a ref behind the path; but a file can have such a name, too. */
function believedPath(path: string, believed: readonly string[]): boolean {
  return believed.some(
    (own) => path === own || (path.startsWith(`${own}@`) && !/\.ya?ml$/i.test(path)),
  );
}

/**
 * Whether the run took its workflow file from the default branch. Of a `pull_request` run that is known to itself
 * alone: it ran the file of a test merge that nobody can name afterwards, and the base of that merge may have been
 * another branch, with a file of its own.
 */
async function ranDefaultBranch(world: World, run: RunFacts): Promise<boolean> {
  if (run.id === world.run.id) return true;
  // Always the default branch's file; the run's branch and commit are the pull request's.
  if (run.event === 'pull_request_target') return true;
  const branch = await defaultBranch(world);
  if (!defaultBranchEvents.has(run.event) || run.headBranch !== branch) return false;
  return run.event !== 'workflow_dispatch' || isOfDefaultBranch(world, run.headSha, branch);
}

/** A run can be dispatched on a tag with the name of the default branch, and a tag leads anywhere. */
async function isOfDefaultBranch(world: World, sha: string, branch: string): Promise<boolean> {
  if (sha === world.run.workflowSha && world.run.workflowRef === `refs/heads/${branch}`)
    return true;
  const tip = await world.pullRequests.baseTip(branch);
  return tip === sha || (await world.pullRequests.mergeBase(tip, sha)) === sha;
}
