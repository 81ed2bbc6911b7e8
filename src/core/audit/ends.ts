/** What may not follow an end. */

import { explain } from '../../decision.ts';
import type { Artifact } from './artifact.ts';
import type { PlanStory } from './journals.ts';
import type { Ledger } from './ledger.ts';
import { longestStepMs, time } from './rules.ts';
import { findApproval } from './verifications.ts';

/**
 * After a withdrawal nothing goes on; after a drift, or a denial of a later label event, an approval does not; after an
 * execution there is no second one; after a newer plan the older one has ended.
 */
export function checkEnds(story: PlanStory, stories: readonly PlanStory[], ledger: Ledger): void {
  const { plan, records } = story;
  for (const { name, commit } of records.flatMap((one) =>
    unreachedOf(one).map((commit) => ({ name: one.name, commit })),
  )) {
    ledger.told(`That the branch did not have commit ${commit} when ${name} was made.`);
  }
  for (const end of records) {
    for (const later of records) {
      const what = describeEnd(later, end, story);
      if (what === undefined) continue;
      const before = time(later.making.created_at) <= time(end.making.created_at) + longestStepMs;
      // By the order of the journal the later run knew of the end. A step that was already working may not have known
      // it.
      const knew = later.entries.length > end.entries.length;
      // A run that loses the race for the branch records that it was stopped.
      const isSecond = end.kind === 'execution' && later.kind === 'execution';
      ledger.check(
        'executions',
        !knew && before && !isSecond,
        `${later.name} was made after ${what} (${end.name}).`,
      );
    }
  }
  for (const { plan: newer } of stories) {
    if (!isNewerPlan(newer, plan)) continue;
    for (const later of records) {
      if (carriesNothingOut(later)) continue;
      ledger.check(
        'executions',
        time(later.making.created_at) <= time(newer.making.created_at) + longestStepMs,
        `${later.name} is about a plan that ${newer.name} had replaced.`,
      );
    }
  }
}

/** A record that is itself an end can follow every other end. */
function carriesNothingOut(one: Artifact): boolean {
  if (one.kind === 'execution') return one.evidence.execution.stopped !== undefined;
  return one.kind === 'denial' || one.kind === 'withdrawal';
}

/** @returns what ended before the later record, in the words of a finding; undefined if nothing did */
function describeEnd(later: Artifact, end: Artifact, story: PlanStory): string | undefined {
  if (later === end || carriesNothingOut(later)) return undefined;
  if (time(later.making.created_at) < time(end.making.created_at)) return undefined;
  const restsOn = approvalOf(later);
  switch (end.kind) {
    case 'withdrawal':
      return 'the withdrawal of the plan';
    case 'execution':
      // A verification changes nothing. A run that got no answer when it moved the branch can leave a record of what
      // was not carried out: then the later run has looked for its commit on the branch.
      return later.kind === 'verification' ||
        carriesNothingOut(end) ||
        unreachedOf(later).includes(end.evidence.execution.commit)
        ? undefined
        : 'the plan was carried out';
    case 'verification': {
      const { result, approval_sha256 } = end.evidence.verification;
      return result === 'drifted' && restsOn === approval_sha256
        ? 'the drift of its approval'
        : undefined;
    }
    case 'denial':
      return restsOn !== undefined && isDeniedLater(end, findApproval(restsOn, story))
        ? 'the denial of a later label event'
        : undefined;
    default:
      return undefined;
  }
}

/** The commits of earlier executions that the branch did not have when the record was made. */
function unreachedOf(one: Artifact): readonly string[] {
  if (one.kind === 'approval') return one.evidence.approval.unreached;
  return one.kind === 'execution' ? one.evidence.execution.unreached : [];
}

/** The digest of the approval that a record rests on. */
function approvalOf(one: Artifact): string | undefined {
  if (one.kind === 'execution') return one.evidence.execution.approval_sha256;
  if (one.kind !== 'verification') return undefined;
  // A drift is an end itself.
  const { result, approval_sha256 } = one.evidence.verification;
  return result === 'verified' ? approval_sha256 : undefined;
}

/** If there are several label events, the newest one that a record answers decides. */
function isDeniedLater(
  { evidence: { denial } }: Artifact<'denial'>,
  approval: Artifact<'approval'> | undefined,
): boolean {
  const denied = denial.label_events.at(-1);
  const approved = approval?.evidence.approval.label_events.at(-1);
  if (denied === undefined || approved === undefined || explain(denial.reason).voids === 'never') {
    return false;
  }
  return time(denied.created_at) > time(approved.created_at);
}

function isNewerPlan(newer: Artifact<'plan'>, plan: Artifact<'plan'>): boolean {
  const { repository, pull_request, created_at } = newer.making;
  return (
    newer !== plan &&
    repository.id === plan.making.repository.id &&
    pull_request === plan.making.pull_request &&
    time(created_at) > time(plan.making.created_at)
  );
}
