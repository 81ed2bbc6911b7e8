/** Builds every adapter and every shared class for one run. It is the only file that knows them all. */

import { codexOptions, editorUnder, plannerUnder } from './agents.ts';
import { Authority } from './checks/authority.ts';
import { Brakes } from './checks/brakes.ts';
import { Claims } from './checks/claims.ts';
import { ApprovalLabel } from './checks/label.ts';
import { Merges } from './checks/merges.ts';
import { PlanStatus } from './checks/plan-status.ts';
import { Requests } from './checks/requests.ts';
import { Rotation } from './checks/rotation.ts';
import { Targets } from './checks/targets.ts';
import { readMachine } from './codex/machine-facts.ts';
import { statusContext } from './core/life/status.ts';
import type { FindSecret } from './core/text/secrets.ts';
import { Stopped, stoppedByMachine } from './decision.ts';
import { CodexRuns } from './evidence/codex-runs.ts';
import { EvidenceCollection } from './evidence/collection.ts';
import { RepositoryInstructions } from './evidence/instructions.ts';
import { RepositoryPolicy } from './evidence/policy.ts';
import { Provenance } from './evidence/provenance.ts';
import { RecordContext } from './evidence/record-context.ts';
import { EvidenceStore } from './evidence/store.ts';
import { createGit } from './git/git.ts';
import { readVersion } from './git/version.ts';
import { GitWorkspaces } from './git/workspaces.ts';
import { GitHubArtifacts, loadArtifactService } from './github/artifacts.ts';
import { GitHubAsking } from './github/asking.ts';
import { GitHubClient } from './github/client.ts';
import { GitHubComments } from './github/comments.ts';
import { GitHubCommits } from './github/commits.ts';
import { readWorkflowRun } from './github/event.ts';
import { GitHubLabels } from './github/labels.ts';
import { Looks } from './github/looks.ts';
import { GitHubOpenPullRequests } from './github/open-pull-requests.ts';
import { GitHubPeople } from './github/people.ts';
import { GitHubPullRequests } from './github/pull-requests.ts';
import { GitHubRepository } from './github/repository.ts';
import { GitHubSetUp } from './github/set-up.ts';
import { GitHubStatuses } from './github/statuses.ts';
import { GitHubTimeline } from './github/timeline.ts';
import type { ToolInputs } from './modes/mode.ts';
import type { Tools } from './modes/tools.ts';
import { Page } from './page/page.ts';
import { findShownPlan } from './page/shown-plan.ts';
import type { Cost, Report } from './ports/outcome.ts';
import { keepForLaterSteps, maskSecret, log as openLog } from './runner.ts';
import { describeAction } from './system/action-ref.ts';
import { removeSoon } from './system/begin-removal.ts';
import { completeProxyAddresses } from './system/company-proxy.ts';
import { readEvidenceFolders } from './system/evidence-folders.ts';
import { loadExpressions } from './system/linear-expressions.ts';
import { refusingSecrets } from './withholding.ts';

/** What a run has in addition to its inputs. */
export interface Surroundings {
  readonly cost: Cost;
  /** A private folder, removed at the end. */
  readonly temporary: string;
  readonly findSecret: FindSecret;
  readonly report: Report;
}

/** @throws Stopped platform-unsupported, workflow-untrusted, unsupported-event, internal */
export function createTools(
  inputs: ToolInputs,
  { temporary, findSecret, report, cost }: Surroundings,
): Tools {
  maskSecret(inputs.githubToken);
  checkPlatform(process.env.RUNNER_OS || 'Linux');
  completeProxyAddresses(process.env);
  const run = readWorkflowRun(process.env);
  const { owner, name } = run.repository;
  const client = new GitHubClient(
    inputs.githubToken,
    { owner, name },
    { report: (line) => log.progress(line) },
  );
  const { teamToken } = inputs;
  if (teamToken !== undefined) maskSecret(teamToken);
  const teamClient =
    teamToken === undefined ? undefined : new GitHubClient(teamToken, { owner, name });
  cost.calls = () => client.counted + (teamClient?.counted ?? 0);
  const looks = new Looks(client, {
    number: run.trigger.pullRequest ?? inputs.pullRequest ?? null,
    policyFile: inputs.policyFile,
    workflow: { path: run.workflow, commit: run.workflowSha },
    label: inputs.label,
    context: statusContext(inputs.artifactPrefix),
  });
  const outgoing = refusingSecrets(
    {
      artifacts: new GitHubArtifacts(client, temporary, run, inputs.retentionDays),
      comments: new GitHubComments(client, looks),
      commits: new GitHubCommits(client, looks),
      log: openLog,
      keepForLaterSteps,
    },
    findSecret,
  );
  const { artifacts, comments, log } = outgoing;
  const repository = new GitHubRepository(client, looks);
  const pullRequests = new GitHubPullRequests(client, looks);
  const people = new GitHubPeople(client, teamClient, looks);
  const git = createGit(process.env, inputs.githubToken);
  const workspaces = new GitWorkspaces(git, temporary, `${run.serverUrl}/${owner}/${name}`);
  const policy = new RepositoryPolicy(repository, run, inputs.policyFile, inputs);
  const provenance = new Provenance(repository, pullRequests, run, policy, log);
  const records = new RecordContext(run, policy, repository, () => describeAction(process.env));
  const whileAsking = () => {
    report.note({ modelAsked: true });
    warmArtifacts();
    // Codex gets its prompt first.
    setImmediate(() => records.lookAhead());
  };
  const codex = codexOptions(inputs, {
    temporary,
    log,
    onAsked: whileAsking,
    removeLater: removeSoon,
  });
  const authority = new Authority(people, policy, run);
  const shownPlan = (pullRequest: number) => {
    const seen = looks.seenComments(pullRequest);
    return seen && findShownPlan(seen.comments, looks.self?.databaseId, seen.at);
  };
  const { artifactPrefix } = inputs;
  const evidence = new EvidenceStore(artifacts, provenance, artifactPrefix, run, shownPlan);
  const planView = {
    serverUrl: run.serverUrl,
    label: inputs.label,
    command: inputs.command,
    policyFile: inputs.policyFile,
  };
  const page = new Page(comments, people, log, planView);
  return {
    ...outgoing,
    run,
    clock: client,
    report,
    policy,
    instructions: new RepositoryInstructions(repository, policy),
    provenance,
    pullRequests,
    people,
    authority,
    evidence,
    records,
    brakes: new Brakes(policy, new CodexRuns(artifacts, provenance, inputs.artifactPrefix), client),
    findSecret,
    openPullRequests: new GitHubOpenPullRequests(client),
    status: new PlanStatus(
      new GitHubStatuses(client),
      pullRequests,
      new Claims(evidence, provenance, run),
      policy,
      run,
      log,
      inputs.artifactPrefix,
    ),
    collection: new EvidenceCollection(artifacts, provenance, inputs.artifactPrefix, client),
    folders: readFolder,
    allowance: { isLow: () => isLow(client.allowance()) || isLow(client.allowance('graphql')) },
    setUp: new GitHubSetUp(client, people),
    expressions: loadExpressions,
    machine: {
      ...readMachine({
        env: process.env,
        temporary,
        codexVersion: inputs.codexVersion ?? null,
        codexPath: inputs.codexPath ?? null,
      }),
      gitVersion: () => readVersion(git.git, temporary),
    },
    targets: new Targets(pullRequests, policy, run),
    requests: new Requests(comments, inputs.command),
    label: new ApprovalLabel(
      new GitHubLabels(client, looks),
      new GitHubTimeline(client, looks),
      inputs.label,
      log,
    ),
    page,
    planView,
    rotation: new Rotation(
      { authority, policy, people, asking: new GitHubAsking(client), page, report, log },
      inputs.label,
    ),
    merges: new Merges(workspaces, pullRequests),
    planner: plannerUnder(policy, codex),
    editor: editorUnder(policy, codex, inputs.profile),
    warmUp: (what) => {
      if (what === 'artifacts') warmArtifacts();
      else (what === 'codex' ? codex.codex() : codex.findCodex()).catch(() => undefined);
    },
  };
}

/** Takes longer than anything else that is loaded, and is needed last. */
function warmArtifacts(): void {
  loadArtifactService().catch(() => undefined);
}

function readFolder(folder: string): ReturnType<typeof readEvidenceFolders> {
  try {
    return readEvidenceFolders([folder]);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'An unknown error.';
    const detail = `The input evidence: ${why}`;
    throw stoppedByMachine(cause) ?? new Stopped('config-invalid', detail, { cause });
  }
}

function isLow(left: { readonly remaining: number; readonly limit: number } | undefined): boolean {
  return left !== undefined && left.remaining < left.limit / 4;
}

/** @param runner RUNNER_OS, which can differ from process.platform in a container */
function checkPlatform(runner: string): void {
  if (process.platform === 'linux' && runner === 'Linux') return;
  const system = runner === 'Linux' ? process.platform : runner;
  throw new Stopped('platform-unsupported', `The runner's system is ${system}.`);
}
