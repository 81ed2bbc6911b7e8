import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Stopped } from '../../src/decision.ts';
import { checkSizes, readArchive } from '../../src/github/archive.ts';
import { runs } from '../support/properties.ts';
import { type ZipEntry, zip } from '../support/zip.ts';

const one: ZipEntry = { name: 'plan.json', content: '{}' };
const two: ZipEntry = { name: 'prompt.txt', content: 'greet everybody' };
const mebibyte = 1024 * 1024;

async function refusal(bytes: Uint8Array): Promise<string> {
  try {
    await readArchive(bytes);
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(Stopped);
    return (error as Stopped).message;
  }
}

const text = async (bytes: Uint8Array) =>
  Object.fromEntries(
    [...(await readArchive(bytes))].map(([name, content]) => [
      name,
      Buffer.from(content).toString('utf8'),
    ]),
  );

describe('readArchive', () => {
  it('reads what is deflated, stored, empty, and followed by a descriptor', async () => {
    const lines = 'a\n'.repeat(500);
    const archive = zip([
      one,
      { ...two, stored: true },
      { name: 'run.log', content: '', stored: true },
      { name: 'empty', content: '', descriptor: true },
      { name: 'journal.jsonl', content: lines, descriptor: true },
    ]);
    expect(await text(archive)).toEqual({
      'plan.json': '{}',
      'prompt.txt': 'greet everybody',
      'run.log': '',
      empty: '',
      'journal.jsonl': lines,
    });
    expect(await text(zip([]))).toEqual({});
  });

  it('reads what says nothing of its kind, fields without content, and an empty file in any form', async () => {
    const empty = { content: '', stored: true };
    const field = Buffer.from([0x55, 0x54, 0, 0]);
    const archive = zip([
      { ...one, mode: 0, extra: field, localExtra: field },
      { ...empty, name: 'a', descriptor: true },
      { ...empty, name: 'b' },
    ]);
    expect(await text(archive)).toEqual({ 'plan.json': '{}', a: '', b: '' });
  });

  it('reads entries that the directory lists in another order', async () => {
    const archive = zip([one, two, { name: 'run.log', content: 'x' }]);
    const start = archive.readUInt32LE(archive.length - 6);
    const listed: Buffer[] = [];
    for (let at = start; at < archive.length - 22; ) {
      const end = at + 46 + archive.readUInt16LE(at + 28);
      listed.push(Buffer.from(archive.subarray(at, end)));
      at = end;
    }
    Buffer.concat(listed.reverse()).copy(archive, start);
    const names = [...(await readArchive(archive)).keys()];
    expect(names).toEqual(['run.log', 'prompt.txt', 'plan.json']);
  });

  it('says what it failed for, and tells a lack of memory from a bad archive', async () => {
    const cut = zip([one]).subarray(0, 30);
    await expect(readArchive(cut)).rejects.toMatchObject({
      reason: 'artifact-invalid',
      message: 'The archive cannot be read.',
      cause: expect.any(Error),
    });
    const lack = Object.assign(new Error('Out of memory'), {
      code: 'ERR_MEMORY_ALLOCATION_FAILED',
    });
    const large = {
      get length(): number {
        throw lack;
      },
    };
    await expect(readArchive(large as Uint8Array)).rejects.toMatchObject({
      reason: 'platform-unsupported',
    });
  });

  it('counts the entries', async () => {
    const entries = Array.from({ length: 17 }, (_, n) => ({ ...one, name: `m${n}` }));
    expect(await refusal(zip(entries.slice(1)))).toBe('accepted');
    expect(await refusal(zip(entries))).toBe('The archive has too many entries.');
  });

  it('has no comment at its end', async () => {
    const archive = zip([one], { comment: 'more' });
    expect(await refusal(archive)).toBe('The archive does not end as it should.');
  });

  it.each([
    ['a file of 32 MiB', [32 * mebibyte], 'accepted'],
    ['48 MiB in all', [32 * mebibyte, 16 * mebibyte], 'accepted'],
    ['a larger file', [32 * mebibyte + 1], 'The archive has an entry that is too large.'],
    ['more in all', [32 * mebibyte, 16 * mebibyte + 1], 'The archive is too large.'],
  ])('reads what may be published, however uniform, and no more: %s', async (_, sizes, outcome) => {
    const members = sizes.map((size, n): [string, Buffer] => [`m${n}`, Buffer.alloc(size)]);
    const archive = zip(members.map(([name, content]) => ({ name, content })));
    expect(await refusal(archive)).toBe(outcome);
    const check = () => checkSizes(new Map(members));
    if (outcome === 'accepted') expect(check).not.toThrow();
    else expect(check).toThrow(/ bytes: evidence holds 33554432 a file, 50331648 in all\.$/);
  });

  it('after any damage reads the same or nothing', async () => {
    const whole = zip([
      one,
      { ...two, stored: true },
      { name: 'run.log', content: 'x'.repeat(99) },
    ]);
    const original = await text(whole);
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 3,
    });
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(damage, fc.option(fc.nat(whole.length - 1)), async (turns, cut) => {
        const bytes = Buffer.from(whole);
        for (const [at, by] of turns) bytes[at] = (bytes[at] as number) ^ by;
        const damaged = cut === null ? bytes : bytes.subarray(0, cut);
        if ((await refusal(damaged)) !== 'accepted') return;
        accepted++;
        expect(await text(damaged)).toEqual(original);
      }),
      // Fewer would meet too few of the bytes that say nothing, such as times.
      { numRuns: Math.max(1000, runs(3000)) },
    );
    expect(accepted).toBeGreaterThan(0);
  });
});
