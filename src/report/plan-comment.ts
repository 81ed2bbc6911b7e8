/** The plan comment. It shows all that an approver approves, and nothing else. */

import { type PlanId, shortDigest } from '../core/text/digest.ts';
import { line } from './foreign-text.ts';
import { code } from './markdown.ts';
import { howToApprove, howToApproveHeading, renderPlanBody } from './plan-body.ts';
import {
  alertLength,
  type CommentState,
  isAlert,
  isSuperseded,
  keepPusher,
  type PlanSetting,
  passingEnd,
  renderAlert,
  showsHowToApprove,
} from './plan-state.ts';
import type { PlanView, StateView } from './plan-view.ts';

export type { CommentState } from './plan-state.ts';
export type { PlanView, StateView } from './plan-view.ts';

/** GitHub refuses longer bodies. */
export const maxCommentLength = 65_536;
/** Room for the alert to grow, for example with ten approvers' logins. */
export const roomForState = 1500;

/** The first line of a plan comment; a comment is ours only if its author is, too. */
export function planMarker(planId: PlanId): string {
  return `<!-- codex-plan ${planId} -->`;
}

export const anyPlanMarker = '<!-- codex-plan ';

/** The plan id that the marker of a plan comment names; undefined for every other text. */
export function markedPlan(body: string): string | undefined {
  return /^<!-- codex-plan ([0-9a-f]{64}) -->/.exec(body)?.[1];
}

/** Where the alert begins: after the marker and the heading, each with an empty line. */
const alertStart = 4;
const awaiting: CommentState = { is: 'awaiting' };

/**
 * It depends only on the evidence and the policy, so that it can be rendered again and compared. If links at each file
 * make it too long, the files have no links.
 */
export function renderPlanComment(view: PlanView, state: CommentState): string {
  return render(view, state, hasRoomForLinks(view));
}

/** The same in every state. */
function hasRoomForLinks(view: PlanView): boolean {
  return render(view, awaiting, true).length + roomForState <= maxCommentLength;
}

function render(view: PlanView, state: CommentState, linked: boolean): string {
  const { evidence } = view;
  return [
    planMarker(evidence.planId),
    `## Codex plan ${code(shortDigest(evidence.planId))}: ${line(evidence.plan.title)}`,
    renderAlert(state, settingOf(view)).join('\n'),
    ...renderPlanBody(view, showsHowToApprove(state), linked),
  ].join('\n\n');
}

function settingOf({ evidence: { manifest }, serverUrl, label, command }: StateView): PlanSetting {
  return {
    repositoryUrl: `${serverUrl}/${manifest.repository.full_name}`,
    head: manifest.head.sha,
    createdAt: manifest.created_at,
    label,
    command,
  };
}

/**
 * Whether the comment on the page shows this plan, unaltered and whole, line ends aside.
 * @param states the alert must show one of these, or that a newer plan was published
 */
export function showsPlan(body: string, view: PlanView, states: readonly CommentState[]): boolean {
  const shown = normaliseLines(body);
  const linked = hasRoomForLinks(view);
  const rendered = (state: CommentState) => normaliseLines(render(view, state, linked));
  if (states.some((state) => shown === rendered(state))) return true;
  const parts = divide(shown);
  if (parts === undefined || !isSuperseded(parts.alert)) return false;
  const expected = divide(rendered(superseded('')));
  return (
    JSON.stringify([parts.before, parts.after]) ===
    JSON.stringify([expected?.before, expected?.after])
  );
}

/** A state that the action wrote can deny: a newer plan was published after the one shown. */
export function showsSuperseded(body: string): boolean {
  const parts = divide(normaliseLines(body));
  return parts !== undefined && isSuperseded(parts.alert);
}

/** The end that the comment shows, if that end can be undone: somebody can put a base or a branch back. */
export function showsPassingEnd(body: string): ReturnType<typeof passingEnd> {
  const parts = divide(normaliseLines(body));
  return parts && passingEnd(parts.alert);
}

/**
 * The same comment in another state; everything else on it stays. Undefined if the alert of the action is not at its
 * place in the comment.
 */
export function withState(body: string, view: StateView, state: CommentState): string | undefined {
  const how = showsHowToApprove(state) ? howToApprove(view) : [];
  const setting = settingOf(view);
  const shown = divide(normaliseLines(body))?.alert ?? [];
  return exchange(body, renderAlert(keepPusher(shown, state, setting), setting), how);
}

/**
 * Marks a plan comment as superseded. The evidence of its plan is not needed for that.
 * @param newer the address of the comment that shows the newer plan
 */
export function asSuperseded(body: string, newer: string): string | undefined {
  const nothing = { repositoryUrl: '', head: '', createdAt: '', label: '', command: '' };
  return exchange(body, renderAlert(superseded(newer), nothing), []);
}

function superseded(newer: string): CommentState {
  return { is: 'superseded', newer };
}

interface Parts {
  readonly before: readonly string[];
  readonly alert: readonly string[];
  readonly after: readonly string[];
}

function divide(body: string): Parts | undefined {
  const lines = body.split('\n');
  const end = alertStart + alertLength;
  const alert = lines.slice(alertStart, end);
  if (!isAlert(alert) || (lines[end] ?? '') !== '') return undefined;
  return { before: lines.slice(0, alertStart), alert, after: lines.slice(end) };
}

/** Replaces the alert, and how to approve. Foreign text never begins a line with a heading or a tag. */
function exchange(
  body: string,
  alert: readonly string[],
  how: readonly string[],
): string | undefined {
  const parts = divide(normaliseLines(body));
  if (parts === undefined) return undefined;
  const after = [...parts.after];
  const fold = after.findLastIndex((one) => one.startsWith('<details>'));
  if (fold === -1) return undefined;
  const heading = after.lastIndexOf(howToApproveHeading, fold);
  const start = heading === -1 ? fold : heading;
  const section = how.flatMap((paragraph) => [paragraph, '']);
  return [...parts.before, ...alert, ...after.toSpliced(start, fold - start, ...section)].join(
    '\n',
  );
}

function normaliseLines(text: string): string {
  return text.replaceAll('\r\n', '\n').trimEnd();
}
