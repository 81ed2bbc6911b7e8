/** Trees that git makes of a workspace's tree and a change, and how they differ: each in a separate index, never in the work tree. */
import { join } from 'node:path';
import type { FileChange } from '../core/plan/scope.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import { GitError, type GitOptions } from './git.ts';
import type { Fetched, Objects } from './objects.ts';
import { parseRawDiff } from './output.ts';
import { objectId, writeTree } from './trees.ts';

/** What a file is after a change. */
type Entry = Pick<FileChange, 'path' | 'after'>;

/**
 * A step asks several times for the same tree and the same difference. Object ids name the content, so git would answer
 * the same each time, and is asked once.
 */
export class MadeTrees {
  readonly #fetched: Fetched;
  readonly #objects: Objects;
  readonly #written = new Map<string, Promise<ObjectId>>();
  readonly #differences = new Map<string, Promise<readonly FileChange[]>>();
  #indexes = 0;

  constructor(fetched: Fetched, objects: Objects) {
    this.#fetched = fetched;
    this.#objects = objects;
  }

  /**
   * The tree in which these entries replace those of `from`, without those whose name git does not take.
   */
  write(from: ObjectId, entries: readonly Entry[]): Promise<ObjectId> {
    const flags = this.#flags();
    const asked = entries.map(({ path, after }) => [path, after?.mode, after?.blob]);
    return once(this.#written, JSON.stringify([from, flags, asked]), () => {
      const { tools, repository } = this.#fetched;
      const options = { repository, index: this.#newIndex() };
      return writeTree(tools.git, options, from, entries, flags);
    });
  }

  /** The files that differ between two trees. */
  diff(from: ObjectId, to: ObjectId): Promise<readonly FileChange[]> {
    return once(this.#differences, `${from} ${to}`, async () =>
      parseRawDiff(
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
      ),
    );
  }

  /**
   * The workspace's tree with a patch applied.
   * @returns undefined if it does not apply byte for byte
   * @throws GitError if git cannot read the patch, or cannot do its work: that says nothing about the tree
   */
  async apply(patch: Uint8Array): Promise<ObjectId | undefined> {
    const index = this.#newIndex();
    await this.#run(['read-tree', this.#fetched.tree], { index });
    try {
      await this.#run(['apply', '--cached', '--binary', '--whitespace=nowarn', '-'], {
        index,
        input: patch,
      });
    } catch (error) {
      if (error instanceof GitError && error.status === 1) return undefined;
      throw error;
    }
    return objectId(this.#run(['write-tree', ...this.#flags()], { index }));
  }

  /** An index file that nobody else uses, and that Codex never sees. */
  #newIndex(): string {
    return join(this.#fetched.folder, `index-${this.#indexes++}`);
  }

  /** Without the files that were not fetched, git would write no tree. */
  #flags(): readonly string[] {
    return this.#objects.areWhole ? [] : ['--missing-ok'];
  }

  #run(args: readonly string[], options: Omit<GitOptions, 'repository'> = {}): Promise<Buffer> {
    const { tools, repository } = this.#fetched;
    return tools.git(args, { ...options, repository });
  }
}

/** A question that failed is asked again. */
function once<T>(
  known: Map<string, Promise<T>>,
  question: string,
  ask: () => Promise<T>,
): Promise<T> {
  const before = known.get(question);
  if (before !== undefined) return before;
  const answer = ask();
  known.set(question, answer);
  answer.catch(() => known.delete(question));
  return answer;
}
