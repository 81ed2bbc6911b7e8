/** ZIP archives, byte by byte. Most are malformed: two readers could read them differently. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Packed unless a test says otherwise. */
  readonly stored?: boolean;
  /** The name in the local header, if it differs. */
  readonly localName?: string;
  /** What the headers say, if it is not true. */
  readonly method?: number;
  readonly localMethod?: number;
  readonly size?: number;
  readonly localSize?: number;
  readonly localCrc?: number;
  readonly flags?: number;
  readonly localFlags?: number;
  readonly crc?: number;
  /** The packed bytes, if they are not those of the content. */
  readonly packed?: Uint8Array;
  /** Sizes and checksum after the data instead of before them. */
  readonly descriptor?: boolean;
  /** The uncompressed size in the descriptor, if it differs. */
  readonly descriptorSize?: number;
  /** POSIX mode, as `zip` stores it. */
  readonly mode?: number;
  /** Extra fields of the directory and of the local header. */
  readonly extra?: Uint8Array;
  readonly localExtra?: Uint8Array;
  readonly comment?: Uint8Array;
  /** Bytes between this entry and the one before. */
  readonly gap?: Uint8Array;
  /** Whether the central directory leaves it out. */
  readonly hidden?: boolean;
  /** For an entry that only the central directory has: so many bytes after the start of the entry before. */
  readonly alias?: number;
}

export interface ZipOptions {
  readonly prefix?: Uint8Array;
  readonly suffix?: Uint8Array;
  /** Bytes between the entries and the directory. */
  readonly gap?: Uint8Array;
  readonly comment?: string;
  /** The number of entries in the end record, if it differs. */
  readonly count?: number;
}

export function zip(entries: readonly ZipEntry[], options: ZipOptions = {}): Buffer {
  const parts: Buffer[] = [Buffer.from(options.prefix ?? [])];
  const directory: Buffer[] = [];
  const offset = () => parts.reduce((sum, part) => sum + part.length, 0);
  let before = 0;
  for (const entry of entries) {
    if (entry.gap) parts.push(Buffer.from(entry.gap));
    const content = Buffer.from(entry.content);
    const data = Buffer.from(entry.packed ?? (entry.stored ? content : deflateRawSync(content)));
    const start = entry.alias === undefined ? offset() : before + entry.alias;
    before = start;
    const method = entry.method ?? (entry.stored ? 0 : 8);
    const size = entry.size ?? content.length;
    const flags = entry.flags ?? (entry.descriptor ? 0x0808 : 0x0800);
    const facts = { flags, crc: entry.crc ?? crc32(content), packed: data.length };
    if (entry.alias === undefined) {
      parts.push(
        local({
          ...facts,
          name: entry.localName ?? entry.name,
          method: entry.localMethod ?? method,
          size: entry.localSize ?? size,
          crc: entry.localCrc ?? facts.crc,
          flags: entry.localFlags ?? flags,
          extra: entry.localExtra,
          ...(entry.descriptor ? { size: 0, crc: 0, packed: 0 } : {}),
        }),
        data,
        ...(entry.descriptor ? [descriptor({ ...facts, size: entry.descriptorSize ?? size })] : []),
      );
    }
    if (!entry.hidden) {
      const mode = entry.mode ?? 0o100644;
      const { name, extra, comment } = entry;
      directory.push(central({ ...facts, name, method, size, mode, extra, comment, start }));
    }
  }
  if (options.gap) parts.push(Buffer.from(options.gap));
  const start = offset();
  const body = Buffer.concat(directory);
  parts.push(
    body,
    end(options.count ?? directory.length, body.length, start, options.comment ?? ''),
  );
  parts.push(Buffer.from(options.suffix ?? []));
  return Buffer.concat(parts);
}

const empty = Buffer.alloc(0);

interface Header {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly extra?: Uint8Array | undefined;
}

function local({ name, flags, method, crc, packed, size, extra = empty }: Header): Buffer {
  const bytes = Buffer.from(name);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(method, 8);
  header.writeUInt32LE(crc, 14);
  header.writeUInt32LE(packed, 18);
  header.writeUInt32LE(size, 22);
  header.writeUInt16LE(bytes.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, bytes, extra]);
}

function descriptor({ crc, packed, size }: Pick<Header, 'crc' | 'packed' | 'size'>): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(crc, 4);
  bytes.writeUInt32LE(packed, 8);
  bytes.writeUInt32LE(size, 12);
  return bytes;
}

interface Listing extends Header {
  readonly mode: number;
  readonly start: number;
  readonly comment?: Uint8Array | undefined;
}

function central({ extra = empty, comment = empty, ...header }: Listing): Buffer {
  const bytes = Buffer.from(header.name);
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE((3 << 8) | 20, 4);
  record.writeUInt16LE(20, 6);
  record.writeUInt16LE(header.flags, 8);
  record.writeUInt16LE(header.method, 10);
  record.writeUInt32LE(header.crc, 16);
  record.writeUInt32LE(header.packed, 20);
  record.writeUInt32LE(header.size, 24);
  record.writeUInt16LE(bytes.length, 28);
  record.writeUInt16LE(extra.length, 30);
  record.writeUInt16LE(comment.length, 32);
  record.writeUInt32LE((header.mode << 16) >>> 0, 38);
  record.writeUInt32LE(header.start, 42);
  return Buffer.concat([record, bytes, extra, comment]);
}

function end(count: number, size: number, start: number, comment: string): Buffer {
  const bytes = Buffer.from(comment);
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(start, 16);
  record.writeUInt16LE(bytes.length, 20);
  return Buffer.concat([record, bytes]);
}

const others = [
  'prompt.txt',
  'plan.txt',
  'journal.jsonl',
  'run.log',
  'manifest.json',
  'plan.sha256',
];
const rest: ZipEntry[] = others.map((name) => ({ name, content: `${name}\n` }));
const plan: ZipEntry = { name: 'plan.json', content: '{"files":["a"]}' };
const evil: ZipEntry = { name: 'plan.json', content: '{"files":["evil"]}' };
const named = (name: string): ZipEntry => ({ ...evil, name });

function unicodeName(name: string, original: string): Buffer {
  const bytes = Buffer.from(name);
  const field = Buffer.alloc(9);
  field.writeUInt16LE(0x7075, 0);
  field.writeUInt16LE(5 + bytes.length, 2);
  field.writeUInt8(1, 4);
  field.writeUInt32LE(crc32(original), 5);
  return Buffer.concat([field, bytes]);
}

/** An archive up to its directory. */
const entriesOf = (archive: Buffer) =>
  archive.subarray(0, archive.readUInt32LE(archive.length - 6));

/** Bytes that end with their own checksum always have this checksum. */
const checksumOfChecksummed = 0x2144df1c;

/**
 * An archive with two directories, each of them flawless: one lists the evil plan, the other the entry that the evil
 * plan and this directory lie in. A ZIP64 locator in the comment of the first one points to the second.
 */
function twoDirectories(): Buffer {
  const header = { flags: 0x0800, method: 0, mode: 0o100644 };
  const entryOf = ({ name, content }: ZipEntry) => {
    const facts = { ...header, name, crc: crc32(content), packed: content.length };
    return { ...facts, size: content.length };
  };
  const good = Buffer.concat([local(entryOf(plan)), Buffer.from(plan.content)]);
  const bad = Buffer.concat([local(entryOf(evil)), Buffer.from(evil.content)]);
  const outer = { ...header, name: 'run.log', crc: checksumOfChecksummed };
  const inside = good.length + local({ ...outer, packed: 0, size: 0 }).length;

  const second = (size: number) =>
    Buffer.concat([
      central({ ...entryOf(plan), start: 0 }),
      central({ ...outer, packed: size, size, start: good.length }),
    ]);
  const record = Buffer.alloc(56);
  const size = bad.length + second(0).length + record.length + 4;
  record.writeUInt32LE(0x06064b50, 0);
  record.writeUInt32LE(44, 4);
  record.writeUInt32LE(2, 24);
  record.writeUInt32LE(2, 32);
  record.writeUInt32LE(second(0).length, 40);
  record.writeUInt32LE(inside + bad.length, 48);
  const content = Buffer.concat([bad, second(size), record, Buffer.alloc(4)]);
  content.writeUInt32LE(crc32(content.subarray(0, -4)), size - 4);

  const listed = { ...entryOf(evil), start: inside };
  const comment = Buffer.alloc(second(0).length - central(listed).length);
  comment.writeUInt32LE(0x07064b50, comment.length - 20);
  comment.writeUInt32LE(inside + bad.length + second(0).length, comment.length - 12);
  comment.writeUInt32LE(1, comment.length - 4);
  const first = central({ ...listed, comment });
  return Buffer.concat([
    good,
    local({ ...outer, packed: size, size }),
    content,
    first,
    end(1, first.length, inside + size, ''),
  ]);
}

/** Archives that have to be refused, by what is wrong with them. */
export const malformedArchives: Readonly<Record<string, Buffer>> = {
  'traversal in a name': zip([...rest, plan, named('../plan.json')]),
  'traversal in the middle of a name': zip([...rest, named('a/../plan.json')]),
  'an absolute name': zip([...rest, plan, named('/tmp/plan.json')]),
  'a backslash in a name': zip([...rest, plan, named('..\\plan.json')]),
  'a drive in a name': zip([...rest, plan, named('C:plan.json')]),
  'NUL in a name': zip([...rest, plan, named('plan.json\0.txt')]),
  'a folder': zip([...rest, plan, { name: 'folder/', content: '', mode: 0o040755 }]),
  'a symbolic link': zip([
    ...rest,
    { name: 'plan.json', content: '/etc/passwd', stored: true, mode: 0o120777 },
  ]),
  'a device': zip([...rest, { ...plan, mode: 0o020644 }]),
  'two entries of one name': zip([...rest, plan, evil]),
  'another name in the local header': zip([...rest, { ...plan, localName: 'evil.json' }]),
  'another name in the directory': zip([
    ...rest,
    { ...plan, name: 'evil.json', localName: 'plan.json' },
  ]),
  'a second name in the extra fields': zip([
    ...rest,
    {
      ...plan,
      name: 'evil.json',
      localName: 'plan.json',
      extra: unicodeName('plan.json', 'evil.json'),
    },
  ]),
  'a second name in the local extra fields': zip([
    ...rest,
    {
      ...plan,
      name: 'evil.json',
      flags: 0,
      localExtra: unicodeName('plan.json', 'evil.json'),
    },
  ]),
  'an extra field of any other kind': zip([
    ...rest,
    { ...plan, extra: Buffer.from([0xfe, 0xca, 0, 0]) },
  ]),
  'a field that is cut': zip([...rest, { ...plan, extra: Buffer.from([0x55, 0x54, 9, 0, 1]) }]),
  'a field that is too short to be one': zip([
    ...rest,
    { ...plan, localExtra: Buffer.from([0x55, 0x54, 0]) },
  ]),
  'a second name behind the times of the local header': zip([
    ...rest,
    {
      ...plan,
      name: 'evil.json',
      flags: 0,
      localExtra: Buffer.concat([
        Buffer.from([0x55, 0x54, 1, 0, 0]),
        unicodeName('plan.json', 'evil.json'),
      ]),
    },
  ]),
  'a comment on an entry': zip([...rest, { ...plan, comment: Buffer.from('x') }]),
  'two directories': twoDirectories(),
  'another method in the local header': zip([...rest, { ...plan, localMethod: 0 }]),
  'another size in the local header': zip([...rest, { ...plan, localSize: 3 }]),
  'another checksum in the local header': zip([...rest, { ...plan, localCrc: 7 }]),
  'a bomb': zip([...rest, { name: 'plan.json', content: Buffer.alloc(33 * 1024 * 1024) }]),
  'a bomb that lies about its size': zip([
    ...rest,
    { name: 'plan.json', content: Buffer.alloc(8 * 1024 * 1024), size: 100 },
  ]),
  'more than fits in memory, by its own word': zip([...rest, { ...plan, size: 0xfffffff0 }]),
  encryption: zip([...rest, { ...plan, flags: 0x0801 }]),
  'masked headers': zip([...rest, { ...plan, flags: 0x2800 }]),
  'strong encryption': zip([...rest, { ...plan, flags: 0x0840 }]),
  'an unknown method': zip([...rest, { ...plan, method: 12 }]),
  'too many entries': zip(
    Array.from({ length: 5000 }, (_, index) => ({ name: `f${index}`, content: '' })),
  ),
  'data before the entries': zip([...rest, plan], { prefix: Buffer.from('#!/bin/sh\n') }),
  'data behind the end': zip([...rest, plan], { suffix: Buffer.from('more') }),
  'a second archive behind the first': Buffer.concat([zip([...rest, plan]), zip([...rest, evil])]),
  'data between the entries': zip([...rest, { ...plan, gap: Buffer.alloc(1) }]),
  'data behind the sizes of an entry': zip([
    { ...evil, name: 'run.log', descriptor: true },
    { ...plan, gap: Buffer.alloc(1) },
  ]),
  'another size behind the data': zip([...rest, { ...plan, descriptor: true, descriptorSize: 3 }]),
  'an entry in the content of another': zip([
    ...rest,
    { name: 'outer', content: entriesOf(zip([plan])), stored: true },
    { ...plan, alias: 30 + 'outer'.length },
  ]),
  'an entry behind the end of a content': zip([
    ...rest,
    { ...plan, packed: Buffer.concat([deflateRawSync(plan.content), zip([evil])]) },
  ]),
  'stored content that does not say where it ends': zip([
    ...rest,
    { ...plan, stored: true, descriptor: true },
  ]),
  'a wrong checksum': zip([...rest, { ...plan, crc: 7 }]),
  'a wrong checksum of stored content': zip([...rest, { ...plan, stored: true, crc: 7 }]),
  'less content than it lists': zip([...rest, { ...plan, size: 16 }]),
  'other flags in the local header': zip([...rest, { ...plan, localFlags: 0 }]),
  'sizes behind the data that the directory does not know of': zip([
    ...rest,
    { ...plan, descriptor: true, flags: 0x0800 },
  ]),
  'data before the directory': zip([...rest, plan], { gap: Buffer.alloc(1) }),
  'an entry that the directory leaves out': zip([...rest, plan, { ...evil, hidden: true }]),
  'an entry that the end record does not count': zip([...rest, plan, named('evil.json')], {
    count: rest.length + 1,
  }),
  'an entry in the directory alone that the end record does not count': zip(
    [...rest, plan, { ...plan, name: 'evil.json', alias: 0 }],
    { count: rest.length + 1 },
  ),
  'two entries over the same data': zip([...rest, plan, { ...plan, name: 'evil.json', alias: 0 }]),
  'a comment': zip([...rest, plan], { comment: 'PK\x05\x06 is somewhere here' }),
  'half of an archive': zip([...rest, plan]).subarray(0, 200),
  'no archive at all': Buffer.from('{"files":[]}'),
  nothing: Buffer.alloc(0),
};
