/**
 * Mode execute: commits exactly the change that was approved, in one fast-forward of the pull request's branch. No
 * model is asked again, and nothing is written before everything that time can have changed was looked at again.
 */

import {
  actorOf,
  checkStanding,
  closingTheGate,
  findApproved,
  nothingPlanned,
  readTarget,
  type StandingApproval,
} from '../../checks/approval.ts';
import { authoriseCommenter } from '../../checks/authority.ts';
import { overlappingPaths } from '../../checks/base-branch.ts';
import { artifactUrl, runRef, timestamp, type World } from '../../checks/world.ts';
import { packExecution, type VerificationEvidence } from '../../core/records/archive-contents.ts';
import { carriesOut, commitMessage, type Execution } from '../../core/records/execution.ts';
import { appendToJournal } from '../../core/records/journal.ts';
import { Stopped } from '../../decision.ts';
import { type Found, findVerification } from '../../evidence/find.ts';
import { checkTrustedRun } from '../../evidence/provenance.ts';
import type { InputsOf } from '../../inputs.ts';
import { decorate, planComments, showState } from '../../page/page.ts';
import type { Commits } from '../../ports/commits.ts';
import { type Outcome, refuse, succeed } from '../../ports/outcome.ts';
import type { Workspace } from '../../ports/workspaces.ts';
import { code } from '../../report/markdown.ts';
import { unseal, writeTree } from './sealed-change.ts';

type ExecuteInputs = InputsOf<'execute'>;

export async function execute(
  world: World,
  inputs: ExecuteInputs,
  commits: Commits,
): Promise<Outcome> {
  await checkTrustedRun(world);
  await authoriseCommenter(world);
  return closingTheGate(world, inputs, async () => {
    const nothing = await nothingPlanned(world, inputs);
    if (nothing !== undefined) return nothing;
    const pull = await readTarget(world, inputs);
    if (pull.headRepository !== world.run.repository.id) {
      return refuse('fork-denied', 'The branch lies in a fork, which the token cannot write to.');
    }
    const approved = await findApproved(world, inputs, pull);
    const used = await findUse(commits, approved);
    if (used !== undefined) return consumed(world, approved, used);
    try {
      return await decide(world, inputs, commits, approved);
    } catch (error) {
      // Another run may have used the approval while this one was on its way.
      if (!(error instanceof Stopped)) throw error;
      const now = { ...approved, pull: await world.pullRequests.read(pull.number) };
      const usedMeanwhile = await findUse(commits, now);
      if (usedMeanwhile === undefined) throw error;
      return consumed(world, now, usedMeanwhile);
    }
  });
}

async function decide(
  world: World,
  inputs: ExecuteInputs,
  commits: Commits,
  approved: StandingApproval,
): Promise<Outcome> {
  const { approval } = approved.approval;
  await checkStanding(world, standingInputs(inputs), approved);
  const verification = await freshVerification(world, inputs, approved);
  const workspace = await mergeOfToday(world, approved);
  const changes = await unseal(workspace, approved);
  const tree = await writeTree(commits, workspace, approval.head.sha, changes);
  const runUrl = `${world.run.serverUrl}/${approval.repository.full_name}/actions/runs/${world.run.id}`;
  const message = commitMessage(
    approval.plan_id,
    approval.approvers.map((approver) => approver.login),
    runUrl,
  );
  const commit = await commits.createCommit(message, tree, approval.head.sha);

  // The last look before the branch moves; the fast-forward itself fails where it moved since.
  const now = { ...approved, pull: await readTarget(world, inputs) };
  await checkStanding(world, standingInputs(inputs), now);
  if (!(await moveBranch(world, commits, now, commit))) {
    throw new Stopped(
      'head-moved',
      'The branch moved before the commit reached it, or is protected.',
    );
  }
  world.findings.commitSha = commit;
  await showExecuted(world, inputs, approved, { commit, tree, verification });
  return succeed('executed', `Commit ${commit} carries out plan ${approval.plan_id}.`);
}

/** `GITHUB_TOKEN` cannot read teams: without another token they are as the verification of minutes ago found them. */
function standingInputs(inputs: ExecuteInputs) {
  return inputs['team-token'] === undefined ? { ...inputs, teams: 'as verified' as const } : inputs;
}

/** The commit that an approval already became: the first one on the approved head, with the plan in its trailers. */
async function findUse(
  commits: Commits,
  { pull, approval: { approval } }: StandingApproval,
): Promise<string | undefined> {
  if (pull.head.sha === approval.head.sha) return undefined;
  const [first] = await commits.between(approval.head.sha, pull.head.sha);
  if (first === undefined || !first.parents.includes(approval.head.sha)) return undefined;
  return carriesOut(first.message, approval.plan_id) ? first.sha : undefined;
}

/** Also what a run says that is repeated after a crash: the commit is whole, and the page catches up. */
async function consumed(
  world: World,
  approved: StandingApproval,
  commit: string,
): Promise<Outcome> {
  world.findings.commitSha = commit;
  await showCommit(world, approved, commit);
  return refuse('approval-consumed', `Commit ${commit} carries out the plan already.`);
}

/** The drift gate passed for this approval on this head, not long ago. */
async function freshVerification(
  world: World,
  inputs: ExecuteInputs,
  { pull, approval }: StandingApproval,
): Promise<Found<VerificationEvidence>> {
  const minutes = (await world.policy()).execute['verification-minutes'];
  const found = await findVerification(world, inputs['artifact-prefix'], pull.number);
  const verification = found?.verification;
  if (
    found === undefined ||
    verification?.result !== 'verified' ||
    verification.approval_sha256 !== approval.digest ||
    verification.head.sha !== pull.head.sha ||
    !found.journal.startsWith(approval.journal)
  ) {
    throw new Stopped('verification-missing', 'No verification of this approval passed.');
  }
  const age = world.now().getTime() - Date.parse(verification.created_at);
  if (age > minutes * 60_000) {
    throw new Stopped(
      'verification-missing',
      `The verification of ${verification.created_at} is older than ${minutes} minutes (execute.verification-minutes).`,
    );
  }
  return found;
}

/** The pull request must still merge, and its base must have left the planned files alone. */
async function mergeOfToday(world: World, { pull, plan }: StandingApproval): Promise<Workspace> {
  const base = await world.pullRequests.baseTip(pull.baseRef);
  const mergeBase = await world.pullRequests.mergeBase(base, pull.head.sha);
  const workspace = await world.workspaces.build({ head: pull.head.sha, base, mergeBase }, [
    plan.manifest.base.sha,
  ]);
  const moved = await overlappingPaths(plan, workspace, base);
  if (moved.length > 0) {
    const paths = moved.map((path) => JSON.stringify(path)).join(', ');
    throw new Stopped('base-moved', `The base has changed ${paths} since the approval.`);
  }
  return workspace;
}

/** Where the answer is lost, the branch itself says whether it moved. */
async function moveBranch(
  world: World,
  commits: Commits,
  { pull }: StandingApproval,
  commit: string,
): Promise<boolean> {
  try {
    return await commits.fastForward(pull.head.ref, commit);
  } catch (error) {
    if (!(error instanceof Stopped) || error.reason !== 'api-unavailable') throw error;
    const { head } = await world.pullRequests.read(pull.number);
    if (head.sha === commit) return true;
    throw error;
  }
}

interface Done {
  readonly commit: string;
  readonly tree: string;
  readonly verification: Found<VerificationEvidence>;
}

/** From here on the commit stands: whatever fails to be shown is a warning. */
async function showExecuted(
  world: World,
  inputs: ExecuteInputs,
  approved: StandingApproval,
  done: Done,
): Promise<void> {
  const { pull, plan, approval } = approved;
  await decorate(world, () => world.labels.remove(pull.number, inputs.label));
  await showCommit(world, approved, done.commit);
  await decorate(world, async () => {
    const execution: Execution = {
      schema: 'codex-execution/v1',
      repository: plan.manifest.repository,
      pull_request: pull.number,
      plan_id: plan.planId,
      approval_sha256: approval.digest,
      verification_artifact: done.verification.artifact,
      head: approval.approval.head,
      commit: done.commit,
      tree: done.tree,
      run: runRef(world.run),
      created_at: timestamp(world.now()),
    };
    const journal = appendToJournal(done.verification.journal, {
      at: execution.created_at,
      event: 'executed',
      actor: actorOf(world, approved),
      digests: { plan_id: plan.planId, approval: approval.digest },
      detail: done.commit,
    });
    const members = packExecution(execution, journal);
    const name = `${inputs['artifact-prefix']}-execution-${pull.number}`;
    world.findings.evidencePath = await world.keep('execution', members);
    const artifact = await world.artifacts.publish(name, members);
    Object.assign(world.findings, {
      artifactId: artifact.id,
      artifactUrl: artifactUrl(world, artifact),
    });
  });
  world.summarise(`Commit ${code(done.commit)} carries out plan ${code(plan.planId)}.`);
}

async function showCommit(
  world: World,
  { pull, plan }: StandingApproval,
  commit: string,
): Promise<void> {
  await decorate(world, async () => {
    for (const comment of await planComments(world, pull.number, plan)) {
      world.findings.commentUrl = comment.url;
      await showState(world, comment, { is: 'executed', commit });
    }
  });
}
