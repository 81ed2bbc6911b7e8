import type { Pin } from '../core/records/fields.ts';
import type { DriftWay, VerificationBasis } from '../core/records/verification.ts';
import { type PlanId, shortDigest } from '../core/text/digest.ts';
import { code, cutDiffBlock } from './markdown.ts';
import { withoutHeaders } from './patch.ts';

/** What the summary of a verification that passed shows. */
export interface VerifiedView {
  readonly planId: PlanId;
  readonly way: DriftWay;
  readonly basis: VerificationBasis;
  readonly base: Pin;
  /** The differences that this way of comparing accepts; '' if there are none. */
  readonly diff: string;
}

const maxDiffLength = 32_000;

export function renderVerified({ planId, way, basis, base, diff }: VerifiedView): string {
  return [
    `### Plan ${code(shortDigest(planId))} still holds`,
    `The repository still implies plan ${code(planId)} on base ${code(base.sha)} (${code(base.ref)}). ${describeBasis(basis, way)}`,
    ...(diff === '' ? [] : ['### Accepted differences', whatPasses(way), cutDiff(diff)]),
  ].join('\n\n');
}

/** How the answer was found, in one sentence. */
export function describeBasis(basis: VerificationBasis, way: DriftWay): string {
  switch (basis) {
    case 'same-tree':
      return 'Nothing that the plan was made from has changed, so no model was asked.';
    case 'model':
      return `Codex was asked for the plan again, and the plans were compared (${way}).`;
    case 'deterministic':
      return 'No model was asked (regenerate: never).';
  }
}

/** One sentence, for people who see only the annotations. */
export function whatPasses(way: DriftWay): string {
  return `Today's plan has the same files and operations, but other words, steps or commands. The comparison ${way} accepts that.`;
}

function cutDiff(diff: string): string {
  return cutDiffBlock(
    withoutHeaders(diff),
    maxDiffLength,
    (rest) => `… ${rest} more lines, in the log`,
  );
}
