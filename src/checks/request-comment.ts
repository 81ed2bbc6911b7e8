/** The comment that asked for a plan, as it stands now: what the approver reads must be what the model was asked. */

import { freezePrompt, PromptError, parseCommand } from '../core/plan/prompt.ts';
import type { PlanEvidence } from '../core/records/archive-contents.ts';
import { Stopped } from '../decision.ts';
import type { World } from './world.ts';

/**
 * @returns when it was edited to read as it does; null where it never was, or where the workflow was dispatched
 * @throws Stopped plan-altered where it was edited or deleted
 */
export async function checkRequestUnedited(
  world: World,
  { manifest, prompt }: PlanEvidence,
  command: string,
): Promise<string | null> {
  const { comment_id: id, requester } = manifest.request;
  if (id === null) return null;
  const comment = await world.comments.read(id);
  if (comment?.authorId === requester.id && promptOf(comment.body, command) === prompt) {
    return comment.updatedAt === comment.createdAt ? null : comment.updatedAt;
  }
  throw new Stopped('plan-altered', 'The comment with the request was edited or deleted.');
}

function promptOf(body: string, command: string): string | undefined {
  try {
    const text = parseCommand(body, command);
    return text === undefined ? undefined : freezePrompt(text, Number.MAX_SAFE_INTEGER / 4096);
  } catch (error) {
    if (error instanceof PromptError) return undefined;
    throw error;
  }
}
