/** The files that govern a run, from the commit of the default branch. A look asks for each in two ways. */

import { blobId } from '../core/text/blob-id.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import type { DefaultBranchFile, RootFile } from '../ports/repository.ts';
import type { LookAnswer } from './look-query.ts';

/** A file of a commit, or that the commit has no such file. */
interface AtCommit {
  readonly commit: ObjectId;
  readonly file: { readonly blob: ObjectId } | undefined;
}

/** The file of instructions of a commit; undefined if it has none. */
export interface ToldInstructions extends AtCommit {
  readonly file: RootFile | undefined;
}

type Answer = LookAnswer['repository'];

/**
 * The run has acted on what the first look said. Every step looks again before it does something irreversible, and
 * then notices if the first answer was wrong.
 * @returns the first answer, or the new one if there was none
 * @throws Stopped api-unavailable
 */
export function sameOfOneCommit<File extends AtCommit>(
  what: string,
  before: File | 'untold' | undefined,
  now: File | 'untold',
): File | 'untold' {
  if (before === undefined || before === 'untold' || now === 'untold') return before ?? now;
  if (before.commit === now.commit && before.file?.blob !== now.file?.blob) {
    throw new Stopped(
      'api-unavailable',
      `GitHub gave two different answers about the ${what} of one commit.`,
    );
  }
  return before;
}

/** A file is missing only if both ways of asking say so. */
export function readPolicy({
  defaultBranchRef,
  policy,
}: Pick<Answer, 'defaultBranchRef' | 'policy'>): DefaultBranchFile | 'untold' {
  const tip = defaultBranchRef?.target;
  const listed = tip?.file?.oid;
  if (!tip || listed !== policy?.oid) return 'untold';
  if (listed === undefined) return { commit: tip.oid, file: undefined };
  const text = textOf(policy);
  return text === undefined ? 'untold' : { commit: tip.oid, file: { blob: listed, text } };
}

/** Like the policy. GraphQL tells no content of a file that is not a text or is too long. */
export function readInstructions({
  defaultBranchRef,
  instructions,
}: Pick<Answer, 'defaultBranchRef' | 'instructions'>): ToldInstructions | 'untold' {
  const tip = defaultBranchRef?.target;
  // Undefined: the answer lacks this part. Null: the commit has no such file.
  if (!tip || tip.instructions === undefined) return 'untold';
  const entry = tip.instructions;
  if (entry?.oid !== instructions?.oid) return 'untold';
  if (entry === null) return { commit: tip.oid, file: undefined };
  const text = textOf(instructions);
  const file = { mode: octal(entry.mode), blob: entry.oid, size: entry.size };
  const content = text === undefined ? null : Buffer.from(text, 'utf8');
  return { commit: tip.oid, file: { ...file, content } };
}

/** GraphQL has the mode of a file as a number: 33188 is 100644. */
export function octal(mode: number): string {
  return mode.toString(8).padStart(6, '0');
}

/** The text, if it has exactly the bytes of the blob. */
export function textOf(blob: Answer['ran']): string | undefined {
  if (!blob || typeof blob.text !== 'string' || blob.isTruncated) return undefined;
  const bytes = Buffer.from(blob.text, 'utf8');
  return blobId(bytes, blob.oid.length) === blob.oid ? blob.text : undefined;
}
