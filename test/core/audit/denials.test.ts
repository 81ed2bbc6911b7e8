/** A recorded denial, decided again from what was refused and from the plan. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEvidenceFolders } from '../../../src/system/evidence-folders.ts';
import { auditOf, kindOf } from '../../support/audit-tools.ts';
import { type Forged, reseal } from '../../support/resealed.ts';

const samples = join(import.meta.dirname, '../../../docs/samples/drifted');
const folders = readEvidenceFolders([samples])
  .artifacts.filter((one) => ['plan', 'denial'].includes(kindOf(one)))
  .toSorted((a, b) => (kindOf(a) === 'plan' ? -1 : kindOf(b) === 'plan' ? 1 : 0));

/** What is found if these files were refused, for this reason. The plan modifies src/cart.ts and creates src/tax.ts. */
function auditRefused(reason: string, ...refused: readonly Forged[]) {
  const forged = reseal(folders, (files, folder) => {
    if (kindOf(folder) !== 'denial') return;
    Object.assign(files['denial.json'], { reason, refused });
    const line = files['journal.jsonl'].find((one: Forged) => one.event === 'denied');
    line.detail = reason;
    line.paths = refused.map(({ path }) => path);
  });
  return auditOf(forged);
}

const outside = {
  path: 'README.md',
  operation: 'modify',
  reason: 'outside-plan',
  detail: 'The plan does not name this file.',
  steps: [],
};
const cart = { ...outside, path: 'src/cart.ts', steps: ['Apply it'] };
const mismatch = { ...cart, operation: 'delete', reason: 'operation-mismatch', detail: 'x' };
const ofMode = { ...mismatch, operation: 'modify', detail: 'Its mode becomes 100755.' };
const ofLink = { ...mismatch, operation: 'modify', detail: 'It is a symbolic link to x.' };
const invalid = { ...outside, path: '../x', reason: 'path-invalid', detail: 'x' };

it('a denial of approve that counts no label event is a finding if no other record answers the label', () => {
  const without = reseal(folders, (files, folder) => {
    if (kindOf(folder) === 'denial') files['denial.json'].label_events = [];
  });
  expect(auditOf(without).findings.join('\n')).toContain(
    'is of mode approve, and counts 0 label events.',
  );
  const answered = reseal(readEvidenceFolders([samples]).artifacts, (files, folder) => {
    if (kindOf(folder) === 'denial') files['denial.json'].label_events = [];
  });
  expect(auditOf(answered).findings.join('\n')).not.toContain('counts 0 label events');
});

describe('a denial', () => {
  it.each<[string, string, readonly Forged[]]>([
    ['a file outside the plan', 'outside-plan', [outside]],
    ['another operation than planned', 'operation-mismatch', [mismatch]],
    ['another mode', 'operation-mismatch', [ofMode]],
    ['a symbolic link', 'operation-mismatch', [ofLink]],
    ['the worst of two files', 'outside-plan', [mismatch, outside]],
    ['an invalid path', 'path-invalid', [invalid]],
    ['nothing that a gate refused', 'codex-failed', []],
  ])('of %s is borne out', (_, reason, refused) => {
    expect(auditRefused(reason, ...refused).findings).toEqual([]);
  });

  it.each<[string, string, readonly Forged[], string]>([
    ['a planned file as outside', 'outside-plan', [cart], 'and the plan says otherwise'],
    [
      'the planned operation',
      'operation-mismatch',
      [{ ...mismatch, operation: 'modify' }],
      'and the plan says otherwise',
    ],
    [
      'another operation of a file outside the plan',
      'operation-mismatch',
      [{ ...mismatch, path: 'README.md', steps: [] }],
      'and the plan says otherwise',
    ],
    [
      'a file with the steps of another',
      'operation-mismatch',
      [{ ...mismatch, steps: ['Hold the rate'] }],
      'names other steps for "src/cart.ts" than the plan has',
    ],
    ['a file without its steps', 'operation-mismatch', [{ ...mismatch, steps: [] }], 'other steps'],
    [
      'the lesser of two reasons',
      'operation-mismatch',
      [mismatch, outside],
      'gives the reason operation-mismatch, and refused its files for outside-plan',
    ],
  ])('of %s is a finding', (_, reason, refused, finding) => {
    expect(auditRefused(reason, ...refused).findings).toContainEqual(
      expect.stringContaining(finding),
    );
  });

  it('of nothing, by a gate, has its details withheld', () => {
    const { findings, notProvable } = auditRefused('outside-plan');
    expect(findings).toEqual([]);
    expect(notProvable).toContainEqual(expect.stringMatching(/^What was refused in a denial/));
    expect(auditRefused('codex-failed').notProvable.join()).not.toContain('What was refused');
  });

  it('of an invalid path takes the word of the run for what lay there', () => {
    const word = expect.stringMatching(/^What lay at a path that was refused as invalid/);
    expect(auditRefused('path-invalid', invalid).toldByGitHub).toContainEqual(word);
    expect(auditRefused('outside-plan', outside).toldByGitHub).not.toContainEqual(word);
  });
});
