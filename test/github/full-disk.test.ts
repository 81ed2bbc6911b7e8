import { expect, it, vi } from 'vitest';
import { GitHubArtifacts } from '../../src/github/artifacts.ts';
import { GitHubClient } from '../../src/github/client.ts';
import { folder } from '../git/repository.ts';

// No test can fill the disk of the machine that it runs on.
vi.mock('node:fs/promises', async (original) => ({
  ...(await original<typeof import('node:fs/promises')>()),
  writeFile: () => Promise.reject(Object.assign(new Error('ENOSPC: x'), { code: 'ENOSPC' })),
}));

it('a full disk is no trouble of GitHub: an artifact that could not be written says so', async () => {
  const client = new GitHubClient('token', { owner: 'octo', name: 'demo' });
  const artifacts = new GitHubArtifacts(client, folder(), { id: 1, attempt: 1 });
  await expect(artifacts.publish('x', new Map([['a', Buffer.from('a')]]))).rejects.toMatchObject({
    reason: 'platform-unsupported',
  });
});
