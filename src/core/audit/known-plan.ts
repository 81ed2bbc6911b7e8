/** What is known of the plan that records are about, whether its artifact is there or not. */

import type { PlanParticipants } from '../policy/rules.ts';
import type { Manifest } from '../records/manifest.ts';
import type { Artifact } from './artifact.ts';

/** A plan with everything that was recorded about it, oldest journal first. */
export interface PlanStory {
  /** Null if something explains that it is missing. */
  readonly plan: Artifact<'plan'> | null;
  readonly known: KnownPlan;
  readonly records: readonly Artifact[];
}

/** From the manifest; if the plan is missing, from its line in the journals, which each record repeats. */
export interface KnownPlan {
  readonly repository: number;
  readonly pullRequest: number;
  readonly createdAt: string;
  /** Digest of the plan. */
  readonly plan: string | undefined;
  /** Digest of the prompt. */
  readonly prompt: string | undefined;
  /** If the plan is missing: only who made it. */
  readonly participants: PlanParticipants;
}

export function readKnown(plan: Artifact<'plan'>): KnownPlan {
  const { repository, pull_request, created_at, plan_sha256, prompt_sha256 } =
    plan.evidence.manifest;
  return {
    repository: repository.id,
    pullRequest: pull_request,
    createdAt: created_at,
    plan: plan_sha256,
    prompt: prompt_sha256,
    participants: readParticipants(plan),
  };
}

/**
 * @param record one that is about the plan
 * @param at the place of the plan's line in its journal
 */
export function readKnownFromLine({ making, entries }: Artifact, at: number): KnownPlan {
  const line = entries[at];
  return {
    repository: making.repository.id,
    pullRequest: making.pull_request,
    createdAt: line?.at ?? making.created_at,
    plan: line?.digests.plan,
    prompt: line?.digests.prompt,
    participants: { requesters: listPlanners(entries.slice(0, at + 1)), author: null },
  };
}

/** The part of a plan that names people. */
export interface PlanWithPeople extends Pick<Artifact, 'entries'> {
  readonly evidence: {
    readonly manifest: {
      readonly requests: readonly Pick<Manifest['requests'][number], 'requester'>[];
    };
  };
}

/** Everybody who may approve this plan only if the policy allows it, as far as the records tell. */
export function readParticipants({ evidence, entries }: PlanWithPeople): PlanParticipants {
  const asked = evidence.manifest.requests.map(({ requester }) => requester);
  return { requesters: [...asked, ...listPlanners(entries)], author: null };
}

function listPlanners(entries: Artifact['entries']) {
  return entries.filter(({ event }) => event === 'planned').map(({ actor }) => actor);
}
