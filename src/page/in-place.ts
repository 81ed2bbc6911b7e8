/** Comments that are edited instead of posted again, so that a pull request gets only one of each kind. */

import type { Comment, Comments } from '../ports/comments.ts';
import { pullReportMarker, settledMarker } from '../report/markers.ts';

/** A comment that is edited if it exists already. */
export interface ReportText {
  /** The first line, by which this comment is found. */
  readonly marker: string;
  readonly body: string;
  /** If true, no new comment is created. */
  readonly ifThere?: boolean;
  /** Whether an earlier text is kept. Without this function, only an equal text is kept. */
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
 * Minimises the report of runs that stopped before they knew the plan, because it is over. It gets another marker, so that
 * the next report is a new comment: nobody reads a minimised one.
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
