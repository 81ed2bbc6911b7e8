/**
 * Evidence that somebody could make who controls another workflow: every digest and every line is right, and the content is
 * what they choose.
 */
import { createHash } from 'node:crypto';
import { appendToJournal } from '../../src/core/records/journal.ts';
import { type Members, withChecksums } from '../../src/core/records/members.ts';
import { sha256 } from '../../src/core/text/digest.ts';
import { canonicalJson } from '../../src/core/text/json.ts';
import { readArchive } from '../../src/github/archive.ts';
import type { Artifact, Run } from './github/index.ts';
import { zip } from './zip.ts';

/** A plan that names this run as the one that made it, and this commit as its head if one is given. */
export function forgePlan({ content }: Artifact, run: Run, head?: string): Promise<Buffer> {
  return forge(content, 'plan.sha256', (text) => {
    const manifest = JSON.parse(naming(run, text('manifest.json')));
    if (head !== undefined) manifest.head.sha = head;
    return { 'manifest.json': canonicalJson(manifest) };
  });
}

/** A verification that names this run as the one that made it. */
export function forgeVerification({ content }: Artifact, run: Run): Promise<Buffer> {
  return forge(content, 'verification.sha256', (text) => ({
    'verification.json': naming(run, text('verification.json')),
  }));
}

/** An approval that names this run, and seals another content of a file that the plan creates. */
export function forgeApproval(
  { content }: Artifact,
  run: Run,
  { path, from, to }: { readonly path: string; readonly from: string; readonly to: string },
): Promise<Buffer> {
  return forge(content, 'approval.sha256', (text) => {
    const blob = blobId(to);
    const patch = text('change.patch')
      .replaceAll(blobId(from), blob)
      .replaceAll(`+${from.trimEnd()}`, `+${to.trimEnd()}`);
    const approval = JSON.parse(naming(run, text('approval.json')));
    approval.change_sha256 = sha256(patch);
    for (const file of approval.files) if (file.path === path) file.after.blob = blob;
    const approvalJson = canonicalJson(approval);
    const [planned = ''] = text('journal.jsonl').split(/(?<=\n)/);
    const journal = appendToJournal(planned, {
      at: approval.created_at,
      event: 'approved',
      actor: { id: approval.approvers[0].id, login: approval.approvers[0].login },
      digests: {
        plan_id: approval.plan_id,
        approval: sha256(approvalJson),
        change: approval.change_sha256,
      },
      detail: null,
    });
    return { 'approval.json': approvalJson, 'change.patch': patch, 'journal.jsonl': journal };
  });
}

async function forge(
  content: Buffer,
  checksums: string,
  change: (text: (name: string) => string) => Record<string, string>,
): Promise<Buffer> {
  const members = new Map(await readArchive(content));
  const text = (name: string) => Buffer.from(members.get(name) ?? []).toString('utf8');
  const changes = Object.entries(change(text));
  for (const [name, changed] of changes) members.set(name, Buffer.from(changed));
  members.delete(checksums);
  return pack(withChecksums(members, checksums));
}

function pack(members: Members): Buffer {
  return zip([...members].map(([name, content]) => ({ name, content })));
}

function naming(run: Run, record: string): string {
  const parsed = JSON.parse(record);
  return canonicalJson({ ...parsed, run: { ...parsed.run, id: run.id, attempt: run.attempt } });
}

function blobId(content: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(content)}\0${content}`)
    .digest('hex');
}
