/** Holds `docs/evidence.md` to the evidence: its samples are accepted, its commands work, and it explains every key. */
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '../src/core/audit/audit.ts';
import { parsePolicyRecord } from '../src/core/policy/effective.ts';
import {
  readApprovalEvidence,
  readDenialEvidence,
  readExecutionEvidence,
  readPlanEvidence,
  readVerificationEvidence,
} from '../src/core/records/archive-contents.ts';
import { withdrawalSchema } from '../src/core/records/withdrawal.ts';
import { readEvidenceFolders } from '../src/system/evidence-folders.ts';
import { makeTemporaryFolder } from './support/ram-disk.ts';

const root = join(import.meta.dirname, '..');
const samples = join(root, 'docs/samples');
const page = readFileSync(join(root, 'docs/evidence.md'), 'utf8');

const folders = ['drifted', 'executed'].flatMap((story) =>
  readdirSync(join(samples, story)).map((artifact) => [story, artifact] as const),
);

/** The name of an older artifact begins with its run. */
function kindOf(artifact: string): string {
  return /^(?:\d+-)?codex-([a-z]+)-1$/.exec(artifact)?.[1] ?? '';
}

function membersOf(story: string, artifact: string): Map<string, Uint8Array> {
  const folder = join(samples, story, artifact);
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}

describe('the samples: if one is refused, its format has changed, so run "npm run samples"', () => {
  const readers: Record<string, (members: Map<string, Uint8Array>) => unknown> = {
    plan: readPlanEvidence,
    approval: readApprovalEvidence,
    verification: readVerificationEvidence,
    execution: readExecutionEvidence,
    denial: readDenialEvidence,
  };

  it.each(folders)('%s/%s is read', (story, artifact) => {
    const members = membersOf(story, artifact);
    expect(() => readers[kindOf(artifact)]?.(members)).not.toThrow();
    expect(() => parsePolicyRecord(String(members.get('policy.json')))).not.toThrow();
    expect(readers).toHaveProperty(kindOf(artifact));
  });

  it.each(['drifted', 'executed'])('%s is consistent for the audit', (story) => {
    const { artifacts, strange } = readEvidenceFolders([join(samples, story)]);
    const { findings, recomputed } = audit(
      artifacts.map((one) => ({ ...one, stored: null })),
      'not proven',
    );
    expect([...strange, ...findings]).toEqual([]);
    expect(artifacts).toHaveLength(folders.filter(([of]) => of === story).length);
    expect(recomputed.length).toBeGreaterThan(10);
  });

  it('have an example of each artifact that the page lists, and no other', () => {
    const listed = [...page.matchAll(/^\| `codex-([a-z]+)-<pr>` \|/gm)].map(([, kind]) => kind);
    const kept = new Set(folders.map(([, artifact]) => kindOf(artifact)));
    expect([...kept].toSorted()).toEqual(listed.toSorted());
  });

  it('have no path of the machine that made them', () => {
    for (const [story, artifact] of folders) {
      for (const [name, content] of membersOf(story, artifact)) {
        expect(String(content), `${story}/${artifact}/${name}`).not.toMatch(
          /\/(?:tmp|home|root|work|runner)\//,
        );
      }
    }
  });

  it('have only keys that the page explains', () => {
    const explained = new Set([...page.matchAll(/`([a-z_0-9.]+)`/g)].map(([, name]) => name));
    const keysOf = (value: unknown): string[] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([key, inner]) => [
            ...(Array.isArray(value) ? [] : [key]),
            ...keysOf(inner),
          ])
        : [];
    for (const [story, artifact] of folders) {
      for (const [name, content] of membersOf(story, artifact)) {
        if (!/\.jsonl?$/.test(name)) continue;
        const records = String(content).trimEnd().split('\n');
        // The keys of a policy are those of the policy file, which has a page.
        const keys = name === 'policy.json' ? Object.keys : keysOf;
        const unknown = records
          .flatMap((line) => keys(JSON.parse(line)))
          .filter((key) => !explained.has(key));
        expect([...new Set(unknown)], `${story}/${artifact}/${name}`).toEqual([]);
      }
    }
  });

  it('have the files that the page lists for each artifact', () => {
    for (const [story, artifact] of folders) {
      const kind = kindOf(artifact);
      const from = page.indexOf(`\n\`codex-${kind}-<pr>\` contains `);
      const paragraph = page.slice(from, page.indexOf('\n\n', from));
      expect(from, artifact).toBeGreaterThan(0);
      for (const name of membersOf(story, artifact).keys())
        expect(paragraph).toContain(`\`${name}\``);
    }
  });
});

it('a withdrawal, which has no sample, has only keys that its part of the page explains', () => {
  const from = page.indexOf('\n## Withdrawal\n');
  const part = page.slice(from, page.indexOf('\n## ', from + 1));
  const explained = [...part.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name);
  expect(from).toBeGreaterThan(0);
  expect(Object.keys(withdrawalSchema.shape).filter((key) => !explained.includes(key))).toEqual([]);
});

describe('the commands of the page', () => {
  const blocks = [...page.matchAll(/^( *)```sh\n([\s\S]*?)^\1```$/gm)].map(
    ([, indent = '', text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
  let folder: string;

  beforeEach(() => {
    folder = makeTemporaryFolder('evidence');
    cpSync(samples, join(folder, 'docs/samples'), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const runAll = () =>
    execFileSync('bash', ['-euc', blocks.join('\n')], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
    });

  /** Changes a file as somebody would who knows of the checksums beside it. */
  const edit = (
    artifact: string,
    name: string,
    change: (text: string) => string,
    sums?: string,
  ) => {
    const here = join(folder, 'docs/samples/executed', artifact);
    const before = readFileSync(join(here, name), 'utf8');
    const after = change(before);
    expect(after).not.toBe(before);
    writeFileSync(join(here, name), after);
    if (sums === undefined) return;
    const others = readdirSync(here).filter((one) => one !== sums);
    writeFileSync(join(here, sums), execFileSync('sha256sum', others, { cwd: here }));
  };

  it('accept the samples', () => {
    expect(blocks).toHaveLength(4);
    const files = folders
      .filter(([story]) => story === 'executed')
      .filter(([, artifact]) => artifact.startsWith('codex-'))
      .flatMap(([story, artifact]) => [...membersOf(story, artifact).keys()])
      .filter((name) => !name.endsWith('.sha256'));
    expect(files.length).toBeGreaterThan(10);
    expect(runAll().match(/: OK$/gm)).toHaveLength(files.length);
  });

  it.each(['codex-plan-1', 'codex-approval-1', 'codex-verification-1', 'codex-execution-1'])(
    'see a byte too many in %s',
    (artifact) => {
      edit(artifact, 'journal.jsonl', (text) => `${text}\n`);
      expect(runAll).toThrow();
    },
  );

  it.each([
    ['an approval of another plan', 'codex-approval-1', 'approval.json', /"plan_id":"./],
    ['an approval that was edited', 'codex-approval-1', 'approval.json', /"expires_at":"20/],
    ['another change', 'codex-approval-1', 'change.patch', /\+export const ra/],
    ['a plan that was edited', 'codex-plan-1', 'manifest.json', /"created_at":"20/],
    [
      'a verification of another approval',
      'codex-verification-1',
      'verification.json',
      /"approval_sha256":"./,
    ],
    [
      'an execution of another approval',
      'codex-execution-1',
      'execution.json',
      /"approval_sha256":"./,
    ],
    ['an execution of another plan', 'codex-execution-1', 'execution.json', /"plan_id":"./],
    ['another entry in the journal', 'codex-execution-1', 'journal.jsonl', /"login":"bo/],
  ])('see %s, with fresh checksums', (_, artifact, name, pattern) => {
    const sums = `${artifact.split('-')[1]}.sha256`;
    edit(
      artifact,
      name,
      (text) => text.replace(pattern, (found) => `${found.slice(0, -1)}~`),
      sums,
    );
    expect(runAll).toThrow();
  });

  it('see a journal without its first entry, with fresh checksums', () => {
    const cut = (text: string) => text.slice(text.indexOf('\n') + 1);
    edit('codex-execution-1', 'journal.jsonl', cut, 'execution.sha256');
    expect(runAll).toThrow();
  });
});
