/**
 * The audit as a separate program, for a machine without a network, years later: `node dist/audit/index.js <folder>…`.
 * It reads the folders and writes `audit/` into the current one. Nobody vouches for the files, and it says so first.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Audit, audit } from './core/audit/audit.ts';
import { Ledger } from './core/audit/ledger.ts';
import { auditFiles } from './report/audit-files.ts';
import { annotation } from './report/log.ts';
import { several } from './report/words.ts';
import { readEvidenceFolders } from './system/evidence-folders.ts';

const folders = process.argv.slice(2);
// Until the end: whatever breaks must not look like a good answer.
process.exitCode = 1;
print('origin not proven');
if (folders.length === 0 || folders.some((one) => one.startsWith('-'))) {
  print('Usage: node dist/audit/index.js <folder>…');
  print('Each folder below these that holds a file of checksums (*.sha256) is an artifact.');
} else {
  try {
    conclude(replay());
  } catch (error) {
    print(`failed: ${error instanceof Error ? error.message : 'an unknown error'}`);
  }
}

function replay(): Audit {
  const { artifacts, strange } = readEvidenceFolders(folders);
  const ledger = new Ledger();
  for (const sentence of strange) ledger.check('files', false, sentence);
  return audit(
    artifacts.map((one) => ({ ...one, stored: null })),
    'not proven',
    ledger,
  );
}

function conclude(result: Audit): void {
  for (const [path, content] of auditFiles(result).files) {
    const file = join('audit', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const { findings, artifacts, recomputed, toldByGitHub, notProvable } = result;
  const checks = recomputed.reduce((sum, { times }) => sum + times, 0);
  print(`${several(artifacts.length, 'artifact')}, ${several(checks, 'check')} held`);
  printList('Does not hold', findings);
  printList("GitHub's word at the time", toldByGitHub);
  printList('Not provable from these files', notProvable);
  print('The report is in audit/report.md and audit/report.html, the events are in audit/events.');
  print(findings.length === 0 ? 'consistent' : 'evidence-inconsistent');
  if (findings.length === 0) process.exitCode = 0;
}

function printList(title: string, sentences: readonly string[]): void {
  if (sentences.length === 0) return;
  print(`${title}:`);
  for (const sentence of sentences) print(`- ${sentence}`);
}

/** What cannot be seen is written out: a name of a file can hold what a terminal obeys. */
function print(line: string): void {
  process.stdout.write(`${annotation(line)}\n`);
}
