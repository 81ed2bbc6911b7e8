/** A workspace after it was built: git's facts about its trees, and what the action's reader finds on the disk. */
import { join } from 'node:path';
import type { NonEmpty } from '../core/lists.ts';
import type { PlannedFile } from '../core/plan/plan.ts';
import type { FileChange, FileState } from '../core/plan/scope.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import type { CountedFiles, UnsupportedFile, Workspace } from '../ports/workspaces.ts';
import { beginRemoval, removeSoon } from '../system/begin-removal.ts';
import { hiddenBy } from './attributes.ts';
import { algorithmOf, storeBlob } from './blobs.ts';
import type { Built } from './built.ts';
import { readChanges } from './changed-files.ts';
import { GitError } from './git.ts';
import { listIgnored } from './ignore-rules.ts';
import { MadeTrees } from './made-trees.ts';
import { Objects } from './objects.ts';
import { patchCommand } from './output.ts';
import { takingPaths } from './trees.ts';
import { findUnsupported } from './unsupported.ts';
import { defaultLimits, WorkTree } from './work-tree.ts';

/** Fewer are removed in less time than it takes to start a program for it. */
const manyFiles = 2000;

export class GitWorkspace implements Workspace {
  readonly directory: string;
  readonly commit: ObjectId;
  readonly tree: ObjectId;
  readonly mergeBases: NonEmpty<ObjectId>;
  readonly #built: Built;
  readonly #objects: Objects;
  readonly #made: MadeTrees;
  #writtenOut: Promise<void> | undefined;

  constructor(built: Built) {
    this.directory = built.directory;
    this.commit = built.commit;
    this.tree = built.tree;
    this.mergeBases = built.mergeBases;
    this.#built = built;
    this.#objects = new Objects(built);
    this.#made = new MadeTrees(built, this.#objects);
  }

  lookAhead(): void {
    const ignored = () => undefined;
    Promise.all([this.files(this.tree), this.files(this.#built.head)]).catch(ignored);
    this.#objects.attributes().catch(ignored);
  }

  files(treeish: ObjectId): Promise<ReadonlyMap<string, FileState>> {
    return this.#objects.files(treeish);
  }

  treeOf(commit: ObjectId): Promise<ObjectId> {
    return this.#objects.treeOf(commit);
  }

  blobs(ids: readonly ObjectId[]): Promise<ReadonlyMap<ObjectId, Uint8Array>> {
    return this.#objects.blobs(ids);
  }

  writeOut(): Promise<void> {
    this.#writtenOut ??= this.#writeOut();
    return this.#writtenOut;
  }

  async #writeOut(): Promise<void> {
    await this.#objects.fetchAll();
    const { tools, directory, repository } = this.#built;
    await takingPaths(tools.checkOut(this.tree, directory, { repository }));
  }

  discardFiles(): void {
    const begin = ({ size }: { readonly size: number }) => {
      if (size >= manyFiles) beginRemoval(this.directory);
    };
    this.files(this.tree).then(begin, () => undefined);
  }

  discard(): void {
    removeSoon(this.#built.folder);
  }

  async hiddenInDiffs(paths: readonly string[]): Promise<ReadonlySet<string>> {
    const ask = await this.#objects.attributes();
    return hiddenBy(await ask(paths));
  }

  async findUnsupported(
    files: readonly Pick<PlannedFile, 'path' | 'operation'>[],
    patchesOnly: boolean,
  ): Promise<readonly UnsupportedFile[]> {
    const paths = files.map(({ path }) => path);
    const merge = await this.files(this.tree);
    const ask = await this.#objects.attributes();
    const planned = paths.map((path) => merge.get(path)).filter((one) => one !== undefined);
    const blobs = planned.filter(({ mode }) => mode.startsWith('100')).map(({ blob }) => blob);
    const [contents, attributes, head] = await Promise.all([
      this.blobs(patchesOnly ? blobs : []),
      ask(paths),
      this.files(this.#built.head),
    ]);
    return findUnsupported(files, {
      merge,
      head,
      attributes,
      patchesOnly,
      content: ({ blob }) => contents.get(blob) as Uint8Array,
    });
  }

  async changes(counted: CountedFiles = 'all'): Promise<readonly FileChange[]> {
    const { tools, folder, directory, repository, limits = defaultLimits } = this.#built;
    const files = await this.files(this.tree);
    const named = counted === 'all' ? undefined : new Set(counted.unignoredAnd);
    const disk = new WorkTree(directory, limits);
    try {
      const changed = await readChanges(
        disk,
        {
          files,
          algorithm: algorithmOf(this.tree),
          listIgnored: (paths) =>
            listIgnored({ tools, repository, folder: join(folder, 'rules'), files }, paths),
        },
        named === undefined ? 'all' : (path) => named.has(path),
        (id, content) => storeBlob(repository, id, content),
        limits.changedBytes,
      );
      const made = await this.#made.diff(this.tree, await this.#made.write(this.tree, changed));
      checkTaken(changed, made);
      return made;
    } finally {
      disk.close();
    }
  }

  async patch(changes: readonly FileChange[]): Promise<Uint8Array> {
    const tree = await this.#made.write(this.tree, changes);
    const patch = await this.#run([...patchCommand, '--binary', this.tree, tree]);
    if (patch.length > 0 && (await this.#applyAgain(patch)) !== tree) {
      throw new Stopped('path-invalid', 'git cannot read the patch that it makes of these files.');
    }
    return patch;
  }

  /** git writes headers that it cannot read, for an empty file in a folder whose name ends with a blank, for example. */
  async #applyAgain(patch: Uint8Array): Promise<ObjectId | undefined> {
    try {
      return await this.#made.apply(patch);
    } catch (error) {
      if (error instanceof GitError && error.status > 0) return undefined;
      throw error;
    }
  }

  async difference(from: ObjectId, to: ObjectId, paths: readonly string[]): Promise<string> {
    const trees = await Promise.all([this.files(from), this.files(to)]);
    await this.#objects.needBlobs(
      paths.flatMap((path) => trees.flatMap((files) => blobOf(files.get(path)) ?? [])),
    );
    const diff = await this.#run([...patchCommand, from, to, '--', ...paths]);
    return diff.toString('utf8');
  }

  async replay(patch: Uint8Array): Promise<readonly FileChange[]> {
    await this.#objects.needBlobs(await this.#blobsNamedBy(patch));
    const tree = await this.#made.apply(patch);
    if (tree !== undefined) return this.#made.diff(this.tree, tree);
    throw new Stopped('base-moved', 'The sealed change does not apply to the merge of today.');
  }

  async treeWith(commit: ObjectId, changes: readonly FileChange[]): Promise<ObjectId> {
    const before = await this.treeOf(commit);
    const tree = await this.#made.write(before, changes);
    // If a file replaces a folder, or a folder a file, everything there goes with it.
    const made = await this.#made.diff(before, tree);
    const asked = new Set(changes.map(({ path, after }) => `${after?.blob} ${path}`));
    const other = made.find(({ path, after }) => !asked.has(`${after?.blob} ${path}`));
    if (other !== undefined || made.length !== changes.length) {
      const what = other === undefined ? 'it has some of it already' : JSON.stringify(other.path);
      throw new Stopped('base-moved', `The change does not fit on the branch: ${what}.`);
    }
    return tree;
  }

  /** The files of the merge that a patch changes, by the lines of its headers. */
  async #blobsNamedBy(patch: Uint8Array): Promise<readonly ObjectId[]> {
    if (this.#objects.areWhole) return [];
    const merged = new Set<string>();
    for (const file of (await this.files(this.tree)).values()) merged.add(file.blob);
    const named = Buffer.from(patch)
      .toString('latin1')
      .matchAll(/^index ([0-9a-f]+)\.\./gm);
    return [...named].map(([, id]) => id as ObjectId).filter((id) => merged.has(id));
  }

  #run(args: readonly string[]): Promise<Buffer> {
    const { tools, repository } = this.#built;
    return tools.git(args, { repository });
  }
}

/**
 * git leaves out what it takes in no tree, such as a link `.gitmodules`, and tells nobody.
 * https://git-scm.com/docs/gitmodules#_notes
 * @throws Stopped path-invalid
 */
function checkTaken(changed: readonly { path: string }[], made: readonly FileChange[]): void {
  const taken = new Set(made.map(({ path }) => path));
  const other = changed.find(({ path }) => !taken.has(path));
  if (other === undefined) return;
  throw new Stopped('path-invalid', `git does not take the path ${JSON.stringify(other.path)}.`);
}

/** A submodule has none here. */
function blobOf(file: FileState | undefined): ObjectId | undefined {
  return file === undefined || file.mode === '160000' ? undefined : file.blob;
}
