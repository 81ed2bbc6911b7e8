import { expect, it } from 'vitest';
import { Rotation } from '../../../src/checks/rotation.ts';
import { type Finding, recordDrifted, recordVerified } from '../../../src/modes/verify/record.ts';
import { objectId } from '../../support/object-ids.ts';
import { approvedWithoutRoom } from '../../support/valid-approval.ts';

const unchanged = { added: [], removed: [], retyped: [] };

/** What verify found, on a runner that has no room for what later steps read. */
async function found(drift: 'scope-drift' | null) {
  const { approved, tools, ...rest } = await approvedWithoutRoom();
  const finding: Finding = {
    approved,
    way: 'anchored',
    basis: drift === null ? 'same-tree' : 'deterministic',
    pins: { head: objectId('a'), base: objectId('b') },
    regenerated: null,
    comparison: { drift, scope: unchanged, diff: drift === null ? '' : '-a\n+b\n' },
    causes: { moved: drift === null ? [] : ['a.txt'], baseCommits: [], toolchain: [] },
  };
  const never = () => Promise.reject(new Error('It was asked for.'));
  const rotation = new Rotation({ ...tools, asking: { ask: never, release: never } }, 'label');
  return { ...rest, finding, tools: { ...tools, rotation } };
}

it('a drift is recorded although there is no room for later steps', async () => {
  const { finding, tools, stored } = await found('scope-drift');
  await recordDrifted(tools, finding, null);
  expect(stored()).toEqual(['codex-verification-12']);
  expect(tools.warnings).toEqual([
    expect.stringContaining('The files could not be kept for later steps.'),
  ]);
  expect(tools.facts).toMatchObject({ evidencePath: '' });
  expect(tools.facts).not.toHaveProperty('driftDiff');
});

it('a verification is not recorded without room for what later steps read', async () => {
  const { finding, tools, full, stored } = await found(null);
  await expect(recordVerified(tools, finding)).rejects.toBe(full);
  expect(stored()).toEqual([]);
});
