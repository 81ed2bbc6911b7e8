import * as core from '@actions/core';
import type { Findings, Outcome } from './modes/outcome.ts';

/**
 * Writes every output, as closed values: enumerations, digests, numbers, JSON, and paths and addresses of ours. The
 * toolkit guards each with a random delimiter, so no text can declare another one.
 */
export function writeOutputs(
  mode: string,
  { decision, reason, detail }: Outcome,
  found: Findings,
): void {
  const outputs = {
    decision,
    'reason-code': reason,
    'plan-id': found.planId ?? null,
    'plan-sha256': found.planSha256 ?? null,
    'prompt-sha256': found.promptSha256 ?? null,
    files: found.files ?? [],
    'artifact-id': found.artifactId ?? null,
    'artifact-url': found.artifactUrl ?? null,
    'comment-url': found.commentUrl ?? null,
    'pull-request': found.pullRequest ?? null,
    'head-sha': found.headSha ?? null,
    approved: decision === 'approved',
    approver: found.approver ?? null,
    'denied-files': found.deniedFiles ?? [],
    verified: decision === 'verified',
    drift: found.drift ?? false,
    'drift-diff': found.driftDiff ?? null,
    'evidence-path': found.evidencePath ?? null,
    'impacted-tests': found.impactedTests ?? [],
    'commit-sha': found.commitSha ?? null,
  };
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
  core.setOutput('result', { schema: 'codex-plan-result/v1', mode, ...outputs, detail });
}
