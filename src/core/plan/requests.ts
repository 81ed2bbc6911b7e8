/** The requests of a revised plan, frozen together as one prompt. */

import { sha256 } from '../text/digest.ts';

/** A request with the name of who made it. */
export interface NamedRequest {
  readonly login: string;
  /** Normalised, as it was frozen. */
  readonly text: string;
}

/** Nobody can follow a plan that more requests than these have made. */
export const mostRequests = 10;

/** A single request is its own prompt. If there are several, a line before each one says which it is. */
export function joinRequests(requests: readonly NamedRequest[]): string {
  const [only, ...more] = requests;
  if (only !== undefined && more.length === 0) return only.text;
  return requests
    .map(({ login, text }, index) => `${header(index, requests.length, login)}\n${text}`)
    .join('\n\n');
}

/**
 * Takes a prompt apart again. A request can contain a line that looks like a header, so its digest decides where it
 * ends.
 * @param requests who made them and the digest of each text, oldest first
 * @returns undefined if the prompt is not made of them
 */
export function splitRequests(
  prompt: string,
  requests: readonly { readonly login: string; readonly sha256: string }[],
): readonly string[] | undefined {
  if (requests.length === 1) return sha256(prompt) === requests[0]?.sha256 ? [prompt] : undefined;
  const texts: string[] = [];
  let rest = prompt;
  for (const [index, { login, sha256: digest }] of requests.entries()) {
    const start = `${header(index, requests.length, login)}\n`;
    if (!rest.startsWith(start)) return undefined;
    rest = rest.slice(start.length);
    const next = requests[index + 1];
    const end =
      next === undefined
        ? rest.length
        : findEnd(rest, `\n\n${header(index + 1, requests.length, next.login)}\n`, digest);
    if (end === undefined) return undefined;
    texts.push(rest.slice(0, end));
    rest = rest.slice(end).replace(/^\n\n/, '');
  }
  return texts.every((text, index) => sha256(text) === requests[index]?.sha256) ? texts : undefined;
}

function findEnd(text: string, mark: string, digest: string): number | undefined {
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) {
    if (sha256(text.slice(0, at)) === digest) return at;
  }
  return undefined;
}

function header(index: number, count: number, login: string): string {
  return `Request ${index + 1} of ${count} by ${login}`;
}
