/** Evidence as it lies on a disk: each folder that holds a file of checksums is an artifact. */

import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

/** One folder of files. */
export interface EvidenceFolder {
  /** Below the folder that was named, with its own name first. */
  readonly name: string;
  readonly members: ReadonlyMap<string, Uint8Array>;
}

/** What lies in the folders that were named. */
export interface FoundFolders {
  readonly artifacts: readonly EvidenceFolder[];
  /** What belongs to no artifact, a sentence each. */
  readonly strange: readonly string[];
}

/** More than any plan can have, and little enough to read into memory. */
const most = { entries: 100_000, bytes: 1024 ** 3 };

/**
 * Reads every artifact below these folders. No link is followed: what lies elsewhere is not this evidence.
 * @throws Error if a folder cannot be read, or is too large
 */
export function readEvidenceFolders(folders: readonly string[]): FoundFolders {
  const artifacts: EvidenceFolder[] = [];
  const strange: string[] = [];
  const left = { ...most };
  for (const folder of folders) {
    const top = basename(folder) || folder;
    const open = [folder];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      const name = join(top, relative(folder, path));
      const files = new Map<string, Uint8Array>();
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        const inside = join(path, entry.name);
        left.entries--;
        if (entry.isDirectory()) open.push(inside);
        else if (entry.isFile()) {
          left.bytes -= lstatSync(inside).size;
          if (left.bytes < 0) throw new Error(`${folder} is larger than this program reads.`);
          files.set(entry.name, readFileSync(inside));
        } else strange.push(`${join(name, entry.name)} is neither a file nor a folder.`);
        if (left.entries < 0) throw new Error(`${folder} has more files than this program reads.`);
      }
      if (files.size === 0) continue;
      if ([...files.keys()].some((file) => file.endsWith('.sha256'))) {
        artifacts.push({ name, members: files });
      } else {
        strange.push(`${name} holds files and no checksums, so it is no artifact.`);
      }
    }
  }
  artifacts.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { artifacts, strange };
}
