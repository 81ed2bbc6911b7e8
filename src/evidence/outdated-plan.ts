/**
 * Whether the head of a pull request has moved since its newest plan, told without looking up the run that made the
 * plan. This saves a call whenever a push has ended an approval.
 *
 * Only its run makes evidence trusted, so this answer is good for closing the gate alone: it holds no plan that a step
 * could go on with, and it replaces no status, because the status of a plan whose head has moved is green.
 *
 * It gives nobody a new way to close the gate. A run of this repository, and for no fork, must have stored the plan, the
 * action's own comment must name it by its digests, and the plan must name that run. Whatever else is stored under the
 * name is not even read. Who can store another plan and edit that comment has the role *write*, and can remove the label
 * by hand. With `GITHUB_TOKEN` all workflows of a repository comment as one account; to change a workflow takes *write*,
 * too.
 * https://docs.github.com/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization
 */

import type { PlanId } from '../core/text/digest.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import type { NamedArtifact } from '../ports/artifacts.ts';
import type { Facts } from '../ports/outcome.ts';
import type { WorkflowRun } from '../ports/run.ts';
import { toPlanFacts } from './facts.ts';
import type { GenuineArtifacts } from './genuine.ts';
import { kinds } from './kinds.ts';

/** The plan of the newest plan comment. Whoever can edit comments can change it, so it opens nothing. */
export interface ShownPlan {
  readonly planId: string;
  /** The digests of archives that the comment names: that of the plan's artifact is among them. */
  readonly digests: readonly string[];
  /** Whether it was published a moment ago, so that GitHub's list of artifacts may not have it yet. */
  readonly isNew: boolean;
}

/** The newest plan is about another head, and nothing but the head has ended it. */
export class OutdatedPlan {
  readonly planId: PlanId;
  /** What the outputs say about the plan. */
  readonly facts: Facts;

  constructor(planId: PlanId, facts: Facts) {
    this.planId = planId;
    this.facts = facts;
  }
}

/**
 * @param newest the newest artifact that is listed as a plan of this pull request, whoever stored it
 * @param pull the pull request, with its head as GitHub tells it now
 * @returns undefined if the run of the plan has to be looked up: the head has not moved, or anything is unclear
 */
export async function findOutdated(
  genuine: GenuineArtifacts,
  newest: NamedArtifact | undefined,
  pull: { readonly number: number; readonly head: ObjectId },
  shown: ShownPlan | undefined,
  run: WorkflowRun,
): Promise<OutdatedPlan | undefined> {
  if (newest?.digest == null || !shown?.digests.includes(newest.digest)) return undefined;
  const plan = await genuine.readUntrusted(kinds.plan, pull.number, newest);
  if (plan?.planId !== shown.planId || plan.manifest.head.sha === pull.head) return undefined;
  // A plan that was withdrawn or executed has ended by that, and not by the head.
  const ends = await genuine.find(['withdrawal', 'execution'], pull.number, {
    newerThan: newest.id,
  });
  if (ends.some(({ id }) => id > newest.id)) return undefined;
  return new OutdatedPlan(plan.planId, toPlanFacts(plan, run));
}
