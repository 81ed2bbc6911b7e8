import { GraphQlError, type Node, Unserved } from './context.ts';

/** The arguments of every connection. */
export interface Slice {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
}

/** GitHub's limit for `first` and `last`. */
const MOST = 100;

/**
 * A part of a list, with cursors. GitHub demands `first` or `last`, of at most 100; a client that
 * does not say so made a mistake.
 * @param most the largest number of entries on a page, however many are asked for
 */
export function connection<T>(
  items: readonly T[],
  slice: Slice,
  render: (item: T) => Node,
  options: { most?: number; extra?: Node } = {},
): Node {
  const { first, last } = slice;
  if (first == null && last == null) {
    throw new Unserved('GitHub demands `first` or `last` of every connection');
  }
  for (const [name, count] of Object.entries({ first, last })) {
    if (count != null && (count < 1 || count > MOST)) {
      throw new Unserved(`GitHub takes \`${name}\` from 1 to ${MOST}, not ${count}`);
    }
  }
  const from = slice.after == null ? 0 : position(slice.after);
  const to = slice.before == null ? items.length : position(slice.before) - 1;
  const between = items.slice(from, Math.max(from, to));
  const size = Math.min(first ?? last ?? MOST, options.most ?? MOST);
  const start = first == null ? Math.max(from, from + between.length - size) : from;
  const part = items.slice(start, Math.min(start + size, from + between.length));
  const end = start + part.length;
  return {
    totalCount: items.length,
    nodes: () => part.map(render),
    edges: () => part.map((item, index) => ({ cursor: cursor(start + index), node: render(item) })),
    pageInfo: {
      hasNextPage: end < from + between.length,
      hasPreviousPage: start > from,
      startCursor: part.length > 0 ? cursor(start) : null,
      endCursor: part.length > 0 ? cursor(end - 1) : null,
    },
    ...options.extra,
  };
}

/** A cursor is opaque; GitHub's, too, are a position in Base64. */
function cursor(index: number): string {
  return Buffer.from(`cursor:v2:${index + 1}`).toString('base64');
}

function position(text: string): number {
  const [, index] = /^cursor:v2:(\d+)$/.exec(Buffer.from(text, 'base64').toString()) ?? [];
  if (index === undefined) {
    throw new GraphQlError(
      'INVALID_CURSOR_ARGUMENTS',
      `\`${text}\` does not appear to be a valid cursor.`,
    );
  }
  return Number(index);
}
