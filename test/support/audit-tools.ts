/** What the tests of the audit share. */
import { audit } from '../../src/core/audit/audit.ts';
import type { AuditedLoop } from './loop/audited.ts';
import type { Folder, Forge, Forged } from './resealed.ts';

/** The artifacts of a loop as folders, oldest first. */
export async function foldersOf({ stored }: AuditedLoop): Promise<readonly Folder[]> {
  return (await stored()).map(({ name, id, members }) => ({ name: `${id}/${name}`, members }));
}

export function auditOf(found: readonly Folder[]) {
  return audit(
    found.map((one) => ({ ...one, stored: null })),
    'not proven',
  );
}

export function findingsIn(found: readonly Folder[]): readonly string[] {
  return auditOf(found).findings;
}

export function kindOf({ name }: Folder): string {
  return /codex-(\w+)-/.exec(name)?.[1] ?? '';
}

/** The nth artifact of a kind, from 0. */
export function nthOf(folders: readonly Folder[], kind: string, n = 0): Folder {
  const found = folders.filter((one) => kindOf(one) === kind)[n];
  if (found === undefined) throw new Error(`there is no ${kind} ${n}`);
  return found;
}

/** Changes the files of the nth artifact of a kind, and the last line of its journal. */
export function forgingIn(
  folders: readonly Folder[],
  kind: string,
  n: number,
  change: (files: Record<string, Forged>, line: Forged) => void,
): Forge {
  return (files, folder) => {
    if (folder.name !== nthOf(folders, kind, n).name) return;
    change(files, files['journal.jsonl'].at(-1));
  };
}

export function later(at: string, seconds: number): string {
  return new Date(Date.parse(at) + seconds * 1000).toISOString().replace('.000', '');
}
