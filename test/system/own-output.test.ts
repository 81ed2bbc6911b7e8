import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asOwn, keepOthersOut } from '../../src/system/own-output.ts';

const original = process.stdout.write;
let written: string[];
let end = () => {};

beforeEach(() => {
  written = [];
  process.stdout.write = ((chunk: string) => {
    written.push(chunk);
    return true;
  }) as typeof process.stdout.write;
});

afterEach(() => {
  end();
  process.stdout.write = original;
});

describe('the log', () => {
  it('has what the action says, and no word of the toolkit', () => {
    end = keepOthersOut(false);
    process.stdout.write('Uploading artifact\n');
    asOwn(() => process.stdout.write('│ Planning\n'));
    process.stdout.write(Buffer.from('Finalizing artifact upload\n'));
    expect(written).toEqual(['│ Planning\n']);
  });

  it('has every workflow command, so that what is masked stays masked, but no debug line', () => {
    end = keepOthersOut(false);
    process.stdout.write('::add-mask::secret\n');
    process.stdout.write('::debug::Workflow Run Backend ID\n');
    process.stdout.write('::warning::late\n');
    expect(written).toEqual(['::add-mask::secret\n', '::warning::late\n']);
  });

  it('has everything in a job that is debugged', () => {
    end = keepOthersOut(true);
    process.stdout.write('Uploading artifact\n');
    process.stdout.write('::debug::x\n');
    expect(written).toHaveLength(2);
  });

  it('does not let anybody wait for a line that is left out', async () => {
    end = keepOthersOut(false);
    await new Promise<void>((resolve) => {
      process.stdout.write('chatter\n', () => resolve());
    });
    expect(written).toEqual([]);
  });

  it('has all again afterwards, and if writing fails', () => {
    end = keepOthersOut(false);
    expect(() =>
      asOwn(() => {
        throw new Error('broken');
      }),
    ).toThrow('broken');
    process.stdout.write('chatter\n');
    expect(written).toEqual([]);
    end();
    process.stdout.write('again\n');
    expect(written).toEqual(['again\n']);
  });
});
