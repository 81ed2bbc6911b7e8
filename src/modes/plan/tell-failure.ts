/** What people see if a request does not succeed. */

import type { Stopped } from '../../decision.ts';
import { runUrl } from '../../evidence/addresses.ts';
import { pullReportMarker, requestMarker } from '../../report/markers.ts';
import { renderNoPlan } from '../../report/stopped.ts';
import type { Uses } from '../tools.ts';

/** What is known of a request before it ends. */
export interface Asked {
  /** The requester was found to be allowed to ask. */
  byEntitled?: true;
  /** The pull request, after it was read: the number in a dispatched request may be none. */
  planned?: number;
}

/**
 * Reacts to the request, and writes one line on the pull request with the reason, the next step and the run. Without it
 * nobody would know: GitHub does not list a run on a comment among the checks of the pull request. For people who may not
 * ask, nothing is written.
 */
export async function tellFailure(
  { page, run }: Uses<'page' | 'run'>,
  { decision, reason, message: detail }: Stopped,
  { byEntitled, planned }: Asked,
): Promise<void> {
  const { trigger, repository, serverUrl } = run;
  const view = { reason, detail, runUrl: runUrl(run) };
  const mayAsk = reason !== 'actor-denied' && reason !== 'bot-denied';
  if (!mayAsk || decision === 'ignored') return;
  if (trigger.kind === 'dispatch' && planned !== undefined) {
    const text = renderNoPlan(view, { dispatchedBy: trigger.sender.login });
    await page.writeReport(planned, pullReportMarker, text);
  }
  if (trigger.kind !== 'comment') return;
  await page.react(trigger.commentId, 'confused');
  // Only people who can triage learn that a policy is not valid: others are refused before it is read.
  const entitled = byEntitled || reason === 'config-invalid';
  if (trigger.pullRequest === null || !entitled) return;
  const pull = `${serverUrl}/${repository.owner}/${repository.name}/pull/${trigger.pullRequest}`;
  const text = renderNoPlan(view, { url: `${pull}#issuecomment-${trigger.commentId}` });
  await page.writeReport(trigger.pullRequest, requestMarker(trigger.commentId), text);
}
