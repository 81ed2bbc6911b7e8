/** Compares what plans were made with, in addition to the repository and the prompt: Codex, its tools, and the instructions. */

import { instructionsFile } from '../../core/policy/instructions.ts';
import type { PlanEvidence } from '../../core/records/archive-contents.ts';
import { sha256, shortDigest } from '../../core/text/digest.ts';
import type { Proposal } from '../../ports/agent.ts';

/**
 * Describes for people what is different since the plan was made, and so may have caused a drift.
 * @param now the instructions of today's default branch
 * @returns a sentence for each difference
 */
export function compareMakings(
  { manifest, instructions: then }: Pick<PlanEvidence, 'manifest' | 'instructions'>,
  { toolchain }: Pick<Proposal, 'toolchain'>,
  now: string,
): string[] {
  const before = manifest.codex;
  const facts: [string, string | null, string | null][] = [
    ['Codex version', before.version, toolchain.version],
    ['model', before.model, toolchain.model],
    ['effort', before.effort, toolchain.effort],
    ['set of tools', listTools(before.tools), listTools(toolchain.tools)],
    [instructionsFile, describeInstructions(then), describeInstructions(now)],
  ];
  return facts
    .filter(([, then, now]) => then !== now)
    .map(([what, then, now]) => `${what} was ${then ?? 'the default'}, is ${now ?? 'the default'}`);
}

function listTools(tools: readonly string[]): string {
  return tools.length === 0 ? 'none' : tools.join(', ');
}

function describeInstructions(text: string): string {
  return text === '' ? 'none' : shortDigest(sha256(text));
}
