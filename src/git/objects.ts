/** The content of a workspace's repository. git answers each question once, and missing objects are fetched. */
import type { FileState } from '../core/plan/scope.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import type { BuildReach } from '../ports/workspaces.ts';
import { type AskAttributes, openAttributes } from './attributes.ts';
import { listMissing, readBlobs } from './blob-reader.ts';
import type { GitTools } from './git.ts';
import { parseTree } from './output.ts';
import { readTrees } from './trees.ts';

/** Fetches everything again, with the files: git does not ask for objects that it expects to be there. */
export const refetch = ['--depth=1', '--refetch', '--no-filter'];

/** A repository, and what was fetched into it. */
export interface Fetched {
  readonly tools: GitTools;
  /** Absolute path of the folder that this action made for the workspace. */
  readonly folder: string;
  readonly repository: string;
  /** The tree of the merge. */
  readonly tree: ObjectId;
  /** Of commits whose trees are known. */
  readonly trees: ReadonlyMap<ObjectId, ObjectId>;
  readonly reach: BuildReach;
  /** The commits that were merged, and those that were fetched with them. */
  readonly commits: readonly ObjectId[];
  /** Fetches objects by their ids. */
  readonly fetch: (options: readonly string[], objects: readonly ObjectId[]) => Promise<void>;
}

export class Objects {
  readonly #fetched: Fetched;
  readonly #trees = new Map<ObjectId, Promise<ObjectId>>();
  readonly #files = new Map<ObjectId, Promise<ReadonlyMap<string, FileState>>>();
  #attributes: Promise<AskAttributes> | undefined;
  #areWhole: boolean;

  constructor(fetched: Fetched) {
    this.#fetched = fetched;
    this.#areWhole = fetched.reach === 'files';
    this.#trees.set(fetched.tree, Promise.resolve(fetched.tree));
    for (const [commit, tree] of fetched.trees) this.#trees.set(commit, Promise.resolve(tree));
  }

  /** Whether the content of all files is there. */
  get areWhole(): boolean {
    return this.#areWhole;
  }

  /** @param treeish a commit that was fetched, or a tree */
  treeOf(treeish: ObjectId): Promise<ObjectId> {
    let tree = this.#trees.get(treeish);
    if (tree === undefined) {
      const { tools, repository } = this.#fetched;
      tree = readTrees(tools.git, repository, [treeish]).then(([one]) => one);
      this.#trees.set(treeish, tree);
    }
    return tree;
  }

  async files(treeish: ObjectId): Promise<ReadonlyMap<string, FileState>> {
    const tree = await this.treeOf(treeish);
    let files = this.#files.get(tree);
    if (files === undefined) {
      const { tools, repository } = this.#fetched;
      const list = ['ls-tree', '-r', '-z', '--full-tree', tree];
      files = tools.git(list, { repository }).then(parseTree);
      this.#files.set(tree, files);
    }
    return files;
  }

  /** Asks for the attributes of paths, as the merge has them. */
  attributes(): Promise<AskAttributes> {
    const { tools, repository, folder, tree } = this.#fetched;
    this.#attributes ??= openAttributes({ git: tools.git, repository, folder, tree });
    return this.#attributes;
  }

  async blobs(ids: readonly ObjectId[]): Promise<ReadonlyMap<ObjectId, Uint8Array>> {
    await this.needBlobs(ids);
    const { tools, repository } = this.#fetched;
    return readBlobs(tools.git, repository, ids);
  }

  /** Fetches the missing ones of these files, or all files if the server does not give single ones. */
  async needBlobs(ids: readonly ObjectId[]): Promise<void> {
    if (this.#areWhole) return;
    const { tools, repository, fetch } = this.#fetched;
    const missing = await listMissing(tools.git, repository, ids);
    if (missing.length === 0) return;
    try {
      await fetch(['--refetch', '--no-filter'], missing);
    } catch {
      await this.fetchAll();
    }
  }

  /** Fetches the content of all files, unless it is there. */
  async fetchAll(): Promise<void> {
    if (this.#areWhole) return;
    await this.#fetched.fetch(refetch, this.#fetched.commits);
    this.#areWhole = true;
  }
}
