/** Evidence that says the same in other bytes, with checksums that fit: one record has one spelling. */
import { beforeAll, describe, expect, it } from 'vitest';
import { withChecksums } from '../../src/core/records/members.ts';
import { foldersOf, isFound } from '../support/audit-tools.ts';
import { auditedLoop } from '../support/loop/audited.ts';
import type { Folder } from '../support/resealed.ts';

let folders: readonly Folder[];
beforeAll(async () => {
  folders = await foldersOf(await auditedLoop());
});

/** The same folder with other bytes in one file, and the checksums of these. */
function respell(folder: Folder, name: string, content: string | Buffer): Folder {
  const checksums = [...folder.members.keys()].find((one) => one.endsWith('.sha256')) ?? '';
  const members = new Map(
    [...folder.members]
      .filter(([one]) => one !== checksums)
      .map(([one, old]) => [one, one === name ? Buffer.from(content) : old]),
  );
  return { ...folder, members: withChecksums(members, checksums) };
}

const firstKey = /"([a-z_]+)":/;
const spellings: Record<string, (text: string) => string | Buffer> = {
  'blanks between keys': (text) => JSON.stringify(JSON.parse(text), null, 1),
  'a blank in front': (text) => ` ${text}`,
  'a line feed at the end': (text) => `${text}\n`,
  'another order of keys': (text) =>
    JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).toReversed())),
  'an escape for a letter': (text) =>
    text.replace(firstKey, (_, key: string) => `"\\u${hex(key)}${key.slice(1)}":`),
  'one key twice': (text) => text.replace(firstKey, (key) => `${key}null,${key}`),
  'a number with an exponent': (text) => text.replace(/:(\d+)([,}])/, ':$1e0$2'),
  'a number with a fraction': (text) => text.replace(/:(\d+)([,}])/, ':$1.0$2'),
  'a negative zero': (text) => text.replace(/:0([,}])/, ':-0$1').replace(/^(?!.*:-0)/s, ' '),
  'an order mark': (text) => `\ufeff${text}`,
  'a NUL at the end': (text) => `${text}\0`,
  'a lone surrogate': (text) => text.replace(/:"/, ':"\\ud800'),
  'a byte that is no UTF-8': (text) => Buffer.concat([Buffer.from(text), Buffer.from([0xff])]),
  'a prototype': (text) => text.replace('{', '{"__proto__":{},'),
};
const hex = (key: string) => key.charCodeAt(0).toString(16).padStart(4, '0');

describe('a record in another spelling', () => {
  it.each(Object.keys(spellings))('is found: %s', (how) => {
    const spell = spellings[how] as (text: string) => string | Buffer;
    let tried = 0;
    for (const folder of folders) {
      for (const [name, content] of folder.members) {
        if (!name.endsWith('.json')) continue;
        const spelled = spell(String(content));
        // A plan has no number.
        if (spelled === String(content)) continue;
        const found = isFound(folders, folder, respell(folder, name, spelled));
        expect(found, `${folder.name} ${name}`).toBe(true);
        tried++;
      }
    }
    expect(tried).toBeGreaterThan(15);
  });

  it('is found in any line of a journal', () => {
    for (const folder of folders) {
      const text = String(folder.members.get('journal.jsonl'));
      const lines = text.split('\n').slice(0, -1);
      const spelled = lines.map((line) => JSON.stringify(JSON.parse(line), null, 1));
      const variants = [
        `${text}\n`,
        `\ufeff${text}`,
        text.replaceAll('\n', '\r\n'),
        text.trimEnd(),
        `${spelled.join('\n')}\n`,
        text.replace(firstKey, (key) => `${key}null,${key}`),
      ];
      for (const variant of variants) {
        const found = isFound(folders, folder, respell(folder, 'journal.jsonl', variant));
        expect(found, folder.name).toBe(true);
      }
    }
  });

  it('is found in what is no record', () => {
    for (const folder of folders) {
      for (const [name, content] of folder.members) {
        if (/\.(json|jsonl|sha256)$/.test(name)) continue;
        const changed = Buffer.concat([content, Buffer.from('\n')]);
        const found = isFound(folders, folder, respell(folder, name, changed));
        expect(found, `${folder.name} ${name}`).toBe(true);
      }
    }
  });

  it('is found if the checksums are in another form', () => {
    for (const folder of folders) {
      const name = [...folder.members.keys()].find((one) => one.endsWith('.sha256')) ?? '';
      const text = String(folder.members.get(name));
      const variants = [
        text.replaceAll('  ', ' *'),
        text.toUpperCase(),
        text.replace(/^/, '# '),
        `${text}${text}`,
        `${text}${text.split('\n')[0]}\n`,
        text.replaceAll('\n', '\r\n'),
      ];
      for (const variant of variants) {
        const members = new Map([...folder.members, [name, Buffer.from(variant)]]);
        expect(isFound(folders, folder, { ...folder, members }), folder.name).toBe(true);
      }
    }
  });
});
