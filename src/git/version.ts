import { Stopped } from '../decision.ts';
import type { Git } from './git.ts';

/** `git merge-tree --write-tree`, which merges without a work tree, came with 2.38. */
export const oldestGit = [2, 38] as const;

/** The version that git tells. */
export async function readVersion(git: Git, folder: string): Promise<string> {
  return (await git(['version'], { repository: folder })).toString('latin1').trim();
}

/**
 * Checked before anything is fetched, and so before any model call.
 * @throws Stopped platform-unsupported
 */
export async function checkVersion(git: Git, repository: string): Promise<void> {
  const said = await readVersion(git, repository);
  const [, major = 0, minor = 0] = (/^git version (\d+)\.(\d+)/.exec(said) ?? []).map(Number);
  if (major > oldestGit[0] || (major === oldestGit[0] && minor >= oldestGit[1])) return;
  throw new Stopped(
    'platform-unsupported',
    `The action needs git ${oldestGit.join('.')} or newer, and this runner has: ${said}.`,
  );
}
