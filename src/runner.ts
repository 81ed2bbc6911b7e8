/** The runner that the action is a step of: its inputs, outputs, log, summary and folders. */

import { accessSync, constants, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Members } from './core/records/members.ts';
import { explain, isGood, Stopped } from './decision.ts';
import { toOutputs } from './outputs.ts';
import type { Facts, Outcome } from './ports/outcome.ts';
import type { Log } from './ports/runner.ts';
import { line } from './report/foreign-text.ts';
import { annotation, logLines } from './report/log.ts';
import type { Announcement } from './report/notification.ts';
import { describeTokens, several } from './report/words.ts';
import { asOwn, keepOthersOut } from './system/own-output.ts';
import { randomName } from './system/random-name.ts';
import { isReachable } from './system/reachable.ts';
import * as commands from './system/workflow-commands.ts';

/** The value of an input; '' if it is not set. */
export function readInput(name: string): string {
  return commands.getInput(name);
}

/** Has the runner mask a secret in the log. */
export function maskSecret(secret: string): void {
  commands.setSecret(secret);
}

/** Whether the last part of the story is still open. */
let inStep = false;

function endStep(): void {
  if (inStep) asOwn(() => commands.endGroup());
  inStep = false;
}

/**
 * Keeps what the toolkit says out of the log, unless the job is debugged.
 * @returns a function that ends this
 */
export function beginLog(): () => void {
  inStep = false;
  return keepOthersOut(commands.isDebug());
}

/** Foreign text is escaped here; secrets are looked for before. */
export const log: Log = {
  step: (title) => {
    endStep();
    asOwn(() => commands.startGroup(annotation(title)));
    inStep = true;
  },
  progress: (line) => {
    for (const each of logLines(line)) asOwn(() => commands.info(each));
  },
  warn: (line) => commands.warning(annotation(line)),
  summarise: (markdown) => {
    commands.addToSummary(markdown);
  },
};

export function temporaryRoot(): string {
  return process.env.RUNNER_TEMP || tmpdir();
}

/** @throws Stopped platform-unsupported if nothing can be written there */
export function checkTemporaryRoot(): void {
  try {
    accessSync(temporaryRoot(), constants.W_OK | constants.X_OK);
  } catch (cause) {
    const why = `RUNNER_TEMP cannot be written. ${(cause as Error).message}.`;
    throw new Stopped('platform-unsupported', why, { cause });
  }
}

/**
 * Where this run keeps what later steps do not need. The box's user must be able to pass through, which nobody but root
 * can do if the runner is in a private folder, as in `/root`.
 */
export function privateRoot(): string {
  const places = [temporaryRoot(), '/var/tmp', '/tmp'];
  if (process.getuid?.() !== 0) return temporaryRoot();
  return (
    places.find((place) => existsSync(place) && isReachable(join(realpathSync(place), '_'))) ??
    temporaryRoot()
  );
}

/** Kept after the run, so that later steps can read the files that the outputs point to. */
export async function keepForLaterSteps(name: string, members: Members): Promise<string> {
  const folder = join(temporaryRoot(), `codex-${name}-${randomName()}`);
  mkdirSync(folder, { mode: 0o700 });
  for (const [file, content] of members) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, content);
  }
  return folder;
}

/**
 * Where the run is, as the runner says it; null if it says something else than GitHub ever would: links are made of it.
 */
export function describePlace(env: NodeJS.ProcessEnv): Announcement['place'] {
  const { GITHUB_REPOSITORY: repository = '', GITHUB_RUN_ID = '' } = env;
  const server = env.GITHUB_SERVER_URL ?? 'https://github.com';
  const isWhole =
    /^[\w.-]+\/[\w.-]+$/.test(repository) &&
    /^https:\/\/[\w.-]+$/.test(server) &&
    /^[1-9]\d*$/.test(GITHUB_RUN_ID);
  if (!isWhole) return null;
  return { repository, repositoryUrl: `${server}/${repository}`, runId: Number(GITHUB_RUN_ID) };
}

/**
 * Each is guarded by a random delimiter, so no text can declare another one.
 * @returns whether they could be written; if not, the log says why
 */
function setOutputs(...found: Parameters<typeof toOutputs>): boolean {
  try {
    commands.setOutputs(toOutputs(...found));
    return true;
  } catch (error) {
    // For example, the disk is full. Later steps must not go on as if this one had told them something.
    const why = `The outputs could not be written, so the step fails. ${(error as Error).message}`;
    commands.error(annotation(why));
    return false;
  }
}

/**
 * Fail by default: if a promise never settles, Node exits with status 0 and the step would look green.
 * @returns false if the run must not begin, since nobody would learn how it ends
 */
export function failByDefault(): boolean {
  process.exitCode = 1;
  const detail = 'The run did not come to its end.';
  const outcome = { decision: 'failed', reason: 'internal', detail } as const;
  if (!setOutputs('', outcome, { notify: 'failed' })) return false;
  process.once('beforeExit', reportUnfinished);
  return true;
}

/** What people do after a good end. */
const nextSteps: Readonly<Partial<Record<Outcome['decision'], string>>> = {
  planned: 'Read the plan, then set the approval label.',
  approved: 'The workflow verifies the plan and commits the sealed change.',
  verified: 'Mode execute commits the sealed change.',
  executed: 'Review the commit.',
};

function describeCost({ tokens, modelAsked, codexSeconds = 0 }: Facts, calls: number): string {
  const none = modelAsked ? 'Codex stopped before it told its tokens' : 'no model was asked';
  const codex =
    tokens === undefined ? none : `Codex ${Math.round(codexSeconds)} s, ${describeTokens(tokens)}`;
  return `Cost: ${several(calls, 'call')} to GitHub, ${codex}.`;
}

/** What a sentence about one case may take of the summary. */
const maxDetail = 4000;

function reportUnfinished(): void {
  commands.error(
    'failed (internal): The run stopped in the middle: it waited for what never came.',
  );
}

/**
 * Writes the outcome everywhere: log, summary, outputs, exit status.
 * @param mode '' if the run ended before the mode was known
 * @param calls to GitHub that counted against the allowance
 */
export function conclude(mode: string, outcome: Outcome, facts: Facts, calls: number): void {
  const { decision, reason, detail } = outcome;
  const explanation = reason === 'ok' ? undefined : explain(reason);
  const next = reason === 'ok' ? nextSteps[outcome.decision] : explanation?.next;
  const sentences = [explanation?.what, detail, next && `Next: ${next}`].filter(Boolean).join(' ');
  const message = annotation(`${decision} (${reason}): ${sentences}`);
  const cost = describeCost(facts, calls);
  endStep();
  if (isGood(decision)) asOwn(() => commands.info(message));
  else commands.error(message, `Codex plan: ${reason}`);
  asOwn(() => commands.info(cost));
  if (!isGood(decision) && explanation !== undefined) {
    commands.addToSummary(
      `\n\n**${decision}** (\`${reason}\`): ${explanation.what} Details: ${line(detail, maxDetail)} **Next:** ${next}`,
    );
  }
  if (!commands.isSummaryEmpty()) commands.addToSummary(`\n\n${cost}`);
  try {
    commands.writeSummary();
  } catch {
    commands.warning('The job summary could not be written.');
  }
  const areSet = setOutputs(mode, outcome, facts);
  process.off('beforeExit', reportUnfinished);
  process.exitCode = areSet && isGood(decision) ? 0 : 1;
}
