/**
 * Replays what happened to a pull request, from its evidence alone. It trusts no record: each digest, each chain, each
 * time and each decision is computed again from the files, by the functions that decided at the time.
 */

import { Absences, type Absent, nothingAbsent } from './absent.ts';
import { checkApproval } from './approvals.ts';
import { type Artifact, type FoundArtifact, readArtifact } from './artifact.ts';
import { checkAsked } from './asked.ts';
import { checkDenial } from './denials.ts';
import { checkEnds } from './ends.ts';
import { type AuditEvent, listEvents } from './events.ts';
import { checkExecution } from './executions.ts';
import { checkJournals } from './journals.ts';
import type { PlanStory } from './known-plan.ts';
import { Ledger } from './ledger.ts';
import { checkPlan } from './plans.ts';
import { checkPolicies } from './policies.ts';
import { Replacements } from './replaced.ts';
import { checkSameTarget } from './rules.ts';
import { checkRuns } from './runs.ts';
import { checkVerification } from './verifications.ts';
import { checkVotesOfPlans } from './votes.ts';

/** What was found, for people and for programs. */
export interface Audit {
  /** Whether GitHub vouches for the runs that made the artifacts. */
  readonly origin: 'proven' | 'not proven';
  /**
   * One sentence for each thing that does not hold; it may contain foreign text. Empty if the evidence is consistent.
   */
  readonly findings: readonly string[];
  readonly recomputed: readonly { readonly what: string; readonly times: number }[];
  readonly toldByGitHub: readonly string[];
  readonly notProvable: readonly string[];
  readonly artifacts: readonly Artifact[];
  /** The plans that are there. */
  readonly stories: readonly ToldStory[];
  readonly events: readonly AuditEvent[];
}

/** A plan that is there, and its records. */
type ToldStory = PlanStory & { readonly plan: Artifact<'plan'> };

const isTold = (story: PlanStory): story is ToldStory => story.plan !== null;

/**
 * @param found every artifact of the pull request, in any order
 * @param origin whether the caller knows that trusted runs made them
 * @param ledger what the caller has found already
 * @param absent what GitHub no longer stores; only GitHub can say so, never the files
 */
export function audit(
  found: readonly FoundArtifact[],
  origin: Audit['origin'],
  ledger = new Ledger(),
  absent: Absent = nothingAbsent,
): Audit {
  const some = found.length + absent.artifacts.length > 0;
  ledger.check('files', some, 'There is no evidence.');
  const artifacts = found.flatMap((one) => readArtifact(one, ledger) ?? []);
  const absences = new Absences(artifacts, absent);
  const replacements = new Replacements(artifacts);
  const all = checkJournals(artifacts, replacements, absences, ledger);
  const stories = all.filter(isTold);
  checkPolicies(artifacts, ledger);
  checkRuns(artifacts, ledger);
  for (const { plan } of stories) checkPlan(plan, stories, [replacements, absences], ledger);
  for (const story of all) {
    for (const record of story.records) {
      checkSameTarget(record, story, ledger);
      checkRecord(record, story, absences, ledger);
    }
    checkEnds(story, all, absences, ledger);
    checkAsked(story, absences, ledger);
  }
  checkVotesOfPlans(all, ledger);
  for (const artifact of artifacts) {
    if (artifact.kind === 'denial' && artifact.planId === null) {
      checkDenial(artifact, undefined, ledger);
    }
  }
  noteLimits(artifacts, origin, ledger);
  return {
    origin,
    findings: ledger.findings,
    recomputed: ledger.recomputed,
    toldByGitHub: ledger.toldByGitHub,
    notProvable: ledger.notProvable,
    artifacts,
    stories,
    events: listEvents(artifacts),
  };
}

function checkRecord(record: Artifact, story: PlanStory, absences: Absences, ledger: Ledger): void {
  if (record.kind === 'approval') checkApproval(record, story, ledger);
  if (record.kind === 'verification') checkVerification(record, story, absences, ledger);
  if (record.kind === 'denial') checkDenial(record, story, ledger);
  if (record.kind === 'execution') checkExecution(record, story, absences, ledger);
  if (record.kind === 'withdrawal') ledger.told('That whoever withdrew a plan was allowed to.');
}

/** The limits of all evidence, however good it is. */
function noteLimits(artifacts: readonly Artifact[], origin: Audit['origin'], ledger: Ledger): void {
  ledger.told("Every time: GitHub's clock.");
  ledger.told('The ids and logins of people, runs, comments, label events and commits.');
  ledger.told('That the plan comment showed the plan unaltered when the label was set.');
  ledger.told(
    'What head, base and their merge contained: the files name commits, trees and blobs.',
  );
  if (origin === 'not proven') {
    ledger.unproven(
      'That the action made these files: whoever wrote all of them can make them fit.',
    );
    ledger.unproven('The ids and digests of the archives that the files came from.');
  }
  ledger.unproven(
    'That nothing is missing at the end: nothing names the newest artifact of a plan.',
  );
  ledger.unproven('That the branch has the commit of an execution: compare it in a clone.');
  ledger.unproven(
    'What Codex read and thought: run.log has its messages and commands, without output.',
  );
  const bundles = new Set(artifacts.map(({ making }) => making.action.dist_sha256));
  ledger.told(
    `That the action ran with ${[...bundles].map((digest) => `bundle ${digest}`).join(', ') || 'no bundle'}.`,
  );
}
