/** The change comment: the sealed change of a plan, file by file. Each file is shown whole, or only named. */

import type { FileChange } from '../core/plan/scope.ts';
import { type PlanId, type Sha256, shortDigest } from '../core/text/digest.ts';
import { showPath } from '../core/text/shown-path.ts';
import { code, cutTable, diffBlock, link, pathCode } from './markdown.ts';
import { type PatchFile, readPatch } from './patch.ts';
import { count, several } from './words.ts';

export interface ChangeView {
  readonly planId: PlanId;
  /** The bytes of `change.patch`. */
  readonly patch: Uint8Array;
  readonly digest: Sha256;
  readonly changes: readonly FileChange[];
  /** The artifact with the patch. */
  readonly artifactUrl: string;
  /** What else reviewers should know, in Markdown that the action wrote. */
  readonly notes: readonly string[];
}

/** Together they leave room for the rest of a comment. */
const maxLength = { files: 38_000, left: 8_000 };
const maxPathLength = 400;

/** Shows only what is in the patch, and names each file that it does not show. */
export function renderChange(view: ChangeView): string {
  const files = groupByPath(view);
  const added = sum(files, ({ added }) => added);
  const removed = sum(files, ({ removed }) => removed);
  const shown: string[] = [];
  const left: FileDiff[] = [];
  let room = maxLength.files;
  for (const file of files) {
    const fold = renderFile(file, room);
    if (fold === undefined) left.push(file);
    else {
      shown.push(fold);
      room -= fold.length + 2;
    }
  }
  const artifact = link('change.patch in the evidence', view.artifactUrl);
  return [
    `### The sealed change of plan ${code(shortDigest(view.planId))}`,
    `${several(files.length, 'file')} changed, ${several(added, 'insertion')}, ${several(removed, 'deletion')}. This is what execute will commit, byte for byte (${code(`sha256:${view.digest}`)}, ${artifact}).`,
    ...shown,
    ...(left.length === 0
      ? []
      : [
          `Too large to show here, or not text. Read ${several(left.length, 'more file')} in ${artifact}:`,
          cutTable(
            ['File', 'Change'],
            left.map((file) => [pathCode(file.path, maxPathLength), describeFile(file)]),
            maxLength.left,
            (rest) => `… and ${several(rest, 'more file')}.`,
          ),
        ]),
    ...view.notes,
  ].join('\n\n');
}

interface FileDiff extends Omit<PatchFile, 'name'> {
  readonly path: string;
  readonly operation: string;
}

/**
 * A patch has one part for each path, in git's order, or two if a file becomes a link. If it is not clear which part is
 * about which file, no file is shown and each one is named.
 */
function groupByPath({ patch, changes }: ChangeView): FileDiff[] {
  const groups: PatchFile[][] = [];
  for (const part of readPatch(Buffer.from(patch).toString('utf8'))) {
    const last = groups.at(-1);
    if (last?.[0]?.name === part.name) last.push(part);
    else groups.push([part]);
  }
  const sorted = [...changes].sort((a, b) =>
    Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)),
  );
  const known =
    groups.length === sorted.length &&
    sorted.every(({ path }, at) => isAbout(groups[at]?.[0], path));
  return sorted.map((change, at) => {
    const parts = known ? (groups[at] ?? []) : [];
    return {
      path: change.path,
      operation: change.operation,
      modes: parts.flatMap(({ modes }) => modes),
      hunks: parts
        .map(({ hunks }) => hunks)
        .filter(Boolean)
        .join('\n'),
      binary: !known || parts.some(({ binary }) => binary),
      added: sum(parts, ({ added }) => added),
      removed: sum(parts, ({ removed }) => removed),
    };
  });
}

/** git quotes a name with special characters. Then only the order says which file it is. */
function isAbout(part: PatchFile | undefined, path: string): boolean {
  const plain = /^[\w./@+-]+$/.test(path);
  return part !== undefined && (!plain || part.name === `diff --git a/${path} b/${path}`);
}

/** @returns undefined if it does not fit, or is not text */
function renderFile(file: FileDiff, room: number): string | undefined {
  // Writing out makes a text longer, never shorter: what is too long now cannot fit, and needs no work.
  if (file.binary || file.hunks.length > room) return undefined;
  const summary = `<details><summary>${describeFile(file)} <code>${html(showPath(file.path))}</code></summary>`;
  const body = file.hunks === '' ? 'No line differs.' : diffBlock(file.hunks);
  const fold = [summary, body, '</details>'].join('\n\n');
  return fold.length > room ? undefined : fold;
}

/** `modify +1 −1`, and its mode if that is not an ordinary one. */
function describeFile({ operation, added, removed, binary, modes }: FileDiff): string {
  const lines = binary ? 'not text' : `+${count(added)} −${count(removed)}`;
  const special = modes.filter((mode) => !mode.endsWith(' mode 100644'));
  return [`${operation} ${lines}`, ...special].join(', ');
}

/** In a line that begins with a tag, Markdown has no effect, but HTML has. */
function html(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
