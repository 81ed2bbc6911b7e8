import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Permissions, Token } from './access.ts';
import type { Account } from './accounts.ts';
import { nodeId } from './ids.ts';
import type { WebhookEvent } from './payloads.ts';
import type { Repository } from './repository.ts';
import { jobToken } from './results-token.ts';
import type { Run } from './state.ts';

/** What {@link startRun} takes. */
export interface StartRun {
  /** What the run is about: the event that a method of an actor returned. */
  event: WebhookEvent;
  /** Path of the workflow file; it must exist at the commit the run takes it from. */
  workflow?: string;
  /** `pull_request` for the trigger of that name: its payload is `pull_request_target`'s. */
  on?: string;
  /** Permissions of the job's token. Default: all that the modes of the action need. */
  permissions?: Permissions;
  /** Login of the actor, if it is not the event's sender. */
  actor?: string;
  /** Login of the person who started this attempt, if it is not the actor. */
  triggeringActor?: string;
  /** Replaces the payload of the event, to give what GitHub would not. */
  payload?: Record<string, unknown>;
  /**
   * Keeps the job's folder on the disk, and not on the RAM disk: for jobs whose boxed code looks for what lies outside of its box,
   * since a box has another `/dev`.
   */
  onDisk?: boolean | undefined;
}

/** A job on a runner: the run at GitHub, and what its steps find in their environment. */
export interface JobRun {
  readonly id: number;
  readonly attempt: number;
  /** GitHub's record of this attempt. */
  readonly run: Run;
  /** The job's GITHUB_TOKEN. */
  readonly token: string;
  /** Environment of a step. Holds no PATH, no HOME and no inputs. */
  readonly env: Record<string, string>;
  /** Folder that everything of the job is in. */
  readonly folder: string;
  /** RUNNER_TEMP. */
  readonly temp: string;
  /** GITHUB_WORKSPACE, empty. */
  readonly workspace: string;
  /** The outputs that steps have set so far. */
  outputs(): Record<string, string>;
  /** The job summary so far. */
  summary(): string;
  /** What the next attempt is started from. */
  readonly start: StartRun;
}

/** The workflow file of a repository that names none. */
export const WORKFLOW = '.github/workflows/codex.yml';

/** Permissions of a job's token unless a test names some. */
export const JOB_PERMISSIONS: Permissions = {
  actions: 'read',
  contents: 'write',
  issues: 'write',
  'pull-requests': 'write',
  statuses: 'write',
};

/** Where a run takes its workflow file from, and what it calls its commit. */
interface Source {
  ref: string;
  sha: string;
  headBranch: string;
  headSha: string;
  headCommit: string;
  headRepository: Repository;
}

/**
 * GitHub's rule for each trigger: `pull_request` runs the test merge, `workflow_dispatch` the ref
 * it was sent to, everything else the default branch. The run of `pull_request_target` has the
 * default branch's `head_sha`, and yet names the pull request's branch, repository (the fork) and
 * head commit: `actions/checkout` relies on that (src/unsafe-pr-checkout-helper.ts).
 */
function sourceOf(repository: Repository, event: WebhookEvent, trigger: string): Source {
  const pull = event.issue?.pull;
  if (trigger === 'pull_request' && pull && event.issue) {
    if (!pull.mergeCommit) throw new Error('GitHub starts no pull_request run on a conflict');
    return {
      ref: `refs/pull/${event.issue.number}/merge`,
      sha: pull.mergeCommit,
      headBranch: pull.head.ref,
      headSha: pull.head.sha,
      headCommit: pull.head.sha,
      headRepository: pull.head.repository ?? repository,
    };
  }
  const ref = event.ref ?? `refs/heads/${repository.defaultBranch}`;
  // The name of a tag is in the same field as that of a branch, and nothing in the run tells them apart.
  const branch = ref.replace(/^refs\/(heads|tags)\//, '');
  const sha = pushedCommit(event) ?? repository.git.commitId(ref);
  if (!sha) throw new Error(`${repository.fullName} has no ${ref}`);
  return {
    ref,
    sha,
    headBranch: branch,
    headSha: sha,
    headCommit: sha,
    headRepository: repository,
    ...(trigger === 'pull_request_target' && pull && repository.github.targetRunsNameHead
      ? {
          headBranch: pull.head.ref,
          headCommit: pull.head.sha,
          headRepository: pull.head.repository ?? repository,
        }
      : {}),
  };
}

/** The commit that an event is about, even if its branch has moved since. */
function pushedCommit({ name, payload }: WebhookEvent): string | null {
  if (name === 'push') return payload.after as string;
  return name === 'merge_group' ? (payload.merge_group as { head_sha: string }).head_sha : null;
}

/** Starts a run and prepares its runner. */
export function startRun(repository: Repository, options: StartRun): JobRun {
  const trigger = options.on ?? options.event.name;
  const source = sourceOf(repository, options.event, trigger);
  const path = options.workflow ?? WORKFLOW;
  if (!repository.git.entry(source.sha, path)) {
    throw new Error(`GitHub runs no workflow ${path}: ${source.ref} does not have it`);
  }
  const { github } = repository;
  const workflow = repository.workflow(path);
  const actor = options.actor ? github.user(options.actor) : options.event.sender;
  const id = github.ids.next('run');
  const earlier = new Set(
    repository.runs.filter((run) => run.workflow === workflow).map((run) => run.id),
  );
  const now = github.clock.iso;
  const run: Run = {
    id,
    nodeId: nodeId('WFR', id),
    repository,
    headRepository: source.headRepository,
    workflow,
    attempt: 1,
    number: earlier.size + 1,
    event: trigger,
    ref: source.ref,
    headBranch: source.headBranch,
    headSha: source.headSha,
    headCommit: source.headCommit,
    status: 'in_progress',
    conclusion: null,
    actor,
    triggeringActor: options.triggeringActor ? github.user(options.triggeringActor) : actor,
    createdAt: now,
    updatedAt: now,
    startedAt: now,
    pull: options.event.issue?.pull ?? null,
    suite: github.ids.next('suite'),
  };
  return launch(repository, run, options, source);
}

const sources = new WeakMap<Run, Source>();

/** Starts another attempt: the commit, the event and the actor stay, as GitHub keeps them. */
export function rerun(
  repository: Repository,
  previous: JobRun,
  by: string,
  onDisk?: boolean,
): JobRun {
  const before = previous.run;
  const source = sources.get(before);
  if (!source) throw new Error('not a run of this GitHub');
  if (before.status !== 'completed') finishRun(repository, before.id, 'failure');
  const { github } = repository;
  const run: Run = {
    ...before,
    attempt: before.attempt + 1,
    status: 'in_progress',
    conclusion: null,
    triggeringActor: github.user(by),
    startedAt: github.clock.iso,
    updatedAt: github.clock.iso,
  };
  return launch(repository, run, { ...previous.start, onDisk }, source);
}

/** Completes every attempt of a run that is under way. */
export function finishRun(repository: Repository, id: number, conclusion: string): void {
  for (const run of repository.runs) {
    if (run.id !== id || run.status === 'completed') continue;
    run.status = 'completed';
    run.conclusion = conclusion;
    run.updatedAt = repository.github.clock.iso;
    const token = jobTokens.get(run);
    if (token) token.revoked = true;
  }
}

const jobTokens = new WeakMap<Run, Token>();

function launch(repository: Repository, run: Run, start: StartRun, source: Source): JobRun {
  const { github } = repository;
  repository.runs.push(run);
  repository.timeline.push({ kind: 'run', run });
  sources.set(run, source);
  const wanted = start.permissions ?? JOB_PERMISSIONS;
  const fork =
    run.event === 'pull_request' &&
    (source.headRepository !== repository || run.actor.login === 'dependabot[bot]');
  const token = github.createToken({
    kind: 'actions',
    repository,
    permissions: fork ? readOnly(wanted) : wanted,
  });
  jobTokens.set(run, token);
  const place = start.onDisk ? github.folder : github.quickFolder;
  const folder = mkdtempSync(join(place, `run-${run.id}-${run.attempt}-`));
  // As a runner's folders are: everybody may pass through them.
  chmodSync(folder, 0o755);
  const files = runnerFiles(folder);
  const payload = start.payload ?? start.event.payload;
  writeFileSync(files.event, JSON.stringify(payload, null, 2));
  return {
    id: run.id,
    attempt: run.attempt,
    run,
    token: token.value,
    env: environment(repository, run, source, files),
    folder,
    temp: files.temp,
    workspace: files.workspace,
    outputs: () => commandFile(readFileSync(files.output, 'utf8')),
    summary: () => readFileSync(files.summary, 'utf8'),
    start,
  };
}

/** The `pull_request` run of a fork or of Dependabot gets a token that can only read. */
function readOnly(permissions: Permissions): Permissions {
  return Object.fromEntries(
    Object.entries(permissions).map(([name, level]) => [name, level === 'write' ? 'read' : level]),
  );
}

function runnerFiles(folder: string) {
  const temp = join(folder, 'temp');
  const workspace = join(folder, 'workspace');
  const tools = join(folder, 'tools');
  const commands = join(temp, '_runner_file_commands');
  for (const each of [temp, workspace, tools, commands, join(temp, '_github_workflow')]) {
    mkdirSync(each, { recursive: true });
  }
  const files = {
    temp,
    workspace,
    tools,
    event: join(temp, '_github_workflow', 'event.json'),
    output: join(commands, 'set_output'),
    summary: join(commands, 'step_summary'),
    state: join(commands, 'save_state'),
    env: join(commands, 'set_env'),
    path: join(commands, 'add_path'),
  };
  for (const each of [files.output, files.summary, files.state, files.env, files.path]) {
    writeFileSync(each, '');
  }
  return files;
}

function environment(
  repository: Repository,
  run: Run,
  source: Source,
  files: ReturnType<typeof runnerFiles>,
): Record<string, string> {
  const { github } = repository;
  const { pull } = run;
  const aboutPull = run.event.startsWith('pull_request') && pull;
  const names = (account: Account) => ({ login: account.login, id: String(account.id) });
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__run',
    GITHUB_ACTION_PATH: join(files.temp, '..', 'action'),
    GITHUB_ACTOR: names(run.actor).login,
    GITHUB_ACTOR_ID: names(run.actor).id,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_BASE_REF: aboutPull ? pull.base.ref : '',
    GITHUB_ENV: files.env,
    GITHUB_EVENT_NAME: run.event,
    GITHUB_EVENT_PATH: files.event,
    GITHUB_GRAPHQL_URL: `${github.apiUrl}/graphql`,
    GITHUB_HEAD_REF: aboutPull ? pull.head.ref : '',
    GITHUB_JOB: 'codex',
    GITHUB_OUTPUT: files.output,
    GITHUB_PATH: files.path,
    GITHUB_REF: source.ref,
    GITHUB_REF_NAME: source.ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    GITHUB_REF_PROTECTED: 'false',
    GITHUB_REF_TYPE: source.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    GITHUB_REPOSITORY: repository.fullName,
    GITHUB_REPOSITORY_ID: String(repository.id),
    GITHUB_REPOSITORY_OWNER: repository.owner.login,
    GITHUB_REPOSITORY_OWNER_ID: String(repository.owner.id),
    GITHUB_RETENTION_DAYS: String(repository.retentionDays),
    GITHUB_RUN_ATTEMPT: String(run.attempt),
    GITHUB_RUN_ID: String(run.id),
    GITHUB_RUN_NUMBER: String(run.number),
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: source.sha,
    GITHUB_STATE: files.state,
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_TRIGGERING_ACTOR: run.triggeringActor.login,
    GITHUB_WORKFLOW: run.workflow.name,
    GITHUB_WORKFLOW_REF: `${repository.fullName}/${run.workflow.path}@${source.ref}`,
    GITHUB_WORKFLOW_SHA: source.sha,
    GITHUB_WORKSPACE: files.workspace,
    RUNNER_ARCH: process.arch === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_NAME: 'GitHub Actions 1',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: files.temp,
    RUNNER_TOOL_CACHE: files.tools,
    RUNNER_WORKSPACE: join(files.workspace, '..'),
    ACTIONS_RESULTS_URL: `${github.apiUrl}/`,
    ACTIONS_RUNTIME_TOKEN: jobToken(run),
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.${github.apiUrl}/.insteadOf`,
    GIT_CONFIG_VALUE_0: 'https://github.com/',
  };
}

/** Reads a runner's command file: `name=value` lines and `name<<delimiter` blocks. */
export function commandFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const block = /^([^=<]+)<<(.+)$/.exec(line);
    if (!block) {
      const equals = line.indexOf('=');
      if (equals < 1) throw new Error(`the runner rejects the line ${JSON.stringify(line)}`);
      values[line.slice(0, equals)] = line.slice(equals + 1);
      continue;
    }
    const [, name = '', delimiter] = block;
    const end = lines.indexOf(delimiter ?? '', at + 1);
    if (end < 0) throw new Error(`the runner misses the delimiter of ${name}`);
    values[name] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return values;
}
