/** An audit of a whole loop: what was changed, removed, added, doubled or exchanged is found. */
import { beforeAll, describe, expect, it } from 'vitest';
import { auditFiles } from '../../src/report/audit-files.ts';
import {
  auditOf,
  findingsIn,
  findingsInReading,
  foldersOf,
  isFound,
  kindOf,
  nthOf,
} from '../support/audit-tools.ts';
import { auditedLoop } from '../support/loop/audited.ts';
import { type Folder, type Forge, type Forged, reseal } from '../support/resealed.ts';

let folders: readonly Folder[];

beforeAll(async () => {
  folders = await foldersOf(await auditedLoop());
});

const nth = (kind: string, n = 0) => nthOf(folders, kind, n);
/** Everything, with this one in the place of another. */
const replaced = (old: Folder, by: Folder | null) =>
  folders.flatMap((one) => (one === old ? (by ?? []) : one));
const withFile = (folder: Folder, name: string, content: Uint8Array): Folder => ({
  ...folder,
  members: new Map([...folder.members, [name, content]]),
});

describe('a whole loop', () => {
  it('has one artifact for each step', () => {
    expect(folders.map(kindOf)).toEqual([
      'plan',
      'denial',
      'approval',
      'verification',
      'verification',
      'plan',
      'approval',
      'verification',
      'execution',
    ]);
  });

  it('is consistent, and every kind of check was made', () => {
    const { findings, recomputed, artifacts } = auditOf(folders);
    expect(findings).toEqual([]);
    expect(artifacts).toHaveLength(folders.length);
    // No plan was narrowed.
    expect(recomputed).toHaveLength(16);
  });

  it('is consistent in any order, and part by part', () => {
    expect(findingsIn(folders.toReversed())).toEqual([]);
    expect(findingsIn(folders.slice(0, 5))).toEqual([]);
    expect(findingsIn(folders.slice(5))).toEqual([]);
  });

  it('writes the same events whatever else is audited with them', () => {
    const eventsOf = (found: readonly Folder[]) =>
      [...auditFiles(auditOf(found)).files.keys()].filter((path) => path.startsWith('events/'));
    const all = eventsOf(folders);
    expect(all).toHaveLength(9);
    expect(new Set([...eventsOf(folders.slice(0, 3)), ...eventsOf(folders)]).size).toBe(9);
    expect(new Set([...eventsOf(folders.slice(5)), ...all]).size).toBe(9);
    for (const path of all) {
      expect(path).toMatch(/^events\/dt=\d{4}-\d\d-\d\d\/[0-9a-f]{64}\.ndjson$/);
    }
  });
});

describe('one byte', () => {
  const flipped = (content: Uint8Array, at: number, mask: number) => {
    const copy = Buffer.from(content);
    copy.writeUInt8((copy[at] ?? 0) ^ mask, at);
    return copy;
  };

  it('is found at every position of the small files of a plan and an approval', () => {
    let tried = 0;
    for (const folder of [nth('plan'), nth('approval')]) {
      for (const [name, content] of folder.members) {
        if (content.length > 2500) continue;
        for (let at = 0; at < content.length; at++) {
          const mask = [0x01, 0x20, 0x80][at % 3] as number;
          const changed = withFile(folder, name, flipped(content, at, mask));
          if (!isFound(folders, folder, changed)) expect.fail(`${folder.name} ${name}: byte ${at}`);
          tried++;
        }
      }
    }
    expect(tried).toBeGreaterThan(3000);
  });

  it('is found in samples of every file of the loop, with the first and the last byte', () => {
    for (const folder of folders) {
      for (const [name, content] of folder.members) {
        const step = Math.max(1, Math.floor(content.length / 12));
        const places = new Set([content.length - 1]);
        for (let at = 0; at < content.length; at += step) places.add(at);
        for (const at of places) {
          if (at < 0) continue;
          const changed = withFile(folder, name, flipped(content, at, 1));
          if (!isFound(folders, folder, changed)) expect.fail(`${folder.name} ${name}: byte ${at}`);
        }
      }
    }
  });

  it('is found if it was added or removed', () => {
    for (const folder of folders) {
      for (const [name, content] of folder.members) {
        const cut = content.subarray(0, -1);
        for (const changed of [Buffer.concat([content, Buffer.from('\n')]), cut]) {
          if (changed.length === content.length) continue;
          expect(isFound(folders, folder, withFile(folder, name, changed)), name).toBe(true);
        }
      }
    }
  });

  it('is a finding of the whole audit if reading its artifact alone finds it', () => {
    for (const folder of folders) {
      for (const [name, content] of folder.members) {
        if (content.length === 0) continue;
        const changed = withFile(folder, name, flipped(content, 0, 1));
        const alone = findingsInReading(changed);
        expect(alone, name).not.toEqual([]);
        expect(findingsIn(replaced(folder, changed))).toEqual(expect.arrayContaining([...alone]));
      }
    }
  });
});

describe('a file', () => {
  it('is missed if it was removed, and seen if it was added', () => {
    for (const folder of folders) {
      for (const name of folder.members.keys()) {
        const less = new Map([...folder.members].filter(([one]) => one !== name));
        expect(findingsIn(replaced(folder, { ...folder, members: less })), name).not.toEqual([]);
      }
      const more = withFile(folder, 'more.txt', Buffer.from('x'));
      expect(findingsIn(replaced(folder, more))).not.toEqual([]);
    }
  });
});

describe('an artifact', () => {
  it('is missed if it was removed, unless it is the newest of its plan', () => {
    for (const [index, folder] of folders.entries()) {
      const newest = index === 4 || index === 8;
      const found = findingsIn(replaced(folder, null));
      if (newest) expect(found, folder.name).toEqual([]);
      else
        expect(found, folder.name).toContainEqual(expect.stringMatching(/missing|later|rests on/));
    }
    expect(auditOf(folders).notProvable).toContainEqual(
      expect.stringContaining('nothing names the newest artifact'),
    );
  });

  it('is seen twice if it was doubled', () => {
    for (const folder of folders) {
      const again = { ...folder, name: `again/${folder.name}` };
      expect(findingsIn([...folders, again]), folder.name).toContainEqual(
        expect.stringMatching(/a second time/),
      );
    }
  });

  it('is seen in the place of another, even of the same kind', () => {
    for (const one of folders) {
      for (const other of folders) {
        if (one === other) continue;
        const swapped = folders.map((folder) =>
          folder === one ? { ...one, members: other.members } : folder,
        );
        expect(findingsIn(swapped), `${other.name} for ${one.name}`).not.toEqual([]);
      }
    }
    const [approval, denial] = [nth('approval'), nth('denial')];
    const exchanged = folders.map((folder) =>
      folder === approval
        ? { ...approval, members: denial.members }
        : folder === denial
          ? { ...denial, members: approval.members }
          : folder,
    );
    expect(findingsIn(exchanged)).toContainEqual(expect.stringContaining('is called'));
  });
});

describe('a line of the journal', () => {
  /** Everything resealed, with the journal of the newest artifact of the first plan changed. */
  const withLines = (change: (lines: Forged[]) => Forged[]) =>
    reseal(folders, (files, { name }) => {
      if (name === folders[4]?.name) files['journal.jsonl'] = change(files['journal.jsonl']);
    });

  it('can be written again without a finding: the reseal of the tests holds', () => {
    expect(findingsIn(withLines((lines) => lines))).toEqual([]);
  });

  it.each<[string, (lines: Forged[]) => Forged[]]>([
    ['removed', (lines) => lines.toSpliced(1, 1)],
    ['removed before its own', (lines) => lines.toSpliced(-2, 1)],
    ['doubled', (lines) => lines.toSpliced(2, 0, lines[2])],
    ['added', (lines) => lines.toSpliced(3, 0, { ...lines[3], event: 'verified' })],
    ['exchanged with the one before', (lines) => lines.toSpliced(1, 2, lines[2], lines[1])],
    [
      'given to somebody else',
      (lines) => lines.with(1, { ...lines[1], actor: { id: 9, login: 'eve' } }),
    ],
    ['moved in time', (lines) => lines.with(1, { ...lines[1], at: '2026-03-02T09:00:00Z' })],
  ])('is found if it was %s, though every digest was computed again', (_, change) => {
    expect(findingsIn(withLines(change))).not.toEqual([]);
  });

  it('of a plan names no file as struck before that the plan does not have', () => {
    const withPaths = (...paths: string[]) =>
      reseal(folders, (files) => {
        for (const line of files['journal.jsonl']) if (line.event === 'planned') line.paths = paths;
      });
    expect(findingsIn(withPaths('src/tax.ts'))).toEqual([]);
    expect(findingsIn(withPaths('src/tax.ts', '.env'))).toContainEqual(
      expect.stringContaining('another list of files'),
    );
  });

  it.each<[string, Forge]>([
    ['removed', (files) => files['journal.jsonl'].splice(1, 1)],
    ['exchanged', (files) => files['journal.jsonl'].reverse()],
  ])('is found if it was %s in one file alone', (_, change) => {
    const [, denial] = folders;
    const found = reseal(folders, (files, folder) => {
      if (folder.name === denial?.name) change(files, folder);
    });
    expect(findingsIn(found)).not.toEqual([]);
  });
});
