/**
 * What GitHub answered, with its tag. A request that is made again sends the tag, and if nothing has changed GitHub
 * answers 304, which counts against no allowance:
 * https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
 */

import type { Answer } from './failures.ts';

const mostAnswers = 100;

export class RememberedAnswers {
  readonly #known = new Map<string, { readonly tag: string; readonly answer: Answer }>();

  /** @param send the request with these headers */
  async read(
    key: string,
    send: (headers: Readonly<Record<string, string>>) => Promise<Answer>,
  ): Promise<Answer> {
    const known = this.#known.get(key);
    try {
      const answer = await send(known === undefined ? {} : { 'if-none-match': known.tag });
      this.#keep(key, answer);
      return answer;
    } catch (error) {
      const { status } = error as { status?: unknown };
      if (known !== undefined && status === 304) return known.answer;
      throw error;
    }
  }

  #keep(key: string, answer: Answer): void {
    const { etag } = answer.headers;
    this.#known.delete(key);
    if (typeof etag !== 'string') return;
    this.#known.set(key, { tag: etag, answer });
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostAnswers && oldest !== undefined) this.#known.delete(oldest);
  }
}
