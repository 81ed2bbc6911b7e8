/**
 * Evidence as somebody makes it who can rewrite all of it: something is changed, and then every digest that depends on it
 * is computed again, in records, journals, manifests and checksums. Only the recorded facts can still show the change.
 */

import { planMembers } from '../../src/core/records/archive-contents.ts';
import { listMembers, type Members } from '../../src/core/records/members.ts';
import { sha256 } from '../../src/core/text/digest.ts';
import { canonicalJson } from '../../src/core/text/json.ts';

export interface Folder {
  readonly name: string;
  readonly members: Members;
}

// biome-ignore lint/suspicious/noExplicitAny: a forger changes what they like
export type Forged = any;

/** Changes the files of one artifact: records as values, the journal as a list of entries, the rest as text. */
export type Forge = (files: Record<string, Forged>, folder: Folder) => void;

const isJson = (name: string) => name.endsWith('.json');
const isChecksums = (name: string) => name.endsWith('.sha256');

/** @param folders oldest first, so that each comes after what it depends on */
export function reseal(folders: readonly Folder[], forge: Forge): readonly Folder[] {
  const renamed = new Map<string, string>();
  const follow = (text: string) => text.replace(/[0-9a-f]{64}/g, (one) => renamed.get(one) ?? one);
  return folders.map((folder) => {
    const files: Record<string, Forged> = {};
    for (const [name, content] of folder.members) {
      if (isChecksums(name)) continue;
      const text = follow(String(content));
      if (name === 'change.patch') files[name] = String(content);
      else if (name === 'journal.jsonl') files[name] = lines(text).map((line) => JSON.parse(line));
      else files[name] = isJson(name) ? JSON.parse(text) : text;
    }
    forge(files, folder);
    return { name: folder.name, members: seal(files, folder, renamed) };
  });
}

/** Writes the files again: first what a record names, then the record, and then the journal. */
function seal(
  files: Record<string, Forged>,
  { members }: Folder,
  renamed: Map<string, string>,
): Members {
  const follow = (text: string) => text.replace(/[0-9a-f]{64}/g, (one) => renamed.get(one) ?? one);
  const before = new Map([...members].map(([name, content]) => [name, String(content)]));
  const written = new Map<string, string>();
  const write = (name: string, text: string) => {
    written.set(name, text);
    const old = before.get(name);
    if (old !== undefined && old !== text) renamed.set(sha256(old), sha256(text));
  };
  const last = ['approval', 'verification', 'execution', 'denial', 'withdrawal'].map(
    (one) => `${one}.json`,
  );
  const order = (name: string) =>
    name === 'manifest.json' ? 3 : name === 'journal.jsonl' ? 2 : last.includes(name) ? 1 : 0;
  for (const name of Object.keys(files).toSorted((a, b) => order(a) - order(b))) {
    if (name === 'journal.jsonl') write(name, journal(files[name], before, renamed, follow));
    else if (name === 'manifest.json') {
      const contents = planMembers.map(
        (one) => [one, Buffer.from(written.get(one) ?? '')] as const,
      );
      const manifest = { ...files[name], members: listMembers(new Map(contents)) };
      write(name, follow(canonicalJson(manifest)));
    } else if (isJson(name)) write(name, follow(canonicalJson(files[name])));
    else write(name, files[name]);
  }
  const checksums = [...before.keys()].find(isChecksums) ?? '';
  const listed = [...members.keys()].filter((name) => written.has(name));
  for (const name of written.keys()) if (!listed.includes(name)) listed.push(name);
  const sums = listed.map((name) => `${sha256(written.get(name) ?? '')}  ${name}\n`);
  return new Map(
    [
      ...listed.map((name) => [name, written.get(name) ?? ''] as const),
      [checksums, sums.join('')] as const,
    ].map(([name, text]) => [name, Buffer.from(text)]),
  );
}

function journal(
  entries: readonly Forged[],
  before: ReadonlyMap<string, string>,
  renamed: Map<string, string>,
  follow: (text: string) => string,
): string {
  const old = lines(before.get('journal.jsonl') ?? '');
  const written: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const prev = written.at(-1);
    const line = follow(
      canonicalJson({ ...entry, seq: index + 1, prev: prev === undefined ? null : sha256(prev) }),
    );
    const was = entries.length === old.length ? old[index] : undefined;
    if (was !== undefined && was !== line) renamed.set(sha256(was), sha256(line));
    written.push(line);
  }
  return written.map((line) => `${line}\n`).join('');
}

function lines(text: string): string[] {
  return text.split('\n').slice(0, -1);
}
