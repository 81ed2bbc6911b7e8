/** How a run of Codex that ends in no approval is recorded and shown. */

import { findParticipants } from '../../checks/authority.ts';
import { tryTo } from '../../core/first-error.ts';
import { last } from '../../core/lists.ts';
import type { Denial } from '../../core/plan/attempts.ts';
import type { DenialRecord } from '../../core/records/denial.ts';
import type { Stopped } from '../../decision.ts';
import { type DenialTools, noEdit, recordDenial } from '../../evidence/record-denial.ts';
import { newestJournal } from '../../evidence/records.ts';
import type { EditReport } from '../../ports/agent.ts';
import type { Uses } from '../tools.ts';
import type { VotedPlan } from './seal.ts';
import { type ShownPlan, showEnd } from './show.ts';
import { toCountedEvent } from './votes.ts';

/** What is known of Codex's work when the run stops. */
export interface Progress {
  edit?: EditReport;
  /** The text of `run.log`, once Codex has run. */
  log?: string;
  refused: readonly Denial[];
}

/** Records the end, and then shows it. If the first cannot be done, the second still is. */
export async function tellEnd(
  tools: DenialTools & Uses<'label' | 'log' | 'page' | 'rotation' | 'run'>,
  approved: VotedPlan & ShownPlan,
  progress: Progress,
  stopped: Stopped,
): Promise<void> {
  const { log } = tools;
  let denial: DenialRecord | undefined;
  await tryTo({ failed: 'How the run ended could not be recorded.', log }, async () => {
    denial = await record(tools, approved, progress, stopped);
  });
  await tryTo({ failed: 'How the run ended could not be shown.', log }, () =>
    showEnd(tools, approved, progress, stopped, denial),
  );
}

/**
 * Records what Codex did in a run whose label another run has answered. It counts no label event, so it does not touch
 * that answer. If the answer is a denial of this same run, nothing is stored: the artifact store would replace that denial.
 */
export async function recordWork(
  tools: DenialTools,
  { plan, life, pull, votes }: VotedPlan,
  { edit, log, refused }: Progress,
  stopped: Stopped,
): Promise<void> {
  if (life.records.denials.some(({ denial }) => denial.run.id === tools.run.id)) return;
  const ended = {
    mode: 'approve',
    pullRequest: pull.number,
    plan: { planId: plan.planId, plan: plan.plan },
    actor: last(votes).person,
    labelEvents: [],
    refused,
    edit: edit ?? noEdit,
    log: log ?? '',
    journal: newestJournal(plan, life.records),
  } as const;
  await recordDenial(tools, ended, stopped);
}

async function record(
  tools: DenialTools & Uses<'rotation'>,
  { plan, life, pull, votes }: VotedPlan,
  { edit, log, refused }: Progress,
  stopped: Stopped,
): Promise<DenialRecord | undefined> {
  const { planId } = plan;
  const journal = newestJournal(plan, life.records);
  const subject = {
    pullRequest: pull.number,
    paths: plan.plan.files.map(({ path }) => path),
    participants: findParticipants(plan, pull),
    readJournals: async () => [journal],
  };
  // Others are asked only after a denial: a run that failed can be repeated with the same approver.
  const turn = stopped.decision === 'denied' ? await tools.rotation.choose(subject) : null;
  const ended = {
    mode: 'approve',
    pullRequest: plan.manifest.pull_request,
    plan: { planId: plan.planId, plan: plan.plan },
    actor: last(votes).person,
    labelEvents: votes.map(toCountedEvent),
    refused,
    edit: edit ?? noEdit,
    log: log ?? '',
    journal,
    furtherFacts: (at: string) =>
      tools.rotation.toJournalFacts(turn, at, last(votes).person, planId),
  } as const;
  const recorded = await recordDenial(tools, ended, stopped);
  if (recorded !== undefined) {
    await tools.rotation.ask(turn, { pullRequest: pull.number, planId, why: 'denied' });
  }
  return recorded;
}
