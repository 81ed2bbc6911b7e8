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

/** What has become of digests and of lines, so that whatever repeats them can follow. */
interface Renamed {
  /** Digests of records, and of files that one artifact alone has. */
  readonly digests: Map<string, string>;
  /** Lines of journals: a later artifact carries on what an earlier one said. */
  readonly lines: Map<string, string>;
}

/** Where the entries of a journal come from; those that a forger adds come from nowhere. */
type Origins = Map<Forged, { readonly line: string; readonly carried: boolean }>;

/** Several artifacts have the same bytes in these: only the line of the artifact itself follows. */
const isShared = (name: string) => name === 'policy.json' || name === 'run.log';

/** @param folders oldest first, so that what depends on something comes after it */
export function reseal(folders: readonly Folder[], forge: Forge): readonly Folder[] {
  const renamed: Renamed = { digests: new Map(), lines: new Map() };
  return folders.map((folder) => {
    const files: Record<string, Forged> = {};
    const origins: Origins = new Map();
    for (const [name, content] of folder.members) {
      if (isChecksums(name)) continue;
      if (name === 'change.patch') files[name] = String(content);
      else if (name === 'journal.jsonl') {
        files[name] = lines(String(content)).map((line) => {
          const entry = JSON.parse(renamed.lines.get(line) ?? follow(line, renamed.digests));
          origins.set(entry, { line, carried: renamed.lines.has(line) });
          return entry;
        });
      } else {
        const text = follow(String(content), renamed.digests);
        files[name] = isJson(name) ? JSON.parse(text) : text;
      }
    }
    forge(files, folder);
    return { name: folder.name, members: seal(files, folder, renamed, origins) };
  });
}

function follow(text: string, digests: ReadonlyMap<string, string>): string {
  return text.replace(/[0-9a-f]{64}/g, (one) => digests.get(one) ?? one);
}

/** Writes the files again, records after what they name, and the journal after the records. */
function seal(
  files: Record<string, Forged>,
  { members }: Folder,
  renamed: Renamed,
  origins: Origins,
): Members {
  const before = new Map([...members].map(([name, content]) => [name, String(content)]));
  const written = new Map<string, string>();
  const shared = new Map<string, string>();
  const write = (name: string, text: string) => {
    written.set(name, text);
    const old = before.get(name);
    if (old === undefined || old === text) return;
    (isShared(name) ? shared : renamed.digests).set(sha256(old), sha256(text));
  };
  const last = ['approval', 'verification', 'execution', 'denial', 'withdrawal'].map(
    (one) => `${one}.json`,
  );
  const order = (name: string) =>
    name === 'manifest.json' ? 3 : name === 'journal.jsonl' ? 2 : last.includes(name) ? 1 : 0;
  for (const name of Object.keys(files).toSorted((a, b) => order(a) - order(b))) {
    if (name === 'journal.jsonl') {
      write(name, journal(files[name], origins, renamed, shared));
    } else if (name === 'manifest.json') {
      const contents = planMembers.map(
        (one) => [one, Buffer.from(written.get(one) ?? '')] as const,
      );
      const manifest = { ...files[name], members: listMembers(new Map(contents)) };
      write(name, follow(canonicalJson(manifest), renamed.digests));
    } else if (isJson(name)) write(name, follow(canonicalJson(files[name]), renamed.digests));
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
  origins: Origins,
  renamed: Renamed,
  shared: ReadonlyMap<string, string>,
): string {
  const written: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const prev = written.at(-1);
    const origin = origins.get(entry);
    const text = canonicalJson({
      ...entry,
      seq: index + 1,
      prev: prev === undefined ? null : sha256(prev),
    });
    // What an earlier artifact said stays as it said it.
    const line = origin?.carried ? text : follow(follow(text, renamed.digests), shared);
    if (origin !== undefined) renamed.lines.set(origin.line, line);
    written.push(line);
  }
  return written.map((line) => `${line}\n`).join('');
}

function lines(text: string): string[] {
  return text.split('\n').slice(0, -1);
}
