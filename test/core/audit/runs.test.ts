/** How often Codex ran for a pull request in a day. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Artifact } from '../../../src/core/audit/artifact.ts';
import { audit } from '../../../src/core/audit/audit.ts';
import { Ledger } from '../../../src/core/audit/ledger.ts';
import { checkRuns } from '../../../src/core/audit/runs.ts';
import { readEvidenceFolders } from '../../../src/system/evidence-folders.ts';

const samples = join(import.meta.dirname, '../../../docs/samples');
const { artifacts } = audit(
  readEvidenceFolders([samples]).artifacts.map((one) => ({ ...one, stored: null })),
  'not proven',
);
const hour = 3_600_000;
const start = Date.parse('2026-03-01T00:00:00Z');

/** A record of this kind, made some hours after the start, under a policy that allows two runs. */
function record<K extends Artifact['kind']>(kind: K, hours: number, pullRequest = 1): Artifact<K> {
  const found = artifacts.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`there is no ${kind}`);
  const created_at = new Date(start + hours * hour).toISOString();
  const { making, policy } = found;
  const made = {
    ...found,
    name: `${kind} ${hours}`,
    making: { ...making, created_at, pull_request: pullRequest },
    policy: { ...policy, limits: { ...policy.limits, runs: 2 } },
  };
  return made as unknown as Artifact<K>;
}

function findings(...records: readonly Artifact[]): readonly string[] {
  const ledger = new Ledger();
  checkRuns(records, ledger);
  return ledger.findings;
}

describe('runs of Codex', () => {
  const third = record('approval', 12);

  it('are a finding if there were more in a day than the policy allows', () => {
    const before = [record('plan', 0), record('denial', 5)];
    expect(findings(...before, third)).toEqual([
      'approval 12 asked Codex, although 2 runs had in the 24 hours before, and its policy allows 2 (limits.runs).',
    ]);
    expect(findings(...before)).toEqual([]);
    expect(findings(...before, record('execution', 12))).toEqual([]);
  });

  it.each<[string, readonly Artifact[]]>([
    ['longer ago', [record('plan', -13), record('denial', 5)]],
    ['while the step may have worked already', [record('plan', 0), record('denial', 6)]],
    ['for another pull request', [record('plan', 0), record('denial', 5, 2)]],
    ['that changed nothing', [record('plan', 0), record('execution', 5)]],
  ])('do not count if they were %s', (_, before) => {
    expect(findings(...before, third)).toEqual([]);
  });

  it('do not count if no model was asked', () => {
    const verification = record('verification', 5);
    const { verification: verified } = verification.evidence;
    const resting = (basis: typeof verified.basis) => ({
      ...verification,
      evidence: { ...verification.evidence, verification: { ...verified, basis } },
    });
    expect(findings(record('plan', 0), resting('model'), third)).toHaveLength(1);
    expect(findings(record('plan', 0), resting('same-tree'), third)).toEqual([]);
    const plan = record('plan', 5);
    const narrows = { plan_id: plan.planId, comment_id: 1, by: { id: 1, login: 'a' }, paths: [] };
    const manifest = { ...plan.evidence.manifest, narrows };
    const narrowed = { ...plan, evidence: { ...plan.evidence, manifest } } as Artifact<'plan'>;
    expect(findings(record('plan', 0), plan, third)).toHaveLength(1);
    expect(findings(record('plan', 0), narrowed, third)).toEqual([]);
  });
});
