/** Histories that the tests of a plan's life are written in. */
import type {
  ApprovalFact,
  DenialFact,
  PlanNow,
  PlanRecords,
} from '../../../src/core/life/state.ts';
import type { LabelChange, TimelineEvent } from '../../../src/core/life/timeline.ts';

export const bob = { id: 2, login: 'bob', type: 'User' };
export const carol = { id: 3, login: 'carol', type: 'User' };
export const bot = { id: 9, login: 'github-actions', type: 'Bot' };
export const approvedPlan = { id: 'LA_approved', name: 'approved-plan' };

/** A time on the day of the tests, `09:30` say. */
export const at = (time: string) => `2026-03-02T${time.length === 5 ? `${time}:00` : time}Z`;

export function labelled(id: string, time: string, actor = bob, label = approvedPlan): LabelChange {
  return { id, kind: 'set', label, actor, at: at(time) };
}

export function unlabelled(
  id: string,
  time: string,
  actor = bob,
  label = approvedPlan,
): LabelChange {
  return { id, kind: 'removed', label, actor, at: at(time) };
}

export function exchanged(id: string, time: string): TimelineEvent {
  return { id, kind: 'force-pushed', actor: bob, at: at(time) };
}

export function approval(events: readonly LabelChange[], created: string): ApprovalFact {
  return {
    digest: `approval of ${events.at(-1)?.id}`,
    counted: events.map(({ id, actor }) => ({ id, actorId: actor?.id ?? 0 })),
    createdAt: at(created),
    expiresAt: at('20:00'),
  };
}

export function denial(events: readonly LabelChange[], voids = true): DenialFact {
  return {
    counted: events.map(({ id, actor }) => ({ id, actorId: actor?.id ?? 0 })),
    reason: voids ? 'outside-plan' : 'codex-failed',
    voids,
  };
}

export const nothingRecorded: PlanRecords = {
  approvals: [],
  verifications: [],
  denials: [],
  executions: [],
  withdrawn: false,
};

export interface Sample extends Partial<Omit<PlanNow, 'records' | 'history'>> {
  readonly records?: Partial<PlanRecords>;
  readonly events?: readonly TimelineEvent[];
  /** By default the label is on the pull request. */
  readonly carried?: readonly string[];
}

/** A plan at noon, with nothing recorded but what the test says. */
export function planNow({ records, events, carried, ...rest }: Sample = {}): PlanNow {
  return {
    records: { ...nothingRecorded, ...records },
    history: { events: events ?? [], carried: new Set(carried ?? [approvedPlan.id]) },
    outdated: null,
    baseTouched: false,
    requestEditedAt: null,
    now: new Date(at('12:00')),
    ...rest,
  };
}
