import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/decision.ts';
import { readArchive } from '../../src/github/archive.ts';
import { runs } from '../support/properties.ts';
import { type ZipEntry, zip } from '../support/zip.ts';

const one: ZipEntry = { name: 'plan.json', content: '{}' };
const two: ZipEntry = { name: 'prompt.txt', content: 'greet everybody' };

async function refusal(bytes: Uint8Array): Promise<string> {
  try {
    await readArchive(bytes);
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    return (error as Fault).message;
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

  it('counts the entries', async () => {
    const entries = Array.from({ length: 17 }, (_, n) => ({ ...one, name: `m${n}` }));
    expect(await refusal(zip(entries.slice(1)))).toBe('accepted');
    expect(await refusal(zip(entries))).toBe('The archive has too many entries.');
  });

  it('has no comment at its end', async () => {
    const archive = zip([one], { comment: 'more' });
    expect(await refusal(archive)).toBe('The archive does not end as it should.');
  });

  it('adds the sizes up', async () => {
    const content = Buffer.alloc(17 * 1024 * 1024);
    const entries = ['a', 'b', 'c'].map((name) => ({ name, content, stored: true }));
    expect(await refusal(zip(entries.slice(0, 2)))).toBe('accepted');
    expect(await refusal(zip(entries))).toBe('The archive is too large.');
  });

  it('lets content be uniform where it is small', async () => {
    const content = 'a'.repeat(1024 * 1024);
    expect(await text(zip([{ ...one, content }]))).toEqual({ 'plan.json': content });
    expect(await refusal(zip([{ ...one, content: `${content}a` }]))).toBe(
      'The archive inflates out of proportion.',
    );
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
      { numRuns: runs(3000) },
    );
    expect(accepted).toBeGreaterThan(10);
  });
});
