/**
 * Runs a step as if this process were its own: the real wiring, the real adapters over HTTP and the real git, but
 * scripted agents in place of the Codex CLI.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '@actions/core';
import { defaults } from '@actions/github/lib/utils';
import { secretFinder } from '../../../src/core/text/secrets.ts';
import { isGood, Stopped } from '../../../src/decision.ts';
import { readMode } from '../../../src/inputs.ts';
import { modeNames, modes } from '../../../src/modes/index.ts';
import type { Facts, Outcome } from '../../../src/ports/outcome.ts';
import { conclude, failByDefault, log, readInput, temporaryRoot } from '../../../src/runner.ts';
import { removeTree } from '../../../src/system/remove-tree.ts';
import { createTools } from '../../../src/wiring.ts';
import { ScriptedAgents } from './agents.ts';

/** A step to run. */
export interface StepCall {
  readonly env: Readonly<Record<string, string>>;
  /** Path of the program that the step would be. */
  readonly program: string;
  /** Where the scripted model answers. */
  readonly endpoint: string;
}

/** How it ended. */
export interface StepEnd {
  readonly status: number;
  readonly outcome: Outcome;
  /** Standard output. */
  readonly log: string;
}

/** `src/run.ts`, but for the agents; what it does about its own words is tested through the bundle. */
async function runAction(endpoint: string): Promise<Outcome> {
  failByDefault();
  const temporary = join(temporaryRoot(), `codex-plan-${randomUUID()}`);
  const secrets = ['github-token', 'openai-api-key', 'team-token'];
  const findSecret = secretFinder(
    Object.fromEntries(secrets.map((name) => [name, process.env[`INPUT_${name.toUpperCase()}`]])),
  );
  const facts: Facts = {};
  let mode = '';
  let outcome: Outcome;
  try {
    mkdirSync(temporary, { mode: 0o700 });
    const name = readMode(readInput, modeNames);
    const { inputs, run } = modes[name].prepare(readInput);
    mode = name;
    const report = { note: (more: Facts) => void Object.assign(facts, more) };
    const tools = createTools(inputs, { temporary, findSecret, report });
    const choice = { model: inputs.model, effort: inputs.effort };
    const agent = new ScriptedAgents(endpoint, choice, (line) => tools.log.progress(line));
    const scripted = { ...tools, planner: agent, editor: agent, warmUp: () => {} };
    outcome = { ...(await run(scripted)), reason: 'ok' };
  } catch (error) {
    outcome = toOutcome(error);
  } finally {
    removeTree(temporary);
  }
  conclude(mode, outcome, facts);
  // The summary is written in the background.
  while (!core.summary.isEmptyBuffer()) await new Promise((resolve) => setTimeout(resolve, 5));
  return outcome;
}

function toOutcome(error: unknown): Outcome {
  if (error instanceof Stopped) {
    return { decision: error.decision, reason: error.reason, detail: error.message };
  }
  log.progress(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const detail = error instanceof Error ? error.message : 'An unknown error.';
  return { decision: 'failed', reason: 'internal', detail };
}

/** Gives this process the environment and the standard output of another one for as long as the step runs. */
export async function runAsProcess({ env, program, endpoint }: StepCall): Promise<StepEnd> {
  const before = { env: process.env, argv: process.argv, exitCode: process.exitCode };
  const write = process.stdout.write;
  let log = '';
  process.env = { ...env };
  process.argv = [process.execPath, program];
  process.stdout.write = (chunk: string | Uint8Array) => {
    log += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  };
  // These two know the address and the file of the first step.
  defaults.baseUrl = env.GITHUB_API_URL ?? 'http://127.0.0.1:9';
  Reflect.set(core.summary.emptyBuffer(), '_filePath', undefined);
  try {
    const outcome = await runAction(endpoint);
    return { status: isGood(outcome.decision) ? 0 : 1, outcome, log };
  } finally {
    process.stdout.write = write;
    Object.assign(process, before);
  }
}
