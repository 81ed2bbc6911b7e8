/** Which folders are evidence, and what is told of everything beside it. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEvidenceFolders } from '../../src/system/evidence-folders.ts';

const event = `${'ab'.repeat(32)}.ndjson`;

let root: string;
const write = (...paths: readonly string[]) => {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), 'x');
  }
};
const namesIn = (folder: string) =>
  readEvidenceFolders([join(root, folder)]).artifacts.map(({ name }) => name);
const strangeIn = (folder: string) => readEvidenceFolders([join(root, folder)]).strange;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'evidence-'));
  write('all/7/codex-plan-7/plan.json', 'all/7/codex-plan-7/plan.sha256', 'all/8/a/b.sha256');
});
afterEach(() => rmSync(root, { recursive: true }));

describe('an artifact', () => {
  it('is each folder that holds a file of checksums, however deep', () => {
    expect(namesIn('all')).toEqual(['all/7/codex-plan-7', 'all/8/a']);
    expect(namesIn('all/7/codex-plan-7/')).toEqual(['codex-plan-7']);
    expect(strangeIn('all')).toEqual([]);
  });
});

describe('what an earlier audit wrote', () => {
  beforeEach(() => {
    write('all/audit/report.md', 'all/audit/report.html');
    write(`all/audit/events/dt=2026-03-02/${event}`);
  });

  it('is no evidence and no finding: the same folder can be audited again', () => {
    expect(strangeIn('all')).toEqual([]);
    expect(strangeIn('all/audit')).toEqual([]);
    expect(namesIn('all')).toHaveLength(2);
  });

  it.each([
    ['all/audit/plan.json', 'all/audit'],
    ['all/audit/events/note.txt', 'all/audit/events'],
    ['all/audit/events/dt=2026-03-02/a.ndjson', 'all/audit/events/dt=2026-03-02'],
    [`all/audit/events/2026-03-02/${event}`, 'all/audit/events/2026-03-02'],
    ['all/my-audit/report.md', 'all/my-audit'],
  ])('hides nothing else: %s', (path, folder) => {
    write(path);
    expect(strangeIn('all')).toEqual([
      `${folder} holds files and no checksums, so it is no artifact.`,
    ]);
  });

  it('hides no artifact', () => {
    write('all/audit/plan.sha256', `all/audit/events/dt=2026-03-02/denial.sha256`);
    expect(namesIn('all')).toEqual(
      expect.arrayContaining(['all/audit', 'all/audit/events/dt=2026-03-02']),
    );
  });
});

describe('what belongs to no artifact', () => {
  it('is told', () => {
    write('all/8/note.txt');
    symlinkSync('7', join(root, 'all/link'));
    expect(strangeIn('all').toSorted()).toEqual([
      'all/8 holds files and no checksums, so it is no artifact.',
      'all/link is neither a file nor a folder.',
    ]);
  });
});
