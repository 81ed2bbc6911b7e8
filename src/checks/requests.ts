/** The comment that asked for a plan, as it is now: what the approver reads must be what the model was asked. */

import { freezePrompt, PromptError, parseCommand } from '../core/plan/prompt.ts';
import type { PlanEvidence } from '../core/records/archive-contents.ts';
import { Stopped } from '../decision.ts';
import type { Comments } from '../ports/comments.ts';

export class Requests {
  readonly #comments: Pick<Comments, 'read'>;
  readonly #command: string;

  constructor(comments: Pick<Comments, 'read'>, command: string) {
    this.#comments = comments;
    this.#command = command;
  }

  /**
   * @returns when it was edited to read as it does; undefined if it never was, or if the workflow was dispatched
   * @throws Stopped plan-altered if it was edited or deleted
   */
  async requireUnedited({ manifest, prompt }: PlanEvidence): Promise<string | undefined> {
    const { comment_id: id, requester } = manifest.request;
    if (id === null) return undefined;
    const comment = await this.#comments.read(id);
    if (comment?.authorId === requester.id && this.#readPrompt(comment.body) === prompt) {
      return comment.updatedAt === comment.createdAt ? undefined : comment.updatedAt;
    }
    throw new Stopped('plan-altered', 'The comment with the request was edited or deleted.');
  }

  #readPrompt(body: string): string | undefined {
    try {
      const text = parseCommand(body, this.#command);
      return text === undefined ? undefined : freezePrompt(text, Number.MAX_SAFE_INTEGER / 4096);
    } catch (error) {
      if (error instanceof PromptError) return undefined;
      throw error;
    }
  }
}
