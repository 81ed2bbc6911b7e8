/**
 * Most comments are no command, and each starts a run. This tells them without loading what the other runs need: the
 * schemas, the clients and the modes.
 *
 * It answers only if the whole action would end the same way, in the same words. So it checks what the whole action checks
 * before it reads the comment, and whatever is not surely well-formed here is left to the whole action, which names the
 * fault. `test/ordinary-comment.test.ts` holds both together.
 */

import { readFileSync } from 'node:fs';
import { tryPath } from './core/text/paths.ts';
import { Stopped } from './decision.ts';
import { defaultInputs, inputForms, longestLabel } from './input-forms.ts';
import { readCommand } from './modes/plan/request.ts';

/** A comment that mode plan ignores. */
export interface OrdinaryComment {
  readonly mode: 'plan';
  /** To be masked in the log, in this order. */
  readonly secrets: readonly string[];
  /** How the run ends. */
  readonly end: Stopped;
  /** Whether the run says only fixed sentences of this action: they hold no secret. */
  readonly inOwnWords: boolean;
}

type Read = (name: string) => string;
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param read reads one input, as the workflow file gave it
 * @param env the variables of the runner
 * @returns undefined if the whole action is needed to tell
 */
export function findOrdinaryComment(read: Read, env: Environment): OrdinaryComment | undefined {
  const input = (name: string) => read(name).trim();
  if (input('mode') !== 'plan' || env.GITHUB_EVENT_NAME !== 'issue_comment') return undefined;
  if (!areInputsFine(input) || !isRunnerFine(env)) return undefined;
  const comment = readComment(env);
  if (comment === undefined) return undefined;
  const command = input('command') || defaultInputs.command;
  try {
    readCommand(comment, command);
    return undefined;
  } catch (end) {
    if (!(end instanceof Stopped) || end.decision !== 'ignored') return undefined;
    const secrets = [input('github-token'), input('team-token')].filter((one) => one !== '');
    const inOwnWords = command === defaultInputs.command;
    return { mode: 'plan', secrets, end, inOwnWords };
  }
}

/** Of the inputs of mode plan, those that can be wrong. */
function areInputsFine(input: Read): boolean {
  const isFine = (name: string, form: RegExp) => input(name) === '' || form.test(input(name));
  const policyFile = input('policy-file');
  return (
    input('github-token') !== '' &&
    isFine('label', inputForms.label) &&
    input('label').length <= longestLabel &&
    isFine('command', inputForms.command) &&
    (policyFile === '' || tryPath(policyFile) !== undefined) &&
    isFine('pull-request', inputForms.positiveInteger) &&
    isFine('artifact-prefix', inputForms.artifactPrefix) &&
    isFine('retention-days', inputForms.positiveInteger) &&
    isFine('responses-api-endpoint', /^https?:\/\/[!-~]+$/) &&
    (input('responses-api-endpoint') === '' || URL.canParse(input('responses-api-endpoint'))) &&
    isFine('codex-version', inputForms.codexVersion) &&
    isFine('model', inputForms.model) &&
    isFine('effort', inputForms.effort) &&
    isFine('timeout-minutes', inputForms.positiveNumber)
  );
}

function isRunnerFine(env: Environment): boolean {
  const { GITHUB_REPOSITORY: repository = '', GITHUB_WORKFLOW_REF: workflow = '' } = env;
  return (
    process.platform === 'linux' &&
    (env.RUNNER_OS || 'Linux') === 'Linux' &&
    /^[\w.-]+\/[\w.-]+$/.test(repository) &&
    workflow.startsWith(`${repository}/`) &&
    workflow.includes('@refs/') &&
    isId(env.GITHUB_RUN_ID) &&
    (!env.GITHUB_RUN_ATTEMPT || isId(env.GITHUB_RUN_ATTEMPT)) &&
    Boolean(env.GITHUB_ACTOR) &&
    /^https:\/\/(?:github\.com|[a-z0-9-]+\.ghe\.com)$/.test(
      env.GITHUB_SERVER_URL ?? 'https://github.com',
    )
  );
}

function isId(text: string | undefined): boolean {
  return text !== undefined && /^[1-9]\d{0,14}$/.test(text);
}

/** What `readCommand` needs of the event; undefined if any part is not as GitHub documents it. */
function readComment(env: Environment): Parameters<typeof readCommand>[0] | undefined {
  const event = parse(env.GITHUB_EVENT_PATH);
  const { action, comment, issue, repository, sender } = asObject(event) ?? {};
  const [theComment, theIssue, theRepository] = [comment, issue, repository].map(asObject);
  if (!theComment || !theIssue || !theRepository || typeof action !== 'string') return undefined;
  const { number, pull_request: pull, user: opener } = theIssue;
  const { id, default_branch: branch } = theRepository;
  const isFine =
    isPositive(number) &&
    (pull == null || asObject(pull) !== undefined) &&
    (opener == null || Number.isSafeInteger(asObject(opener)?.id)) &&
    isPositive(theComment.id) &&
    isAccount(theComment.user) &&
    isAccount(sender) &&
    isPositive(id) &&
    (!env.GITHUB_REPOSITORY_ID || env.GITHUB_REPOSITORY_ID === String(id)) &&
    typeof branch === 'string' &&
    branch !== '';
  const { body } = theComment;
  if (!isFine || typeof body !== 'string') return undefined;
  return { action, pullRequest: pull == null ? null : number, body };
}

function parse(path: string | undefined): unknown {
  try {
    return JSON.parse(readFileSync(path ?? '', 'utf8'));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : undefined;
}

function isPositive(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isAccount(value: unknown): boolean {
  const { id, login, type } = asObject(value) ?? {};
  return Number.isSafeInteger(id) && typeof login === 'string' && typeof type === 'string';
}
