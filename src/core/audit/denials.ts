/** Decides on a recorded denial again, from what was refused and from the plan. */

import { isTemporary } from '../../decision.ts';
import type { Operation, Plan } from '../plan/plan.ts';
import { isAboutMode } from '../plan/scope.ts';
import { canonicalJson } from '../text/json.ts';
import type { Artifact } from './artifact.ts';
import type { PlanStory } from './known-plan.ts';
import type { Ledger } from './ledger.ts';
import { time } from './rules.ts';

const byGate = new Set<string>(['outside-plan', 'operation-mismatch', 'path-invalid']);

/** @param story undefined if no plan was made */
export function checkDenial(
  artifact: Artifact<'denial'>,
  story: PlanStory | undefined,
  ledger: Ledger,
): void {
  const { name, evidence } = artifact;
  const { denial } = evidence;
  const approving = denial.mode === 'approve';
  ledger.check(
    'denials',
    (denial.plan_id === null) === (denial.mode === 'plan'),
    `${name} is of mode ${denial.mode}, and names ${denial.plan_id === null ? 'no' : 'a'} plan.`,
  );
  ledger.check(
    'denials',
    approving
      ? denial.label_events.length > 0 || isAnswered(artifact, story)
      : denial.label_events.length === 0,
    `${name} is of mode ${denial.mode}, and counts ${denial.label_events.length} label events.`,
  );
  for (const { id, created_at: at } of denial.label_events) {
    ledger.check(
      'times',
      time(at) <= time(denial.created_at),
      `${name} counts the label event ${id}, which is newer than itself.`,
    );
  }
  if (story === undefined) return;
  if (story.plan !== null) checkRefused(artifact, story.plan.evidence.plan, ledger);
  checkNotApproved(artifact, story, ledger);
}

/** A run of approve counts no label event if another run answered the label while Codex worked. */
function isAnswered(own: Artifact<'denial'>, story: PlanStory | undefined): boolean {
  return (story?.records ?? []).some(
    (other) =>
      other.kind === 'approval' ||
      (other.kind === 'denial' &&
        other.name !== own.name &&
        other.evidence.denial.label_events.length > 0),
  );
}

/** Each refused file is one that the plan does not allow, and the reason is that of the worst file. */
function checkRefused({ name, evidence }: Artifact<'denial'>, plan: Plan, ledger: Ledger): void {
  const { reason, refused } = evidence.denial;
  const planned = new Map<string, Operation>(plan.files.map((file) => [file.path, file.operation]));
  for (const { path, operation, reason: why, detail, steps } of refused) {
    ledger.check(
      'denials',
      isBorneOut(why, operation, planned.get(path), detail),
      `${name} refused ${JSON.stringify(path)} as ${why}, and the plan says otherwise.`,
    );
    if (why === 'path-invalid') {
      ledger.told('What lay at a path that was refused as invalid, such as a symbolic link.');
    }
    const naming = plan.steps
      .filter((step) => step.paths.some((one) => one === path))
      .map(({ title }) => title);
    ledger.check(
      'denials',
      canonicalJson(naming) === canonicalJson(steps),
      `${name} names other steps for ${JSON.stringify(path)} than the plan has.`,
    );
  }
  if (!byGate.has(reason)) return;
  if (refused.length === 0) {
    ledger.unproven(
      'What was refused in a denial whose details were withheld because they held a secret.',
    );
    return;
  }
  const worst = refused.find((one) => one.reason === 'outside-plan') ?? refused[0];
  ledger.check(
    'denials',
    worst?.reason === reason,
    `${name} gives the reason ${reason}, and refused its files for ${worst?.reason}.`,
  );
}

/**
 * Whether the plan says so, too.
 * @param planned what the plan says of the path; undefined if it does not name it
 */
function isBorneOut(
  why: string,
  operation: Operation,
  planned: Operation | undefined,
  detail: string,
): boolean {
  if (why === 'outside-plan') return planned === undefined;
  if (why !== 'operation-mismatch') return true;
  // A planned operation can still give a file another mode or kind; only the files themselves showed that.
  return planned !== undefined && (planned !== operation || isAboutMode(detail));
}

/** A decision is final: a label event that was denied cannot become an approval. */
function checkNotApproved(
  { name, evidence }: Artifact<'denial'>,
  { records }: PlanStory,
  ledger: Ledger,
): void {
  const { reason, label_events: events } = evidence.denial;
  const decided = events.at(-1)?.id;
  if (decided === undefined || isTemporary(reason)) return;
  for (const other of records) {
    if (other.kind !== 'approval') continue;
    const again = other.evidence.approval.label_events.some(({ id }) => id === decided);
    ledger.check('votes', !again, `${other.name} counts a label event that ${name} had denied.`);
  }
}
