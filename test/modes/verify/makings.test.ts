import { describe, expect, it } from 'vitest';
import { readPlanEvidence } from '../../../src/core/records/archive-contents.ts';
import { sha256, shortDigest } from '../../../src/core/text/digest.ts';
import { compareMakings } from '../../../src/modes/verify/makings.ts';
import { planArtifact } from '../../core/samples.ts';

const sample = readPlanEvidence(planArtifact());
const then = sample.manifest.codex;
const compare = (
  codex: Partial<typeof then>,
  instructions = sample.instructions,
  before = sample,
) => compareMakings(before, { toolchain: { ...then, ...codex } }, instructions);
const digest = (text: string) => shortDigest(sha256(text));

describe('what a plan is made with', () => {
  it('has not changed if all of it is the same', () => {
    expect(compare({})).toEqual([]);
  });

  it.each<[Partial<typeof then>, string]>([
    [{ version: '0.999.0' }, `Codex version was ${then.version}, is 0.999.0`],
    [{ model: 'another' }, `model was ${then.model}, is another`],
    [{ effort: 'minimal' }, `effort was ${then.effort ?? 'the default'}, is minimal`],
    [{ tools: ['/opt/a', '/opt/b'] }, 'set of tools was node/24.0.0/x64, is /opt/a, /opt/b'],
  ])('has changed: %j', (codex, sentence) => {
    expect(compare(codex)).toEqual([sentence]);
  });

  it('has changed with the instructions', () => {
    const was = digest(sample.instructions);
    expect(compare({}, 'Use tabs.\n')).toEqual([
      `AGENTS.md was ${was}, is ${digest('Use tabs.\n')}`,
    ]);
    expect(compare({}, '')).toEqual([`AGENTS.md was ${was}, is none`]);
    const bare = { ...sample, instructions: '' };
    expect(compare({}, 'Use tabs.\n', bare)).toEqual([
      `AGENTS.md was none, is ${digest('Use tabs.\n')}`,
    ]);
  });
});
