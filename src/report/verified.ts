import type { Pin } from '../core/records/fields.ts';
import type { DriftWay } from '../core/records/verification.ts';
import { type PlanId, shortDigest } from '../core/text/digest.ts';
import { code, cutBlock } from './markdown.ts';

/** What the summary of a verification that passed shows. */
export interface VerifiedView {
  readonly planId: PlanId;
  readonly way: DriftWay;
  readonly base: Pin;
  /** What differs all the same and is let pass; '' where nothing does. */
  readonly diff: string;
}

const maxDiffLength = 32_000;

export function renderVerified({ planId, way, base, diff }: VerifiedView): string {
  return [
    `## The approved plan ${code(shortDigest(planId))} still holds`,
    `The repository still implies plan ${code(planId)} on base ${code(base.sha)} (${code(base.ref)}). Compared ${way}.`,
    ...(diff === '' ? [] : ['### What was let pass', whatPasses(way), cutDiff(diff)]),
  ].join('\n\n');
}

/** In one sentence, for those who see the annotations alone. */
export function whatPasses(way: DriftWay): string {
  return `The plan of today has the same files and operations in other words, steps or commands, which ${way} lets pass.`;
}

function cutDiff(diff: string): string {
  return cutBlock(diff.trimEnd(), maxDiffLength, (rest) => `… ${rest} more lines, in the log`);
}
