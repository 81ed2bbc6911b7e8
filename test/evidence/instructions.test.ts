import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../src/core/policy/policy.ts';
import { RepositoryInstructions } from '../../src/evidence/instructions.ts';
import type { RootFile } from '../../src/ports/repository.ts';
import { making } from '../core/samples.ts';
import { objectId } from '../support/object-ids.ts';
import { reasonOf } from '../support/reason.ts';

const kib = 1024;
const text = 'Use tabs.\n';

/** The instructions of a default branch with this file; null for none. */
function instructionsOf(
  file: Partial<RootFile> | null,
  instructions: 'default-branch' | 'none' = 'default-branch',
) {
  const asked: unknown[][] = [];
  const content = file?.content === undefined ? Buffer.from(text) : file.content;
  const source = new RepositoryInstructions(
    {
      readInstructions: async (...args) => {
        asked.push(args);
        if (file === null) return undefined;
        const size = content?.length ?? 0;
        return { mode: '100644', blob: objectId('1'), size, ...file, content };
      },
    },
    {
      read: async () => ({ ...defaultPolicy, instructions }),
      origin: async () => making.policy,
    },
  );
  return { source, asked };
}

describe('the instructions of the owners', () => {
  it('are the file of the commit that the policy was read from, read once', async () => {
    const { source, asked } = instructionsOf({});
    expect(asked).toEqual([]);
    expect(await Promise.all([source.read(), source.read()])).toEqual([text, text]);
    expect(asked).toEqual([[making.policy.commit, 32 * kib]]);
  });

  it('are nothing if there is no file', async () => {
    expect(await instructionsOf(null).source.read()).toBe('');
  });

  it('are nothing, and are not asked for, if the policy wants none', async () => {
    const { source, asked } = instructionsOf({}, 'none');
    expect(await source.read()).toBe('');
    expect(asked).toEqual([]);
  });

  it.each<[string, string]>([
    ['an empty file', ''],
    ['blanks', ' \n\t\n'],
    ['line ends of every kind', 'a\r\nb\rc\n\n'],
    ['a byte order mark', '\ufeffUse tabs.\n'],
    ['every script', 'Zażółć 日本語 👩‍👩‍👧\u2028\n'],
    ['the longest file', 'é'.repeat(16 * kib)],
  ])('are read byte for byte: %s', async (_, written) => {
    const { source } = instructionsOf({ content: Buffer.from(written) });
    expect(Buffer.from(await source.read()).equals(Buffer.from(written))).toBe(true);
  });

  it('may be executable, as any file may', async () => {
    expect(await instructionsOf({ mode: '100755' }).source.read()).toBe(text);
  });

  it.each<[string, Partial<RootFile>]>([
    ['a symbolic link', { mode: '120000', content: Buffer.from('docs/agents.md') }],
    ['a submodule', { mode: '160000', content: null }],
    ['a folder', { mode: '040000', content: null }],
    ['longer than 32 KiB', { size: 32 * kib + 1, content: null }],
    ['longer than 32 KiB', { content: Buffer.alloc(32 * kib + 1, 'x') }],
    ['longer than 32 KiB', { size: 1, content: Buffer.alloc(32 * kib + 1, 'x') }],
    ['not a text', { content: Buffer.from('a\0b') }],
    ['not a text', { content: Buffer.from([0x61, 0xff, 0xfe]) }],
    ['not a text', { content: Buffer.from([0xed, 0xa0, 0x80]) }],
    ['not a text', { size: 5, content: null }],
  ])('stop the run if the file is %s, and say what to do', async (what, file) => {
    const { source } = instructionsOf(file);
    expect(await reasonOf(() => source.read())).toBe('config-invalid');
    await expect(source.read()).rejects.toThrow(what);
    await expect(source.read()).rejects.toThrow('instructions: none');
  });
});
