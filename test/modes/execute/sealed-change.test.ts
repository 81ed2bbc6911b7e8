import { describe, expect, it } from 'vitest';
import type { FileChange, FileState } from '../../../src/core/plan/scope.ts';
import type { ObjectId } from '../../../src/core/text/object-id.ts';
import { unseal, writeTree } from '../../../src/modes/execute/sealed-change.ts';
import type { Commits } from '../../../src/ports/commits.ts';
import { approval, plan } from '../../core/samples.ts';
import { fileChange } from '../../support/changes.ts';
import { objectId as id } from '../../support/object-ids.ts';
import { reasonOf } from '../../support/reason.ts';

type Creation = Extract<FileChange, { operation: 'create' }>;
type Modification = Extract<FileChange, { operation: 'modify' }>;
const modified = approval.files.find(({ operation }) => operation === 'modify') as Modification;
const created = approval.files.find(({ operation }) => operation === 'create') as Creation;
const approved = { approval, change: Buffer.from('patch') };

/** A workspace where the patch makes these changes, on a head with these files. */
function workspaceOf(
  changes: readonly FileChange[],
  head: Record<string, FileState> = { 'a.txt': modified.before },
) {
  return { replay: async () => changes, files: async () => new Map(Object.entries(head)) };
}

describe('the sealed change', () => {
  const reason = (...args: Parameters<typeof workspaceOf>) =>
    reasonOf(() => unseal(workspaceOf(...args), plan, approved));
  const whole = [modified, created];

  it('is what the approval lists, on what the head has', async () => {
    expect(await unseal(workspaceOf(whole), plan, approved)).toEqual(whole);
  });

  const other = { mode: '100644', blob: id('9') };
  it.each<[string, FileChange[], string]>([
    ['changes another file', [...whole, { ...created, path: 'c.txt' }], 'outside-plan'],
    ['lacks a file', [modified], 'digest-mismatch'],
    ['starts from something else', [{ ...modified, before: other }, created], 'digest-mismatch'],
    ['ends with something else', [modified, { ...created, after: other }], 'digest-mismatch'],
    ['has a file twice', [modified, created, created], 'digest-mismatch'],
  ])('is refused where it %s', async (_, changes, expected) => {
    expect(await reason(changes)).toBe(expected);
  });

  it('is refused if it has a planned file that the approval does not list', async () => {
    const files = approval.files.slice(0, 1);
    const shorter = { ...approved, approval: { ...approval, files } };
    expect(await reasonOf(() => unseal(workspaceOf(whole), plan, shorter))).toBe('digest-mismatch');
  });

  it('is refused if the head has something else there', async () => {
    expect(await reason(whole, { 'a.txt': other })).toBe('base-moved');
    expect(await reason(whole, {})).toBe('base-moved');
    expect(await reason(whole, { 'a.txt': modified.before, 'b.txt': other })).toBe('base-moved');
  });

  it('says which file is wrong', async () => {
    const why = (...args: Parameters<typeof workspaceOf>) =>
      expect(unseal(workspaceOf(...args), plan, approved)).rejects;
    await why([...whole, { ...created, path: 'c.txt' }]).toThrow(
      'The sealed change of "c.txt" is not in the plan.',
    );
    await why([modified, { ...created, after: other }]).toThrow(
      'The sealed change of "b.txt" is not the approved one.',
    );
    await why(whole, {}).toThrow('"a.txt" is not what it was when it was approved.');
    await why([modified]).toThrow('The sealed change lacks a file of the approval.');
  });
});

type WriteTree = Pick<Commits, 'writeTree'>;

describe('the tree of the commit', () => {
  const tree = id('7');
  const deleted = fileChange('d.txt', modified.before, null);
  const changes = [modified, created, deleted];
  const workspace = {
    treeOf: async () => id('6'),
    treeWith: async () => tree,
    blobs: async (blobs: readonly ObjectId[]) =>
      new Map(blobs.map((blob) => [blob, Buffer.from(blob)] as const)),
  };
  const commits = (stored = tree) => {
    const calls: Parameters<WriteTree['writeTree']>[] = [];
    const port: WriteTree = {
      writeTree: async (...args) => {
        calls.push(args);
        return stored;
      },
    };
    return { port, calls };
  };

  it('is the head’s with the new content', async () => {
    const { port, calls } = commits();
    expect(await writeTree(port, workspace, id('a'), changes)).toBe(tree);
    expect(calls).toEqual([
      [
        id('6'),
        [
          { path: 'a.txt', after: modified.after, content: Buffer.from(modified.after.blob) },
          { path: 'b.txt', after: created.after, content: Buffer.from(created.after.blob) },
          { path: 'd.txt', after: null, content: null },
        ],
      ],
    ]);
  });

  it('reads no content for a file that goes', async () => {
    const asked: (readonly ObjectId[])[] = [];
    const blobs = async (ids: readonly ObjectId[]) => {
      asked.push(ids);
      return workspace.blobs(ids);
    };
    await writeTree(commits().port, { ...workspace, blobs }, id('a'), changes);
    expect(asked).toEqual([[modified.after.blob, created.after.blob]]);
  });

  it('is refused if GitHub stores something else', async () => {
    const writing = () => writeTree(commits(id('8')).port, workspace, id('a'), changes);
    expect(await reasonOf(writing)).toBe('digest-mismatch');
    await expect(writing()).rejects.toThrow(
      `GitHub stored the tree as ${id('8')}, expected ${tree}.`,
    );
  });
});
