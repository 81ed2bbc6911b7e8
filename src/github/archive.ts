import { crc32, inflateRawSync } from 'node:zlib';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import type { Members } from '../core/records/members.ts';
import { Stopped, stoppedByMachine } from '../decision.ts';

const maxMembers = 16;
const maxMemberBytes = 32 * 1024 * 1024;
const maxTotalBytes = 48 * 1024 * 1024;
/** Content that cannot be packed grows a little. */
export const maxArchiveBytes = maxTotalBytes + 1024 * 1024;
const endRecordBytes = 22;
const endRecordSignature = 0x06054b50;
const zip64LocatorBytes = 20;
const zip64LocatorSignature = 0x07064b50;
const directoryEntryBytes = 46;
const descriptorBytes = 16;
const descriptorSignature = 0x08074b50;
const descriptorFlag = 0x8;
const stored = 0;
const deflated = 8;
/** Allowed flags: compression level, sizes after the data, names in UTF-8. Everything else is refused, above all encryption. */
const knownFlags = 0x080e;
/** Times and owners, which common tools write: they contain no name, size or content. */
const harmlessFields = new Set([0x5455, 0x5855, 0x7875, 0x000a]);
const fileType = 0o170000;
const regularFile = 0o100000;

/**
 * Reads a ZIP archive in memory and writes nothing. Two readers must not see different archives, so everything that
 * readers could disagree on is refused: duplicate names, local headers that differ from the central ones, extra
 * fields that say more than times and owners, comments, a second directory, folders, links, encryption, data outside
 * the entries or after the end of one's content; sizes are bounded before anything is inflated.
 * @throws Stopped artifact-invalid; platform-unsupported if there is no memory for it
 */
export async function readArchive(bytes: Uint8Array): Promise<Members> {
  try {
    const buffer = Buffer.from(bytes);
    const zip = await fromBufferPromise(buffer, { lazyEntries: true, strictFileNames: true });
    return await readMembers(zip, buffer, findDirectory(buffer));
  } catch (cause) {
    if (cause instanceof Stopped) throw cause;
    // Without memory, nobody knows what it holds.
    const lack = stoppedByMachine(cause);
    if (lack !== undefined) throw lack;
    throw new Stopped('artifact-invalid', 'The archive cannot be read.', { cause });
  }
}

/**
 * What is too large to be read must not be published.
 * @throws Stopped limit-exceeded
 */
export function checkSizes(members: Members): void {
  let total = 0;
  for (const [name, { length }] of members) {
    total += length;
    if (length > maxMemberBytes || total > maxTotalBytes) {
      throw new Stopped(
        'limit-exceeded',
        `${name} has ${length} bytes: evidence holds ${maxMemberBytes} a file, ${maxTotalBytes} in all.`,
      );
    }
  }
}

/** Where the central directory begins; the end record is at the very end, with no comment after it. */
function findDirectory(buffer: Buffer): number {
  const end = buffer.length - endRecordBytes;
  if (end < 0 || buffer.readUInt32LE(end) !== endRecordSignature)
    invalid('does not end as it should');
  const locator = end - zip64LocatorBytes;
  // Some readers use the directory that it points to, others that of the end record.
  if (locator >= 0 && buffer.readUInt32LE(locator) === zip64LocatorSignature)
    invalid('has a second directory');
  return buffer.readUInt32LE(end + 16);
}

async function readMembers(zip: ZipFile, buffer: Buffer, directory: number): Promise<Members> {
  if (zip.entryCount > maxMembers) invalid('has too many entries');
  const members = new Map<string, Uint8Array>();
  const spans: [number, number][] = [];
  let total = 0;
  let directoryEnd = directory;
  for await (const entry of zip.eachEntry()) {
    checkEntry(entry);
    if (members.has(entry.fileName)) invalid('has two entries of one name');
    total += entry.uncompressedSize;
    if (total > maxTotalBytes) invalid('is too large');
    const start = await checkLocalHeader(zip, entry);
    const end = start + entry.compressedSize;
    spans.push([entry.relativeOffsetOfLocalHeader, checkDescriptor(buffer, end, entry)]);
    members.set(entry.fileName, unpack(buffer.subarray(start, end), entry));
    directoryEnd += directoryEntryBytes + entry.fileNameLength + entry.extraFieldLength;
  }
  // A comment can contain another directory, and a reader that uses the size of the directory instead of the number
  // of its entries would find more entries.
  if (directoryEnd !== zip.fileSize - endRecordBytes) invalid('lists more than names');
  checkSpans(spans, directory);
  return members;
}

function checkEntry(entry: Entry): void {
  if (!/^[a-z][a-z0-9.-]{0,63}$/.test(entry.fileName)) invalid('has an entry with an odd name');
  if (entry.generalPurposeBitFlag & ~knownFlags) invalid('has an entry of an unknown kind');
  if (entry.compressionMethod !== stored && entry.compressionMethod !== deflated) {
    invalid('packs an entry in an unknown way');
  }
  // A reader of the stream looks for the descriptor in the content, and plain content could contain one. The action
  // uploads packed content only.
  if (hasDescriptor(entry) && entry.compressionMethod === stored && entry.compressedSize > 0) {
    invalid('does not say where an entry ends');
  }
  checkExtraFields(entry.extraFieldRaw);
  const type = (entry.externalFileAttributes >>> 16) & fileType;
  if (type !== 0 && type !== regularFile) invalid('has an entry that is not a regular file');
  if (entry.uncompressedSize > maxMemberBytes) invalid('has an entry that is too large');
}

/**
 * If the local header says something else, a reader of the stream sees that.
 * @returns the position at which the content begins
 */
async function checkLocalHeader(zip: ZipFile, entry: Entry): Promise<number> {
  const header = await zip.readLocalFileHeaderPromise(entry, { minimal: false });
  if (!('fileName' in header) || header.fileName.toString('utf8') !== entry.fileName) {
    invalid('names an entry in two ways');
  }
  checkExtraFields(header.extraField);
  if (
    header.compressionMethod !== entry.compressionMethod ||
    header.generalPurposeBitFlag !== entry.generalPurposeBitFlag
  ) {
    invalid('packs an entry in two ways');
  }
  const sizes = [header.compressedSize, header.uncompressedSize, header.crc32];
  const expected = [entry.compressedSize, entry.uncompressedSize, entry.crc32];
  if (sizes.some((size, at) => size !== (hasDescriptor(entry) ? 0 : expected[at]))) {
    invalid('sizes an entry in two ways');
  }
  return header.fileDataStart;
}

/** Other fields have another name or size, and only some readers use them. */
function checkExtraFields(fields: Buffer): void {
  let at = 0;
  for (; at + 4 <= fields.length; at += 4 + fields.readUInt16LE(at + 2)) {
    if (!harmlessFields.has(fields.readUInt16LE(at))) invalid('lists more than names');
  }
  if (at !== fields.length) invalid('lists more than names');
}

function hasDescriptor(entry: Entry): boolean {
  return (entry.generalPurposeBitFlag & descriptorFlag) !== 0;
}

function unpack(packed: Buffer, entry: Entry): Uint8Array {
  const content = entry.compressionMethod === stored ? packed : inflate(packed, entry);
  if (content.length !== entry.uncompressedSize || crc32(content) !== entry.crc32) {
    invalid('holds something else than it lists');
  }
  return content;
}

/** The content must end with the packed bytes: a reader of the stream would read what follows as an entry. */
function inflate(packed: Buffer, { uncompressedSize }: Entry): Uint8Array {
  const options = { info: true, maxOutputLength: Math.max(1, uncompressedSize) };
  // The types do not know what `info` returns.
  const { buffer, engine } = inflateRawSync(packed, options) as unknown as {
    buffer: Buffer;
    engine: { bytesWritten: number };
  };
  if (engine.bytesWritten !== packed.length) invalid('hides data');
  return buffer;
}

/**
 * The sizes after the data, if the header could not say them yet.
 * @returns the position at which the entry ends
 */
function checkDescriptor(buffer: Buffer, at: number, entry: Entry): number {
  if (!hasDescriptor(entry)) return at;
  const expected = [descriptorSignature, entry.crc32, entry.compressedSize, entry.uncompressedSize];
  if (expected.some((field, index) => buffer.readUInt32LE(at + 4 * index) !== field)) {
    invalid('sizes an entry in two ways');
  }
  return at + descriptorBytes;
}

/**
 * Each byte before the directory belongs to exactly one entry: nothing is hidden between entries, and no entry is
 * inside another.
 */
function checkSpans(spans: readonly [number, number][], directory: number): void {
  let end = 0;
  for (const [start, next] of [...spans.toSorted(([a], [b]) => a - b), [directory, 0] as const]) {
    if (start !== end) invalid('hides data');
    end = next;
  }
}

function invalid(why: string): never {
  throw new Stopped('artifact-invalid', `The archive ${why}.`);
}
