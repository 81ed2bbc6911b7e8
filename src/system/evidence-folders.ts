/** Evidence as it lies on a disk: each folder that holds a file of checksums is an artifact. */

import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';

/** More than any plan can have, and little enough to be read into memory. */
const most = { entries: 100_000, bytes: 1024 ** 3 };

/**
 * What an audit writes beside the evidence. An auditor who checks the same folder again, or the whole folder that mode
 * audit left, must get the same answer. Whatever else lies there is still told.
 */
const reports = [
  { folder: /(?:^|\/)audit$/, file: /^report\.(?:md|html)$/ },
  {
    folder: /(?:^|\/)audit\/events\/dt=\d{4}-\d\d-\d\d$/,
    file: /^[\da-f]{64}\.ndjson$/,
  },
];

/** What lies in the folders that were named; `strange` is a sentence for each thing that belongs to no artifact. */
export interface EvidenceOnDisk {
  readonly artifacts: readonly {
    /** Below the folder that was named, with its own name first. */
    readonly name: string;
    readonly members: ReadonlyMap<string, Uint8Array>;
  }[];
  readonly strange: readonly string[];
}

/**
 * Reads every artifact below these folders. No link is followed: files elsewhere are not part of this evidence.
 * @throws Error if a folder cannot be read, or is too large
 */
export function readEvidenceFolders(folders: readonly string[]): EvidenceOnDisk {
  const artifacts: { name: string; members: Map<string, Uint8Array> }[] = [];
  const strange: string[] = [];
  const left = { ...most };
  for (const folder of folders) {
    const open = [folder];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      const name = join(basename(resolve(folder)), relative(folder, path));
      const members = new Map<string, Uint8Array>();
      const entries = readdirSync(path, { withFileTypes: true });
      left.entries -= entries.length;
      if (left.entries < 0)
        throw new Error(
          `the folders have more than ${most.entries} files. Name only the folders with evidence.`,
        );
      for (const entry of entries) {
        const inside = join(path, entry.name);
        if (entry.isDirectory()) open.push(inside);
        else if (entry.isFile()) {
          left.bytes -= lstatSync(inside).size;
          if (left.bytes < 0)
            throw new Error(
              `the folders have more than ${most.bytes} bytes. Name only the folders with evidence.`,
            );
          members.set(entry.name, readFileSync(inside));
        } else strange.push(`${join(name, entry.name)} is neither a file nor a folder.`);
      }
      const files = [...members.keys()];
      if (files.some((file) => file.endsWith('.sha256'))) artifacts.push({ name, members });
      else if (files.length > 0 && !isReport(name, files)) {
        strange.push(`${name} holds files and no checksums, so it is no artifact.`);
      }
    }
  }
  artifacts.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { artifacts, strange };
}

/** Whether a folder without checksums holds nothing but files of an earlier audit's report. */
function isReport(name: string, files: readonly string[]): boolean {
  return reports.some(
    ({ folder, file }) => folder.test(name) && files.every((one) => file.test(one)),
  );
}
