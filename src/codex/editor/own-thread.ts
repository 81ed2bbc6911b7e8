/**
 * The one thread of a run, and the one turn of it. Codex may have others, for example of a sub-agent. Nothing that is
 * said of them may count as said of the run's own, least of all that it is over.
 */
import { Stopped } from '../../decision.ts';
import type { Address } from './protocol.ts';

export class Conversation {
  #thread: string | null = null;
  #turn: string | null = null;

  /**
   * The first one that is named belongs to this run; everything that Codex says later must match it.
   * @throws Stopped codex-failed if it is another
   */
  demandOwn({ thread, turn, threadId, turnId }: Address): void {
    this.#thread = same('thread', this.#thread, [threadId, thread?.id]);
    this.#turn = same('turn', this.#turn, [turnId, turn?.id]);
  }
}

function same(
  what: string,
  own: string | null,
  named: readonly (string | null | undefined)[],
): string | null {
  let known = own;
  for (const id of named) {
    if (id == null) continue;
    known ??= id;
    if (id !== known)
      throw new Stopped('codex-failed', `Codex spoke of a ${what} that is not ours.`);
  }
  return known;
}
