/** What people see while votes are missing. */

import { asTold } from '../../checks/telling-stop.ts';
import type { PlanEvidence } from '../../core/records/archive-contents.ts';
import { Stopped } from '../../decision.ts';
import { reportMarker } from '../../report/markers.ts';
import { renderVotes } from '../../report/votes.ts';
import type { Uses } from '../tools.ts';
import type { Votes } from './votes.ts';

/** Removes the label first, so that the next approver can set it, and then writes that on the page. */
export async function askForVotes(
  { label, page }: Uses<'label' | 'page'>,
  { planId, manifest }: PlanEvidence,
  votes: Votes,
  needed: number,
): Promise<never> {
  const removed = await label.tryRemove(manifest.pull_request);
  const voters = votes.map(({ person }) => person.login);
  const text = renderVotes(planId, voters, needed, removed);
  await page.writeReport(manifest.pull_request, reportMarker(planId), text);
  throw asTold(
    new Stopped(
      'votes-missing',
      `${votes.length} of ${needed} approvers (approvers.count) have set the label.`,
    ),
  );
}
