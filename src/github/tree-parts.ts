/** How a new tree is sent to GitHub: with the text inside, in parts of a size that GitHub is known to accept. */

import type { FileEntry } from '../ports/commits.ts';

/** Public reports tell of 422 and 502 from about 200 entries or 2 MB in one call. */
const maxEntries = 100;
const maxBytes = 1024 * 1024;
/** Larger content has a call for itself. */
const maxInlineBytes = 256 * 1024;

/**
 * The content as text, if GitHub stores the same bytes for it. Not sent as text: content that is not UTF-8, and
 * characters that a reader of JSON or text might change: control characters other than tabs and line ends, and a byte
 * order mark.
 */
export function inlineText(content: Uint8Array): string | undefined {
  if (content.length > maxInlineBytes) return undefined;
  const text = Buffer.from(content).toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(content)) return undefined;
  return /(?![\t\n\r])\p{Cc}|^\u{feff}/u.test(text) ? undefined : text;
}

/**
 * In an order in which they can be applied one after the other: deletions come first, since a folder can replace a
 * file, and a file a folder.
 */
export function splitEntries(entries: readonly FileEntry[]): FileEntry[][] {
  const parts: FileEntry[][] = [];
  let bytes = 0;
  for (const entry of [
    ...entries.filter(({ after }) => after === null),
    ...entries.filter(({ after }) => after !== null),
  ]) {
    const size = inlineSize(entry);
    const part = parts.at(-1);
    if (part === undefined || part.length >= maxEntries || bytes + size > maxBytes) {
      parts.push([entry]);
      bytes = size;
    } else {
      part.push(entry);
      bytes += size;
    }
  }
  return parts;
}

/** Its size in the body of the request, in which each line end has two characters. */
function inlineSize({ path, content }: FileEntry): number {
  const text = content === null ? undefined : inlineText(content);
  return Buffer.byteLength(JSON.stringify([path, text ?? '']));
}
