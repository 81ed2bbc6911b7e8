/** The one place that wires: inputs → ports → mode → outputs, summary, exit status. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import type { World } from './checks/world.ts';
import { createEditor } from './codex/editor/editor.ts';
import type { CodexPackage } from './codex/install/codex-package.ts';
import { locateCodex } from './codex/install/install.ts';
import { createPlanner } from './codex/planner/planner.ts';
import type { CodexOptions } from './codex/session.ts';
import { codexSettings } from './core/policy/codex-settings.ts';
import { defaultPolicy, type Policy, parsePolicy } from './core/policy/policy.ts';
import { type FindSecret, secretFinder } from './core/text/secrets.ts';
import { explain, type ReasonCode, Stopped } from './decision.ts';
import { defaultBranch } from './evidence/provenance.ts';
import { createGit } from './git/git.ts';
import { GitWorkspaces } from './git/workspace.ts';
import { GitHubArtifacts, loadArtifactService } from './github/artifacts.ts';
import { GitHubClient } from './github/client.ts';
import { GitHubComments } from './github/comments.ts';
import { GitHubCommits } from './github/commits.ts';
import { readWorkflowRun } from './github/event.ts';
import { GitHubLabels } from './github/labels.ts';
import { GitHubPeople } from './github/people.ts';
import { GitHubPullRequests } from './github/pull-requests.ts';
import { GitHubRepository } from './github/repository.ts';
import { type CodexInputs, type Inputs, type InputsOf, readInputs } from './inputs.ts';
import { approve } from './modes/approve/approve.ts';
import { execute } from './modes/execute/execute.ts';
import { plan, showFailure } from './modes/plan/plan.ts';
import { verify } from './modes/verify/verify.ts';
import { outputsOf } from './outputs.ts';
import type { Editor, Planner } from './ports/agent.ts';
import type { Commits } from './ports/commits.ts';
import type { Findings, Outcome } from './ports/outcome.ts';
import { annotation, logLines } from './report/log.ts';
import { secretIn, withholdingSecrets } from './withholding.ts';

const defaultTimeoutMinutes = 20;

/** Runs one step. Never throws: whatever happens ends in outputs, a sentence in the log and an exit status. */
export async function run(): Promise<void> {
  const findings: Findings = {};
  // Until the end: where something never settles, Node ends the process, and would say that all is well.
  process.exitCode = 1;
  process.once('beforeExit', unfinished);
  setOutputs('', failed('internal', 'The run did not come to its end.'), findings);
  const temporary = join(runnerTemp(), `codex-plan-${randomUUID()}`);
  const findSecret = secretFinder(secretsOf(process.env));
  let mode = '';
  let outcome: Outcome;
  try {
    await mkdir(temporary, { mode: 0o700 });
    const inputs = readInputs((name) => core.getInput(name, { trimWhitespace: false }));
    mode = inputs.mode;
    outcome = await runMode(inputs, findings, temporary, findSecret);
  } catch (error) {
    outcome = outcomeOf(error, findSecret);
  } finally {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
  }
  const secret = findSecret(JSON.stringify([outcome.detail, findings]));
  if (secret === undefined) conclude(mode, outcome, findings);
  else conclude(mode, outcomeOf(secretIn('the outputs', secret), findSecret), {});
}

/** All that opens something and that this process was given. */
function secretsOf(env: NodeJS.ProcessEnv) {
  const inputs = ['github-token', 'openai-api-key', 'team-token'];
  const variables = [
    'ACTIONS_RUNTIME_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'GITHUB_TOKEN',
    'GH_TOKEN',
    'OPENAI_API_KEY',
  ];
  return Object.fromEntries([
    ...variables.map((name) => [name, env[name]]),
    ...inputs.map((name) => [name, env[`INPUT_${name.toUpperCase()}`]]),
  ]);
}

async function runMode(
  inputs: Inputs,
  findings: Findings,
  temporary: string,
  findSecret: FindSecret,
): Promise<Outcome> {
  core.setSecret(inputs['github-token']);
  checkPlatform(process.env.RUNNER_OS || 'Linux');
  const world = createWorld(inputs, findings, temporary, findSecret);
  switch (inputs.mode) {
    case 'plan':
      return plan(world, inputs, plannerOf(world, inputs, temporary)).catch(
        async (error: unknown) => {
          if (error instanceof Stopped) await showFailure(world, error.reason);
          throw error;
        },
      );
    case 'approve':
      return approve(world, inputs, editorOf(world, inputs, temporary));
    case 'verify':
      return verify(world, inputs, plannerOf(world, inputs, temporary));
    case 'execute':
      return execute(world, inputs, world.commits);
  }
}

/** @param runner the system as the runner names it, which may not be the one that this process sees */
function checkPlatform(runner: string): void {
  if (process.platform === 'linux' && runner === 'Linux') return;
  const system = runner === 'Linux' ? process.platform : runner;
  throw new Stopped('platform-unsupported', `The runner's system is ${system}.`);
}

/** The policy is read when Codex is needed: an event that is none of ours costs no call. */
function plannerOf(world: Wired, inputs: CodexInputs, temporary: string): Planner {
  return {
    propose: async (task) => {
      const { enforcement } = codexSettings(await world.policy());
      const options = { ...codexOptions(world, inputs, temporary), enforcement };
      return createPlanner(options).propose(task);
    },
  };
}

function editorOf(world: Wired, inputs: InputsOf<'approve'>, temporary: string): Editor {
  return {
    carryOut: async (task) => {
      const settings = codexSettings(await world.policy(), inputs.profile);
      const options = { ...codexOptions(world, inputs, temporary), settings };
      return createEditor(options).carryOut(task);
    },
  };
}

/** The world of the modes, and what only this file hands on. */
interface Wired extends World {
  readonly commits: Commits;
  readonly codex: CodexOptions['codex'];
}

function createWorld(
  inputs: Inputs,
  findings: Findings,
  temporary: string,
  findSecret: FindSecret,
): Wired {
  const workflowRun = readWorkflowRun(process.env);
  const { owner, name } = workflowRun.repository;
  const client = new GitHubClient(inputs['github-token'], { owner, name });
  const teamToken = inputs['team-token'];
  if (teamToken !== undefined) core.setSecret(teamToken);
  const repository = new GitHubRepository(client);
  const git = createGit(process.env, inputs['github-token']);
  const policyFile = inputs['policy-file'];
  let policy: Promise<Policy> | undefined;
  let codex: ReturnType<Wired['codex']> | undefined;
  const world: Wired = {
    run: workflowRun,
    repository,
    pullRequests: new GitHubPullRequests(client),
    people: new GitHubPeople(
      client,
      teamToken === undefined ? undefined : new GitHubClient(teamToken, { owner, name }),
    ),
    codex: () => {
      codex ??= locate(inputs, temporary, world.progress);
      return codex;
    },
    labels: new GitHubLabels(client),
    workspaces: new GitWorkspaces(git, temporary, `${workflowRun.serverUrl}/${owner}/${name}`),
    findings,
    policyFile,
    now: () => client.now(),
    policy: () => {
      policy ??= readPolicy(world);
      return policy;
    },
    prepare: () => {
      loadArtifactService().catch(() => undefined);
      world.codex().catch(() => undefined);
    },
    ...withholdingSecrets(
      {
        comments: new GitHubComments(client),
        artifacts: new GitHubArtifacts(client, temporary, workflowRun, inputs['retention-days']),
        commits: new GitHubCommits(client),
        progress: (line) => {
          for (const each of logLines(line)) core.info(each);
        },
        warn: (line) => core.warning(annotation(line)),
        summarise: (markdown) => {
          core.summary.addRaw(markdown, true);
        },
        keep,
      },
      findSecret,
    ),
  };
  return world;
}

/** From the default branch, never from the pull request. */
async function readPolicy(world: World): Promise<Policy> {
  const tip = await world.pullRequests.baseTip(await defaultBranch(world));
  const file = await world.repository.readFile(world.policyFile, tip);
  return file === undefined ? defaultPolicy : parsePolicy(file.text);
}

function locate(
  inputs: Inputs,
  temporary: string,
  report: (line: string) => void,
): Promise<CodexPackage> {
  if (inputs.mode === 'execute') throw new Stopped('internal', 'Mode execute asks no model.');
  return locateCodex({
    version: inputs['codex-version'] ?? null,
    codexPath: inputs['codex-path'] ?? null,
    forbidden: [process.env.GITHUB_WORKSPACE, temporary].filter((one) => one !== undefined),
    temporary,
    report,
  });
}

function codexOptions(world: Wired, inputs: CodexInputs, temporary: string): CodexOptions {
  const apiKey = inputs['openai-api-key'] ?? '';
  if (apiKey !== '') core.setSecret(apiKey);
  const report = (line: string) => world.progress(line);
  return {
    codex: world.codex,
    apiKey,
    endpoint: inputs['responses-api-endpoint'] ?? null,
    choice: { model: inputs.model ?? null, effort: inputs.effort ?? null },
    temporary,
    timeoutMs: (inputs['timeout-minutes'] ?? defaultTimeoutMinutes) * 60_000,
    report,
  };
}

function runnerTemp(): string {
  return process.env.RUNNER_TEMP || tmpdir();
}

/** Outlives the run, for the steps that read the outputs. */
async function keep(name: string, members: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const folder = join(runnerTemp(), `codex-${name}-${randomUUID()}`);
  await mkdir(folder, { mode: 0o700 });
  for (const [file, content] of members) await writeFile(join(folder, file), content);
  return folder;
}

function outcomeOf(error: unknown, findSecret: FindSecret): Outcome {
  if (error instanceof Stopped) return failed(error.reason, error.message);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const secret = findSecret(stack);
  if (secret !== undefined) return outcomeOf(secretIn('the log', secret), findSecret);
  for (const line of logLines(stack)) core.info(line);
  return failed('internal', error instanceof Error ? error.message : 'An unknown error.');
}

function failed(reason: Exclude<ReasonCode, 'ok'>, detail: string): Outcome {
  return { decision: explain(reason).decision, reason, detail };
}

/** The toolkit guards each with a random delimiter, so no text can declare another one. */
function setOutputs(...found: Parameters<typeof outputsOf>): void {
  for (const [name, value] of Object.entries(outputsOf(...found))) core.setOutput(name, value);
}

function unfinished(): void {
  core.error('failed (internal): The run stopped in the middle: it waited for what never came.');
}

function conclude(mode: string, outcome: Outcome, findings: Findings): void {
  const { decision, reason, detail } = outcome;
  const good = ['planned', 'approved', 'verified', 'executed', 'ignored'].includes(decision);
  const explanation = reason === 'ok' ? undefined : explain(reason);
  const sentences = [explanation?.what, detail, explanation?.next].filter(Boolean).join(' ');
  const message = annotation(`${decision} (${reason}): ${sentences}`);
  if (good) core.info(message);
  else core.error(message, { title: `Codex plan: ${reason}` });
  if (!good && explanation !== undefined) {
    core.summary.addRaw(
      `\n\n**${decision}** (\`${reason}\`): ${explanation.what} ${explanation.next}`,
      true,
    );
  }
  core.summary.write().catch(() => core.warning('The job summary could not be written.'));
  setOutputs(mode, outcome, findings);
  process.off('beforeExit', unfinished);
  process.exitCode = good ? 0 : 1;
}
