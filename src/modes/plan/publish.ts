/** Publishes a plan: as evidence, then on the pull request. */

import type { AskSubject } from '../../checks/rotation.ts';
import { findImpactedTests } from '../../core/policy/impacted-tests.ts';
import { type PlanEvidence, readPlanEvidence } from '../../core/records/archive-contents.ts';
import { readJournal } from '../../core/records/journal.ts';
import type { Members } from '../../core/records/members.ts';
import { Stopped } from '../../decision.ts';
import { describePlan } from '../../evidence/facts.ts';
import type { WithArtifact } from '../../evidence/genuine.ts';
import type { PlanningProgress } from '../../evidence/record-planning.ts';
import { newestJournal } from '../../evidence/records.ts';
import { type StoreTools, storeRecord } from '../../evidence/store-record.ts';
import { bestEffort } from '../../page/best-effort.ts';
import { buildPlanView, planCommentBody } from '../../page/plan-view.ts';
import type { PublishedArtifact } from '../../ports/artifacts.ts';
import type { ModeResult } from '../../ports/outcome.ts';
import type { PullRequest } from '../../ports/pull-requests.ts';
import type { Workspace } from '../../ports/workspaces.ts';
import { requestMarker } from '../../report/markers.ts';
import type { Uses } from '../tools.ts';
import { type Draft, packDraft } from './draft.ts';

export type PublishTools = Uses<
  | 'run'
  | 'clock'
  | 'policy'
  | 'evidence'
  | 'records'
  | 'targets'
  | 'label'
  | 'page'
  | 'rotation'
  | 'planView'
  | 'log'
  | 'report'
  | 'keepForLaterSteps'
  | 'refuseSecrets'
>;

/** The good end of mode plan, with the plan as it was stored. */
export interface PublishedPlan extends ModeResult {
  readonly published: WithArtifact<PlanEvidence>;
}

/**
 * @param workspace the merge that the plan is about
 * @param progress is updated when the plan is stored
 * @throws Stopped limit-exceeded if the plan cannot be shown whole, head-moved, and what storing it throws
 */
export async function publishPlan(
  tools: PublishTools,
  draft: Draft,
  pull: PullRequest,
  workspace: Workspace,
  progress: PlanningProgress = {},
): Promise<PublishedPlan> {
  const { evidence, label, log, page, report } = tools;
  const policy = await tools.policy.read();
  const journal = (await evidence.planJournalOfEarlierAttempt(pull.number)) || draft.journalBefore;
  const turn = await tools.rotation.choose(subjectOf(tools, draft, journal));
  const packed = packDraft(draft, {
    asks: (at) => tools.rotation.toJournalFacts(turn, at, draft.madeBy.person),
    ...(await tools.records.describe()),
    repository: tools.run.repository,
    effectivePolicy: await tools.policy.effective(),
    createdAt: tools.clock.now(),
    journal,
  });
  const packedPlan = readPlanEvidence(packed);
  const withPlaceholder = { ...packedPlan, artifact: longestArtifact };
  const view = await buildPlanView(withPlaceholder, workspace, policy, tools.planView);
  // Before it is stored: a plan that nobody could see must not replace an older one.
  tools.refuseSecrets('the plan comment', planCommentBody(view));
  log.step('Published');
  workspace.discard();
  const artifact = await storePlan(tools, packed, packedPlan);
  log.progress(`Evidence: artifact ${artifact.id}`);
  progress.stored = true;
  const body = planCommentBody({ ...view, artifact });
  await checkUnmoved(tools, pull);
  // If the token may not create the label, somebody has to do it by hand.
  await bestEffort(log, () => label.ensureExists());
  const comment = await page.publishPlan(pull.number, body);
  report.note({ commentUrl: comment.url });
  log.progress(`Plan comment: ${comment.url}`);
  await page.supersedeOthers(pull.number, packedPlan.planId, comment.url);
  const { attempt, trigger } = tools.run;
  // An earlier attempt may have said that the request did not succeed.
  if (attempt > 1 && trigger.kind === 'comment') {
    await page.foldAway(pull.number, requestMarker(trigger.commentId));
  }
  const { planId } = packedPlan;
  await tools.rotation.ask(turn, { pullRequest: pull.number, planId, why: 'awaiting' });
  log.summarise(body);
  return {
    decision: 'planned',
    detail: `The plan ${packedPlan.planId} awaits approval.`,
    published: { ...packedPlan, artifact, members: packed },
  };
}

/**
 * People who were asked about an earlier plan of the pull request are not asked again.
 * @param journal the one that the journal of this plan is appended to
 */
function subjectOf({ evidence }: Uses<'evidence'>, draft: Draft, journal: string): AskSubject {
  const { number, author } = draft.pull;
  const { event, person } = draft.madeBy;
  const planned = readJournal(journal).filter((entry) => entry.event === 'planned');
  return {
    pullRequest: number,
    paths: draft.plan.files.map(({ path }) => path),
    participants: {
      requesters: [
        ...draft.requests.map(({ requester }) => requester),
        ...planned.map(({ actor }) => actor),
        // A person who only strikes files is no requester.
        ...(event === 'planned' ? [person] : []),
      ],
      author,
    },
    readJournals: async () => {
      const earlier = await findStoredPlan(evidence, number);
      return earlier === undefined
        ? [journal]
        : [journal, newestJournal(earlier, await evidence.readRecords(earlier))];
    },
  };
}

/** If the evidence of the plan is gone, there is no record of who was asked. */
async function findStoredPlan(evidence: Uses<'evidence'>['evidence'], pullRequest: number) {
  try {
    return await evidence.findPlan(pullRequest);
  } catch (error) {
    if (error instanceof Stopped && error.reason === 'plan-expired') return undefined;
    throw error;
  }
}

/** A placeholder as long as any real artifact reference, to measure the comment before the artifact exists. */
const longestArtifact: PublishedArtifact = {
  id: Number.MAX_SAFE_INTEGER,
  digest: `sha256:${'0'.repeat(64)}`,
};

async function storePlan(
  tools: StoreTools & Uses<'policy'>,
  members: Members,
  plan: PlanEvidence,
): Promise<PublishedArtifact> {
  const { artifact } = await storeRecord(tools, {
    name: 'plan',
    pullRequest: plan.manifest.pull_request,
    members,
  });
  const paths = plan.plan.files.map((file) => file.path);
  tools.report.note({
    ...describePlan(plan),
    headSha: plan.manifest.head.sha,
    impactedTests: findImpactedTests(await tools.policy.read(), paths),
  });
  return artifact;
}

/** The last check before the plan is shown: after a push while Codex planned, the plan is not about the newest head. */
async function checkUnmoved({ targets }: Uses<'targets'>, planned: PullRequest): Promise<void> {
  const now = await targets.readOpen(planned.number);
  if (now.head.sha !== planned.head.sha || now.baseRef !== planned.baseRef) {
    throw new Stopped('head-moved', 'The pull request changed while Codex planned.');
  }
}
