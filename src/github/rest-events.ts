/**
 * Finds single events in REST's event list of a pull request. The list has much else, too: anybody can put thousands
 * of events into it by naming the pull request in the commits of a fork. So it is not read as a whole: it is sorted by
 * time, and an event is looked for at its time.
 * Source: https://docs.github.com/en/rest/using-the-rest-api/issue-event-types#referenced
 */
import { z } from 'zod';
import type { LabelEventDetails } from '../ports/timeline.ts';
import { time } from './time.ts';

export const restEventSchema = z.object({
  node_id: z.string(),
  created_at: time,
  label: z.object({ name: z.string() }).nullish(),
  performed_via_github_app: z.unknown().optional(),
});

type RestEvent = z.infer<typeof restEventSchema>;

/** A list of at most this many pages is read as a whole. */
const fewPages = 4;
/**
 * At most this many pages are read: a search in a list of a million events takes 14, and the rest is for events of
 * the same second.
 */
const maxPages = 40;

interface Page {
  readonly answer: readonly RestEvent[];
  readonly last: number | undefined;
}

interface Wanted {
  readonly id: string;
  /** RFC 3339, GitHub's clock, to the second. */
  readonly at: string;
}

/** One search; it reads each page once. */
export class RestEvents {
  readonly #read: (page: number) => Promise<Page>;
  readonly #pages = new Map<number, Page>();

  /** @param read reads a page of the list, counted from 1, oldest events first */
  constructor(read: (page: number) => Promise<Page>) {
    this.#read = read;
  }

  /** @returns by id; an event that was not found is missing */
  async find(events: readonly Wanted[]): Promise<ReadonlyMap<string, LabelEventDetails>> {
    const found = new Map<string, LabelEventDetails>();
    const last = (await this.#page(1)).last ?? 1;
    for (const event of events) {
      const details = await this.#findOne(event, last);
      if (details !== undefined) found.set(event.id, details);
    }
    return found;
  }

  async #findOne(event: Wanted, last: number): Promise<LabelEventDetails | undefined> {
    if (last <= fewPages) return this.#lookBack(event, last);
    const wanted = Date.parse(event.at);
    for (let page = await this.#firstPageEndingAt(wanted, last); page <= last; page++) {
      if (!this.#mayRead(page)) return undefined;
      const { answer } = await this.#page(page);
      const details = findIn(answer, event);
      if (details !== undefined) return details;
      const [oldest] = answer;
      if (oldest !== undefined && Date.parse(oldest.created_at) > wanted) return undefined;
    }
    return undefined;
  }

  /** From the newest page to the oldest. */
  async #lookBack(event: Wanted, last: number): Promise<LabelEventDetails | undefined> {
    for (let page = last; page >= 1; page--) {
      const details = findIn((await this.#page(page)).answer, event);
      if (details !== undefined) return details;
    }
    return undefined;
  }

  /** The first page whose newest event is not older than the time; the last page if there is none. */
  async #firstPageEndingAt(wanted: number, last: number): Promise<number> {
    let low = 1;
    let high = last;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const newest = (await this.#page(middle)).answer.at(-1);
      if (newest !== undefined && Date.parse(newest.created_at) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #mayRead(page: number): boolean {
    return this.#pages.has(page) || this.#pages.size < maxPages;
  }

  async #page(number: number): Promise<Page> {
    const page = this.#pages.get(number) ?? (await this.#read(number));
    this.#pages.set(number, page);
    return page;
  }
}

function findIn(page: readonly RestEvent[], { id }: Wanted): LabelEventDetails | undefined {
  const event = page.find(({ node_id }) => node_id === id);
  if (!event?.label) return undefined;
  return { viaApp: Boolean(event.performed_via_github_app), labelName: event.label.name };
}
