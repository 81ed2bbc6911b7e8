/** What both reports of an audit say, in the same words. */

import type { Audit } from '../core/audit/audit.ts';
import type { AuditEvent } from '../core/audit/events.ts';
import { revealBlanks } from '../core/text/blanks.ts';
import { revealInvisible } from '../core/text/characters.ts';

/** One step of the life of a plan. Values may hold foreign text. */
export interface AccountedEvent {
  readonly at: string;
  readonly event: string;
  readonly who: string;
  /** What it is about, with the label of each value. */
  readonly facts: readonly (readonly [label: string, value: string])[];
}

/** A plan, and what happened to it. */
export interface AccountedPlan {
  readonly planId: string | null;
  readonly title: string;
  readonly where: string;
  readonly events: readonly AccountedEvent[];
}

/** The plans in the order of their first event. Events without a plan come last. */
export function accountPlans({ stories, events }: Audit): readonly AccountedPlan[] {
  const plans = stories.map(({ plan }): AccountedPlan => {
    const { manifest, plan: content, planId } = plan.evidence;
    return {
      planId,
      title: content.title,
      where: `${manifest.repository.full_name}, pull request ${manifest.pull_request}`,
      events: events.filter((event) => event.plan_id === planId).map(accountEvent),
    };
  });
  const others = events.filter((event) => event.plan_id === null).map(accountEvent);
  const sorted = plans.toSorted((a, b) => (firstTime(a) < firstTime(b) ? -1 : 1));
  if (others.length === 0) return sorted;
  const rest = { planId: null, title: 'Runs that made no plan', where: '', events: others };
  return [...sorted, rest];
}

function firstTime({ events }: AccountedPlan): string {
  return events[0]?.at ?? '';
}

function accountEvent(event: AuditEvent): AccountedEvent {
  const facts: [string, string | null][] = [
    [labels[event.event] ?? 'detail', event.detail],
    ['files', event.paths.length === 0 ? null : event.paths.map(shown).join(', ')],
    ['approval', event.approval_sha256],
    ['change', event.change_sha256],
    ['line', event.entry_sha256],
  ];
  return {
    at: event.occurred_at,
    event: event.event,
    who: event.actor_login,
    facts: facts.flatMap(([label, value]) => (value === null ? [] : [[label, value] as const])),
  };
}

const labels: Readonly<Record<string, string>> = {
  denied: 'reason',
  drifted: 'reason',
  executed: 'commit',
};

function shown(path: string): string {
  return JSON.stringify(revealBlanks(revealInvisible(path)));
}

/** Whose pull requests these are; '' if no record could be read. */
export function describeTargets({ artifacts }: Audit): string {
  const targets = artifacts.map(
    ({ making }) => `${making.repository.full_name}, pull request ${making.pull_request}`,
  );
  return [...new Set(targets)].join('; ');
}

/** The result in one sentence. */
export function describeResult({ findings, artifacts }: Audit): string {
  const many = artifacts.length;
  if (findings.length === 0) {
    return many === 1 ? 'The one artifact is consistent.' : `All ${many} artifacts are consistent.`;
  }
  const things = findings.length === 1 ? 'One thing does' : `${findings.length} things do`;
  return `${things} not hold. Do not rely on this evidence before somebody has explained why.`;
}

/** What is known about the origin of the files. */
export function describeOrigin({ origin }: Audit): string {
  return origin === 'proven'
    ? 'Origin: GitHub names a trusted workflow run for each artifact.'
    : 'Origin not proven: the audit read these files, but did not ask GitHub who made them.';
}
