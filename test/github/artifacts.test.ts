import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { GitHubArtifacts } from '../../src/github/artifacts.ts';
import { GitHubClient } from '../../src/github/client.ts';

it('uploads nothing that could not be read again', async () => {
  const client = new GitHubClient('token', { owner: 'octo', name: 'demo' });
  const artifacts = new GitHubArtifacts(client, tmpdir(), { id: 1, attempt: 1 });
  const members = new Map([['change.patch', Buffer.alloc(32 * 1024 * 1024 + 1)]]);
  await expect(artifacts.publish('codex-approval-1', members)).rejects.toMatchObject({
    reason: 'limit-exceeded',
  });
});
