/** What the plan comment shows in addition to the evidence: notes on files that a reviewer should check with care. */

import { mapAll } from '../core/lists.ts';
import { commitMessage } from '../core/plan/commit-message.ts';
import type { Policy } from '../core/policy/policy.ts';
import { ruleNotes } from '../core/policy/rules.ts';
import type { PlanEvidence } from '../core/records/archive-contents.ts';
import { listNarrowers } from '../core/records/narrowing.ts';
import { mixesScripts } from '../core/text/characters.ts';
import { foldersWithout } from '../core/text/paths.ts';
import { Stopped } from '../decision.ts';
import type { WithArtifact } from '../evidence/genuine.ts';
import type { Workspace } from '../ports/workspaces.ts';
import { block } from '../report/markdown.ts';
import {
  maxCommentLength,
  type PlanView,
  renderPlanComment,
  roomForState,
} from '../report/plan-comment.ts';

/** What the comment shows that is the same for every plan of this run. */
export interface PlanViewSettings {
  readonly serverUrl: string;
  readonly label: string;
  readonly command: string;
  readonly policyFile: string;
}

/**
 * All that the plan comment shows.
 * @param workspace the merge that was planned on, for the notes on its files
 */
export async function buildPlanView(
  evidence: Omit<WithArtifact<PlanEvidence>, 'members'>,
  workspace: Pick<Workspace, 'hiddenInDiffs' | 'files' | 'tree'>,
  policy: Policy,
  { serverUrl, label, command, policyFile }: PlanViewSettings,
): Promise<PlanView> {
  const { files } = evidence.plan;
  const hidden = await workspace.hiddenInDiffs(files.map((file) => file.path));
  const created = files.filter((file) => file.operation === 'create');
  const newFolders = foldersWithout(
    (await workspace.files(workspace.tree)).keys(),
    created.map((file) => parentFolder(file.path)).filter((folder) => folder !== ''),
  );
  const flags = files.map(({ path, operation }): [string, string[]] => [
    path,
    [
      ...(path.toLowerCase().startsWith('.github/workflows/') ? ['workflow file'] : []),
      ...ruleNotes(path, policy, policyFile),
      ...(operation === 'create' && newFolders.has(parentFolder(path)) ? ['new folder'] : []),
      ...(hidden.has(path) ? ['hidden in diffs'] : []),
      ...(mixesScripts(path) ? ['confusable name'] : []),
    ],
  ]);
  return {
    evidence,
    artifact: evidence.artifact,
    serverUrl,
    label,
    command,
    flags: new Map(flags),
    commitMessage: foreseeMessage(evidence, policy),
  };
}

/** A fact that is known only later is shown as `…`. */
function foreseeMessage(
  { plan, planId, manifest, journal }: Omit<PlanEvidence, 'prompt' | 'instructions'>,
  policy: Policy,
): string {
  return commitMessage(policy.execute.message, {
    title: plan.title,
    planId,
    pullRequest: manifest.pull_request,
    requesters: mapAll(manifest.requests, ({ requester }) => requester.login),
    narrowedBy: listNarrowers({ manifest, journal }).map(({ login }) => login),
    approvers: null,
    runUrl: null,
  });
}

function parentFolder(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The length of a plan comment without the request, for the smallest possible plan. */
const roomForPlan = 4000;

/**
 * Must be called before Codex runs: a plan could never be approved if its request leaves no room for it on the page.
 * @throws Stopped limit-exceeded
 */
export function checkPromptFits(prompt: string): void {
  const { length } = block(prompt);
  if (length + roomForPlan <= maxCommentLength) return;
  throw new Stopped(
    'limit-exceeded',
    `The request takes ${length} characters to show, and a comment holds ${maxCommentLength} with the plan.`,
  );
}

/**
 * The body of a new plan comment.
 * @throws Stopped limit-exceeded if the plan cannot be shown whole, since then nobody could approve it
 */
export function planCommentBody(view: PlanView): string {
  const body = renderPlanComment(view, { is: 'awaiting' });
  if (body.length + roomForState <= maxCommentLength) return body;
  throw new Stopped(
    'limit-exceeded',
    `The plan takes ${body.length} characters to show, and a comment holds ${maxCommentLength}.`,
  );
}
