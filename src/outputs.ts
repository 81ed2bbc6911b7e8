import type { Findings, Outcome } from './ports/outcome.ts';

/** Every output by its name, as closed values: enumerations, digests, numbers, JSON, and paths and addresses of ours. */
export function outputsOf(
  mode: string,
  { decision, reason, detail }: Outcome,
  found: Findings,
): Readonly<Record<string, unknown>> {
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
  return {
    ...outputs,
    result: { schema: 'codex-plan-result/v1', mode, ...outputs, detail },
  };
}
