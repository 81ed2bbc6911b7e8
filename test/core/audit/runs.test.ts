/** How often Codex ran for a pull request in a day. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Ledger } from '../../../src/core/audit/ledger.ts';
import { checkRuns, type EndedRun } from '../../../src/core/audit/runs.ts';
import { readEvidenceFolders } from '../../../src/system/evidence-folders.ts';
import { findingsIn, kindOf, later } from '../../support/audit-tools.ts';
import { type Forged, reseal } from '../../support/resealed.ts';

const start = Date.parse('2026-03-01T00:00:00Z');

/** A record that was made some hours after the start, under a policy that allows two runs. */
const made = (hours: number, pullRequest = 1, repository = 1) => ({
  name: `after ${hours}`,
  making: {
    repository: { id: repository, full_name: 'o/r' },
    pull_request: pullRequest,
    created_at: new Date(start + hours * 3_600_000).toISOString(),
  },
  policy: { limits: { runs: 2 } },
});
const plan = (hours: number, narrows: object | null = null): EndedRun => ({
  ...made(hours),
  kind: 'plan',
  evidence: { manifest: { narrows } },
});
const verification = (basis: string): EndedRun => ({
  ...made(5),
  kind: 'verification',
  evidence: { verification: { basis } },
});
const denial: EndedRun = { ...made(5), kind: 'denial' };

function findings(...records: readonly EndedRun[]): readonly string[] {
  const ledger = new Ledger();
  checkRuns(records, ledger);
  return ledger.findings;
}

describe('runs of Codex', () => {
  const third: EndedRun = { ...made(12), kind: 'approval' };

  it('are a finding if there were more in a day than the policy allows', () => {
    expect(findings(plan(0), denial, third)).toEqual([
      'after 12 asked Codex, although 2 runs had in the 24 hours before, and its policy allows 2 (limits.runs).',
    ]);
    expect(findings(plan(0), denial)).toEqual([]);
    expect(findings(plan(0), denial, { ...made(12), kind: 'execution' })).toEqual([]);
  });

  it.each<[string, EndedRun, EndedRun]>([
    ['longer ago', plan(-13), denial],
    ['while the step may have worked already', plan(0), { ...made(6), kind: 'denial' }],
    ['for another pull request', plan(0), { ...made(5, 2), kind: 'denial' }],
    ['for another repository', plan(0), { ...made(5, 1, 2), kind: 'denial' }],
    ['no runs of Codex', plan(0), { ...made(5), kind: 'execution' }],
    ['withdrawals', plan(0), { ...made(5), kind: 'withdrawal' }],
  ])('do not count if they were %s', (_, one, other) => {
    expect(findings(one, other, third)).toEqual([]);
  });

  it('do not count if no model was asked', () => {
    expect(findings(plan(0), verification('model'), third)).toHaveLength(1);
    expect(findings(plan(0), verification('same-tree'), third)).toEqual([]);
    expect(findings(plan(0), plan(5), third)).toHaveLength(1);
    expect(findings(plan(0), plan(5, {}), third)).toEqual([]);
  });
});

it('are counted in every audit', () => {
  const order = ['plan', 'denial', 'approval', 'verification'];
  const samples = join(import.meta.dirname, '../../../docs/samples/drifted');
  const folders = readEvidenceFolders([samples]).artifacts.toSorted(
    (a, b) => order.indexOf(kindOf(a)) - order.indexOf(kindOf(b)),
  );
  const forged = reseal(folders, (files, folder) => {
    files['policy.json'].policy.limits.runs = 3;
    if (kindOf(folder) !== 'verification') return;
    const line = files['journal.jsonl'].find((one: Forged) => one.event === 'drifted');
    line.at = later(line.at, 7 * 3600);
    files['verification.json'].created_at = line.at;
  });
  const finding = expect.stringMatching(/verification-1 asked Codex, although 3 runs had/);
  expect(findingsIn(forged)).toContainEqual(finding);
  expect(findingsIn(folders)).not.toContainEqual(finding);
});
