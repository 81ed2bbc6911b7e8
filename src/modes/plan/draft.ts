/** The bytes of a plan artifact: everything that is hashed, and the manifest over it. */

import { type Plan, planDigest, planJson } from '../../core/plan/plan.ts';
import { renderPlanText } from '../../core/plan/plan-text.ts';
import {
  listMembers,
  type Members,
  packPlan,
  type planMembers,
  toMembers,
} from '../../core/records/archive-contents.ts';
import { appendToJournal } from '../../core/records/journal.ts';
import type { Manifest } from '../../core/records/manifest.ts';
import { sha256 } from '../../core/text/digest.ts';
import type { ObjectId } from '../../core/text/object-id.ts';
import { timestamp } from '../../core/text/timestamp.ts';
import type { Making as RecordMaking } from '../../evidence/record-context.ts';
import type { Proposal } from '../../ports/agent.ts';
import type { WorkflowRun } from '../../ports/run.ts';
import type { Pins } from '../../ports/workspaces.ts';
import type { PlanningJob } from './request.ts';

/** A plan, and everything that it is bound to. */
export interface Draft extends PlanningJob {
  readonly pins: Pins;
  readonly workspace: Manifest['workspace'];
  /** Of several merge bases the first one, in git's order. */
  readonly mergeBase: ObjectId;
  readonly plan: Plan;
  readonly files: Manifest['files'];
  readonly proposal: Proposal;
}

/** Where and when a record is made. */
interface Making extends RecordMaking {
  readonly repository: WorkflowRun['repository'];
  /** The bytes of `policy.json`. */
  readonly effectivePolicy: string;
  /** What the repository's owners tell every agent; '' if they say nothing. */
  readonly instructions: string;
  readonly createdAt: Date;
  /** The journal to append to. */
  readonly journal: string;
}

export function packDraft(
  { request, startedBy, pull, pins, prompt, plan, proposal, workspace, mergeBase, files }: Draft,
  making: Making,
): Members {
  const createdAt = timestamp(making.createdAt);
  const planSha256 = planDigest(plan);
  const promptSha256 = sha256(prompt);
  const contents: Record<(typeof planMembers)[number], string> = {
    'prompt.txt': prompt,
    'plan.json': planJson(plan),
    'plan.txt': renderPlanText(plan),
    'journal.jsonl': appendToJournal(making.journal, {
      at: createdAt,
      event: 'planned',
      actor: startedBy,
      digests: { plan: planSha256, prompt: promptSha256 },
      detail: null,
    }),
    'run.log': proposal.log,
    'policy.json': making.effectivePolicy,
    'instructions.md': making.instructions,
  };
  const members = toMembers(contents);
  const { id, owner, name } = making.repository;
  return packPlan(
    {
      schema: 'codex-plan-manifest/v1',
      repository: { id, full_name: `${owner}/${name}` },
      pull_request: pull.number,
      requests: [
        { comment_id: request.commentId, requester: request.requester, sha256: promptSha256 },
      ],
      narrows: null,
      head: pull.head,
      base: { ref: pull.baseRef, sha: pins.base },
      merge_base: mergeBase,
      workspace,
      codex: { ...proposal.toolchain, tools: [...proposal.toolchain.tools] },
      policy: making.policy,
      usage: proposal.usage,
      instructions_sha256: sha256(making.instructions),
      prompt_sha256: promptSha256,
      plan_sha256: planSha256,
      files,
      members: listMembers(members),
      action: making.action,
      run: making.run,
      created_at: createdAt,
    },
    members,
  );
}
