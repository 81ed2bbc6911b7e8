import { applyPatch, parsePatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePlans, diffTexts } from '../../../src/core/plan/drift.ts';
import { type Plan, planJson } from '../../../src/core/plan/plan.ts';
import { renderPlanText } from '../../../src/core/plan/plan-text.ts';
import { driftWays } from '../../../src/core/records/verification.ts';
import { expectLinear } from '../../support/growth.ts';
import { present } from '../../support/present.ts';
import { runs } from '../../support/properties.ts';
import { asShown, mutationsOf, plan, toPlan } from '../plans.ts';

const approved = toPlan({
  title: 'Greet',
  summary: 'Says hello.',
  steps: [{ title: 'Say it', detail: 'In a.txt.', paths: ['a.txt'] }],
  files: [
    { path: 'a.txt', operation: 'modify', reason: 'It greets.' },
    { path: 'b.txt', operation: 'create', reason: 'It answers.' },
  ],
  commands: ['npm test'],
  risks: ['None.'],
});
const fileA = present(approved.files[0]);
const fileB = present(approved.files[1]);

const way = fc.constantFrom(...driftWays);
const scopeOf = (one: Plan) =>
  new Set(one.files.map(({ path, operation }) => `${operation} ${path}`));
const paths = (files: Plan['files']) => files.map(({ path }) => path);

/** Two plans that are often near each other. */
const pair = fc.oneof(
  fc.tuple(plan, plan),
  fc.tuple(plan, fc.nat()).map(([one, choice]): [Plan, Plan] => {
    const mutations = [...mutationsOf(JSON.parse(planJson(one)))];
    try {
      return [one, toPlan(mutations[choice % mutations.length]?.mutant)];
    } catch {
      return [one, one];
    }
  }),
);

describe('comparePlans', () => {
  it.each(driftWays)('finds no drift between a plan and itself, %s', (way) => {
    expect(comparePlans(approved, toPlan(approved), way)).toEqual({
      drift: null,
      scope: { added: [], removed: [], retyped: [] },
      diff: '',
    });
  });

  it.each([
    ['title', { title: 'Greet.' }],
    ['summary', { summary: '' }],
    ['step', { steps: [] }],
    ['reason', { files: [{ ...fileA, reason: '' }, fileB] }],
    ['command', { commands: ['npm test', 'npm publish'] }],
    ['risk', { risks: [] }],
  ])('takes another %s for drift, but not under scope', (_, change) => {
    const now = toPlan({ ...approved, ...change });
    expect(comparePlans(approved, now, 'anchored').drift).toBe('plan-drift');
    expect(comparePlans(approved, now, 'exact').drift).toBe('plan-drift');
    const { drift, diff, scope } = comparePlans(approved, now, 'scope');
    expect(drift).toBeNull();
    expect(diff).not.toBe('');
    expect(scope).toEqual({ added: [], removed: [], retyped: [] });
  });

  it.each([
    ['one more', [fileA, fileB, { path: 'c', operation: 'create', reason: '' }], ['c'], [], []],
    ['one less', [fileA], [], ['b.txt'], []],
    ['another operation', [{ ...fileA, operation: 'delete' }, fileB], [], [], ['a.txt']],
    ['a renamed one', [fileA, { ...fileB, path: 'd.txt' }], ['d.txt'], ['b.txt'], []],
    ['none', [], [], ['a.txt', 'b.txt'], []],
  ])('takes %s among the files for drift in every way', (_, files, added, removed, retyped) => {
    const now = toPlan({ ...approved, files });
    for (const way of driftWays) {
      const { drift, scope } = comparePlans(approved, now, way);
      expect(drift).toBe('scope-drift');
      expect(paths(scope.added)).toEqual(added);
      expect(paths(scope.removed)).toEqual(removed);
      expect(paths(scope.retyped)).toEqual(retyped);
    }
  });

  it('says of a retyped file what it is now, and what was approved', () => {
    const now = toPlan({ ...approved, files: [{ ...fileA, operation: 'delete' }, fileB] });
    expect(comparePlans(approved, now, 'scope').scope.retyped).toEqual([
      { ...fileA, operation: 'delete', was: 'modify' },
    ]);
  });

  it('is symmetric', () => {
    fc.assert(
      fc.property(pair, way, ([one, other], way) => {
        const there = comparePlans(one, other, way);
        const back = comparePlans(other, one, way);
        expect(back.drift).toBe(there.drift);
        expect(back.scope.added).toEqual(there.scope.removed);
        expect(back.scope.removed).toEqual(there.scope.added);
        expect(paths(back.scope.retyped)).toEqual(paths(there.scope.retyped));
        expect(back.diff === '').toBe(there.diff === '');
      }),
      { numRuns: runs(2000) },
    );
  });

  it('counts any difference that its way looks at, and no other', () => {
    fc.assert(
      fc.property(pair, way, ([one, other], way) => {
        const { drift, diff } = comparePlans(one, other, way);
        const sameScope = scopeOf(one).symmetricDifference(scopeOf(other)).size === 0;
        const same = planJson(one) === planJson(other);
        expect(drift !== null).toBe(way === 'scope' ? !sameScope : !same);
        if (drift !== null) expect(drift).toBe(sameScope ? 'plan-drift' : 'scope-drift');
        expect(diff === '').toBe(same);
      }),
      { numRuns: runs(3000) },
    );
  });

  it('gives a diff that leads from the one rendering to the other', () => {
    fc.assert(
      fc.property(pair, ([one, other]) => {
        const { diff } = comparePlans(one, other, 'exact');
        if (asShown(one) === asShown(other)) return;
        expect(applyPatch(renderPlanText(one), diff)).toBe(renderPlanText(other));
      }),
      { numRuns: runs(1000) },
    );
  });

  it('shows a null that became an empty text, though both are rendered as nothing', () => {
    const without = (summary: string | null) => toPlan({ ...approved, summary });
    const { drift, diff } = comparePlans(without(null), without(''), 'exact');
    expect(drift).toBe('plan-drift');
    expect(diff).toContain('+++ regenerated/plan.json\n');
    expect(diff).toContain('-  "summary": null,\n+  "summary": "",\n');
  });
});

describe('diffTexts', () => {
  const lines = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');

  it('has a head that names both', () => {
    expect(diffTexts('a\nb\n', 'a\nc\n')).toBe(
      '--- approved/plan.txt\n+++ regenerated/plan.txt\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n',
    );
  });

  it.each([
    [
      'all lines differ',
      (size: number) => [lines(size, (n) => `a${n}`), lines(size, (n) => `b${n}`)],
    ],
    [
      'lines in turn',
      (size: number) => [
        lines(size, (n) => 'ab'[n % 2] as string),
        lines(size, (n) => 'aab'[n % 3] as string),
      ],
    ],
    [
      // At each size more lines than a difference is looked for in: below that, the time also grows with their number.
      'one line in ten',
      (size: number) => [
        lines(size, (n) => (n % 10 ? 'a' : `x${n}`)),
        lines(size, (n) => (n % 10 ? 'a' : `y${n}`)),
      ],
    ],
    [
      'turned round',
      (size: number) => [lines(size, (n) => `${n % 97}`), lines(size, (n) => `${(size - n) % 89}`)],
    ],
  ])('is bounded where %s', (_, make) => {
    const [before, after] = make(60_000) as [string, string];
    const diff = diffTexts(before, after);
    expect(
      diff.startsWith(
        '--- approved/plan.txt\n+++ regenerated/plan.txt\n@@ -1,60000 +1,60000 @@\n-',
      ),
    ).toBe(true);
    const old = before.replaceAll(/^(?=.)/gm, '-');
    const now = after.replaceAll(/^(?=.)/gm, '+');
    expect(diff.endsWith(`@@\n${old}${now}`)).toBe(true);
    expectLinear(make, ([one, other]) => diffTexts(one as string, other as string), 20_000);
  });

  it('shows up to a thousand edits one by one, and more as one whole for another', () => {
    const before = lines(2000, (n) => `${n}`);
    const edited = (edits: number) => lines(2000, (n) => (n < edits ? `new ${n}` : `${n}`));
    expect(diffTexts(before, edited(500))).not.toContain('-1999\n');
    expect(diffTexts(before, edited(501))).toContain('-1999\n+new 0\n');
    expect(parsePatch(diffTexts(before, edited(501)))).toHaveLength(1);
    expect(applyPatch(before, diffTexts(before, edited(501)))).toBe(edited(501));
  });
});
