/** Output, commit status, comment and ledger of a walk must name the same state. */
import { expect } from 'vitest';
import type { Ledger } from './ledger.ts';
import type { Loop, StepInLoop } from './loop.ts';

/** What the comment of a plan may say that once had an answer and now awaits another one. */
const answered = /^(?:awaiting|approved|denied|drifted|expired)$/;

/** How the commit status names each state. */
const statuses: Readonly<Record<string, RegExp>> = {
  none: /^No Codex plan/,
  withdrawn: /withdrawn/,
  executed: /executed in/,
  outdated: /outdated/,
  drifted: /no longer fits/,
  denied: /denied/,
  expired: /expired/,
  approved: /approved and not yet/,
  awaiting: /awaits approval/,
};

/** What every run leaves that says a state. */
export function expectAgreement(
  { state }: Ledger,
  { repo, pull }: Loop,
  { outputs }: StepInLoop,
): void {
  expect(outputs.state, 'output').toBe(state);
  const status = repo.statuses.findLast(({ sha }) => sha === pull.head.sha);
  expect(status?.description, 'status').toMatch(statuses[state] ?? /never/);
  const colour = /^(?:drifted|denied)$/.test(state)
    ? 'failure'
    : /^(?:awaiting|approved)$/.test(state)
      ? 'pending'
      : 'success';
  expect(status?.state, 'status').toBe(colour);
}

/** What refresh leaves. It does not edit the comment of an open plan: an edit would end the votes. */
export function expectTrueComment({ state, plan }: Ledger, { pull }: Loop): void {
  if (plan === null) return;
  const comments = pull.comments.filter(({ body }) => body.startsWith('<!-- codex-plan '));
  const stated = comments.at(-1)?.body.match(/^> \*\*State:\*\* ([a-z]+)/m)?.[1];
  if (state === 'awaiting' && plan.answered) expect(stated, 'comment').toMatch(answered);
  else expect(stated, 'comment').toBe(state);
}
