import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { blobId, storeBlob } from '../../src/git/blobs.ts';
import { folder } from './repository.ts';

it('an object that cannot be stored says why, also if nothing of it can be removed', () => {
  const repository = folder();
  const content = Buffer.from('x');
  const id = blobId(content, 'sha1');
  // In the place of the file that is written first: it can be neither written nor removed as a file.
  mkdirSync(join(repository, 'objects', id.slice(0, 2), `unfinished-${process.pid}`), {
    recursive: true,
  });
  expect(() => storeBlob(repository, id, content)).toThrow(
    expect.objectContaining({ code: 'EISDIR', syscall: 'open' }),
  );
});

it('nothing is left of an object that cannot be given its name', () => {
  const repository = folder();
  const content = Buffer.from('x');
  const id = blobId(content, 'sha1');
  const parent = join(repository, 'objects', id.slice(0, 2));
  mkdirSync(join(parent, id.slice(2), 'x'), { recursive: true });
  expect(() => storeBlob(repository, id, content)).toThrow(
    expect.objectContaining({ syscall: 'rename' }),
  );
  expect(readdirSync(parent)).toEqual([id.slice(2)]);
});
