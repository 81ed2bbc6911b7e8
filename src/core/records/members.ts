/** The files of one artifact: their names, their bytes and their checksums. */

import { Stopped } from '../../decision.ts';
import { type Sha256, sha256 } from '../text/digest.ts';
import type { Manifest } from './manifest.ts';

/** The files of one artifact by name; text alone, except the sealed change. */
export type Members = ReadonlyMap<string, Uint8Array>;

/** What goes into the manifest's `members`: everything of the artifact but the manifest and the checksums. */
export function listMembers(members: Members): Manifest['members'] {
  return [...members].map(([name, content]) => ({
    name,
    size: content.length,
    sha256: sha256(content),
  }));
}

/** Adds the checksums, in the format of coreutils, over everything else. */
export function withChecksums(members: Members, name: string): Members {
  const lines = [...members].map(([member, content]) => `${sha256(content)}  ${member}\n`);
  return new Map([...members, [name, encode(lines.join(''))]]);
}

/** The digest of each file by its name, for the journal. */
export function digestFiles(
  contents: Readonly<Record<string, string | Uint8Array>>,
): Record<string, Sha256> {
  return Object.fromEntries(Object.entries(contents).map(([name, file]) => [name, sha256(file)]));
}

/** @param contents text or bytes by file name */
export function toMembers(contents: Readonly<Record<string, string | Uint8Array>>): Members {
  return new Map(
    Object.entries(contents).map(([name, content]) => [
      name,
      typeof content === 'string' ? encode(content) : content,
    ]),
  );
}

export function checkNames(members: Members, expected: readonly string[]): void {
  const missing = expected.find((name) => !members.has(name));
  if (missing !== undefined)
    throw new Stopped('artifact-invalid', `The artifact lacks ${missing}.`);
  if (members.size !== expected.length) {
    throw new Stopped('artifact-invalid', 'The artifact has a file that does not belong there.');
  }
}

/** The checksums are compared as text: a line of somebody else's making is never followed to a file. */
export function checkChecksums(members: Members, name: string): void {
  const others = new Map([...members].filter(([member]) => member !== name));
  const expected = readText(withChecksums(others, name), name).split('\n').sort().join('\n');
  if (readText(members, name).split('\n').sort().join('\n') !== expected) {
    throw new Stopped('digest-mismatch', `${name} does not match the files beside it.`);
  }
}

export function expectDigest(name: string, expected: Sha256 | null, actual: Sha256): void {
  if (expected !== actual) {
    throw new Stopped('digest-mismatch', `${name}: expected ${expected ?? 'none'}, got ${actual}.`);
  }
}

/** @throws Stopped artifact-invalid if the file is not UTF-8 */
export function readText(members: Members, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(members.get(name));
  } catch {
    throw new Stopped('artifact-invalid', `${name} is not valid UTF-8.`);
  }
}

export function encode(content: string): Uint8Array {
  return Buffer.from(content);
}
