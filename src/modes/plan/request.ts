/** What the event asks for. */

import type { NonEmpty } from '../../core/lists.ts';
import { type Command, parseCommand } from '../../core/plan/command.ts';
import type { Prompt } from '../../core/plan/prompt.ts';
import type { Person } from '../../core/records/fields.ts';
import { Stopped } from '../../decision.ts';
import type { PullRequest } from '../../ports/pull-requests.ts';
import type { Trigger } from '../../ports/run.ts';
import type { Uses } from '../tools.ts';

interface Asked {
  readonly pullRequest: number;
  readonly requester: Person;
  /** The text after the command; for a dispatched request, its input, which is never a command itself. */
  readonly text: string;
}

/** A new plan. */
interface PlanRequest extends Asked {
  readonly verb: 'plan';
  /** Null if the workflow was dispatched. */
  readonly commentId: number | null;
}

/** A command about a plan that exists. Only a comment can give it, because the records name that comment. */
export interface PlanCommand extends Asked {
  readonly verb: Exclude<Command['verb'], 'plan'>;
  readonly commentId: number;
  /** Id of the account that opened the pull request; null if it is gone. */
  readonly author: number | null;
}

/** What was asked for, by whom, about which pull request. */
export type Request = PlanRequest | PlanCommand;

/** One request of a plan, in the order in which they were made. */
export interface FrozenRequest {
  readonly commentId: number | null;
  readonly requester: Person;
  /** Its own normalised text. */
  readonly text: Prompt;
}

/** What to plan, on which pull request. */
export interface PlanningJob {
  readonly requests: NonEmpty<FrozenRequest>;
  /** The requester, or the person who started the run again. */
  readonly startedBy: Person;
  readonly pull: PullRequest;
  readonly prompt: Prompt;
  /** The plan that is revised, as canonical JSON; null for a fresh plan. */
  readonly revises: string | null;
  /** The files that were struck from that plan. A revision may plan them again. */
  readonly struck: readonly string[];
}

interface RequestInputs {
  readonly command: string;
  readonly pullRequest?: number | undefined;
  readonly prompt?: string | undefined;
}

/** @throws Stopped unsupported-event, not-a-command, actor-denied, bot-denied, config-invalid */
export function readRequest(
  { run, authority }: Uses<'run' | 'authority'>,
  inputs: RequestInputs,
): Request {
  const { trigger } = run;
  switch (trigger.kind) {
    case 'comment': {
      const { pullRequest, verb, text } = readCommand(trigger, inputs.command);
      const { commentId, issueAuthor: author } = trigger;
      const requester = authority.requirePerson(trigger.sender, trigger.viaApp);
      if (trigger.author.id !== requester.id) {
        throw new Stopped(
          'actor-denied',
          'The comment is not by the account that started the run.',
        );
      }
      const asked = { pullRequest, commentId, requester, text };
      return verb === 'plan' ? { verb, ...asked } : { verb, author, ...asked };
    }
    case 'dispatch': {
      const { pullRequest, prompt } = inputs;
      if (pullRequest === undefined || prompt === undefined) {
        throw new Stopped(
          'config-invalid',
          'A dispatched plan needs the inputs pull-request and prompt.',
        );
      }
      const requester = authority.requirePerson(trigger.sender);
      return { verb: 'plan', pullRequest, commentId: null, requester, text: prompt };
    }
    default:
      throw new Stopped(
        'unsupported-event',
        'Mode plan runs on issue_comment and workflow_dispatch.',
      );
  }
}

/**
 * What a comment asks for.
 * @param trigger the event, as GitHub vouches for it
 * @throws Stopped unsupported-event, not-a-command, each as ignored
 */
export function readCommand(
  trigger: Pick<Extract<Trigger, { kind: 'comment' }>, 'action' | 'pullRequest' | 'body'>,
  command: string,
): { readonly pullRequest: number; readonly verb: Request['verb']; readonly text: string } {
  const ignored = { decision: 'ignored' } as const;
  if (trigger.action !== 'created') {
    throw new Stopped(
      'unsupported-event',
      'The comment is not new: an edited one is not acted on.',
      ignored,
    );
  }
  if (trigger.pullRequest === null) {
    throw new Stopped('unsupported-event', 'The comment is not on a pull request.', ignored);
  }
  const found = parseCommand(trigger.body, command);
  if (found === undefined) {
    throw new Stopped('not-a-command', `The comment does not begin with ${command}.`);
  }
  return { pullRequest: trigger.pullRequest, verb: found.verb, text: found.text };
}
