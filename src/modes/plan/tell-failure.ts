/** What people see if nothing comes of a request. */

import type { Stopped } from '../../decision.ts';
import { runUrl } from '../../evidence/addresses.ts';
import { pullReportMarker, requestMarker } from '../../report/markers.ts';
import { renderNoPlan } from '../../report/stopped.ts';
import type { Uses } from '../tools.ts';

/** What is known of a request before it ends. */
export interface Asked {
  /** Whoever asked was found to be somebody who may. */
  byEntitled?: true;
  /** The pull request, once it was read: a dispatched request may name what is none. */
  planned?: number;
}

/**
 * A sign on the request, and one line on the pull request with the reason, the next step and the run: a run on a comment
 * is not among the checks of the pull request. People who may not ask leave no line behind.
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
  // Of a policy that is not valid only people who can triage hear: others are refused before it is read.
  const entitled = byEntitled || reason === 'config-invalid';
  if (trigger.pullRequest === null || !entitled) return;
  const pull = `${serverUrl}/${repository.owner}/${repository.name}/pull/${trigger.pullRequest}`;
  const text = renderNoPlan(view, { url: `${pull}#issuecomment-${trigger.commentId}` });
  await page.writeReport(trigger.pullRequest, requestMarker(trigger.commentId), text);
}
