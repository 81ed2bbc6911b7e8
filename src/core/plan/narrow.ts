/** A plan without some of its files: a regenerated plan cannot bring back what a reviewer struck. */

import { type Plan, parsePlan, planJson } from './plan.ts';

/**
 * The plan without these files. The steps no longer list them either; the words of the plan stay as they are.
 * @param struck the paths to remove; the plan need not have them all
 */
export function narrowPlan(plan: Plan, struck: readonly string[]): Plan {
  const gone = new Set<string>(struck);
  const narrowed = {
    ...plan,
    files: plan.files.filter(({ path }) => !gone.has(path)),
    steps: plan.steps.map((step) => ({
      ...step,
      paths: step.paths.filter((path) => !gone.has(path)),
    })),
  };
  return parsePlan(planJson(narrowed), narrowed.files.length);
}
