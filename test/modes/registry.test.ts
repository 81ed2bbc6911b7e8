import { describe, expect, it } from 'vitest';
import { readActionFile } from '../../scripts/action-metadata.ts';
import { modeNames, modes } from '../../src/modes/index.ts';

describe('the registry of modes', () => {
  it('reads exactly the inputs that action.yml says each mode has', () => {
    const said = readActionFile().inputs.filter(({ name }) => name !== 'mode');
    for (const mode of modeNames) {
      const names = said.filter((input) => input.modes.includes(mode)).map(({ name }) => name);
      expect(modes[mode].inputNames.toSorted(), mode).toEqual(names.toSorted());
    }
  });
});
