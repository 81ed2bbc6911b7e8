import type { Facts, Outcome } from './ports/outcome.ts';

/** Every output by its name, as closed values: enumerations, digests, numbers, JSON, and paths and addresses of ours. */
export function toOutputs(
  mode: string,
  { decision, reason, detail }: Outcome,
  facts: Facts,
): Readonly<Record<string, unknown>> {
  const outputs = {
    decision,
    'reason-code': reason,
    'plan-id': facts.planId ?? null,
    'plan-sha256': facts.planSha256 ?? null,
    'prompt-sha256': facts.promptSha256 ?? null,
    files: facts.files ?? [],
    'artifact-id': facts.artifactId ?? null,
    'artifact-url': facts.artifactUrl ?? null,
    'comment-url': facts.commentUrl ?? null,
    'pull-request': facts.pullRequest ?? null,
    'head-sha': facts.headSha ?? null,
    approved: decision === 'approved',
    approver: facts.approver ?? null,
    'denied-files': facts.deniedFiles ?? [],
    verified: decision === 'verified',
    drift: facts.drift ?? false,
    'drift-diff': facts.driftDiff ?? null,
    'evidence-path': facts.evidencePath ?? null,
    'impacted-tests': facts.impactedTests ?? [],
    'commit-sha': facts.commitSha ?? null,
  };
  return {
    ...outputs,
    result: { schema: 'codex-plan-result/v1', mode, ...outputs, detail },
  };
}
