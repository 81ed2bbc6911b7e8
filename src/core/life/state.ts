/**
 * The state of a plan. One pure function decides it, from trusted records and from GitHub's event log by id.
 * The name of a label, the text of a comment and a repeated run cannot change the answer: people who may not approve can
 * change each of these. A label that is set gives no approval by itself; one that is gone ends it.
 */
import type { StopReason } from '../../decision.ts';
import type { ObjectId } from '../text/object-id.ts';
import { type LabelHistory, type LabellingEnd, labellingEnd } from './timeline.ts';

/** An approval as its record tells it. */
export interface ApprovalFact {
  /** SHA-256 of `approval.json`. */
  readonly digest: string;
  /** The label events that it counted, in the order of the votes; the last one decided. */
  readonly counted: readonly CountedEvent[];
  /** RFC 3339, GitHub's clock. */
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** A label event that a decision counted, with the person that the record names. */
export interface CountedEvent {
  readonly id: string;
  readonly actorId: number;
}

export interface VerificationFact {
  /** Digest of the approval that it looked at. */
  readonly approval: string;
  readonly drifted: boolean;
}

/** A run of Codex that ended without success. */
export interface DenialFact {
  /** The label events that the run counted; empty if it was not about an approval. */
  readonly counted: readonly CountedEvent[];
  readonly reason: StopReason;
  /** Whether the reason ends the labelling; temporary trouble does not. */
  readonly voids: boolean;
}

export interface ExecutionFact {
  readonly commit: ObjectId;
  /** Whether the commit is the head, or an ancestor of it. The record is written before the branch moves. */
  readonly reached: boolean;
  /** Whether the step was stopped before it moved the branch: then somebody else brought the commit there. */
  readonly stopped: boolean;
}

/** All trusted records about one plan id. */
export interface PlanRecords {
  readonly approvals: readonly ApprovalFact[];
  readonly verifications: readonly VerificationFact[];
  readonly denials: readonly DenialFact[];
  readonly executions: readonly ExecutionFact[];
  readonly withdrawn: boolean;
}

/** How the newest trusted plan compares with the pull request as it is now. */
export interface PlanNow {
  readonly records: PlanRecords;
  readonly history: LabelHistory;
  /** What is no longer as it was planned: the head, the base branch or the request; null if nothing has changed. */
  readonly outdated: Outdated | null;
  /** Whether the base changed a planned file: its mode or blob at the tip differs from the planned base. */
  readonly baseTouched: boolean;
  /** When a request was last edited; null if none ever was. */
  readonly requestEditedAt: string | null;
  /** GitHub's clock. */
  readonly now: Date;
}

export type Outdated = 'head-moved' | 'base-changed' | 'request-edited';

/** The names under `is` are part of the outputs; keep them. */
export type PlanState =
  | { readonly is: 'none' }
  | { readonly is: 'withdrawn' }
  | { readonly is: 'executed'; readonly commit: ObjectId }
  | { readonly is: 'outdated'; readonly by: Outdated }
  | { readonly is: 'drifted'; readonly by: 'verification' | 'base' }
  | { readonly is: 'denied'; readonly reason: StopReason }
  | { readonly is: 'expired'; readonly what: 'approval' | 'plan' }
  | { readonly is: 'approved'; readonly approval: ApprovalFact }
  /** `ended`: why the newest approval no longer holds; null if there was none. */
  | { readonly is: 'awaiting'; readonly ended: LabellingEnd | null };

/** States that neither a label nor time can change. The plan comment shows them. */
export const finalStates: ReadonlySet<PlanState['is']> = new Set([
  'withdrawn',
  'executed',
  'outdated',
]);

/** What a record says of one labelling: such a ruling is final. */
export type Ruling =
  | { readonly is: 'approved'; readonly approval: ApprovalFact }
  | { readonly is: 'denied'; readonly denial: DenialFact };

/** @param plan null if no trusted plan exists */
export function planState(plan: PlanNow | null): PlanState {
  if (plan === null) return { is: 'none' };
  const { records, outdated, baseTouched } = plan;
  if (records.withdrawn) return { is: 'withdrawn' };
  const executed = records.executions.find(({ reached, stopped }) => reached && !stopped);
  if (executed !== undefined) return { is: 'executed', commit: executed.commit };
  if (outdated !== null) return { is: 'outdated', by: outdated };
  if (baseTouched) return { is: 'drifted', by: 'base' };
  return stateOfNewestRuling(plan);
}

/** If there are several labellings, the newest one that a record answers decides. */
function stateOfNewestRuling(plan: PlanNow): PlanState {
  const { records, history, now } = plan;
  const ruling = newestRuling(records, history);
  if (ruling === null) return { is: 'awaiting', ended: null };
  if (ruling.is === 'denied') return { is: 'denied', reason: ruling.denial.reason };
  const { approval } = ruling;
  const drifted = records.verifications.some(
    (one) => one.drifted && one.approval === approval.digest,
  );
  if (drifted) return { is: 'drifted', by: 'verification' };
  if (now.getTime() >= Date.parse(approval.expiresAt)) return { is: 'expired', what: 'approval' };
  const ended = approvalEnd(plan, approval);
  return ended === null ? { is: 'approved', approval } : { is: 'awaiting', ended };
}

/** The label by which the approval was decided must still be set, by the person that the record names. */
function approvalEnd(
  { history, requestEditedAt }: PlanNow,
  { counted }: ApprovalFact,
): LabellingEnd | null {
  const decided = counted.at(-1);
  if (decided === undefined || !counted.every((one) => isGenuine(history, one))) return 'unknown';
  const ended = labellingEnd(history, decided.id);
  if (ended !== null || requestEditedAt === null) return ended;
  const labelled = history.events.find(({ id }) => id === decided.id);
  // Within one second nobody can tell which came first.
  const before = Date.parse(requestEditedAt) + 1000 <= Date.parse(labelled?.at ?? '');
  return before ? null : 'edited';
}

/**
 * Whether GitHub's event with this id names the recorded person. Evidence alone proves nothing: people who can write
 * workflows can forge it.
 */
function isGenuine({ events }: LabelHistory, { id, actorId }: CountedEvent): boolean {
  const event = events.find((one) => one.id === id);
  return event?.kind === 'set' && event.actor?.id === actorId;
}

/**
 * Whether a label that is set now can still lead to an approval. A denial, a drift that a verification found and the end
 * of an approval are about an earlier label.
 */
export function canBeApproved(state: PlanState): boolean {
  switch (state.is) {
    case 'awaiting':
    case 'approved':
    case 'denied':
      return true;
    case 'drifted':
      return state.by === 'verification';
    case 'expired':
      return state.what === 'approval';
    default:
      return false;
  }
}

/**
 * What the records say of the labelling with this event id; null if nothing has answered it yet. If there is a denial
 * and an approval, the denial counts: what has ended stays ended.
 */
export function rulingOn(records: PlanRecords, labelling: string): Ruling | null {
  const answers = ({ counted }: { readonly counted: readonly CountedEvent[] }) =>
    counted.at(-1)?.id === labelling;
  const denial = records.denials.find((one) => one.voids && answers(one));
  if (denial !== undefined) return { is: 'denied', denial };
  const approval = records.approvals.find(answers);
  return approval === undefined ? null : { is: 'approved', approval };
}

/** An event that GitHub no longer lists counts as the oldest. */
function newestRuling(records: PlanRecords, { events }: LabelHistory): Ruling | null {
  const answered = new Set(
    [...records.approvals, ...records.denials.filter(({ voids }) => voids)].flatMap(
      ({ counted }) => counted.at(-1)?.id ?? [],
    ),
  );
  const times = new Map(events.map((event, index) => [event.id, [Date.parse(event.at), index]]));
  const [newest] = [...answered].sort((a, b) => {
    const [timeA = 0, indexA = -1] = times.get(a) ?? [];
    const [timeB = 0, indexB = -1] = times.get(b) ?? [];
    return timeB - timeA || indexB - indexA;
  });
  return newest === undefined ? null : rulingOn(records, newest);
}
