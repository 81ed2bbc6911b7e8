import { describe, expect, it } from 'vitest';
import { narrowPlan } from '../../../src/core/plan/narrow.ts';
import { parsePlan, planJson } from '../../../src/core/plan/plan.ts';
import { plan as sample } from '../samples.ts';

const steps = [
  { title: 'Both', detail: null, paths: ['a.txt', 'b.txt'] },
  { title: 'One', detail: null, paths: ['b.txt'] },
];
const plan = parsePlan(JSON.stringify({ ...sample, steps }), 200);
const [a, b] = plan.files;

describe('a narrowed plan', () => {
  it('has neither the files nor what names them in a step; its words stay', () => {
    expect(narrowPlan(plan, ['b.txt'])).toEqual({
      ...plan,
      files: [a],
      steps: [
        { ...steps[0], paths: ['a.txt'] },
        { ...steps[1], paths: [] },
      ],
    });
  });

  it('is the same plan if it has none of the files', () => {
    expect(planJson(narrowPlan(plan, ['c.txt', 'A.txt', 'a.txt/x']))).toBe(planJson(plan));
    expect(planJson(narrowPlan(plan, []))).toBe(planJson(plan));
  });

  it('can lose one file after the other, in any order', () => {
    const both = narrowPlan(plan, ['a.txt', 'b.txt']);
    expect(both.files).toEqual([]);
    expect(narrowPlan(narrowPlan(plan, ['a.txt']), ['b.txt'])).toEqual(both);
    expect(narrowPlan(narrowPlan(plan, ['b.txt']), ['a.txt'])).toEqual(both);
    expect(narrowPlan(plan, ['a.txt']).files).toEqual([b]);
  });
});
