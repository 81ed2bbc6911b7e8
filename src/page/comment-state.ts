import type { PlanState } from '../core/life/state.ts';
import type { DenialRecord } from '../core/records/denial.ts';
import type { StopReason } from '../decision.ts';
import type { StoredRecords } from '../evidence/records.ts';
import type { CommentState } from '../report/plan-comment.ts';

/** The state of a plan, with what was recorded about it. */
interface Life {
  readonly state: PlanState;
  readonly records: StoredRecords;
  readonly pull: { readonly head: { readonly sha: string } };
}

/** A push to the branch, as the event of this run describes it. */
interface Push {
  readonly head: string;
  readonly by: string;
}

/**
 * How the plan comment says that a plan has ended; undefined for an open plan. The action does not edit the comment
 * of an open plan, because an edit ends its votes.
 * @param pushed the push that the run is about; null if it is about none
 */
export function planCommentState(life: Life, pushed: Push | null): CommentState | undefined {
  const { state, records, pull } = life;
  switch (state.is) {
    case 'withdrawn': {
      const { withdrawal } = records.withdrawals.at(-1) ?? {};
      return {
        is: 'withdrawn',
        record: withdrawal ? { by: withdrawal.by.login, at: withdrawal.created_at } : null,
      };
    }
    case 'outdated':
      return {
        is: 'outdated',
        by: state.by,
        head: pull.head.sha,
        pushedBy: findPusher(life, pushed),
      };
    case 'drifted':
      return state.by === 'base' ? { is: 'drifted', found: null } : lastDrift(records);
    case 'denied': {
      const { reason } = state;
      const record = records.denials.findLast(({ denial }) => answers(denial, reason));
      return record && denialState(record);
    }
    case 'expired':
      return { is: 'expired', what: state.what };
    case 'executed':
      return executedState(life, state.commit);
    default:
      return undefined;
  }
}

/** GitHub does not say who pushed a later commit. Its author proves nothing, because git lets everybody set any name. */
function findPusher({ pull }: Pick<Life, 'pull'>, pushed: Push | null): string | null {
  return pushed?.head === pull.head.sha ? pushed.by : null;
}

/** The approval that the execution used, by its record. */
export function executedState({ records }: Pick<Life, 'records'>, commit: string): CommentState {
  const execution = records.executions.find((one) => one.execution.commit === commit)?.execution;
  const used =
    execution === undefined
      ? records.approvals.at(-1)
      : records.approvals.find(({ digest }) => digest === execution.approval_sha256);
  return { is: 'executed', commit, approval: used ? approvalFacts(used) : null };
}

/** Whether a denial is about a label, and ended its approval. */
function answers({ label_events: events, reason }: DenialRecord, ended: StopReason): boolean {
  return events.length > 0 && reason === ended;
}

type Records = StoredRecords;

export function approvedState({ approval }: Pick<Records['approvals'][number], 'approval'>) {
  const facts = approvalFacts({ approval });
  return { is: 'approved', ...facts, until: approval.expires_at } as const satisfies CommentState;
}

export function denialState({ denial }: Pick<Records['denials'][number], 'denial'>): CommentState {
  const { label_events: events, reason, created_at: at, run } = denial;
  return { is: 'denied', reason, by: events.at(-1)?.actor.login ?? null, at, run: run.id };
}

export function driftedState({
  verification,
}: Pick<Records['verifications'][number], 'verification'>): CommentState {
  const { regenerated, created_at: at, run } = verification;
  // If no model was asked, the cause was a change of a planned file on the base.
  return { is: 'drifted', found: regenerated === null ? null : { at, run: run.id } };
}

function lastDrift({ verifications }: Records): CommentState {
  const drifted = verifications.findLast(({ verification }) => verification.result === 'drifted');
  return drifted === undefined ? { is: 'drifted', found: null } : driftedState(drifted);
}

function approvalFacts({ approval }: Pick<Records['approvals'][number], 'approval'>) {
  return {
    by: approval.approvers.map(({ login }) => login),
    at: approval.created_at,
    run: approval.run.id,
  };
}
