/** A workspace after it was built: what git says of its trees, and what our own reader finds on the disk. */
import { join } from 'node:path';
import type { NonEmpty } from '../core/lists.ts';
import type { PlannedFile } from '../core/plan/plan.ts';
import type { FileChange, FileState } from '../core/plan/scope.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import type { CountedFiles, UnsupportedFile, Workspace } from '../ports/workspaces.ts';
import { readAttributes } from './attributes.ts';
import { storeBlob } from './blobs.ts';
import { readChanges } from './changed-files.ts';
import { GitError, type GitOptions, type GitTools } from './git.ts';
import { listIgnored } from './ignore-rules.ts';
import { parseRawDiff, parseTree } from './output.ts';
import { objectId, writeTree } from './trees.ts';
import { askedAttributes, findUnsupported } from './unsupported.ts';
import { defaultLimits, type Limits, WorkTree } from './work-tree.ts';

const patchCommand = [
  'diff',
  '--full-index',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
];

export interface Built {
  readonly tools: GitTools;
  /** Holds all of this workspace; Codex reaches only `directory` and `repository`, and writes only to the former. */
  readonly folder: string;
  readonly directory: string;
  readonly repository: string;
  readonly commit: ObjectId;
  readonly tree: ObjectId;
  /** The head that was merged. */
  readonly head: ObjectId;
  readonly mergeBases: NonEmpty<ObjectId>;
  readonly limits?: Limits;
}

export class GitWorkspace implements Workspace {
  readonly directory: string;
  readonly commit: ObjectId;
  readonly tree: ObjectId;
  readonly mergeBases: NonEmpty<ObjectId>;
  readonly #built: Built;
  #indexes = 0;

  constructor(built: Built) {
    this.directory = built.directory;
    this.commit = built.commit;
    this.tree = built.tree;
    this.mergeBases = built.mergeBases;
    this.#built = built;
  }

  async files(treeish: ObjectId): Promise<ReadonlyMap<string, FileState>> {
    return parseTree(await this.#run(['ls-tree', '-r', '-z', '--full-tree', `${treeish}^{tree}`]));
  }

  async hiddenInDiffs(paths: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.#attributes(['linguist-generated', 'diff'], paths);
    const hidden = [...found].filter(([, attributes]) => {
      const generated = attributes.get('linguist-generated') ?? '';
      return attributes.get('diff') === 'unset' || ['set', 'true'].includes(generated);
    });
    return new Set(hidden.map(([path]) => path));
  }

  async findUnsupported(
    files: readonly Pick<PlannedFile, 'path' | 'operation'>[],
    patchesOnly: boolean,
  ): Promise<readonly UnsupportedFile[]> {
    const paths = files.map(({ path }) => path);
    const merge = await this.files(this.tree);
    return findUnsupported(files, {
      merge,
      head: await this.files(this.#built.head),
      attributes: await this.#attributes(askedAttributes, paths),
      patchesOnly,
      read: (path) => this.blob((merge.get(path) as FileState).blob),
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
          algorithm: this.tree.length === 40 ? 'sha1' : 'sha256',
          listIgnored: (paths) =>
            listIgnored({ tools, repository, folder: join(folder, 'rules'), files }, paths),
        },
        named === undefined ? 'all' : (path) => named.has(path),
        (id, content) => storeBlob(repository, id, content),
        limits.changedBytes,
      );
      return await this.#diff(this.tree, await this.#write(this.tree, changed));
    } finally {
      disk.close();
    }
  }

  async patch(changes: readonly FileChange[]): Promise<Uint8Array> {
    const tree = await this.#write(this.tree, changes);
    const patch = await this.#run([...patchCommand, '--binary', this.tree, tree]);
    // git writes headers that it cannot read, for an empty file in a folder whose name ends with a blank, for example.
    if (patch.length > 0 && (await this.#apply(patch)) !== tree) {
      throw new Stopped('path-invalid', 'git cannot read the patch that it makes of these files.');
    }
    return patch;
  }

  async difference(from: ObjectId, to: ObjectId, paths: readonly string[]): Promise<string> {
    const diff = await this.#run([...patchCommand, from, to, '--', ...paths]);
    return diff.toString('utf8');
  }

  async replay(patch: Uint8Array): Promise<readonly FileChange[]> {
    const tree = await this.#apply(patch);
    if (tree !== undefined) return this.#diff(this.tree, tree);
    throw new Stopped('base-moved', 'The sealed change does not apply to the merge of today.');
  }

  treeOf(commit: ObjectId): Promise<ObjectId> {
    return objectId(this.#run(['rev-parse', '--verify', `${commit}^{tree}`]));
  }

  async treeWith(commit: ObjectId, changes: readonly FileChange[]): Promise<ObjectId> {
    const before = await this.treeOf(commit);
    const tree = await this.#write(before, changes);
    // A file in the place of a folder, or the other way round, takes everything there with it.
    const made = await this.#diff(before, tree);
    const asked = new Set(changes.map(({ path, after }) => `${after?.blob} ${path}`));
    const other = made.find(({ path, after }) => !asked.has(`${after?.blob} ${path}`));
    if (other !== undefined || made.length !== changes.length) {
      const what = other === undefined ? 'it has some of it already' : JSON.stringify(other.path);
      throw new Stopped('base-moved', `The change does not fit on the branch: ${what}.`);
    }
    return tree;
  }

  blob(id: ObjectId): Promise<Uint8Array> {
    return this.#run(['cat-file', 'blob', id]);
  }

  #attributes(attributes: readonly string[], paths: readonly string[]) {
    const { tools, repository, folder, tree } = this.#built;
    return readAttributes({ git: tools.git, repository, folder, tree }, attributes, paths);
  }

  /** An index file that nobody else uses, and that Codex never sees. */
  #newIndex(): string {
    return join(this.#built.folder, `index-${this.#indexes++}`);
  }

  /** The merge's tree with a patch applied, in an index alone; undefined if it does not apply byte for byte. */
  async #apply(patch: Uint8Array): Promise<ObjectId | undefined> {
    const index = this.#newIndex();
    await this.#run(['read-tree', this.tree], { index });
    try {
      await this.#run(['apply', '--cached', '--binary', '--whitespace=nowarn', '-'], {
        index,
        input: patch,
      });
    } catch (error) {
      if (error instanceof GitError) return undefined;
      throw error;
    }
    return objectId(this.#run(['write-tree'], { index }));
  }

  #write(
    from: ObjectId,
    changes: readonly Pick<FileChange, 'path' | 'after'>[],
  ): Promise<ObjectId> {
    const { tools, repository } = this.#built;
    return writeTree(tools.git, { repository, index: this.#newIndex() }, from, changes);
  }

  async #diff(from: ObjectId, to: ObjectId): Promise<readonly FileChange[]> {
    return parseRawDiff(
      await this.#run([
        'diff-tree',
        '-r',
        '-z',
        '--raw',
        '--no-renames',
        '--no-abbrev',
        '--ignore-submodules=none',
        from,
        to,
      ]),
    );
  }

  #run(args: readonly string[], options: Omit<GitOptions, 'repository'> = {}): Promise<Buffer> {
    const { tools, repository } = this.#built;
    return tools.git(args, { ...options, repository });
  }
}
