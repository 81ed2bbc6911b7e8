import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planJson } from '../../../src/core/plan/plan.ts';
import { renderPlanText, renderProposal } from '../../../src/core/plan/plan-text.ts';
import { runs } from '../../support/properties.ts';
import { asShown, mutationsOf, plan, toPlan } from '../plans.ts';

const full = toPlan({
  title: 'Greet\nin two lines',
  summary: 'Says hello.\nTwice.',
  steps: [
    { title: 'Say it\nloudly', detail: 'In a.txt.\nAt the top.', paths: ['a.txt', 'b/c.txt'] },
    { title: 'Test it', detail: '', paths: [] },
    { title: 'Look at it', detail: null, paths: [] },
  ],
  files: [
    { path: 'a.txt', operation: 'modify', reason: 'It greets:\nhello.' },
    { path: 'b/c.txt', operation: 'create', reason: '' },
    { path: 'd.txt', operation: 'delete', reason: null },
  ],
  commands: ['npm test', 'cat <<E\nE'],
  risks: ['None.'],
});

describe('renderPlanText', () => {
  it('shows everything, one fact a line', () => {
    expect(renderPlanText(full)).toBe(`Greet
    in two lines

Says hello.
    Twice.

Steps
  1. Say it
  > loudly
    In a.txt.
    At the top.
  - a.txt
  - b/c.txt
  2. Test it
  3. Look at it

Files
  modify a.txt: It greets:
    hello.
  create b/c.txt
  delete d.txt

Commands
  - npm test
  - cat <<E
    E

Risks
  - None.
`);
  });

  it('leaves out what is empty', () => {
    const none = { title: 'T', summary: '', steps: [], files: [], commands: [], risks: [] };
    expect(renderPlanText(toPlan(none))).toBe('T\n');
    expect(renderPlanText(toPlan({ ...none, summary: null }))).toBe('T\n');
  });

  it('differs for any two plans that differ in what they say', () => {
    fc.assert(
      fc.property(plan, plan, (one, other) => {
        expect(renderPlanText(one) === renderPlanText(other)).toBe(asShown(one) === asShown(other));
      }),
      { numRuns: runs(5000) },
    );
  });

  it('differs for a plan and its every neighbour', () => {
    fc.assert(
      fc.property(plan, (one) => {
        for (const { where, mutant } of mutationsOf(JSON.parse(planJson(one)))) {
          let other: typeof one;
          try {
            other = toPlan(mutant);
          } catch {
            continue;
          }
          if (asShown(other) === asShown(one)) continue;
          expect(renderPlanText(other), where).not.toBe(renderPlanText(one));
        }
      }),
      { numRuns: runs(200) },
    );
  });

  it.each([
    [
      'a step in the detail',
      { title: 'a', detail: '- x', paths: [] },
      { title: 'a', detail: '', paths: ['x'] },
    ],
    [
      'a detail in the title',
      { title: 'a\nb', detail: '', paths: [] },
      { title: 'a', detail: 'b', paths: [] },
    ],
  ])('is not deceived by %s', (_, one, other) => {
    const withStep = (step: object) =>
      renderPlanText(toPlan({ ...full, schema: undefined, steps: [step] }));
    expect(withStep(one)).not.toBe(withStep(other));
  });

  it('is not deceived by a section in the title', () => {
    const none = { summary: '', steps: [], files: [], commands: [], risks: [] };
    const real = toPlan({ ...none, title: 'a', commands: ['b'] });
    const forged = toPlan({ ...none, title: renderPlanText(real).trimEnd() });
    expect(renderPlanText(forged)).not.toBe(renderPlanText(real));
  });
});

describe('its parts', () => {
  it('are lines of the whole', () => {
    fc.assert(
      fc.property(plan, (one) => {
        const whole = renderPlanText(one);
        expect(whole.startsWith(renderProposal(one))).toBe(true);
      }),
      { numRuns: runs(500) },
    );
  });
});
