import { describe, expect, it } from 'vitest';
import { type Regenerate, regenerateWays } from '../../../src/core/policy/policy.ts';
import { readPlanEvidence } from '../../../src/core/records/archive-contents.ts';
import type { ObjectId } from '../../../src/core/text/object-id.ts';
import { chooseBasis } from '../../../src/modes/verify/basis.ts';
import { planArtifact } from '../../core/samples.ts';
import { objectId } from '../../support/object-ids.ts';

const sample = readPlanEvidence(planArtifact());
const { manifest } = sample;
const today = objectId('7');

interface Given {
  readonly tree?: ObjectId;
  readonly head?: ObjectId;
  readonly baseTree?: ObjectId;
  readonly codex?: Partial<typeof manifest.codex>;
  readonly plannedCodex?: Partial<typeof manifest.codex>;
  readonly instructions?: string;
  /** Whether head and base are the planned commits. */
  readonly isAsPlanned?: boolean;
}

function choose(
  when: Regenerate,
  { tree, head, baseTree, codex, plannedCodex, instructions, isAsPlanned = false }: Given = {},
) {
  const asked: string[] = [];
  const merge: Parameters<typeof chooseBasis>[3] = {
    pins: { head: head ?? manifest.head.sha, base: today },
    isAsPlanned,
    build: async () => {
      if (isAsPlanned) asked.push('build');
      return {
        tree: tree ?? manifest.workspace.tree,
        treeOf: async (commit) => (commit === today && baseTree) || objectId('5'),
      };
    },
  };
  const planner = {
    propose: () => Promise.reject(new Error('The planner was asked for a plan.')),
    describe: async () => {
      asked.push('describe');
      return { ...manifest.codex, ...codex };
    },
  };
  const told = { read: async () => instructions ?? sample.instructions };
  const plan = {
    ...sample,
    manifest: { ...manifest, codex: { ...manifest.codex, ...plannedCodex } },
  };
  return { asked, basis: chooseBasis({ planner, instructions: told }, when, plan, merge) };
}

describe('what a verification rests on', () => {
  it('is the same tree if nothing that the plan was made from has changed', async () => {
    expect(await choose('when-changed').basis).toBe('same-tree');
    const several = { tools: ['/opt/a', '/opt/b'] };
    const given = { codex: several, plannedCodex: several };
    expect(await choose('when-changed', given).basis).toBe('same-tree');
  });

  it.each<[string, Given]>([
    ['the merge', { tree: objectId('6') }],
    ['the head', { head: objectId('6') }],
    ['the base', { baseTree: objectId('6') }],
    ['the version of Codex', { codex: { version: '0.999.0' } }],
    ['the model', { codex: { model: 'another' } }],
    ['the effort', { codex: { effort: 'minimal' } }],
    ['the tools', { codex: { tools: ['/opt/hostedtoolcache/node/24.0.0/x64'] } }],
    ['the number of tools, with the same letters', { codex: { tools: ['node/24.0.0', '/x64'] } }],
    ['the instructions', { instructions: 'Write no tests.\n' }],
  ])('is the model if %s is another', async (_, given) => {
    expect(await choose('when-changed', given).basis).toBe('model');
  });

  it('is the same tree without a merge if head and base are the planned commits', async () => {
    const { asked, basis } = choose('when-changed', { isAsPlanned: true });
    expect(await basis).toBe('same-tree');
    expect(asked).toEqual(['describe']);
    const given = { isAsPlanned: true, codex: { model: 'another' } };
    expect(await choose('when-changed', given).basis).toBe('model');
  });

  it('does not look for Codex if the repository has changed', async () => {
    const { asked, basis } = choose('when-changed', { tree: objectId('6') });
    await basis;
    expect(asked).toEqual([]);
  });

  it.each([
    ['always', 'model'],
    ['never', 'deterministic'],
  ] as const)('by the word %s is %s, whatever changed', async (when, expected) => {
    expect(regenerateWays).toContain(when);
    for (const given of [{}, { tree: objectId('6') }]) {
      const { asked, basis } = choose(when, given);
      expect(await basis).toBe(expected);
      expect(asked).toEqual([]);
    }
  });
});
