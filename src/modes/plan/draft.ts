/** The bytes of a plan artifact: everything that is hashed, and the manifest over it. */

import { mapAll, type NonEmpty } from '../../core/lists.ts';
import { type Plan, planDigest, planJson } from '../../core/plan/plan.ts';
import { renderPlanText } from '../../core/plan/plan-text.ts';
import type { Prompt } from '../../core/plan/prompt.ts';
import type { planMembers } from '../../core/records/archive-contents.ts';
import type { Person, Usage } from '../../core/records/fields.ts';
import { appendToJournal, type JournalFact } from '../../core/records/journal.ts';
import type { Manifest } from '../../core/records/manifest.ts';
import { listMembers, type Members, toMembers } from '../../core/records/members.ts';
import { packPlan } from '../../core/records/pack.ts';
import { sha256 } from '../../core/text/digest.ts';
import type { ObjectId } from '../../core/text/object-id.ts';
import { timestamp } from '../../core/text/timestamp.ts';
import type { Making as RecordMaking } from '../../evidence/record-context.ts';
import type { Toolchain } from '../../ports/agent.ts';
import type { PullRequest } from '../../ports/pull-requests.ts';
import type { WorkflowRun } from '../../ports/run.ts';
import type { FrozenRequest } from './request.ts';

/** A plan, and everything that it is bound to. */
export interface Draft {
  readonly pull: Pick<PullRequest, 'number' | 'author'>;
  readonly requests: NonEmpty<FrozenRequest>;
  readonly prompt: Prompt;
  readonly narrows: Manifest['narrows'];
  readonly head: Manifest['head'];
  readonly base: Manifest['base'];
  readonly workspace: Manifest['workspace'];
  /** The first merge base in git's order, if there are several. */
  readonly mergeBase: ObjectId;
  readonly plan: Plan;
  readonly files: Manifest['files'];
  readonly toolchain: Toolchain;
  readonly usage: Usage;
  /** The text of `run.log`. */
  readonly log: string;
  /** What the repository's owners tell every agent; '' if they say nothing. */
  readonly instructions: string;
  /** The journal that this one is appended to; '' for a new one. */
  readonly journalBefore: string;
  /** Who made it, and how. */
  readonly madeBy: { readonly person: Person; readonly event: 'planned' | 'narrowed' };
  /** Files of the plan that somebody had struck from the plan that it revises. */
  readonly returned: readonly string[];
}

/** Where and when a record is made. */
interface Making extends RecordMaking {
  readonly repository: WorkflowRun['repository'];
  /** The bytes of `policy.json`. */
  readonly effectivePolicy: string;
  readonly createdAt: Date;
  /** The journal to append to. */
  readonly journal: string;
  /** The entries that say who is asked to approve, at that time. */
  readonly asks: (at: string) => readonly JournalFact[];
}

export function packDraft(draft: Draft, making: Making): Members {
  const { prompt, plan, madeBy, requests, toolchain } = draft;
  const createdAt = timestamp(making.createdAt);
  const planSha256 = planDigest(plan);
  const promptSha256 = sha256(prompt);
  const contents: Record<(typeof planMembers)[number], string> = {
    'prompt.txt': prompt,
    'plan.json': planJson(plan),
    'plan.txt': renderPlanText(plan),
    'journal.jsonl': appendToJournal(
      making.journal,
      {
        at: createdAt,
        event: madeBy.event,
        actor: madeBy.person,
        digests: { plan: planSha256, prompt: promptSha256 },
        paths: [...draft.returned],
        detail: null,
      },
      ...making.asks(createdAt),
    ),
    'run.log': draft.log,
    'policy.json': making.effectivePolicy,
    'instructions.md': draft.instructions,
  };
  const members = toMembers(contents);
  const { id, owner, name } = making.repository;
  return packPlan(
    {
      schema: 'codex-plan-manifest/v1',
      repository: { id, full_name: `${owner}/${name}` },
      pull_request: draft.pull.number,
      requests: mapAll(requests, ({ commentId, requester, text }) => ({
        comment_id: commentId,
        requester,
        sha256: sha256(text),
      })),
      narrows: draft.narrows,
      head: draft.head,
      base: draft.base,
      merge_base: draft.mergeBase,
      workspace: draft.workspace,
      codex: { ...toolchain, tools: [...toolchain.tools] },
      policy: making.policy,
      usage: draft.usage,
      instructions_sha256: sha256(draft.instructions),
      prompt_sha256: promptSha256,
      plan_sha256: planSha256,
      files: draft.files,
      members: listMembers(members),
      action: making.action,
      run: making.run,
      created_at: createdAt,
    },
    members,
  );
}
