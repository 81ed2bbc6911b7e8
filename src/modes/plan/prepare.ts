/** Freezes what Codex is to plan, before anything else about the request is read. */

import { planJson } from '../../core/plan/plan.ts';
import { freezeRequest, type Prompt, PromptError } from '../../core/plan/prompt.ts';
import type { Person } from '../../core/records/fields.ts';
import { Stopped } from '../../decision.ts';
import type { PullRequest } from '../../ports/pull-requests.ts';
import type { Uses } from '../tools.ts';
import { addRequest, checkSaidAfter, readEarlierPlan, readRequests } from './earlier-plan.ts';
import { type MakeTools, makePlan } from './make.ts';
import type { Begin } from './narrow.ts';
import type { PublishedPlan } from './publish.ts';
import type { FrozenRequest, PlanningJob, Request } from './request.ts';

export type PrepareTools = MakeTools &
  Uses<'evidence' | 'pullRequests' | 'label' | 'requests' | 'clock'>;

/**
 * Freezes the request before anything else about it is read.
 * @returns a function that plans it
 * @throws Stopped prompt-rejected
 */
export async function preparePlanning(
  tools: PrepareTools,
  request: Request,
  startedBy: Person,
): Promise<(pull: PullRequest, begin: Begin) => Promise<PublishedPlan>> {
  const text = await freeze(tools, request.text);
  return async (pull, begin) => {
    const job = await readJob(tools, request, text, startedBy, pull);
    await begin();
    return makePlan(tools, job);
  };
}

/** What Codex is to plan: the request alone, or the newest plan's requests and this one. */
async function readJob(
  tools: Uses<'evidence' | 'pullRequests' | 'label' | 'requests' | 'clock'>,
  request: Request,
  text: Prompt,
  startedBy: Person,
  pull: PullRequest,
): Promise<PlanningJob> {
  const { commentId, requester } = request;
  const added: FrozenRequest = { commentId, requester, text };
  if (request.verb !== 'revise') {
    return { requests: [added], startedBy, pull, prompt: text, revises: null, struck: [] };
  }
  const { plan: earlier, request: asked } = await readEarlierPlan(tools, pull);
  checkSaidAfter(earlier, request);
  if (asked.edited) {
    throw new Stopped(
      'plan-altered',
      'A request of the plan was edited or deleted, and a revision would use it again: ask for a new plan.',
    );
  }
  const { requests, prompt } = addRequest(readRequests(earlier), added);
  const struck = earlier.manifest.narrows?.paths ?? [];
  return { requests, startedBy, pull, prompt, revises: planJson(earlier.plan), struck };
}

/** @throws Stopped prompt-rejected */
async function freeze({ log, policy }: Uses<'log' | 'policy'>, text: string): Promise<Prompt> {
  try {
    const { prompt, dropped } = freezeRequest(text, (await policy.read()).limits['prompt-kib']);
    if (dropped.length > 0) {
      log.progress(`Invisible characters were removed: ${dropped.join(', ')}.`);
    }
    return prompt;
  } catch (error) {
    if (error instanceof PromptError) throw new Stopped('prompt-rejected', error.message);
    throw error;
  }
}
