import { type FileChange, type FileState, toTransition } from '../core/plan/scope.ts';
import { type ObjectId, parseObjectId } from '../core/text/object-id.ts';
import { notUtf8 } from '../core/text/paths.ts';
import { Stopped } from '../decision.ts';

const maxFiles = 500_000;
const absent = '000000';

/** `git ls-tree -r -z`: blobs, links and submodules by path. */
export function parseTree(output: Uint8Array): Map<string, FileState> {
  const records = splitNamed(output);
  if (records.length > maxFiles) {
    throw new Stopped('limit-exceeded', `The repository has more than ${maxFiles} files.`);
  }
  return new Map(
    records.map((record) => {
      const tab = record.indexOf('\t');
      const [mode = '', , blob = ''] = record.slice(0, tab).split(' ');
      return [record.slice(tab + 1), { mode, blob: readId(blob) }];
    }),
  );
}

/** Records that end with a path, each with its path as `decodePath` names it. */
function splitNamed(output: Uint8Array): readonly string[] {
  return (
    splitWhole(output) ??
    splitRecords(output).map((record) => {
      const tab = record.indexOf('\t') + 1;
      return record.toString('latin1', 0, tab) + decodePath(record.subarray(tab));
    })
  );
}

/**
 * Records as text. If all of the output is UTF-8, each path in it is; to decode thousands of them one by one takes much
 * longer.
 * @returns undefined if it is not all UTF-8
 */
function splitWhole(output: Uint8Array): readonly string[] | undefined {
  const whole = decode(output);
  if (whole === undefined) return undefined;
  if (whole === '') return [];
  if (!whole.endsWith('\0')) throw unreadable();
  return whole.slice(0, -1).split('\0');
}

/** `git diff-tree -r -z --raw --no-renames --no-abbrev`: pairs of `:modes ids status` and a path. */
export function parseRawDiff(output: Uint8Array): FileChange[] {
  const records = splitWhole(output) ?? splitRecords(output);
  if (records.length % 2 !== 0) throw unreadable();
  const changes: FileChange[] = [];
  for (let index = 0; index < records.length; index += 2) {
    const record = records[index] as Buffer | string;
    const facts = typeof record === 'string' ? record : record.toString('latin1');
    const match = /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([AMDT])$/.exec(facts);
    if (match === null) throw unreadable();
    const [, oldMode, newMode, oldBlob, newBlob, status] = match as unknown as string[];
    const state = (mode = '', blob = '') => (mode === absent ? null : { mode, blob: readId(blob) });
    const transition = toTransition(state(oldMode, oldBlob), state(newMode, newBlob));
    if (
      transition === undefined ||
      (transition.operation === 'create') !== (status === 'A') ||
      (transition.operation === 'delete') !== (status === 'D')
    ) {
      throw unreadable();
    }
    const path = records[index + 1] as Buffer | string;
    changes.push({ path: typeof path === 'string' ? path : decodePath(path), ...transition });
  }
  return changes;
}

/**
 * `git merge-tree --write-tree -z --name-only --no-messages` with conflicts: a tree, then paths.
 * @throws Stopped internal if no tree is there: then git failed, and a conflict would end the approval
 */
export function parseConflicts(output: Uint8Array): string[] {
  const [tree, ...paths] = splitRecords(output);
  readId(tree?.toString('latin1') ?? '');
  return paths.filter((record) => record.length > 0).map(decodePath);
}

/** `git check-attr -z`: a path, an attribute and its value, `set`, `unset` and `unspecified` among them. */
export function parseAttributes(
  output: Uint8Array,
): { readonly path: string; readonly attribute: string; readonly value: string }[] {
  const records = splitRecords(output).map(decodePath);
  if (records.length % 3 !== 0) throw unreadable();
  return Array.from({ length: records.length / 3 }, (_, index) => {
    const [path = '', attribute = '', value = ''] = records.slice(3 * index, 3 * index + 3);
    return { path, attribute, value };
  });
}

function splitRecords(output: Uint8Array): Buffer[] {
  const bytes = Buffer.from(output.buffer, output.byteOffset, output.length);
  const records: Buffer[] = [];
  for (let start = 0, end: number; start < bytes.length; start = end + 1) {
    end = bytes.indexOf(0, start);
    if (end === -1) throw unreadable();
    records.push(bytes.subarray(start, end));
  }
  return records;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A path as text. Two names that are not UTF-8 must not become one text, and none the name of another file: so such a
 * name is written in digits, after a NUL, which no name in git holds, and no path of a plan. Each name of a path is
 * written for itself: code that splits a path finds its folders, and a `.git` or `.gitignore` in them, whatever their
 * names are.
 */
export function decodePath(bytes: Uint8Array): string {
  const whole = decode(bytes);
  if (whole !== undefined) return whole;
  // In UTF-8 no other character contains the byte of a slash, so a path is valid if its parts are.
  return splitNames(Buffer.from(bytes))
    .map((name) => decode(name) ?? `${notUtf8}${name.toString('hex')}`)
    .join('/');
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function splitNames(path: Buffer): Buffer[] {
  const names: Buffer[] = [];
  for (let start = 0, end: number; start <= path.length; start = end + 1) {
    const slash = path.indexOf('/', start);
    end = slash === -1 ? path.length : slash;
    names.push(path.subarray(start, end));
  }
  return names;
}

/** The bytes of a path that `decodePath` made. */
export function encodePath(path: string): Buffer {
  if (!path.includes(notUtf8)) return Buffer.from(path);
  const names = path
    .split('/')
    .map((name) =>
      name.startsWith(notUtf8) ? Buffer.from(name.slice(notUtf8.length), 'hex') : Buffer.from(name),
    );
  return Buffer.concat(names.flatMap((name, index) => [...(index > 0 ? [slash] : []), name]));
}

const slash = Buffer.from('/');

function unreadable(): Stopped {
  return new Stopped('internal', 'git answered in an unknown form.');
}

function readId(text: string): ObjectId {
  const id = parseObjectId(text);
  if (id === undefined) throw unreadable();
  return id;
}

/** The words that ask git for a patch, whatever the configuration says. */
export const patchCommand = [
  'diff',
  '--full-index',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
];
