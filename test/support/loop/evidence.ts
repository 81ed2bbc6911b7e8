/** Artifacts as an auditor looks at them: unpacked into a folder, re-checked with coreutils. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBufferPromise } from 'yauzl';
import { ZipFile } from 'yazl';
import { type Artifact, WORKFLOW } from '../github/index.ts';
import { makeTemporaryFolder } from '../ram-disk.ts';
import { distFolder } from './action.ts';
import type { Loop, StepInLoop } from './loop.ts';

export type Unpacked = Readonly<Record<string, string>>;

/** The files of an artifact, as text. */
export async function unpack(artifact: Artifact): Promise<Unpacked> {
  const files: Record<string, string> = {};
  const zip = await fromBufferPromise(artifact.content, { lazyEntries: true });
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    files[entry.fileName] = Buffer.concat(chunks).toString('utf8');
  }
  return files;
}

/** What `sha256sum -c` prints in the unpacked folder; throws if it fails. */
export function sha256sumCheck(files: Unpacked, checksums: string): string[] {
  const folder = makeTemporaryFolder('evidence');
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const printed = execFileSync('sha256sum', ['-c', '--strict', checksums], { cwd: folder });
    return printed.toString('utf8').trim().split('\n').sort();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Packs files as the store keeps them, to replace the real evidence. */
export async function pack(files: Unpacked): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The lines of a journal, checked to follow one another. */
export function journalOf(files: Unpacked): Record<string, unknown>[] {
  const lines = (files['journal.jsonl'] ?? '').trimEnd().split('\n');
  return lines.map((line, index) => {
    const entry = JSON.parse(line);
    const before = lines[index - 1];
    if (entry.seq !== index + 1) throw new Error(`line ${index + 1} says seq ${entry.seq}`);
    if (entry.prev !== (before === undefined ? null : sha256(before))) {
      throw new Error(`line ${index + 1} does not follow`);
    }
    return entry;
  });
}

/** What each record says about how it was made. */
export function madeIn(repo: Loop['repo'], { job }: Pick<StepInLoop, 'job'>) {
  const path = '.github/codex-plan.yml';
  const commit = repo.tip();
  return {
    policy: { path, blob: repo.git.entry(commit, path)?.sha ?? null, commit },
    action: { repository: null, ref: null, dist_sha256: distDigest() },
    run: {
      id: job.id,
      attempt: job.attempt,
      workflow: WORKFLOW,
      workflow_sha: job.env.GITHUB_WORKFLOW_SHA,
      called: [],
    },
  };
}

/** As somebody with a shell computes it. */
function distDigest(): string {
  const command = "find . -type f -printf '%P\\n' | LC_ALL=C sort | xargs sha256sum | sha256sum";
  const printed = execFileSync('sh', ['-c', command], { cwd: distFolder });
  return printed.toString('utf8').slice(0, 64);
}
