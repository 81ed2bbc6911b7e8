/** What people see if nothing comes of a request. */

import type { Stopped } from '../../decision.ts';
import { runUrl } from '../../evidence/addresses.ts';
import { requestMarker } from '../../report/markers.ts';
import { renderNoPlan } from '../../report/stopped.ts';
import type { Uses } from '../tools.ts';

/** What is known of a request before it ends. */
export interface Asked {
  /** Whoever asked was found to be somebody who may. */
  byEntitled?: true;
}

/**
 * A sign on the request, and one line on the pull request with the reason, the next step and the run: a run on a comment
 * is not among the checks of the pull request. People who may not ask leave no line behind.
 */
export async function tellFailure(
  { page, run }: Uses<'page' | 'run'>,
  { decision, reason, message: detail }: Stopped,
  { byEntitled }: Asked,
): Promise<void> {
  const { trigger, repository, serverUrl } = run;
  const mayAsk = reason !== 'actor-denied' && reason !== 'bot-denied';
  if (trigger.kind !== 'comment' || !mayAsk || decision === 'ignored') return;
  await page.react(trigger.commentId, 'confused');
  // Of a policy that is not valid only people who can triage hear: others are refused before it is read.
  const entitled = byEntitled || reason === 'config-invalid';
  if (trigger.pullRequest === null || !entitled) return;
  const pull = `${serverUrl}/${repository.owner}/${repository.name}/pull/${trigger.pullRequest}`;
  const request = `${pull}#issuecomment-${trigger.commentId}`;
  const text = renderNoPlan({ reason, detail, runUrl: runUrl(run) }, request);
  await page.writeReport(trigger.pullRequest, requestMarker(trigger.commentId), text);
}
