/** Which message a run sends, and the facts for it. */

import { type NotifyKind, notifyKinds } from './core/records/notify-kind.ts';
import { explain } from './decision.ts';
import type { Facts, Outcome } from './ports/outcome.ts';
import { type Announcement, buildNotification } from './report/notification.ts';

/** The name of the file that later steps hand to a chat. */
export const notificationFile = 'notification.json';

/** Strangers can cause these with any number of comments; a label needs a role in the repository. */
const byStrangers = new Set<string>(['actor-denied', 'bot-denied']);

/**
 * What the output `notify` says.
 * @param mode '' if the run ended before the mode was known
 */
export function chooseNotify(mode: string, outcome: Outcome, facts: Facts): NotifyKind {
  const own = ofOutcome(mode, outcome, facts);
  const of = (facts.pullRequests ?? []).map(({ notify }) => notify ?? 'none');
  const all = [own, facts.notify ?? 'none', ...of];
  return notifyKinds.find((kind) => all.includes(kind)) ?? 'none';
}

function ofOutcome(mode: string, { decision, reason }: Outcome, facts: Facts): NotifyKind {
  switch (decision) {
    case 'planned':
      return 'approval-wanted';
    case 'executed':
    case 'drifted':
    case 'failed':
      return decision;
    case 'denied':
      if (reason === 'votes-missing') return 'approval-wanted';
      return isByStranger(mode, reason, facts) ? 'none' : 'denied';
    default:
      return 'none';
  }
}

/** A stranger is refused before the plan is looked up. Later, the same codes are about an approver. */
function isByStranger(mode: string, reason: string, { planId }: Facts): boolean {
  return byStrangers.has(reason) && mode !== 'approve' && planId === undefined;
}

/** @param place where the run is; null if the runner does not say it */
export function writeNotification(
  mode: string,
  outcome: Outcome,
  facts: Facts,
  place: Announcement['place'],
): string {
  const { decision, reason, detail } = outcome;
  const explanation = reason === 'ok' ? undefined : explain(reason);
  const message = buildNotification({
    kind: chooseNotify(mode, outcome, facts),
    mode,
    decision,
    reason,
    said: explanation === undefined ? [] : [explanation.what, explanation.next],
    detail,
    place,
    pullRequest: facts.pullRequest ?? null,
    title: facts.title ?? null,
    commentUrl: facts.commentUrl ?? null,
    commit: facts.commitSha ?? null,
    deniedFiles: facts.deniedFiles ?? [],
    asked: facts.asked ?? null,
    several: (facts.pullRequests ?? []).flatMap(({ pullRequest, notify = 'none' }) =>
      notify === 'none' ? [] : [{ pullRequest, kind: notify }],
    ),
  });
  return `${JSON.stringify(message, null, 2)}\n`;
}
