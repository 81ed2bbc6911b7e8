import type { Repository } from '../repository.ts';

const SHA = /^[0-9a-f]{40}$/;

/** The tip of a branch; null if there is none. */
export function branchTip(repository: Repository, name: string): string | null {
  return repository.git.ref(`refs/heads/${name}`);
}

/**
 * The commit that `ref` means to GitHub: a branch, a tag, a full ref name, or an id (also
 * an abbreviated one), in that order.
 */
export function commitAt(repository: Repository, ref: string): string | null {
  const { git } = repository;
  if (SHA.test(ref)) return git.typeOf(ref) === 'commit' ? ref : null;
  const names = [`refs/heads/${ref}`, `refs/tags/${ref}`];
  if (ref.startsWith('refs/')) names.unshift(ref);
  else if (/^(heads|tags|pull)\//.test(ref)) names.push(`refs/${ref}`);
  for (const name of names) {
    const sha = git.ref(name);
    if (sha) return git.commitId(sha);
  }
  if (ref === 'HEAD') return git.ref(`refs/heads/${repository.defaultBranch}`);
  return /^[0-9a-f]{4,39}$/.test(ref) ? git.commitId(ref) : null;
}

/** Whether text is a full commit id. */
export function isSha(text: unknown): text is string {
  return typeof text === 'string' && SHA.test(text);
}
