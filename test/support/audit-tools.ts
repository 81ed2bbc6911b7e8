/** What the tests of the audit share. */
import { readArtifact } from '../../src/core/audit/artifact.ts';
import { audit } from '../../src/core/audit/audit.ts';
import { Ledger } from '../../src/core/audit/ledger.ts';
import type { AuditedLoop } from './loop/audited.ts';
import type { Folder, Forge, Forged } from './resealed.ts';

/** The artifacts of a loop as folders, oldest first. */
export async function foldersOf({
  stored,
}: Pick<AuditedLoop, 'stored'>): Promise<readonly Folder[]> {
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

/** What reading one artifact finds, without the others. */
export function findingsInReading(one: Folder): readonly string[] {
  const ledger = new Ledger();
  readArtifact({ ...one, stored: null }, ledger);
  return ledger.findings;
}

/**
 * Whether an audit finds something after one of the folders was changed. An audit reads each artifact first, and keeps
 * what that finds (there is a test for it). So the whole audit is only made if reading the changed one finds nothing:
 * it takes many times as long.
 */
export function isFound(folders: readonly Folder[], old: Folder, changed: Folder): boolean {
  if (findingsInReading(changed).length > 0) return true;
  return findingsIn(folders.map((one) => (one === old ? changed : one))).length > 0;
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
