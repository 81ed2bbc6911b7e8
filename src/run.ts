/** One step of the action: inputs → mode → outputs and exit status. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { tryTo } from './core/first-error.ts';
import { type FindSecret, secretFinder } from './core/text/secrets.ts';
import { Stopped, toStopped } from './decision.ts';
import { chooseNotify, notificationFile, writeNotification } from './notify.ts';
import { findOrdinaryComment, type OrdinaryComment } from './ordinary-comment.ts';
import type { Cost, Facts, Outcome } from './ports/outcome.ts';
import {
  beginLog,
  checkTemporaryRoot,
  conclude,
  describePlace,
  failByDefault,
  keepForLaterSteps,
  log,
  maskSecret,
  privateRoot,
  readInput,
} from './runner.ts';
import { watchUnhandledRejections } from './system/forgotten-failures.ts';
import { randomName } from './system/random-name.ts';
import { removeTree } from './system/remove-tree.ts';
import { stoppedBySecret } from './withholding.ts';

/** Runs one step. Never throws: whatever happens ends in outputs, a sentence in the log and an exit status. */
export async function run(): Promise<void> {
  if (!failByDefault()) return;
  // The user that the box runs as must be able to read our files. A private file gets a mode that says so.
  process.umask(0o022);
  const endLog = beginLog();
  const forgotten = watchUnhandledRejections();
  const temporary = join(privateRoot(), `codex-plan-${randomName()}`);
  let findSecret = secretFinder(listSecrets(process.env));
  const facts: Facts = {};
  const cost: Cost = { calls: () => 0 };
  let mode = '';
  let outcome: Outcome;
  let endRemovals = async () => {};
  try {
    // What later steps read is written there at the end: if it cannot be, nothing is to be published before.
    checkTemporaryRoot();
    const begin = (name: string) => {
      mode = name;
    };
    const ordinary = findOrdinaryComment(readInput, process.env);
    if (ordinary !== undefined) {
      if (ordinary.inOwnWords) findSecret = () => undefined;
      stopAt(ordinary, begin);
    }
    mkdirSync(temporary, { mode: 0o700 });
    const report = { note: (more: Facts) => void Object.assign(facts, more) };
    // Loading it takes longer than all that is done about an ordinary comment.
    const step = await import('./step.ts');
    endRemovals = step.endRemovals;
    const result = await step.runStep(readInput, { temporary, findSecret, report, cost }, begin);
    forgotten.check();
    outcome = { ...result, reason: 'ok' };
  } catch (error) {
    outcome = toOutcome(error, findSecret);
  } finally {
    const failed = "The runner's temporary folder could not be cleaned up.";
    await tryTo({ failed, log }, async () => {
      await endRemovals();
      for (const failure of removeTree(temporary)) {
        log.warn(`Something is left in the runner's temporary folder: ${failure}`);
      }
    });
  }
  const secret = findSecret(JSON.stringify([outcome.detail, facts]));
  const ending = { findSecret, calls: cost.calls() };
  if (secret === undefined) await end(mode, outcome, facts, ending);
  else {
    const { tokens, codexSeconds, modelAsked } = facts;
    const kept = { ...(tokens && { tokens, codexSeconds }), ...(modelAsked && { modelAsked }) };
    await end(mode, toOutcome(stoppedBySecret('the outputs', secret), findSecret), kept, ending);
  }
  forgotten.end();
  endLog();
}

/** @throws Stopped as the whole action would */
function stopAt({ mode, secrets, end }: OrdinaryComment, begin: (mode: string) => void): never {
  begin(mode);
  for (const secret of secrets) maskSecret(secret);
  throw end;
}

/** Leaves the chat message for later steps, then says how the run ended. */
async function end(
  mode: string,
  outcome: Outcome,
  facts: Facts,
  { findSecret, calls }: { readonly findSecret: FindSecret; readonly calls: number },
): Promise<void> {
  const notify = chooseNotify(mode, outcome, facts);
  const path = await keepNotification(mode, outcome, facts, findSecret);
  const all = { ...facts, notify, ...(path && { notificationPath: path }) };
  conclude(mode, outcome, all, calls);
}

/** It only tells: if it cannot be written, the run ends as it would have. */
async function keepNotification(
  mode: string,
  outcome: Outcome,
  facts: Facts,
  findSecret: FindSecret,
): Promise<string | undefined> {
  try {
    const text = writeNotification(mode, outcome, facts, describePlace(process.env));
    // Writing it joins white space, so a secret may be only in the finished text.
    if (findSecret(text) !== undefined) throw new Error('it would hold a secret');
    const members = new Map([[notificationFile, Buffer.from(text)]]);
    return join(await keepForLaterSteps('notification', members), notificationFile);
  } catch (error) {
    const { message } = error as Error;
    const why = findSecret(message) === undefined ? `: ${message}` : '';
    log.warn(`The notification could not be written${why}.`);
    return undefined;
  }
}

/** Every credential that this process was given. */
function listSecrets(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
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

function toOutcome(error: unknown, findSecret: FindSecret): Outcome {
  const { decision, reason, message: detail } = toStopped(error);
  const mistake = reason === 'internal' ? findMistake(error) : undefined;
  if (mistake !== undefined) {
    const stack = mistake instanceof Error ? (mistake.stack ?? mistake.message) : String(mistake);
    const secret = findSecret(stack);
    if (secret !== undefined) return toOutcome(stoppedBySecret('the log', secret), findSecret);
    log.progress(stack);
  }
  return { decision, reason, detail };
}

/** The error that was no decision: only its stack says where the mistake is. */
function findMistake(error: unknown): unknown {
  return error instanceof Stopped ? findMistake(error.cause) : error;
}
