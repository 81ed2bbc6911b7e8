/** Reports on the pull request that the base touched planned files: which commits did it, and who pushed them. */

import type { Look } from '../../checks/stated-pull.ts';
import { sameState } from '../../core/plan/scope.ts';
import { bestEffort } from '../../page/best-effort.ts';
import type { BaseCommit } from '../../ports/pull-requests.ts';
import { type BaseDriftView, renderBaseDrift } from '../../report/base-drift.ts';
import { driftHeading } from '../../report/drift.ts';
import { reportMarker } from '../../report/markers.ts';
import type { Uses } from '../tools.ts';

type Tools = Uses<'run' | 'page' | 'pullRequests' | 'log'>;

/**
 * Reports once for each plan: a report of the same drift by a verification or an earlier run is not replaced.
 * @returns whether this run wrote the report
 */
export async function reportBaseDrift(tools: Tools, { life, touched }: Look): Promise<boolean> {
  const drifted = life?.state.is === 'drifted' && life.state.by === 'base';
  if (life === undefined || touched === undefined || !drifted) return false;
  const { log, page, pullRequests, run } = tools;
  const { plan, pull } = life;
  const marker = reportMarker(plan.planId);
  let told = false;
  await bestEffort(log, async () => {
    const beginning = `${marker}\n\n${driftHeading(plan.planId)}`;
    if ((await page.find(pull.number, beginning)).length > 0) return;
    const { base, repository } = plan.manifest;
    let commits: readonly BaseCommit[] = [];
    await bestEffort(log, async () => {
      commits = await pullRequests.commitsTouching(touched.paths, base.sha, touched.tip);
    });
    const text = renderBaseDrift({
      planId: plan.planId,
      baseRef: base.ref,
      paths: touched.paths,
      commits,
      push: await findPush(tools, touched.paths),
      labelSet: life.log.label !== undefined,
      repositoryUrl: `${run.serverUrl}/${repository.full_name}`,
    });
    log.summarise(text);
    told = (await page.writeReport(pull.number, marker, text)) !== undefined;
  });
  return told;
}

/** Whether the push of this run touched the files. If an earlier push did, it is not known who pushed that. */
async function findPush(
  { log, pullRequests, run }: Tools,
  paths: readonly string[],
): Promise<BaseDriftView['push']> {
  const { trigger } = run;
  if (trigger.kind !== 'push' || /^0+$/.test(trigger.before)) return null;
  let pushed: readonly string[] = [];
  await bestEffort(log, async () => {
    const states = await pullRequests.fileStates([trigger.before, trigger.after], paths);
    pushed = paths.filter((path) => {
      const [before, after] = states.get(path) ?? [null, null];
      return !sameState(before, after);
    });
  });
  return pushed.length === 0 ? null : { by: trigger.pusher, paths: pushed };
}
