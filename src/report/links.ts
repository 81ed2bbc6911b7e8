/** Links that the action makes, only from ids, numbers and percent-encoded paths. */

import { code, link, pathCode } from './markdown.ts';

/** A commit by the first digits of its id. */
export function commitLink(repositoryUrl: string, sha: string): string {
  return link(code(sha.slice(0, 7)), `${repositoryUrl}/commit/${sha}`);
}

/** A file as it is in a commit. */
export function fileLink(repositoryUrl: string, sha: string, path: string): string {
  return link(pathCode(path), `${repositoryUrl}/blob/${sha}/${encodePath(path)}`);
}

export function runLink(repositoryUrl: string, runId: number, words = 'run'): string {
  return link(words, `${repositoryUrl}/actions/runs/${runId}`);
}

/** Also encodes what `encodeURIComponent` does not, because a bracket ends the address of a link. */
function encodePath(path: string): string {
  return path
    .toWellFormed()
    .split('/')
    .map((name) =>
      encodeURIComponent(name).replace(
        /[!'()*~]/g,
        (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join('/');
}
