/**
 * Mode approve: the label of a person who may approve, on the newest genuine plan, shown unaltered. Codex carries the
 * plan out in a throw-away workspace, and what it changed is held against the approved files before anything of it
 * can reach the repository.
 */

import { checkPins } from '../../checks/approval.ts';
import { authoriseRepeater, peopleOf, personBehind } from '../../checks/authority.ts';
import { rebuild } from '../../checks/base-branch.ts';
import {
  checkCurrent,
  checkReadFirst,
  checkSetBy,
  isReadFirst,
  type Labelling,
  labelHistory,
  lastLabelling,
  takeOff,
} from '../../checks/label.ts';
import { checkDenied, checkElevated } from '../../checks/protected-paths.ts';
import { checkOpen, statesInHead } from '../../checks/pull-request.ts';
import { checkRequestUnedited } from '../../checks/request-comment.ts';
import type { World } from '../../checks/world.ts';
import type { Denial } from '../../core/plan/attempts.ts';
import { planJson } from '../../core/plan/plan.ts';
import { checkParity, judgeBy } from '../../core/plan/scope.ts';
import type { Approval } from '../../core/records/approval.ts';
import type { PlanEvidence } from '../../core/records/archive-contents.ts';
import type { Person } from '../../core/records/fields.ts';
import { sameLabel } from '../../core/text/label-name.ts';
import { type Found, findApproval, findPlan } from '../../evidence/find.ts';
import { checkTrustedRun } from '../../evidence/provenance.ts';
import type { InputsOf } from '../../inputs.ts';
import { checkShown, report, showState, viewOf } from '../../page/page.ts';
import type { Editor, EditReport } from '../../ports/agent.ts';
import { ignore, type Outcome, refuse } from '../../ports/outcome.ts';
import type { PullRequest } from '../../ports/pull-requests.ts';
import type { Workspace } from '../../ports/workspaces.ts';
import { editMarker, renderDenial, renderNotes } from '../../report/denial.ts';
import { renderPlanComment } from '../../report/plan-comment.ts';
import { renderVotes, votesMarker } from '../../report/votes.ts';
import { checkBefore, checkContents, checkUnexpired, countedFiles, seal } from './seal.ts';
import {
  checkMayApprove,
  checkMayApprovePlan,
  collectVotes,
  counts,
  mayApprove,
  type Vote,
  voteOf,
} from './votes.ts';

type ApproveInputs = InputsOf<'approve'>;

export async function approve(
  world: World,
  inputs: ApproveInputs,
  editor: Editor,
): Promise<Outcome> {
  const target = readTarget(world, inputs);
  if (typeof target !== 'number') return target;
  world.findings.pullRequest = target;
  await checkTrustedRun(world);
  try {
    const outcome = await decide(world, inputs, editor, target);
    if (outcome.decision !== 'approved') await takeOff(world, target, inputs.label);
    return outcome;
  } catch (error) {
    await takeOff(world, target, inputs.label);
    throw error;
  }
}

/** The pull request that was labelled, or why there is nothing to do. */
function readTarget({ run }: World, inputs: ApproveInputs): number | Outcome {
  const { trigger } = run;
  switch (trigger.kind) {
    case 'label':
      if (trigger.action !== 'labeled')
        return ignore('unsupported-event', 'A label was taken off.');
      return sameLabel(trigger.label, inputs.label)
        ? trigger.pullRequest
        : ignore('other-label', `The label is not ${inputs.label}.`);
    case 'pull-request':
      return ignore('unsupported-event', 'No label was set.');
    case 'dispatch':
      return (
        inputs['pull-request'] ?? refuse('config-invalid', 'A dispatched run needs pull-request.')
      );
    default:
      return refuse('unsupported-event', 'Mode approve runs on pull_request_target: labeled.');
  }
}

async function decide(
  world: World,
  inputs: ApproveInputs,
  editor: Editor,
  number: number,
): Promise<Outcome> {
  const { setter, movers } = await authorise(world);
  const pull = await checkOpen(world, number);
  world.findings.headSha = pull.head.sha;
  const { trigger } = world.run;
  if (trigger.kind === 'label' && trigger.headSha !== pull.head.sha) {
    return refuse('head-moved', 'The branch moved after the label was set.');
  }
  const evidence = await findPlan(world, inputs['artifact-prefix'], number);
  if (evidence === undefined) return refuse('plan-missing', 'No plan was ever published here.');
  checkPins(evidence, pull);
  const editedAt = await checkRequestUnedited(world, evidence, inputs.command);

  const history = await labelHistory(world, number, inputs.label, setter);
  const labelling = lastLabelling(history);
  checkSetBy(labelling, setter);
  checkCurrent(labelling);
  const people = peopleOf(evidence, pull);
  const vote = await voteOf(world, labelling, people);
  world.findings.approver = vote.person.login;
  for (const mover of movers) await checkMayApprovePlan(world, mover, people);

  const policy = await world.policy();
  checkDenied(evidence, policy, world.policyFile);
  world.prepare();
  const workspace = await rebuild(world, evidence, pull);
  const merged = await workspace.files(workspace.commit);
  statesInHead(evidence.plan.files, merged, await workspace.files(evidence.manifest.head.sha));
  const view = await viewOf(world, evidence, inputs, workspace);
  const comment = await checkShown(world, number, view);
  world.findings.commentUrl = comment.url;
  const seconds = policy.approvers['review-seconds'];
  const earlier = await earlierApproval(world, inputs, evidence, labelling);
  if (earlier === undefined) checkReadFirst(labelling, comment, seconds);
  // Within one second nobody can tell which came first.
  if (editedAt !== null && !isReadFirst(labelling, editedAt, 1)) {
    return refuse('plan-altered', 'The request was edited after the label was set.');
  }
  checkUnexpired(world.now(), earlier);

  const shown = { since: comment.updatedAt, editedAt, seconds, earlier };
  const votes = await collectVotes(world, history, vote, people, (event) => counts(event, shown));
  if (votes.length < policy.approvers.count) return askForVotes(world, evidence, votes);
  checkElevated(evidence, votes, policy);

  const approved = { evidence, pull, votes, workspace, earlier };
  const outcome = await carryOut(world, inputs, editor, approved);
  if (outcome.decision === 'approved') {
    const state = { is: 'approved', by: votes.map((one) => one.person.login) } as const;
    await showState(world, comment, state);
    world.summarise(renderPlanComment(view, state));
  }
  return outcome;
}

/** Who set the label, and who else makes this run happen: Codex works anew each time, and they choose when. */
interface Hands {
  /** Undefined for a dispatched run. */
  readonly setter: Person | undefined;
  /** Whoever dispatched or repeats the run. */
  readonly movers: readonly Person[];
}

/** Cheap and first: whoever may approve nothing here costs nothing more. */
async function authorise(world: World): Promise<Hands> {
  const { trigger } = world.run;
  const sender = 'sender' in trigger ? personBehind(world, trigger.sender) : undefined;
  if (sender !== undefined) await checkMayApprove(world, sender);
  const repeater = await authoriseRepeater(world, (person) => mayApprove(world, person));
  const isSetter = trigger.kind === 'label';
  return {
    setter: isSetter ? sender : undefined,
    movers: [isSetter ? undefined : sender, repeater].filter((one) => one !== undefined),
  };
}

/**
 * The approval that this very labelling led to before, in an earlier attempt of this run, say. What the action wrote
 * on the comment then came after the label, and says nothing against it.
 */
async function earlierApproval(
  world: World,
  inputs: ApproveInputs,
  { planId, manifest }: PlanEvidence,
  labelling: Labelling,
): Promise<Approval | undefined> {
  if (world.run.attempt === 1 && world.run.trigger.kind === 'label') return undefined;
  const earlier = await findApproval(world, inputs['artifact-prefix'], manifest.pull_request);
  const same =
    earlier?.approval.plan_id === planId &&
    earlier.approval.approvers.at(-1)?.label_event.id === labelling.id;
  return same ? earlier.approval : undefined;
}

async function askForVotes(
  world: World,
  { planId, manifest }: PlanEvidence,
  votes: readonly Vote[],
): Promise<Outcome> {
  const needed = (await world.policy()).approvers.count;
  const voters = votes.map((one) => one.person.login);
  const text = renderVotes(planId, voters, needed);
  await report(world, manifest.pull_request, votesMarker(planId), text);
  return refuse(
    'votes-missing',
    `${votes.length} of ${needed} approvers (approvers.count) have set the label.`,
  );
}

interface Approved {
  readonly evidence: Found<PlanEvidence>;
  readonly pull: PullRequest;
  readonly votes: readonly Vote[];
  readonly workspace: Workspace;
  readonly earlier: Approval | undefined;
}

/** Lets Codex work under the per-file gate, and decides from git what came of it. */
async function carryOut(
  world: World,
  inputs: ApproveInputs,
  editor: Editor,
  { evidence, pull, votes, workspace, earlier }: Approved,
): Promise<Outcome> {
  const { plan, planId, prompt } = evidence;
  world.progress(`Codex carries out plan ${planId} in a workspace of its own`);
  const edit = await editor.carryOut({
    workspace: workspace.directory,
    prompt,
    plan: planJson(plan),
    judge: judgeBy(plan.files),
  });
  const counted = countedFiles(inputs, await world.policy(), evidence);
  const changes = await workspace.changes(counted);
  const parity = checkParity(plan.files, changes);
  const denials = [...edit.declined, ...parity.denials];
  if (denials.length > 0) return deny(world, evidence, denials, edit);
  if (changes.length === 0) {
    const refused = edit.refusedRequests.length;
    const also = refused > 0 ? ` ${refused} requests to leave the sandbox were refused.` : '';
    return refuse('nothing-changed', `Codex changed none of the planned files.${also}`);
  }
  checkBefore(evidence, changes);
  // What could not be committed is not approved, either.
  await workspace.treeWith(evidence.manifest.head.sha, changes);
  await checkContents(world, workspace, changes);
  const patch = await workspace.patch(counted);
  const outcome = await seal(world, inputs, {
    evidence,
    pull,
    votes,
    patch,
    changes,
    edit,
    earlier,
  });
  await showNotes(world, evidence, parity.untouched, edit);
  return outcome;
}

/** Names every refused file to the reviewers; nothing of the change is kept. */
async function deny(
  world: World,
  evidence: PlanEvidence,
  denials: readonly Denial[],
  edit: EditReport,
): Promise<Outcome> {
  const summary = renderDenial(evidence.planId, denials, edit);
  world.findings.deniedFiles = [...new Set(denials.map((denial) => denial.path))].sort();
  const marker = editMarker(evidence.planId);
  const address = await report(world, evidence.manifest.pull_request, marker, summary);
  if (address !== undefined) world.findings.commentUrl = address;
  world.summarise(summary);
  const [first] = denials as [Denial];
  const reason = denials.find((denial) => denial.reason === 'outside-plan')?.reason ?? first.reason;
  const files = world.findings.deniedFiles.map((path) => JSON.stringify(path)).join(', ');
  return refuse(reason, `Not approved: ${files}.`);
}

/** What happened on the way, to a change that is approved all the same. */
async function showNotes(
  world: World,
  { planId, manifest }: PlanEvidence,
  untouched: readonly string[],
  edit: EditReport,
): Promise<void> {
  for (const warning of edit.warnings) world.warn(warning);
  for (const path of untouched) world.warn(`Planned, but left as it was: ${path}`);
  const notes = renderNotes(planId, untouched, edit);
  if (notes === undefined) return;
  await report(world, manifest.pull_request, editMarker(planId), notes);
  world.summarise(notes);
}
