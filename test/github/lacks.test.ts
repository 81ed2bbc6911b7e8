/** A machine that lacks something is no trouble of GitHub, and says nothing about the evidence. */
import { expect, it, vi } from 'vitest';
import { readArchive } from '../../src/github/archive.ts';
import { GitHubArtifacts } from '../../src/github/artifacts.ts';
import { GitHubClient } from '../../src/github/client.ts';
import { folder } from '../git/repository.ts';
import { zip } from '../support/zip.ts';

// No test can fill the disk or the memory of the machine that it runs on.
vi.mock('node:fs/promises', async (original) => ({
  ...(await original<typeof import('node:fs/promises')>()),
  writeFile: () => Promise.reject(Object.assign(new Error('ENOSPC: x'), { code: 'ENOSPC' })),
}));
vi.mock('node:zlib', async (original) => ({
  ...(await original<typeof import('node:zlib')>()),
  inflateRawSync: () => {
    throw Object.assign(new Error('insufficient memory'), { code: 'Z_MEM_ERROR' });
  },
}));

it('an artifact that a full disk did not let be written says so', async () => {
  const client = new GitHubClient('token', { owner: 'octo', name: 'demo' });
  const artifacts = new GitHubArtifacts(client, folder(), { id: 1, attempt: 1 });
  await expect(artifacts.publish('x', new Map([['a', Buffer.from('a')]]))).rejects.toMatchObject({
    reason: 'platform-unsupported',
  });
});

it('an archive that there is no memory for is not called invalid, which would end the approval', async () => {
  await expect(readArchive(zip([{ name: 'a.txt', content: 'one' }]))).rejects.toMatchObject({
    reason: 'platform-unsupported',
    message: expect.stringContaining('no memory left'),
  });
});
