/** The objects that these tests write are the ones that git would write. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { entry, Repository, treeOf } from './repository.ts';

const repository = new Repository();

it('writes the trees and commits of git', () => {
  const check = fc.property(treeOf(entry), (files) => {
    const tree = repository.tree(files);
    repository.run('read-tree', '--empty');
    const lines = [...files].flatMap(([path, { mode, content }]) => [
      Buffer.from(`${mode} ${repository.blob(content)}\t`),
      Buffer.from(`${path}\0`, 'latin1'),
    ]);
    repository.feed(Buffer.concat(lines), 'update-index', '-z', '--index-info');
    expect(tree).toBe(repository.id('write-tree'));
    const first = repository.commit(tree);
    const second = repository.commit(tree, first);
    expect(first).toBe(repository.id('commit-tree', '-m', 'x', tree));
    expect(second).toBe(repository.id('commit-tree', '-m', 'x', '-p', first, tree));
  });
  fc.assert(check, { numRuns: 20 });
});
