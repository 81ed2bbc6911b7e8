/** Makes a new plan without a model: the newest plan without the files that somebody strikes. */

import { stoppedByState } from '../../checks/stopped-by-state.ts';
import { checkUnlocked } from '../../checks/targets.ts';
import { narrowPlan } from '../../core/plan/narrow.ts';
import { findPaths } from '../../core/plan/path-list.ts';
import type { CanonicalPath } from '../../core/text/paths.ts';
import { Stopped } from '../../decision.ts';
import type { PullRequest } from '../../ports/pull-requests.ts';
import type { Uses } from '../tools.ts';
import { checkSaidAfter, readEarlierPlan, readRequests } from './earlier-plan.ts';
import { checkPossible } from './possible.ts';
import { type PublishedPlan, type PublishTools, publishPlan } from './publish.ts';
import type { PlanCommand } from './request.ts';

/**
 * Ends the approval of the plan before. This is called only when a new plan is certain to be possible: a wrong path
 * makes no plan, so it must end no approval.
 */
export type Begin = () => Promise<void>;

/**
 * The head, the base, the prompt and the toolchain are those of the plan before, because nothing was planned again.
 * @throws Stopped plan-missing, plan-invalid for an unknown path or if no file is left, plan-superseded, github-refused,
 *   head-moved, base-moved or plan-altered if the plan is outdated, and what `checkPossible` throws
 */
export async function narrow(
  tools: PublishTools & Uses<'merges' | 'pullRequests' | 'requests'>,
  request: PlanCommand,
  pull: PullRequest,
  begin: Begin,
): Promise<PublishedPlan> {
  checkUnlocked(pull);
  const life = await readEarlierPlan(tools, pull);
  const { plan: earlier, state } = life;
  checkSaidAfter(earlier, request);
  if (state.is === 'outdated') throw stoppedByState(life);
  const { manifest, plan } = earlier;
  const before = manifest.narrows?.paths ?? [];
  // If this run is repeated, its first attempt has already struck the paths.
  const repeated = manifest.narrows?.comment_id === request.commentId ? manifest.narrows : null;
  const scope = plan.files.map(({ path }) => path);
  const struck = readStruck(request.text, [...scope, ...(repeated?.paths ?? [])]);
  const paths = [...new Set([...before, ...struck])].sort();
  const narrowed = narrowPlan(plan, paths);
  if (narrowed.files.length === 0) {
    throw new Stopped(
      'plan-invalid',
      `The command takes out all files of the plan: ${listScope(scope)}. Withdraw the plan instead.`,
    );
  }
  const workspace = await tools.merges.rebuild(earlier, pull);
  // If one half of a rename was struck, the other half may not be possible any more.
  const files = await checkPossible(tools, narrowed.files, workspace, manifest.head.sha);
  const draft = {
    pull,
    requests: readRequests(earlier),
    prompt: earlier.prompt,
    narrows: {
      // This plan replaces the one that an earlier attempt made.
      plan_id: repeated?.plan_id ?? earlier.planId,
      comment_id: request.commentId,
      by: request.requester,
      paths,
    },
    head: manifest.head,
    base: manifest.base,
    workspace: manifest.workspace,
    mergeBase: manifest.merge_base,
    plan: narrowed,
    files,
    toolchain: manifest.codex,
    usage: { input: 0, cached: 0, output: 0, seconds: 0 },
    log: 'No model was asked: files were taken out of the plan.\n',
    instructions: earlier.instructions,
    // The journal names people who ran the plan again: they still count as requesters.
    journalBefore: earlier.journal,
    madeBy: { person: request.requester, event: 'narrowed' },
    returned: [],
  } as const;
  await begin();
  return publishPlan(tools, draft, pull, workspace);
}

function readStruck(text: string, scope: readonly CanonicalPath[]): readonly CanonicalPath[] {
  const { found, unknown } = findPaths(text, scope);
  const listed = listScope(scope);
  const [first] = unknown;
  if (first !== undefined) {
    throw new Stopped('plan-invalid', `${JSON.stringify(first)} is not in the plan: ${listed}.`);
  }
  if (found.length === 0)
    throw new Stopped('plan-invalid', `The command names no file. The plan has these: ${listed}.`);
  return found;
}

function listScope(scope: readonly CanonicalPath[]): string {
  return scope.map((path) => JSON.stringify(path)).join(', ');
}
