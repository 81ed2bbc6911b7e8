import { describe, expect, it } from 'vitest';
import { readActionFile } from '../../scripts/action-metadata.ts';
import { jobModes } from '../../src/core/set-up/workflow.ts';
import { commonInputs, inputSchema } from '../../src/inputs.ts';
import { modeNames, modes } from '../../src/modes/index.ts';
import { defineMode } from '../../src/modes/mode.ts';
import type { Tools } from '../../src/modes/tools.ts';
import { buildTools } from '../support/tools.ts';

describe('the registry of modes', () => {
  it('has the modes that doctor looks for in workflow files', () => {
    expect([...jobModes].sort()).toEqual([...modeNames].sort());
  });

  it('reads exactly the inputs that action.yml says each mode has', () => {
    const said = readActionFile().inputs.filter(({ name }) => name !== 'mode');
    for (const mode of modeNames) {
      const names = said.filter((input) => input.modes.includes(mode)).map(({ name }) => name);
      expect(modes[mode].inputNames.toSorted(), mode).toEqual(names.toSorted());
    }
  });

  it('gives the power to change the repository to execute alone, and each agent where it works', () => {
    const having = (tool: keyof Tools) =>
      modeNames.filter((mode) => modes[mode].needs.includes(tool));
    expect(having('commits')).toEqual(['execute']);
    expect(having('editor')).toEqual(['approve']);
    expect(having('planner')).toEqual(['plan', 'verify']);
  });
});

describe('a mode', () => {
  it('is given the tools that it needs, and nothing else', async () => {
    let given: readonly string[] = [];
    const mode = defineMode({
      inputs: inputSchema(commonInputs),
      needs: ['run', 'policy'],
      run: async (tools) => {
        given = Object.keys(tools);
        return { decision: 'planned', detail: '' };
      },
    });
    const all: Partial<Tools> = buildTools();
    await mode.prepare((name) => (name === 'github-token' ? 't' : '')).run(all as Tools);
    expect(given).toEqual(['run', 'policy']);
  });

  it('reads its inputs by their names in camel case, and says which one is wrong', () => {
    const read = (inputs: Record<string, string>) => (name: string) => inputs[name] ?? '';
    const inputs = { 'github-token': ' t ', 'artifact-prefix': 'mine', prompt: ' keep \n' };
    expect(modes.execute.prepare(read(inputs)).inputs).toMatchObject({
      githubToken: 't',
      artifactPrefix: 'mine',
      prompt: ' keep \n',
    });
    const wrong = read({ ...inputs, 'retention-days': 'soon' });
    expect(() => modes.execute.prepare(wrong)).toThrow(
      'The input retention-days must be a positive whole number.',
    );
    expect(() => modes.execute.prepare(read({}))).toThrow('The input github-token must be set.');
  });
});
