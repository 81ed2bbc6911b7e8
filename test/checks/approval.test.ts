import { describe, expect, it } from 'vitest';
import { checkSamePlan } from '../../src/checks/approval.ts';
import {
  type ApprovalEvidence,
  type PlanEvidence,
  readApprovalEvidence,
  readPlanEvidence,
} from '../../src/core/records/archive-contents.ts';
import { appendToJournal } from '../../src/core/records/journal.ts';
import { type PlanId, parseSha256 } from '../../src/core/text/digest.ts';
import type { WithArtifact } from '../../src/evidence/store.ts';
import { approvalArtifact, fact, planArtifact } from '../core/samples.ts';
import { reasonOf } from '../support/reason.ts';

const another = parseSha256('f'.repeat(64)) as PlanId;

describe('the approval of a plan', () => {
  const plan: WithArtifact<PlanEvidence> = {
    ...readPlanEvidence(planArtifact()),
    artifact: { id: 41, digest: `sha256:${'6'.repeat(64)}` },
  };
  const found = readApprovalEvidence(approvalArtifact());
  const { manifest } = plan;
  const approval: WithArtifact<ApprovalEvidence> = {
    ...found,
    artifact: { id: 42, digest: 'sha256:x' },
    approval: {
      ...found.approval,
      plan_id: plan.planId,
      plan_sha256: manifest.plan_sha256,
      prompt_sha256: manifest.prompt_sha256,
      plan_artifact: plan.artifact,
    },
  };
  const reason = (change: Partial<ApprovalEvidence['approval']>, journal = found.journal) =>
    reasonOf(() =>
      checkSamePlan(plan, { ...approval, journal, approval: { ...approval.approval, ...change } }),
    );

  it('is about all of it', async () => {
    expect(await reason({})).toBe('ok');
  });

  it.each<[string, Partial<ApprovalEvidence['approval']>, string]>([
    ['another plan', { plan_id: another }, 'plan-superseded'],
    [
      'the artifact of another run',
      { plan_artifact: { ...plan.artifact, id: 40 } },
      'digest-mismatch',
    ],
    [
      'an artifact with other bytes',
      { plan_artifact: { ...plan.artifact, digest: `sha256:${another}` } },
      'digest-mismatch',
    ],
    ['another plan.json', { plan_sha256: another }, 'digest-mismatch'],
    ['another prompt', { prompt_sha256: another }, 'digest-mismatch'],
    ['another head', { head: { ...manifest.head, sha: manifest.base.sha } }, 'digest-mismatch'],
    ['another base', { base: { ...manifest.base, sha: manifest.head.sha } }, 'digest-mismatch'],
  ])('is not about %s', async (_, change, expected) => {
    expect(await reason(change)).toBe(expected);
  });

  it('carries the journal of the plan on', async () => {
    const elsewhere = appendToJournal('', { ...fact, at: '2026-01-02T03:04:06Z' });
    for (const journal of ['', elsewhere]) {
      expect(await reason({}, journal), journal).toBe('digest-mismatch');
    }
  });
});
