/**
 * Mode plan: authorise the requester, freeze the prompt, let Codex plan read-only on the merge, and publish the plan
 * as evidence and on the page.
 */

import { authoriseRequester, personBehind } from '../../checks/authority.ts';
import { takeOff } from '../../checks/label.ts';
import { checkOpen, statesInHead } from '../../checks/pull-request.ts';
import { artifactUrl, runRef, timestamp, type World } from '../../checks/world.ts';
import { type Plan, parsePlan, planDigest, planJson } from '../../core/plan/plan.ts';
import { renderPlanText } from '../../core/plan/plan-text.ts';
import { freezePrompt, type Prompt, PromptError, parseCommand } from '../../core/plan/prompt.ts';
import { impactedTests } from '../../core/policy/policy.ts';
import {
  listMembers,
  type Members,
  type PlanEvidence,
  packPlan,
  type planMembers,
  readPlanEvidence,
  toMembers,
} from '../../core/records/archive-contents.ts';
import type { Person } from '../../core/records/fields.ts';
import { appendToJournal } from '../../core/records/journal.ts';
import type { Manifest } from '../../core/records/manifest.ts';
import { sha256 } from '../../core/text/digest.ts';
import { Stopped, type StopReason } from '../../decision.ts';
import { journalOfEarlierAttempt } from '../../evidence/find.ts';
import { checkTrustedRun } from '../../evidence/provenance.ts';
import type { InputsOf } from '../../inputs.ts';
import { decorate, planCommentBody, supersedeOthers, viewOf } from '../../page/page.ts';
import type { Planner, Proposal } from '../../ports/agent.ts';
import type { PublishedArtifact } from '../../ports/artifacts.ts';
import { ignore, type Outcome, refuse, succeed } from '../../ports/outcome.ts';
import type { PullRequest } from '../../ports/pull-requests.ts';
import type { Pins } from '../../ports/workspaces.ts';

/** What was asked for, by whom, about which pull request. */
interface Request {
  readonly pullRequest: number;
  /** Null where the workflow was dispatched. */
  readonly commentId: number | null;
  readonly requester: Person;
  /** As it was written behind the command. */
  readonly text: string;
}

export async function plan(
  world: World,
  inputs: InputsOf<'plan'>,
  planner: Planner,
): Promise<Outcome> {
  const request = readRequest(world, inputs);
  if ('decision' in request) return request;
  world.findings.pullRequest = request.pullRequest;
  await checkTrustedRun(world);
  const mover = await authoriseRequester(world, request.requester);
  await acknowledge(world, request, 'eyes');
  const prompt = freeze(request.text, (await world.policy()).limits['prompt-kib']);
  world.findings.promptSha256 = sha256(prompt);

  const pull = await checkOpen(world, request.pullRequest);
  await world.labels.remove(pull.number, inputs.label);
  try {
    const outcome = await propose(world, inputs, planner, { request, mover, pull, prompt });
    // A label that was set meanwhile approved something else.
    await world.labels.remove(pull.number, inputs.label);
    return outcome;
  } catch (error) {
    await takeOff(world, pull.number, inputs.label);
    throw error;
  }
}

interface Task {
  readonly request: Request;
  /** The requester, or whoever repeats the run. */
  readonly mover: Person;
  readonly pull: PullRequest;
  readonly prompt: Prompt;
}

/** Plans on the merge of this moment, and publishes what came of it. */
async function propose(
  world: World,
  inputs: InputsOf<'plan'>,
  planner: Planner,
  task: Task,
): Promise<Outcome> {
  const { pull, prompt } = task;
  world.prepare();
  const pins = await pinCommits(world, pull);
  world.progress(`Planning on head ${pins.head} and base ${pins.base}`);
  const workspace = await world.workspaces.build(pins);
  const proposal = await planner.propose({ workspace: workspace.directory, prompt, anchor: null });
  const plan = parsePlan(proposal.answer, (await world.policy()).limits.files);
  if (plan.files.length === 0) {
    throw new Stopped('plan-invalid', 'The plan names no file, so there is nothing to approve.');
  }
  const [merged, head] = await Promise.all([
    workspace.files(workspace.commit),
    workspace.files(pins.head),
  ]);
  const files = statesInHead(plan.files, merged, head);

  const name = `${inputs['artifact-prefix']}-plan-${pull.number}`;
  const packed = await pack(world, name, {
    ...task,
    pins,
    workspace: { commit: workspace.commit, tree: workspace.tree },
    plan,
    files,
    proposal,
  });
  const draft = readPlanEvidence(packed);
  const view = await viewOf(world, { ...draft, artifact: longestArtifact }, inputs, workspace);
  // Before it is stored: a plan that nobody could approve must not stand in the way of an older one.
  planCommentBody(view);
  const artifact = await store(world, name, packed, draft);
  const body = planCommentBody({ ...view, artifact });
  await checkHead(world, pull);
  // Where the token may not create it, somebody does by hand.
  await decorate(world, () => world.labels.ensure(inputs.label));
  const comment = await world.comments.create(pull.number, body);
  world.findings.commentUrl = comment.url;
  await supersedeOthers(world, pull.number, draft);
  world.summarise(body);
  return succeed('planned', `The plan ${draft.planId} awaits approval.`);
}

/** The request of the event, or why there is none. */
function readRequest(world: World, inputs: InputsOf<'plan'>): Request | Outcome {
  const { trigger } = world.run;
  switch (trigger.kind) {
    case 'comment': {
      if (trigger.action !== 'created') {
        return ignore(
          'unsupported-event',
          'The comment is not new: an edited one is not acted on.',
        );
      }
      if (trigger.pullRequest === null) {
        return ignore('unsupported-event', 'The comment is not on a pull request.');
      }
      const text = parseCommand(trigger.body, inputs.command);
      if (text === undefined) {
        return ignore(
          'not-a-command',
          `The comment is not ${inputs.command} with a request behind it.`,
        );
      }
      const requester = personBehind(world, trigger.sender, trigger.viaApp);
      if (trigger.author.id !== requester.id) {
        return refuse('actor-denied', 'The comment is not by the account behind the event.');
      }
      const { pullRequest, commentId } = trigger;
      return { pullRequest, commentId, requester, text };
    }
    case 'dispatch': {
      const pullRequest = inputs['pull-request'];
      if (pullRequest === undefined || inputs.prompt === undefined) {
        return refuse(
          'config-invalid',
          'A dispatched plan needs the inputs pull-request and prompt.',
        );
      }
      const requester = personBehind(world, trigger.sender);
      return { pullRequest, commentId: null, requester, text: inputs.prompt };
    }
    default:
      return refuse('unsupported-event', 'Mode plan runs on issue_comment and workflow_dispatch.');
  }
}

/** A sign on the page that the request was seen. */
async function acknowledge(world: World, { commentId }: Request, sign: 'eyes'): Promise<void> {
  if (commentId !== null) await decorate(world, () => world.comments.react(commentId, sign));
}

function freeze(text: string, maxKib: number): Prompt {
  try {
    return freezePrompt(text, maxKib);
  } catch (error) {
    if (error instanceof PromptError) throw new Stopped('prompt-rejected', error.message);
    throw error;
  }
}

/** The live tip of the base: what the pull request itself says of it can be hours old. */
async function pinCommits(world: World, pull: PullRequest): Promise<Pins> {
  world.findings.headSha = pull.head.sha;
  const base = await world.pullRequests.baseTip(pull.baseRef);
  const mergeBase = await world.pullRequests.mergeBase(base, pull.head.sha);
  return { head: pull.head.sha, base, mergeBase };
}

interface Draft extends Task {
  readonly pins: Pins;
  readonly workspace: Manifest['workspace'];
  readonly plan: Plan;
  readonly files: Manifest['files'];
  readonly proposal: Proposal;
}

/** The bytes of the artifact: everything hashed, and the manifest over it. */
async function pack(world: World, name: string, draft: Draft): Promise<Members> {
  const { request, mover, pull, pins, prompt, plan, proposal } = draft;
  const createdAt = timestamp(world.now());
  const planSha256 = planDigest(plan);
  const promptSha256 = sha256(prompt);
  const journal = appendToJournal(await journalOfEarlierAttempt(world, name, ''), {
    at: createdAt,
    event: 'planned',
    actor: mover,
    digests: { plan: planSha256, prompt: promptSha256 },
    detail: null,
  });
  const contents: Record<(typeof planMembers)[number], string> = {
    'prompt.txt': prompt,
    'plan.json': planJson(plan),
    'plan.txt': renderPlanText(plan),
    'journal.jsonl': journal,
    'run.log': proposal.log,
  };
  const members = toMembers(contents);
  return packPlan(
    {
      schema: 'codex-plan-manifest/v1',
      repository: repositoryRef(world),
      pull_request: pull.number,
      request: { comment_id: request.commentId, requester: request.requester },
      head: pull.head,
      base: { ref: pull.baseRef, sha: pins.base },
      workspace: draft.workspace,
      codex: proposal.toolchain,
      prompt_sha256: promptSha256,
      plan_sha256: planSha256,
      files: draft.files,
      members: listMembers(members),
      run: runRef(world.run),
      created_at: createdAt,
    },
    members,
  );
}

/** Takes as much room on the page as any artifact will. */
const longestArtifact: PublishedArtifact = {
  id: Number.MAX_SAFE_INTEGER,
  digest: `sha256:${'0'.repeat(64)}`,
};

async function store(
  world: World,
  name: string,
  members: Members,
  { planId, manifest, plan }: PlanEvidence,
): Promise<PublishedArtifact> {
  const artifact = await world.artifacts.publish(name, members);
  const paths = plan.files.map((file) => file.path);
  Object.assign(world.findings, {
    planId,
    planSha256: manifest.plan_sha256,
    files: paths,
    artifactId: artifact.id,
    artifactUrl: artifactUrl(world, artifact),
    impactedTests: impactedTests(await world.policy(), paths),
    evidencePath: await world.keep('plan', members),
  });
  return artifact;
}

function repositoryRef({ run }: World): Manifest['repository'] {
  const { id, owner, name } = run.repository;
  return { id, full_name: `${owner}/${name}` };
}

/** The last look before the plan is shown: a push meanwhile makes it about something that is gone. */
async function checkHead(world: World, planned: PullRequest): Promise<void> {
  const now = await checkOpen(world, planned.number);
  if (now.head.sha !== planned.head.sha || now.baseRef !== planned.baseRef) {
    throw new Stopped('head-moved', 'The pull request changed while Codex planned.');
  }
}

/** Says on the request itself that no plan will come of it. */
export async function showFailure(world: World, reason: StopReason): Promise<void> {
  const { trigger } = world.run;
  if (trigger.kind !== 'comment' || reason === 'actor-denied' || reason === 'bot-denied') return;
  await decorate(world, () => world.comments.react(trigger.commentId, 'confused'));
}
