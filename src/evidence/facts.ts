import type { PlanEvidence } from '../core/records/archive-contents.ts';
import type { Usage } from '../core/records/fields.ts';
import type { Facts } from '../ports/outcome.ts';
import type { WorkflowRun } from '../ports/run.ts';
import { artifactUrl } from './addresses.ts';
import type { WithArtifact } from './genuine.ts';

/** What the outputs and the notification say about a plan itself. */
export function describePlan({
  planId,
  manifest,
  plan,
}: Pick<PlanEvidence, 'planId' | 'manifest' | 'plan'>): Facts {
  return {
    planId,
    title: plan.title,
    planSha256: manifest.plan_sha256,
    promptSha256: manifest.prompt_sha256,
    files: plan.files.map((file) => file.path),
  };
}

/** What the outputs say about a plan that was found, and where its evidence is. */
export function toPlanFacts(found: WithArtifact<PlanEvidence>, run: WorkflowRun): Facts {
  const { artifact, manifest } = found;
  return {
    ...describePlan(found),
    artifactId: artifact.id,
    artifactUrl: artifactUrl(run, artifact.id, manifest.run.id),
  };
}

/** What a run of Codex used. */
export function toCost({ input, cached, output, seconds }: Usage): Facts {
  return { tokens: { input, cached, output }, codexSeconds: seconds };
}
