/** Archives: one reading of each, or none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Stopped } from '../../src/decision.ts';
import { readArchive } from '../../src/github/archive.ts';
import { expectCheap } from '../support/growth.ts';
import { pack } from '../support/loop/evidence.ts';
import '../support/properties.ts';
import { malformedArchives, zip } from '../support/zip.ts';

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();

describe('the archive reader', () => {
  it.each(Object.entries(malformedArchives))('refuses %s', async (_, archive) => {
    await expect(readArchive(archive)).rejects.toMatchObject({
      reason: 'artifact-invalid',
      message: expect.stringMatching(/^The archive [a-z][a-z ]{8,}/),
    });
  });

  it('knows at least a dozen of them', () => {
    expect(Object.keys(malformedArchives).length).toBeGreaterThan(12);
  });

  it('reads an archive that has nothing wrong', async () => {
    const members = await readArchive(
      zip([
        { name: 'a.txt', content: 'one' },
        { name: 'b.txt', content: 'two', stored: true },
      ]),
    );
    expect([...members].map(([name, content]) => [name, text(content)])).toEqual([
      ['a.txt', 'one'],
      ['b.txt', 'two'],
    ]);
  });

  it('reads what common tools leave behind: times and owners, before and after', async () => {
    const times = Buffer.from([0x55, 0x54, 5, 0, 1, 0, 0, 0, 0]);
    const owner = Buffer.from([0x75, 0x78, 3, 0, 1, 0, 0]);
    const extra = Buffer.concat([times, owner]);
    const entry = { name: 'a.txt', content: 'one', extra, localExtra: extra };
    const members = await readArchive(zip([entry, { ...entry, name: 'b.txt', extra: times }]));
    expect([...members.keys()]).toEqual(['a.txt', 'b.txt']);
    const packed = await readArchive(await pack({ 'a.txt': 'one', 'b.txt': 'two' }));
    expect([...packed.values()].map(text)).toEqual(['one', 'two']);
  });

  it('gives back what went in, or nothing, whichever bytes are turned', async () => {
    const contents = fc.dictionary(
      fc.stringMatching(/^[a-z][a-z0-9.-]{0,20}$/),
      fc.uint8Array({ maxLength: 200 }),
      { minKeys: 1, maxKeys: 5 },
    );
    await fc.assert(
      fc.asyncProperty(
        contents,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 3 }),
        async (files, turns) => {
          const archive = zip(Object.entries(files).map(([name, content]) => ({ name, content })));
          for (const [at, by] of turns)
            archive[at % archive.length] = (archive[at % archive.length] as number) ^ by;
          const members = await readArchive(archive).catch((error: unknown) => {
            expect(error).toBeInstanceOf(Stopped);
            expect(error).toMatchObject({ reason: 'artifact-invalid' });
          });
          if (members === undefined || turns.length > 0) return;
          expect(
            Object.fromEntries([...members].map(([name, content]) => [name, [...content]])),
          ).toEqual(
            Object.fromEntries(
              Object.entries(files).map(([name, content]) => [name, [...content]]),
            ),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('ends at once on a bomb', async () => {
    await expectCheap(1, () =>
      expect(readArchive(malformedArchives['a bomb'] as Buffer)).rejects.toThrow(),
    );
  });
});
