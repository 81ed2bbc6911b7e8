/** A plan without some of its files: what a reviewer strikes, no regenerated plan brings back. */

import { type Plan, parsePlan, planJson } from './plan.ts';

/**
 * The plan less these files. What names them in a step goes too; the words of the plan stay as they are.
 * @param struck paths, each of which the plan may have or not
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
  return parsePlan(planJson(narrowed), Math.max(1, narrowed.files.length));
}
