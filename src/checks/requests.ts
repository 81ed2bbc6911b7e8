/** The comment that asked for a plan, as it is now: the approver must read what the model was asked. */

import { parseCommand } from '../core/plan/command.ts';
import { freezePrompt, PromptError } from '../core/plan/prompt.ts';
import type { PlanEvidence } from '../core/records/archive-contents.ts';
import type { Person } from '../core/records/fields.ts';
import { sha256 } from '../core/text/digest.ts';
import type { Comments } from '../ports/comments.ts';

export interface RequestNow {
  /** Whether it was deleted, or its text is no longer what was planned. */
  readonly edited: boolean;
  /** When it was last edited; null if it never was. */
  readonly editedAt: string | null;
}

export class Requests {
  readonly #comments: Pick<Comments, 'read'>;
  readonly #command: string;

  constructor(comments: Pick<Comments, 'read'>, command: string) {
    this.#comments = comments;
    this.#command = command;
  }

  /** Compares the present text of the requests with what was planned. A request by dispatch has no comment. */
  async compare({ manifest }: PlanEvidence): Promise<RequestNow> {
    let editedAt: string | null = null;
    for (const { comment_id: id, requester, sha256: planned } of manifest.requests) {
      if (id === null) continue;
      const comment = await this.#readUnchanged(id, requester, planned);
      if (comment === undefined) return { edited: true, editedAt: null };
      const { createdAt, updatedAt } = comment;
      if (updatedAt !== createdAt && (editedAt === null || updatedAt > editedAt)) {
        editedAt = updatedAt;
      }
    }
    return { edited: false, editedAt };
  }

  /**
   * Whether a comment still asks for what its event said. A run that is repeated has the event of its first attempt, and people edit a
   * comment before they repeat it.
   * @param id of the comment
   * @param text what the event said after the command
   */
  async isUnchanged(id: number, requester: Person, text: string): Promise<boolean> {
    return (await this.#readUnchanged(id, requester, digestOf(text))) !== undefined;
  }

  /** @returns undefined if the comment is gone, is somebody else's, or has another request */
  async #readUnchanged(id: number, requester: Person, asked: string) {
    const comment = await this.#comments.read(id);
    if (comment?.authorId !== requester.id) return undefined;
    const command = parseCommand(comment.body, this.#command);
    return command !== undefined && digestOf(command.text) === asked ? comment : undefined;
  }
}

/** @returns the text itself if it cannot be frozen: no digest of a request is like it */
function digestOf(text: string): string {
  try {
    return sha256(freezePrompt(text, Number.MAX_SAFE_INTEGER / 4096));
  } catch (error) {
    if (error instanceof PromptError) return text;
    throw error;
  }
}
