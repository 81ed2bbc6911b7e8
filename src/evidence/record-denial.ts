/** The record of a run that asked Codex and ended without success, so that what Codex did is never lost. */

import type { Denial } from '../core/plan/attempts.ts';
import type { Plan } from '../core/plan/plan.ts';
import { type DenialRecord, denialJson } from '../core/records/denial.ts';
import type { CountedLabelEvent, Person } from '../core/records/fields.ts';
import { appendToJournal, type JournalFact } from '../core/records/journal.ts';
import { digestFiles } from '../core/records/members.ts';
import { packDenial } from '../core/records/pack.ts';
import { toWellFormed } from '../core/text/json.ts';
import type { FindSecret } from '../core/text/secrets.ts';
import { timestamp } from '../core/text/timestamp.ts';
import { Stopped, stoppedByMachine } from '../decision.ts';
import type { EditReport } from '../ports/agent.ts';
import type { WorkflowRun } from '../ports/run.ts';
import type { Clock } from '../ports/runner.ts';
import type { PolicySource } from './policy.ts';
import type { RecordContext } from './record-context.ts';
import { type StoreTools, storeEnd } from './store-record.ts';

export interface DenialTools extends StoreTools {
  readonly run: WorkflowRun;
  readonly records: RecordContext;
  readonly policy: PolicySource;
  readonly clock: Clock;
  /** Finds a secret of this run in a text. */
  readonly findSecret: FindSecret;
}

/** What a run did before it stopped. */
export interface EndedRun {
  readonly mode: DenialRecord['mode'];
  readonly pullRequest: number;
  /** Null if the run was to make the plan. */
  readonly plan: {
    readonly planId: NonNullable<DenialRecord['plan_id']>;
    readonly plan: Plan;
  } | null;
  readonly actor: Person;
  /** The label events that the run counted, oldest first. */
  readonly labelEvents: readonly CountedLabelEvent[];
  /** File changes that were refused, before they were written or afterwards. */
  readonly refused: readonly Denial[];
  readonly edit: Pick<EditReport, 'refusedRequests' | 'assessments'>;
  /** The text of `run.log`. */
  readonly log: string;
  /** The journal to append to. */
  readonly journal: string;
  /** Further facts for the journal, after the denial. */
  readonly furtherFacts?: (at: string) => readonly JournalFact[];
}

/** For a run that ended before Codex reported anything. */
export const noEdit: EndedRun['edit'] = { refusedRequests: [], assessments: [] };

/**
 * Stores the record. If that fails, the run still stops for its own reason: the job fails, and the label is removed.
 * @returns the record; undefined if it could not be stored
 */
export async function recordDenial(
  tools: DenialTools,
  ended: EndedRun,
  stopped: Stopped,
): Promise<DenialRecord | undefined> {
  try {
    return await publishDenial(tools, ended, stopped);
  } catch (error) {
    // A full disk, too, must not take the place of what the run learned from Codex.
    const known = error instanceof Stopped ? error : stoppedByMachine(error);
    if (known === undefined) throw error;
    tools.log.warn(`How the run ended could not be recorded. ${known.message}`);
    return undefined;
  }
}

async function publishDenial(
  tools: DenialTools,
  ended: EndedRun,
  { reason }: Stopped,
): Promise<DenialRecord> {
  const { run, clock } = tools;
  const created = timestamp(clock.now());
  const { id, owner, name } = run.repository;
  const written: DenialRecord = {
    schema: 'codex-denial/v1',
    repository: { id, full_name: `${owner}/${name}` },
    pull_request: ended.pullRequest,
    mode: ended.mode,
    plan_id: ended.plan?.planId ?? null,
    reason,
    label_events: [...ended.labelEvents],
    refused: ended.refused.map((one) => ({
      path: one.path,
      operation: one.operation,
      steps: namingSteps(ended.plan?.plan, one.path),
      reason: one.reason,
      detail: one.detail,
    })),
    refused_requests: ended.edit.refusedRequests.map((one) => ({ ...one })),
    assessments: ended.edit.assessments.map((one) => ({ ...one })),
    ...(await tools.records.describe()),
    created_at: created,
  };
  const denial = toWellFormed(withoutSecrets(written, tools.findSecret));
  const files = {
    'run.log': withholdText('run.log', ended.log, tools.findSecret),
    'policy.json': await tools.policy.effective(),
  };
  const journal = appendToJournal(
    ended.journal,
    {
      at: created,
      event: 'denied',
      actor: ended.actor,
      digests: {
        ...(ended.plan === null ? {} : { plan_id: ended.plan.planId }),
        ...digestFiles({ 'denial.json': denialJson(denial), ...files }),
      },
      paths: denial.refused.map(({ path }) => path),
      detail: reason,
    },
    ...(ended.furtherFacts?.(created) ?? []),
  );
  const members = packDenial(denial, { 'journal.jsonl': journal, ...files });
  await storeEnd(tools, { name: 'denial', pullRequest: ended.pullRequest, members });
  return denial;
}

function namingSteps(plan: Plan | undefined, path: string): string[] {
  return (plan?.steps ?? [])
    .filter(({ paths }) => paths.some((one) => one === path))
    .map(({ title }) => title);
}

/** A file that has a secret in it is replaced as a whole by its name, its size and the word *withheld*. */
function withholdText(name: string, text: string, findSecret: FindSecret): string {
  if (findSecret(text) === undefined) return text;
  return `${name}, ${Buffer.byteLength(text)} bytes: withheld\n`;
}

/** The record stays readable: only the texts of Codex are left out. */
function withoutSecrets(denial: DenialRecord, findSecret: FindSecret): DenialRecord {
  if (findSecret(JSON.stringify(denial)) === undefined) return denial;
  return { ...denial, refused: [], refused_requests: [], assessments: [] };
}
