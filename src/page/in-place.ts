/** Comments that are written in place, so that a pull request gets one however often they change. */

import type { Comment, Comments } from '../ports/comments.ts';
import { pullReportMarker, settledMarker } from '../report/markers.ts';

/** A comment that is written in place, if it is there already. */
export interface ReportText {
  /** The first line, which tells this comment from the others. */
  readonly marker: string;
  readonly body: string;
  /** Only in place of one that is there already. */
  readonly ifThere?: boolean;
  /** Whether an earlier text stays as it is; without it only the same text stays. */
  readonly leaves?: (earlier: string) => boolean;
}

/**
 * @param own the comments of the action on the pull request
 * @returns the address; undefined if there was none to replace
 * @throws Stopped api-unavailable, permission-missing, github-refused, secret-detected
 */
export async function writeInPlace(
  comments: Pick<Comments, 'create' | 'update'>,
  own: readonly Comment[],
  pullRequest: number,
  { marker, body, ifThere, leaves }: ReportText,
): Promise<string | undefined> {
  const text = `${marker}\n\n${body}`;
  const earlier = own.find((comment) => comment.body.startsWith(marker));
  if (earlier === undefined && ifThere) return undefined;
  const comment = earlier ?? (await comments.create(pullRequest, text));
  const stays = comment.body === text || leaves?.(comment.body);
  if (!stays) await comments.update(comment.id, text);
  return comment.url;
}

/**
 * Folds away what is told of runs that knew of no plan, because it is over. Under another marker: what is told next is a
 * new comment, since nobody reads a folded one.
 * @param own the comments of the action on the pull request
 */
export async function settle(
  comments: Pick<Comments, 'minimise'>,
  own: readonly Comment[],
): Promise<void> {
  for (const comment of own.filter(({ body }) => body.startsWith(pullReportMarker))) {
    await comments.minimise(comment, comment.body.replace(pullReportMarker, settledMarker));
  }
}
