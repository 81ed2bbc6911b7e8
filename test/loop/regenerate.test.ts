/** When verify asks the model at all: the usual way from label to commit costs one run of Codex in plan and one in approve. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StepOptions } from '../support/loop/action.ts';
import { unpack } from '../support/loop/evidence.ts';
import type { Loop } from '../support/loop/loop.ts';
import { shareLoop } from '../support/loop/shared.ts';
import type { States } from '../support/loop/states.ts';

let loop: Loop;
let states: States;

beforeAll(async () => {
  ({ loop, states } = await shareLoop('approved'));
});
afterEach(() => {
  states.approved();
  expect(loop.github.violations).toEqual([]);
});

async function verify(options: StepOptions = {}) {
  const before = loop.model.calls.length;
  const verified = await loop.verify(options);
  expect(verified).toMatchObject({ decision: 'verified', status: 0 });
  const files = await unpack(loop.repo.artifacts.newest('codex-verification-1'));
  const { basis, regenerated } = JSON.parse(files['verification.json'] ?? '');
  return { verified, basis, regenerated, asked: loop.model.calls.length > before };
}

const elsewhere = () => loop.repo.push('main', { 'src/other.ts': 'export const other = 2;\n' });

describe('verify', () => {
  it('asks no model if nothing has changed, and says so', async () => {
    const { verified, ...found } = await verify();
    expect(found).toEqual({ basis: 'same-tree', regenerated: null, asked: false });
    expect(JSON.parse(verified.outputs.tokens ?? '')).toEqual({ input: 0, cached: 0, output: 0 });
    expect(verified.summary).toMatch(/no model|without a model|was not asked/i);
    expect(await loop.execute()).toMatchObject({ decision: 'executed' });
  });

  it('asks it if the base moved elsewhere', async () => {
    elsewhere();
    expect(await verify()).toMatchObject({ basis: 'model', asked: true });
  });

  it.each<[string, StepOptions['inputs']]>([
    ['model', { model: 'gpt-5.5' }],
    ['effort', { effort: 'low' }],
  ])('asks it if the %s is another', async (_, inputs = {}) => {
    expect(await verify({ inputs })).toMatchObject({ basis: 'model', asked: true });
  });

  it.each<[string, StepOptions['inputs']]>([
    ['regenerate: always', { regenerate: 'always' }],
    ['drift: exact', { drift: 'exact' }],
  ])('asks it each time under %s', async (_, inputs = {}) => {
    expect(await verify({ inputs })).toMatchObject({ basis: 'model', asked: true });
  });

  it('asks it under drift: exact only if something changed, if regenerate says so', async () => {
    const inputs = { drift: 'exact', regenerate: 'when-changed' };
    expect(await verify({ inputs })).toMatchObject({ basis: 'same-tree', asked: false });
  });

  it('never asks it under regenerate: never', async () => {
    elsewhere();
    expect(await verify({ inputs: { regenerate: 'never' } })).toMatchObject({
      basis: 'deterministic',
      asked: false,
    });
  });
});
