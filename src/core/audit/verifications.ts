/** Decides on drift again, from both plans or from the base that the record names. */

import { comparePlans } from '../plan/drift.ts';
import { type Plan, parsePlan } from '../plan/plan.ts';
import { driftGate, type Regenerate } from '../policy/policy.ts';
import type { VerificationBasis } from '../records/verification.ts';
import { canonicalJson } from '../text/json.ts';
import type { Absences } from './absent.ts';
import type { Artifact } from './artifact.ts';
import { findGrantedApproval, type GrantedApproval } from './granted.ts';
import type { PlanStory } from './known-plan.ts';
import type { Ledger } from './ledger.ts';
import { findOwnLine } from './own-line.ts';
import { checkArchive, longestStepMs, time } from './rules.ts';
import { checkStillAllowed } from './still-allowed.ts';

type Verification = Artifact<'verification'>;

export function checkVerification(
  artifact: Verification,
  story: PlanStory,
  absences: Absences,
  ledger: Ledger,
): void {
  const { name, evidence } = artifact;
  const { verification } = evidence;
  const approval = findGrantedApproval(artifact, story, absences, ledger);
  const finding = `${name} is about an approval that is missing.`;
  if (ledger.check('links', approval !== undefined, finding) && approval !== undefined) {
    if (approval.artifact !== null) {
      checkArchive(name, approval.artifact, verification.approval_artifact, ledger);
    }
    checkStill(artifact, approval, ledger);
    checkStillAllowed(artifact, approval, story, longestStepMs, ledger);
  }
  checkBasis(artifact, ledger);
  checkVerdict(artifact, story, ledger);
}

function checkStill(
  { name, evidence: { verification } }: Verification,
  { artifact, head, baseRef }: GrantedApproval,
  ledger: Ledger,
): void {
  const at = time(verification.created_at);
  const approval = artifact?.evidence.approval;
  ledger.check(
    'times',
    approval === undefined ||
      (at >= time(approval.created_at) && at < time(approval.expires_at) + longestStepMs),
    `${name} was made before its approval, or after that had expired.`,
  );
  ledger.check(
    'links',
    (head === undefined || verification.head.sha === head.sha) &&
      (baseRef === undefined || verification.base.ref === baseRef),
    `${name} looked at another head or base branch than was approved.`,
  );
}

/** Whether the model was to be asked, by the policy. */
function checkBasis({ name, evidence, policy }: Verification, ledger: Ledger): void {
  const { basis, causes, way, regenerated, result } = evidence.verification;
  ledger.check('policy', way === policy.drift, `${name} compared ${way}, not ${policy.drift}.`);
  const asked = basis === 'model';
  ledger.check(
    'drift',
    asked === (regenerated !== null),
    `${name} says that it rests on ${basis}, and ${regenerated === null ? 'has no' : 'has a'} regenerated plan.`,
  );
  const regenerate = policy.regenerate ?? driftGate(policy, {}).regenerate;
  const allowed: readonly VerificationBasis[] =
    result === 'drifted'
      ? // A base that touched a planned file is drift, whatever the policy says about the model.
        ['deterministic', ...(regenerate === 'never' ? [] : (['model'] as const))]
      : basesOf[regenerate];
  ledger.check(
    'policy',
    allowed.includes(basis),
    `${name} is ${result} and rests on ${basis}, which the policy's regenerate: ${regenerate} does not allow.`,
  );
  const { toolchain } = causes;
  ledger.check(
    'drift',
    asked || toolchain.length === 0,
    `${name} rests on ${basis}, and says that what plans are made with has changed.`,
  );
}

/** What a verification that passed can rest on. */
const basesOf: Readonly<Record<Regenerate, readonly VerificationBasis[]>> = {
  always: ['model'],
  'when-changed': ['same-tree', 'model'],
  never: ['deterministic'],
};

function checkVerdict(artifact: Verification, { plan, known }: PlanStory, ledger: Ledger): void {
  const { name, evidence, members } = artifact;
  const { verification } = evidence;
  const approved = plan?.evidence;
  const drifted = verification.result === 'drifted';
  const again = members.get('plan.json');
  if (again !== undefined) {
    const regenerated = parsePlan(textOf(again), Infinity);
    if (approved !== undefined) checkComparison(artifact, approved.plan, regenerated, ledger);
    return;
  }
  if (verification.regenerated !== null) {
    // Only the digest of the regenerated plan is kept if it passed.
    const same = verification.regenerated.plan_sha256 === known.plan;
    const passes = same || verification.way === 'scope';
    ledger.check(
      'drift',
      !drifted && passes,
      `${name} says ${verification.result}, and the digests of both plans say otherwise.`,
    );
    if (!same) {
      ledger.unproven(
        'That a plan with other words had the same scope, under drift: scope: only its digest is kept.',
      );
    }
    return;
  }
  const paths = findOwnLine(artifact)?.paths ?? [];
  const planned = new Set<string>(approved?.plan.files.map(({ path }) => path));
  const moved = verification.base.sha !== approved?.manifest.base.sha;
  ledger.check(
    'drift',
    !drifted ||
      (verification.basis === 'deterministic' &&
        moved &&
        paths.length > 0 &&
        (approved === undefined || paths.every((path) => planned.has(path)))),
    `${name} says that the base touched a planned file, and its records do not.`,
  );
  ledger.check(
    'drift',
    isEmptyScope(verification.scope) && (drifted || verification.causes.base_commits.length === 0),
    `${name} says ${verification.result} without a new plan, and names changes that only a new plan could show.`,
  );
  checkReason(artifact, drifted ? 'base-moved' : null, paths, ledger);
  ledger.told('What the base had at the planned files when an approval was verified.');
}

/** The regenerated plan is there: everything that follows from it is computed again. */
function checkComparison(
  artifact: Verification,
  approved: Plan,
  regenerated: Plan,
  ledger: Ledger,
): void {
  const { name, evidence, members } = artifact;
  const { verification } = evidence;
  const { drift, scope, diff } = comparePlans(approved, regenerated, verification.way);
  const list = (files: readonly { path: string; operation: string }[]) =>
    files.map(({ path, operation }) => ({ path, operation }));
  const expected = {
    added: list(scope.added),
    removed: list(scope.removed),
    retyped: list(scope.retyped),
  };
  ledger.check(
    'drift',
    (drift !== null) === (verification.result === 'drifted') &&
      canonicalJson(expected) === canonicalJson(verification.scope),
    `${name} says another difference of both plans than there is.`,
  );
  ledger.check(
    'drift',
    textOf(members.get('drift.diff') ?? new Uint8Array()) === diff,
    `drift.diff of ${name} is not the difference of both plans.`,
  );
  const paths = Object.values(expected).flatMap((files) => files.map(({ path }) => path));
  checkReason(artifact, drift, paths, ledger);
}

/** The journal says why, and which files. */
function checkReason(
  artifact: Verification,
  reason: string | null,
  paths: readonly string[],
  ledger: Ledger,
): void {
  const line = findOwnLine(artifact);
  ledger.check(
    'drift',
    line?.detail === reason && canonicalJson(line?.paths ?? []) === canonicalJson(paths),
    `The journal of ${artifact.name} gives another cause of the drift than its records.`,
  );
}

function isEmptyScope(scope: Readonly<Record<string, readonly unknown[]>>): boolean {
  return Object.values(scope).every((files) => files.length === 0);
}

function textOf(content: Uint8Array): string {
  return Buffer.from(content).toString('utf8');
}
