/** What a ledger notes after each run, and what must have been true for the run to end so. */
import { expect } from 'vitest';
import type { Approval, Labelling, Ledger, Plan, Sight } from './ledger.ts';
import type { StepInLoop } from './loop.ts';

/** A comment with a command. */
export interface Asked {
  readonly by: string;
  readonly comment: number;
  readonly verb: '' | '-revise' | '-without' | '-withdraw';
}

/** A request that was planned, or a withdrawal. */
export function recordPlan(
  ledger: Ledger,
  step: StepInLoop,
  asked: Asked | null,
  sight: Sight,
): void {
  if (step.reason === 'plan-withdrawn' && asked?.verb === '-withdraw' && ledger.plan !== null) {
    if (ledger.plan.id === step.outputs['plan-id']) ledger.plan.ended = 'withdrawn';
  }
  if (step.decision !== 'planned' || asked === null) return;
  const before: Plan | null = asked.verb === '' ? null : ledger.plan;
  const own = asked.verb === '-without' ? [] : [asked];
  ledger.plan = {
    id: step.outputs['plan-id'] ?? '',
    requesters: new Set([...(before?.requesters ?? []), ...own.map(({ by }) => by)]),
    comments: new Set([...(before?.comments ?? []), ...own.map(({ comment }) => comment)]),
    head: sight.head,
    base: sight.base,
    at: sight.now,
    votes: [],
    ended: null,
    answered: false,
    ruling: null,
  };
}

/** An approval, which must have been allowed, a vote or a denial. */
export function recordApproval(
  ledger: Ledger,
  { decision, reason }: StepInLoop,
  labelling: Labelling | null,
  content: Approval['content'],
): void {
  const { plan, policy } = ledger;
  if (plan === null || labelling === null) throw new Error('nothing was labelled');
  if (ledger.approval?.labelling === labelling) return;
  if (reason === 'votes-missing' && !plan.votes.includes(labelling)) plan.votes.push(labelling);
  if (reason === 'outside-plan' || reason === 'nothing-changed') {
    plan.ruling = 'denied';
    plan.answered = true;
    plan.votes = [];
  }
  if (decision !== 'approved') return;
  expect(labelling, 'a label that is gone approves nothing').toBe(ledger.labelling);
  expect(ledger.canBeApproved, `approved although ${ledger.state}`).toBe(true);
  expect(labelling.at, 'read').toBeGreaterThanOrEqual(plan.at + 10_000);
  const fresh = plan.votes.filter(({ at }) => ledger.sight.now < at + 24 * 3_600_000);
  const by = [...new Set([...fresh, labelling].map((one) => one.by))];
  expect(by.length).toBeGreaterThanOrEqual(policy.count);
  for (const login of by.slice(-policy.count)) expect(ledger.mayApprove(login), login).toBe(true);
  plan.votes = [];
  plan.answered = true;
  plan.ruling = { labelling, by, content, over: null, drifted: false, verifiedAt: null };
}

/** @param before the state when the run began */
export function recordVerification(
  { approval, sight }: Ledger,
  { decision, reason }: StepInLoop,
  before: string,
): void {
  if (decision === 'verified') {
    expect(before, 'verified').toBe('approved');
    if (approval !== null) approval.verifiedAt = sight.now;
  }
  if (/^(?:scope|plan)-drift$/.test(reason) && before === 'approved' && approval !== null) {
    approval.drifted = true;
  }
}
