import type { Answer, Call } from '../router.ts';

/** The slice of a list that `page` and `per_page` ask for, with GitHub's `Link` header. */
export function page<T>(
  call: Call,
  items: readonly T[],
  most = call.github.pageLimit,
): { items: T[]; headers: Record<string, string> } {
  const size = Math.min(most, Math.max(1, whole(call.query.get('per_page'), 30)));
  const number = Math.max(1, whole(call.query.get('page'), 1));
  const last = Math.max(1, Math.ceil(items.length / size));
  const links: string[] = [];
  const link = (to: number, relation: string) =>
    links.push(`<${address(call, to)}>; rel="${relation}"`);
  if (number > 1) link(Math.min(number - 1, last), 'prev');
  if (number < last) {
    link(number + 1, 'next');
    link(last, 'last');
  }
  if (number > 1) link(1, 'first');
  return {
    items: items.slice((number - 1) * size, number * size),
    headers: links.length > 0 ? { link: links.join(', ') } : {},
  };
}

/** A list answer: the slice itself. */
export function listed<T>(call: Call, items: readonly T[], render: (item: T) => unknown): Answer {
  const slice = page(call, items);
  return { status: 200, body: slice.items.map(render), headers: slice.headers };
}

/** A list answer of the Actions API: the slice under a name, and the total. */
export function counted<T>(
  call: Call,
  name: string,
  items: readonly T[],
  render: (item: T) => unknown,
): Answer {
  const slice = page(call, items);
  return {
    status: 200,
    body: { total_count: items.length, [name]: slice.items.map(render) },
    headers: slice.headers,
  };
}

/** GitHub's links name the repository by id, so that a client has to follow what it is given. */
function address(call: Call, number: number): string {
  const { github, repository } = call;
  const query = new URLSearchParams(call.query);
  query.set('page', String(number));
  return `${github.apiUrl}/repositories/${repository.id}${call.pathInRepository}?${query}`;
}

function whole(text: string | null, fallback: number): number {
  const value = Number(text);
  return text !== null && Number.isInteger(value) && value > 0 ? value : fallback;
}
