/** The plan that a command is about: the newest one, as long as it has not ended for good. */

import { type PlanLife, readLife } from '../../checks/plan-life.ts';
import { mapAll, type NonEmpty } from '../../core/lists.ts';
import type { Prompt } from '../../core/plan/prompt.ts';
import { joinRequests, mostRequests, splitRequests } from '../../core/plan/requests.ts';
import type { PlanEvidence } from '../../core/records/archive-contents.ts';
import { Stopped } from '../../decision.ts';
import type { PullRequest } from '../../ports/pull-requests.ts';
import type { Uses } from '../tools.ts';
import type { FrozenRequest, PlanCommand } from './request.ts';

/** @throws Stopped plan-missing if there is none, or if it was withdrawn or executed */
export async function readEarlierPlan(
  tools: Uses<'evidence' | 'pullRequests' | 'label' | 'requests' | 'clock'>,
  pull: PullRequest,
): Promise<PlanLife> {
  const plan = await tools.evidence.findPlan(pull.number);
  if (plan === undefined) throw new Stopped('plan-missing', 'No plan was published here.');
  const life = await readLife(tools, pull, plan);
  if (life.state.is === 'withdrawn' || life.state.is === 'executed') {
    throw new Stopped('plan-missing', `The newest plan is ${life.state.is}: ask for a new one.`);
  }
  return life;
}

/**
 * A comment about a plan is about the plan that its author could see. If a run waited or is repeated, the newest plan can
 * be one that was asked for after the comment.
 * @throws Stopped plan-superseded
 */
export function checkSaidAfter({ manifest }: PlanEvidence, { commentId }: PlanCommand): void {
  const ids = [...manifest.requests, manifest.narrows].map((one) => one?.comment_id ?? 0);
  if (Math.max(...ids) <= commentId) return;
  throw new Stopped(
    'plan-superseded',
    'The newest plan was asked for after this comment: read it, then write the command again.',
  );
}

/** The requests that a plan was made from, each with its own text. */
export function readRequests({ manifest, prompt }: PlanEvidence): NonEmpty<FrozenRequest> {
  const named = manifest.requests.map(({ requester, sha256 }) => ({
    login: requester.login,
    sha256,
  }));
  const texts = splitRequests(prompt, named);
  if (texts === undefined) {
    throw new Stopped('digest-mismatch', 'The prompt is not made of the recorded requests.');
  }
  let index = 0;
  return mapAll(manifest.requests, ({ comment_id: commentId, requester }) => ({
    commentId,
    requester,
    text: texts[index++] as Prompt,
  }));
}

/**
 * All requests of a revised plan, and the prompt that they make together.
 * @param added the newest request; if the plan was made from it already, the run is repeated, and it counts once
 * @throws Stopped limit-exceeded
 */
export function addRequest(
  earlier: NonEmpty<FrozenRequest>,
  added: FrozenRequest,
): { readonly requests: NonEmpty<FrozenRequest>; readonly prompt: Prompt } {
  const [first, ...all] = earlier;
  const others = all.filter(({ commentId }) => commentId !== added.commentId);
  const requests: NonEmpty<FrozenRequest> = [first, ...others, added];
  if (requests.length > mostRequests) {
    throw new Stopped(
      'limit-exceeded',
      `A plan has at most ${mostRequests} requests: ask for a new plan that says it all.`,
    );
  }
  const named = requests.map(({ requester, text }) => ({ login: requester.login, text }));
  return { requests, prompt: joinRequests(named) as Prompt };
}
