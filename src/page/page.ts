/** The pull request's page: the plan comment and the report comment of a plan. */

import type { World } from '../checks/world.ts';
import { isDenied, isElevated } from '../core/policy/policy.ts';
import type { PlanEvidence } from '../core/records/archive-contents.ts';
import { findMixedScript } from '../core/text/characters.ts';
import { foldersWithout } from '../core/text/paths.ts';
import { Stopped } from '../decision.ts';
import type { Found } from '../evidence/find.ts';
import type { Comment } from '../ports/comments.ts';
import type { Workspace } from '../ports/workspaces.ts';
import {
  anyPlanMarker,
  maxCommentLength,
  type PlanState,
  type PlanView,
  planMarker,
  renderPlanComment,
  showsPlan,
  showsSuperseded,
  withState,
} from '../report/plan-comment.ts';

/**
 * All that the plan comment shows.
 * @param workspace the merge that was planned on, for what is to be said of the files in it
 */
export async function viewOf(
  world: World,
  evidence: Found<PlanEvidence>,
  { label, command }: { readonly label: string; readonly command: string },
  workspace: Workspace,
): Promise<PlanView> {
  const policy = await world.policy();
  const hidden = await workspace.hiddenInDiffs(evidence.plan.files.map((file) => file.path));
  const created = evidence.plan.files.filter((file) => file.operation === 'create');
  const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const newFolders = foldersWithout(
    (await workspace.files(workspace.tree)).keys(),
    created.map((file) => folderOf(file.path)).filter((folder) => folder !== ''),
  );
  const flags = evidence.plan.files.map(({ path, operation }): [string, string[]] => [
    path,
    [
      ...(path.toLowerCase().startsWith('.github/workflows/') ? ['workflow file'] : []),
      ...(isDenied(policy, path, world.policyFile) ? ['**protected**: cannot be approved'] : []),
      ...(isElevated(policy, path) ? [`protected: needs ${policy.paths.elevated.permission}`] : []),
      ...(operation === 'create' && newFolders.has(folderOf(path)) ? ['new directory'] : []),
      ...(hidden.has(path) ? ['hidden in diffs'] : []),
      ...(findMixedScript(path) ? ['confusable name'] : []),
    ],
  ]);
  return {
    evidence,
    artifact: evidence.artifact,
    serverUrl: world.run.serverUrl,
    label,
    command,
    flags: new Map(flags),
  };
}

/** What the line of the state may grow by: the logins of ten approvers, say. */
const roomForState = 500;

/**
 * The body of a new plan comment.
 * @throws Stopped limit-exceeded where the plan cannot be shown whole, since then nobody could approve it
 */
export function planCommentBody(view: PlanView): string {
  const body = renderPlanComment(view, { is: 'awaiting' });
  if (body.length + roomForState <= maxCommentLength) return body;
  throw new Stopped(
    'limit-exceeded',
    `The plan takes ${body.length} characters to show, and a comment holds ${maxCommentLength}.`,
  );
}

/** The comments that show a plan: by who wrote them and what they begin with, never by the marker alone. */
export async function planComments(
  world: World,
  pullRequest: number,
  evidence: PlanEvidence,
): Promise<readonly Comment[]> {
  const marker = planMarker(evidence.planId);
  return (await ownComments(world, pullRequest)).filter((comment) =>
    comment.body.startsWith(marker),
  );
}

/** Whether the action has ever shown a plan of the pull request. */
export async function showsAnyPlan(world: World, pullRequest: number): Promise<boolean> {
  const comments = await ownComments(world, pullRequest);
  return comments.some((comment) => comment.body.startsWith(anyPlanMarker));
}

/**
 * Compares what an approver sees with what was hashed. What differs is posted again, for the next approver.
 * @returns the comment that shows the plan, with the latest time that any of its kind was edited: a copy that was left
 *   alone must not vouch for one that was not
 * @throws Stopped plan-altered, plan-superseded
 */
export async function checkShown(
  world: World,
  pullRequest: number,
  view: PlanView,
): Promise<Comment> {
  const shown = await planComments(world, pullRequest, view.evidence);
  const altered = shown.filter((comment) => !showsPlan(comment.body, view));
  const body = planCommentBody(view);
  for (const comment of altered) await world.comments.update(comment.id, body);
  const [first] = shown;
  if (first === undefined) {
    await world.comments.create(pullRequest, body);
    throw new Stopped('plan-altered', 'The plan comment is gone; it is posted again.');
  }
  if (altered.length > 0) {
    throw new Stopped('plan-altered', 'The plan comment was edited; it is posted again.');
  }
  if (showsSuperseded(first.body)) {
    throw new Stopped('plan-superseded', 'The plan comment says that a newer plan was published.');
  }
  const times = shown.map((comment) => comment.updatedAt).sort();
  return { ...first, updatedAt: times.at(-1) ?? first.updatedAt };
}

/** Shows where a plan stands. Decoration: a failure to do so is a warning. */
export async function showState(world: World, comment: Comment, state: PlanState): Promise<void> {
  await decorate(world, async () => {
    const body = withState(comment.body, state);
    if (body !== undefined && body !== comment.body) await world.comments.update(comment.id, body);
  });
}

/** Marks the comments of all other plans of the pull request as superseded, and folds them away. */
export async function supersedeOthers(
  world: World,
  pullRequest: number,
  evidence: PlanEvidence,
): Promise<void> {
  await decorate(world, async () => {
    const marker = planMarker(evidence.planId);
    for (const comment of await ownComments(world, pullRequest)) {
      if (!comment.body.startsWith(anyPlanMarker) || comment.body.startsWith(marker)) continue;
      const body = withState(comment.body, { is: 'superseded' });
      if (body === undefined || body === comment.body) continue;
      await world.comments.update(comment.id, body);
      await world.comments.minimise(comment);
    }
  });
}

/**
 * Writes the one report comment of its kind for a plan: in place where it is there already.
 * @returns its address; undefined where it could not be written
 */
export async function report(
  world: World,
  pullRequest: number,
  marker: string,
  body: string,
): Promise<string | undefined> {
  let address: string | undefined;
  await decorate(world, async () => {
    const text = `${marker}\n\n${body}`;
    const comments = await ownComments(world, pullRequest);
    const earlier = comments.find((comment) => comment.body.startsWith(marker));
    const comment = earlier ?? (await world.comments.create(pullRequest, text));
    if (comment.body !== text) await world.comments.update(comment.id, text);
    address = comment.url;
  });
  return address;
}

/** Steps that only show something must not decide; what they fail at is said. */
export async function decorate(world: World, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof Stopped) || error.reason === 'secret-detected') throw error;
    world.warn(`The page could not be updated: ${error.message}`);
  }
}

async function ownComments(world: World, pullRequest: number): Promise<readonly Comment[]> {
  const [self, comments] = await Promise.all([
    world.people.self(),
    world.comments.list(pullRequest),
  ]);
  return comments.filter((comment) => comment.authorId === self.databaseId);
}
