/** What may not follow an end. */

import { isTemporary } from '../../decision.ts';
import type { JournalEntry } from '../records/journal.ts';
import { type Absences, findApproved, ownLine } from './absent.ts';
import type { Artifact } from './artifact.ts';
import { findApproval } from './granted.ts';
import type { PlanStory } from './known-plan.ts';
import type { Ledger } from './ledger.ts';
import { findOwnLine } from './own-line.ts';
import { longestStepMs, time } from './rules.ts';

/**
 * After a withdrawal nothing goes on; after a drift, or a denial of a later label event, an approval does not; after an
 * execution there is no second one; after a newer plan the older one has ended.
 */
export function checkEnds(
  story: PlanStory,
  stories: readonly PlanStory[],
  absences: Absences,
  ledger: Ledger,
): void {
  const { known, records } = story;
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
  const stored = new Set(records.map(ownLine));
  for (const later of records) {
    if (carriesNothingOut(later)) continue;
    checkEndsInJournal(later, stored, ledger);
    for (const newer of listNewerPlans(known, stories, absences)) {
      ledger.check(
        'executions',
        time(later.making.created_at) <= time(newer.createdAt) + longestStepMs,
        `${later.name} is about a plan that ${newer.name} had replaced.`,
      );
    }
  }
}

/**
 * An end whose artifact is missing still has its line: the later run carried it on, so it knew. It is missing because GitHub
 * no longer stores it, or because a repeated run replaced it.
 * @param stored the lines whose artifacts are there, which tell more
 */
function checkEndsInJournal(
  later: Artifact,
  stored: ReadonlySet<string | undefined>,
  ledger: Ledger,
): void {
  const own = findOwnLine(later);
  for (const [index, entry] of later.entries.entries()) {
    if (entry === own) return;
    if (entry.digests.plan_id !== later.planId || stored.has(later.lines[index])) continue;
    const what = describeEndInJournal(later, entry);
    ledger.check(
      'executions',
      what === undefined,
      `${later.name} was made after ${what} (line ${entry.seq} of its journal).`,
    );
  }
}

/** A denial ends an approval by its label events, and these are only in its record. */
function describeEndInJournal(
  later: Artifact,
  { event, detail, digests }: JournalEntry,
): string | undefined {
  if (event === 'withdrawn') return 'the withdrawal of the plan';
  if (event === 'drifted' && approvalOf(later) === digests.approval) {
    return 'the drift of its approval';
  }
  if (event !== 'executed' || later.kind === 'verification') return undefined;
  return unreachedOf(later).includes(detail ?? '') ? undefined : 'the plan was carried out';
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
      return restsOn !== undefined && isDeniedLater(end, labelledAt(later, restsOn, story))
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

/**
 * The time of the label event that decided. If the approval is missing, its line in the journal of the later record
 * tells a time that cannot be before it.
 */
function labelledAt(later: Artifact, digest: string, story: PlanStory): string | undefined {
  const approval = findApproval(digest, story)?.evidence.approval;
  if (approval !== undefined) return approval.label_events.at(-1)?.created_at;
  return later.entries[findApproved(later, digest)]?.at;
}

/** If there are several label events, the newest one that a record answers decides. */
function isDeniedLater(
  { evidence: { denial } }: Artifact<'denial'>,
  approvedAt: string | undefined,
): boolean {
  const denied = denial.label_events.at(-1);
  if (denied === undefined || approvedAt === undefined || isTemporary(denial.reason)) {
    return false;
  }
  return time(denied.created_at) > time(approvedAt);
}

/** Plans of the pull request that were made later, also those that GitHub no longer stores. */
function listNewerPlans(
  { repository, pullRequest, createdAt }: PlanStory['known'],
  stories: readonly PlanStory[],
  absences: Absences,
): readonly { readonly name: string; readonly createdAt: string }[] {
  const stored = stories.flatMap(({ plan, known }) =>
    known.repository === repository && known.pullRequest === pullRequest
      ? [{ name: plan?.name ?? 'a missing plan', createdAt: known.createdAt }]
      : [],
  );
  const absent = absences.unnamed.flatMap((one) =>
    one.kind === 'plan' && one.createdAt !== null
      ? [{ name: one.name, createdAt: one.createdAt }]
      : [],
  );
  return [...stored, ...absent].filter((one) => time(one.createdAt) > time(createdAt));
}
