/**
 * Mode approve: the label of a person who may approve, on the newest genuine plan, shown unaltered. Codex carries the
 * plan out in a throw-away workspace, and what it changed is held against the approved files before anything of it
 * can reach the repository.
 */
import { Fault } from '../decision.ts';
import type { InputsOf } from '../inputs.ts';
import { type Approval, approvalJson } from '../plan/approval.ts';
import type { Assessment, Denial } from '../plan/attempts.ts';
import { codexSettings } from '../plan/codex-settings.ts';
import { sha256 } from '../plan/digest.ts';
import { type PlanEvidence, packApproval } from '../plan/evidence.ts';
import { appendToJournal, type JournalFact } from '../plan/journal.ts';
import { canonicalJson } from '../plan/json.ts';
import { sameLabel } from '../plan/labels.ts';
import { parsePath } from '../plan/paths.ts';
import { planJson } from '../plan/plan.ts';
import { isDenied, isElevated, type Policy } from '../plan/policy.ts';
import type { Person } from '../plan/records.ts';
import {
  checkParity,
  type FileChange,
  type FileState,
  judgeBy,
  operationOf,
} from '../plan/scope.ts';
import { editMarker, renderDenial, renderNotes } from '../report/denial.ts';
import { renderPlanComment } from '../report/plan-comment.ts';
import { renderVotes, votesMarker } from '../report/votes.ts';
import { overlappingPaths } from './base.ts';
import { type Found, findApproval, findPlan, journalOfEarlierAttempt } from './evidence-of.ts';
import {
  checkReadFirst,
  checkStillLabelled,
  isReadFirst,
  type Labelling,
  lastLabelling,
  takeOff,
  votesIn,
} from './label.ts';
import { ignore, type Outcome, refuse, succeed } from './outcome.ts';
import { checkShown, report, showState, viewOf } from './page.ts';
import { approverStanding, authoriseRepeater, hasRole, isNamed, personBehind } from './people.ts';
import type {
  CountedFiles,
  Editor,
  EditReport,
  LabelEvent,
  PullRequest,
  RepositoryRole,
  Workspace,
} from './ports.ts';
import { checkOpen, sameState, statesInHead } from './pull-request.ts';
import { checkRequestUnedited } from './request.ts';
import { checkTrustedRun } from './trust.ts';
import { artifactUrl, runRef, timestamp, type World } from './world.ts';

type ApproveInputs = InputsOf<'approve'>;

/** One person's vote for a plan. */
interface Vote {
  readonly person: Person;
  readonly role: RepositoryRole;
  readonly event: LabelEvent;
}

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
  const { trigger } = world.run;
  const setter = trigger.kind === 'label' ? personBehind(world, trigger.sender) : undefined;
  if (setter !== undefined) await checkMayApprove(world, setter);
  await authoriseRepeater(world, (login) => mayApprove(world, login));

  const pull = await checkOpen(world, number);
  world.findings.headSha = pull.head.sha;
  if (trigger.kind === 'label' && trigger.headSha !== pull.head.sha) {
    return refuse('head-moved', 'The branch moved after the label was set.');
  }
  const evidence = await findPlan(world, inputs['artifact-prefix'], number);
  if (evidence === undefined) return refuse('plan-missing', 'No plan was ever published here.');
  noteEvidence(world, evidence);
  checkAbout(evidence, pull);
  const requestedSince = await checkRequestUnedited(world, evidence, inputs.command);

  const history = await labelHistory(world, number, inputs.label, setter);
  const labelling = lastLabelling(history);
  checkSetBy(labelling, setter);
  const people = { requester: evidence.manifest.request.requester, author: pull.author };
  const vote = await voteOf(world, labelling, people);
  world.findings.approver = vote.person.login;

  const policy = await world.policy();
  checkDenied(evidence, (path) => isDenied(policy, path, world.policyFile));
  world.prepare();
  const workspace = await rebuild(world, evidence, pull);
  const [merged, head] = await Promise.all([
    workspace.files(workspace.commit),
    workspace.files(evidence.manifest.head.sha),
  ]);
  statesInHead(evidence.plan.files, merged, head);
  const view = await viewOf(world, evidence, inputs, merged.keys());
  const comment = await checkShown(world, number, view);
  world.findings.commentUrl = comment.url;
  if (!(await isApproved(world, inputs, evidence, labelling))) {
    checkReadFirst(labelling, comment, policy.approvers['review-seconds']);
  }
  if (requestedSince !== null && !isReadFirst(labelling, requestedSince, 0)) {
    return refuse('plan-altered', 'The request was edited after the label was set.');
  }

  const votes = await collectVotes(world, history, vote, people, (event) =>
    [comment.updatedAt, requestedSince ?? comment.createdAt].every((since) =>
      isReadFirst(event, since, policy.approvers['review-seconds']),
    ),
  );
  if (votes.length < policy.approvers.count) {
    const needed = policy.approvers.count;
    const voters = votes.map((one) => one.person.login);
    const text = renderVotes(evidence.planId, voters, needed);
    await report(world, number, votesMarker(evidence.planId), text);
    return refuse(
      'votes-missing',
      `${votes.length} of ${needed} approvers (approvers.count) have set the label.`,
    );
  }
  checkElevated(evidence, votes, policy);

  world.progress(`Codex carries out plan ${evidence.planId} in a workspace of its own`);
  const edit = await editor.carryOut({
    workspace: workspace.directory,
    prompt: evidence.prompt,
    plan: planJson(evidence.plan),
    judge: judgeBy(evidence.plan.files),
  });
  const counted = countedFiles(inputs, policy, evidence);
  const changes = await workspace.changes(counted);
  const parity = checkParity(evidence.plan.files, changes);
  const denials = [...edit.declined, ...parity.denials];
  if (denials.length > 0) return deny(world, evidence, denials, edit);
  if (changes.length === 0) {
    const refused =
      edit.refusedRequests.length > 0
        ? ` ${edit.refusedRequests.length} requests to leave the sandbox were refused.`
        : '';
    return refuse('nothing-changed', `Codex changed none of the planned files.${refused}`);
  }
  checkBefore(evidence, changes);
  const patch = await workspace.patch(counted);
  const outcome = await record(world, inputs, { evidence, pull, votes, patch, changes, edit });
  await showState(world, comment, { is: 'approved', by: votes.map((one) => one.person.login) });
  world.summarise(
    renderPlanComment(view, { is: 'approved', by: votes.map((one) => one.person.login) }),
  );
  await showNotes(world, evidence, parity.untouched, edit);
  return outcome;
}

/** Cheap and first: whoever may approve nothing here costs nothing more. */
async function checkMayApprove(world: World, person: Person): Promise<void> {
  const { approvers } = await world.policy();
  const role = await world.people.roleOf(person);
  if (!hasRole(role, approvers.permission)) {
    throw new Fault(
      'actor-denied',
      `${person.login} has ${role ?? 'no'} permission here, and ${approvers.permission} (approvers.permission) is needed.`,
    );
  }
}

async function mayApprove(world: World, login: string): Promise<boolean> {
  const { approvers } = await world.policy();
  const role = await world.people.roleOfLogin(login);
  return hasRole(role, approvers.permission) && isNamed(world, approvers, login);
}

function noteEvidence(
  world: World,
  { planId, manifest, plan, artifact }: Found<PlanEvidence>,
): void {
  Object.assign(world.findings, {
    planId,
    planSha256: manifest.plan_sha256,
    promptSha256: manifest.prompt_sha256,
    files: plan.files.map((file) => file.path),
    artifactId: artifact.id,
    artifactUrl: artifactUrl(world, artifact, manifest.run.id),
  });
}

/** The plan must be about the pull request as it is: its head to the letter, its base by name. */
function checkAbout({ manifest }: PlanEvidence, pull: PullRequest): void {
  if (manifest.head.sha !== pull.head.sha) {
    throw new Fault(
      'head-moved',
      `The plan is about ${manifest.head.sha}, and the head is ${pull.head.sha}.`,
    );
  }
  if (manifest.base.ref !== pull.baseRef) {
    throw new Fault('base-moved', 'The pull request goes to another base than the plan is about.');
  }
}

const lagPauseMs = 1000;
const lagAttempts = 4;

/** The events list can lag behind the event that started this run. */
async function labelHistory(
  world: World,
  number: number,
  label: string,
  setter: Person | undefined,
): Promise<readonly LabelEvent[]> {
  for (let attempt = 1; ; attempt++) {
    const history = await world.labels.history(number, label);
    const listed =
      setter === undefined || history.some((event) => event.set && event.actor?.id === setter.id);
    if (listed || attempt === lagAttempts) return history;
    await new Promise((resolve) => setTimeout(resolve, lagPauseMs));
  }
}

/** Else a list that lags behind would let somebody else's label of earlier stand for this one. */
function checkSetBy(labelling: Labelling, setter: Person | undefined): void {
  if (setter !== undefined && labelling.actor.id !== setter.id) {
    throw new Fault('label-missing', `${labelling.actor.login} has set the label since.`);
  }
}

/**
 * Whether this very labelling was found good before: by an earlier attempt of this run, say. What it wrote on the
 * comment came after the label, and says nothing against it.
 */
async function isApproved(
  world: World,
  inputs: ApproveInputs,
  { planId, manifest }: PlanEvidence,
  labelling: Labelling,
): Promise<boolean> {
  if (world.run.attempt === 1 && world.run.trigger.kind === 'label') return false;
  const earlier = await findApproval(world, inputs['artifact-prefix'], manifest.pull_request);
  return (
    earlier?.approval.plan_id === planId &&
    earlier.approval.approvers.at(-1)?.label_event.id === labelling.id
  );
}

async function voteOf(
  world: World,
  event: Labelling,
  people: Parameters<typeof approverStanding>[2],
): Promise<Vote> {
  if (event.actor.type !== 'User' || event.viaApp) {
    throw new Fault('bot-denied', `${event.actor.login}, who set the label, is not a person.`);
  }
  const person = { id: event.actor.id, login: event.actor.login };
  const standing = await approverStanding(world, person, people);
  if ('why' in standing) throw new Fault(standing.reason, standing.why);
  return { person, role: standing.role, event };
}

/** The votes of everybody who may approve, asked for their standing now. */
async function collectVotes(
  world: World,
  history: readonly LabelEvent[],
  latest: Vote,
  people: Parameters<typeof approverStanding>[2],
  readable: (event: LabelEvent) => boolean,
): Promise<readonly Vote[]> {
  if ((await world.policy()).approvers.count === 1) return [latest];
  const { databaseId } = await world.people.self();
  const votes = [];
  for (const event of votesIn(history, databaseId, readable)) {
    if (event.actor.id === latest.person.id || event.actor.type !== 'User' || event.viaApp)
      continue;
    const person = { id: event.actor.id, login: event.actor.login };
    const standing = await approverStanding(world, person, people);
    if ('role' in standing) votes.push({ person, role: standing.role, event });
  }
  return [...votes, latest];
}

/** Paths that no label can approve. */
function checkDenied({ plan }: PlanEvidence, isDeniedPath: (path: string) => boolean): void {
  const denied = plan.files.find((file) => isDeniedPath(file.path));
  if (denied === undefined) return;
  throw new Fault(
    'path-protected',
    `${JSON.stringify(denied.path)} is protected (paths.deny): no label approves it.`,
  );
}

/** Paths that one of the approvers must have a stronger role for. */
function checkElevated({ plan }: PlanEvidence, votes: readonly Vote[], policy: Policy): void {
  const needed = policy.paths.elevated.permission;
  if (votes.some((vote) => hasRole(vote.role, needed))) return;
  const elevated = plan.files.find((file) => isElevated(policy, file.path));
  if (elevated === undefined) return;
  throw new Fault(
    'path-protected',
    `${JSON.stringify(elevated.path)} needs an approver with ${needed} permission (paths.elevated).`,
  );
}

/** The workspace of the pinned commits, the same to the byte as the one that was planned in. */
async function rebuild(
  world: World,
  evidence: PlanEvidence,
  pull: PullRequest,
): Promise<Workspace> {
  const { head, base, workspace } = evidence.manifest;
  const tip = await world.pullRequests.baseTip(pull.baseRef);
  const mergeBase = await world.pullRequests.mergeBase(base.sha, head.sha);
  const rebuilt = await world.workspaces.build({ head: head.sha, base: base.sha, mergeBase }, [
    tip,
  ]);
  if (rebuilt.commit !== workspace.commit || rebuilt.tree !== workspace.tree) {
    throw new Fault(
      'digest-mismatch',
      `The merge that was planned on was ${workspace.tree}, and is ${rebuilt.tree} now.`,
    );
  }
  const moved = await overlappingPaths(evidence, rebuilt, tip);
  if (moved.length > 0) {
    throw new Fault(
      'base-moved',
      `The base has changed ${moved.map((path) => JSON.stringify(path)).join(', ')} since the plan.`,
    );
  }
  return rebuilt;
}

/** Where Codex may run builds, what they leave in ignored files is no part of the change. */
function countedFiles(
  { profile }: ApproveInputs,
  policy: Policy,
  { plan }: PlanEvidence,
): CountedFiles {
  return codexSettings(policy, profile).enforcement === 'after-run'
    ? { unignoredAnd: plan.files.map((file) => file.path) }
    : 'all';
}

/** Each change must start from what the manifest says was there. */
function checkBefore({ manifest }: PlanEvidence, changes: readonly FileChange[]): void {
  const planned = new Map(
    manifest.files.map(({ path, mode, blob }): [string, FileState | null] => [
      path,
      mode === null || blob === null ? null : { mode, blob },
    ]),
  );
  for (const change of changes) {
    if (!sameState(change.before, planned.get(change.path) ?? null)) {
      throw new Fault(
        'base-moved',
        `${JSON.stringify(change.path)} is not what it was when it was planned.`,
      );
    }
  }
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

interface Sealed {
  readonly evidence: Found<PlanEvidence>;
  readonly pull: PullRequest;
  readonly votes: readonly Vote[];
  readonly patch: Uint8Array;
  readonly changes: readonly FileChange[];
  readonly edit: EditReport;
}

/** Seals the change and records the approval; the live head and label are the last things read before. */
async function record(world: World, inputs: ApproveInputs, sealed: Sealed): Promise<Outcome> {
  const { evidence, pull, votes, patch, changes, edit } = sealed;
  const name = `${inputs['artifact-prefix']}-approval-${pull.number}`;
  const latest = votes.at(-1) as Vote;
  await checkStillLabelled(world, pull.number, inputs.label, latest.event);
  const earlier = await journalOfEarlierAttempt(world, name);
  checkAbout(evidence, await checkOpen(world, pull.number));
  const created = world.now();
  const hours = inputs['approval-hours'] ?? (await world.policy()).approvers.hours;
  const approval: Approval = {
    schema: 'codex-approval/v1',
    repository: evidence.manifest.repository,
    pull_request: pull.number,
    plan_id: evidence.planId,
    plan_sha256: evidence.manifest.plan_sha256,
    prompt_sha256: evidence.manifest.prompt_sha256,
    plan_artifact: evidence.artifact,
    approvers: votes.map(({ person, role, event }) => ({
      ...person,
      permission: role,
      label_event: { id: event.id, created_at: event.at },
    })),
    head: evidence.manifest.head,
    base: evidence.manifest.base,
    files: changes.map((change) => ({
      path: parsePath(change.path),
      operation: operationOf(change),
      before: change.before,
      after: change.after,
    })),
    change_sha256: sha256(patch),
    run: runRef(world.run),
    created_at: timestamp(created),
    expires_at: timestamp(new Date(created.getTime() + hours * 3_600_000)),
  };
  const journal = appendToJournal(
    earlier || evidence.journal,
    ...edit.warnings.map(overridden(latest, approval.created_at)),
    ...edit.assessments.map(assessed(latest)),
    {
      at: approval.created_at,
      event: 'approved',
      actor: latest.person,
      digests: {
        plan_id: evidence.planId,
        approval: sha256(approvalJson(approval)),
        change: approval.change_sha256,
      },
      detail: null,
    },
  );
  const members = packApproval(approval, {
    'change.patch': patch,
    'journal.jsonl': journal,
    'run.log': edit.log,
  });
  const artifact = await world.artifacts.publish(name, members);
  Object.assign(world.findings, {
    artifactId: artifact.id,
    artifactUrl: artifactUrl(world, artifact),
    evidencePath: await world.keep('approval', members),
  });
  return succeed(
    'approved',
    `${votes.map((vote) => vote.person.login).join(', ')} approved plan ${evidence.planId} until ${approval.expires_at}.`,
  );
}

/** What an administrator, or Codex itself, made of the settings. */
function overridden({ person }: Vote, at: string): (warning: string) => JournalFact {
  return (warning) => ({ at, event: 'overridden', actor: person, digests: {}, detail: warning });
}

/** The guardian decided within an approval, so the approver is who stands for it. */
function assessed({ person }: Vote): (assessment: Assessment) => JournalFact {
  return ({ at, ...assessment }) => ({
    at,
    event: 'assessed',
    actor: person,
    digests: {},
    detail: canonicalJson(assessment),
  });
}
