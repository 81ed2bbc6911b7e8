/**
 * Replays what happened to a pull request, from its evidence alone. It trusts no record: each digest, each chain, each
 * time and each decision is computed again from the files, by the functions that decided at the time.
 */

import { checkApproval } from './approvals.ts';
import { type Artifact, type FoundArtifact, readArtifact } from './artifact.ts';
import { checkAsked } from './asked.ts';
import { checkDenial } from './denials.ts';
import { checkEnds } from './ends.ts';
import { type AuditEvent, listEvents } from './events.ts';
import { checkExecution } from './executions.ts';
import { checkJournals, type PlanStory } from './journals.ts';
import { Ledger } from './ledger.ts';
import { checkPlan } from './plans.ts';
import { checkPolicies } from './policies.ts';
import { checkSameTarget } from './rules.ts';
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
  readonly stories: readonly PlanStory[];
  readonly events: readonly AuditEvent[];
}

/**
 * @param found every artifact of the pull request, in any order
 * @param origin whether the caller knows that trusted runs made them
 * @param ledger what the caller has found already
 */
export function audit(
  found: readonly FoundArtifact[],
  origin: Audit['origin'],
  ledger = new Ledger(),
): Audit {
  ledger.check('files', found.length > 0, 'There is no evidence.');
  const artifacts = found.flatMap((one) => readArtifact(one, ledger) ?? []);
  const stories = checkJournals(artifacts, ledger);
  checkPolicies(artifacts, ledger);
  for (const { plan } of stories) checkPlan(plan, stories, ledger);
  for (const story of stories) {
    for (const record of story.records) {
      checkSameTarget(record, story, ledger);
      checkRecord(record, story, ledger);
    }
    checkEnds(story, stories, ledger);
    checkAsked(story, ledger);
  }
  checkVotesOfPlans(stories, ledger);
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

function checkRecord(record: Artifact, story: PlanStory, ledger: Ledger): void {
  if (record.kind === 'approval') checkApproval(record, story, ledger);
  if (record.kind === 'verification') checkVerification(record, story, ledger);
  if (record.kind === 'denial') checkDenial(record, story, ledger);
  if (record.kind === 'execution') checkExecution(record, story, ledger);
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
