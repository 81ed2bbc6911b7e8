/** Every call of every port made to fail, in every mode, in every way that an adapter has: in memory, from a tape. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isGood, Stopped, type StopReason } from '../../src/decision.ts';
import type { ModeName } from '../../src/modes/index.ts';
import { type WebhookEvent, WORKFLOW } from '../support/github/index.ts';
import { environmentOf } from '../support/loop/action.ts';
import { runAsProcess, type StepCall, type StepEnd } from '../support/loop/as-process.ts';
import { type Loop, label, startLoop } from '../support/loop/loop.ts';
import { reach, type States } from '../support/loop/states.ts';
import { type PortCall, type PortFault, Tape } from '../support/loop/tape.ts';

const stop = (reason: StopReason) => () => {
  throw new Stopped(reason, 'A fault of the test.');
};
interface Kind extends Pick<PortFault, 'answer' | 'behindTheDeed'> {
  /** Which calls can fail in this way. */
  readonly ports: RegExp;
}
const anyPort = /^/;
const ofGitHub = /^(?!Workspace|Agents)/;
const kinds: Record<string, Kind> = {
  'no answer': { ports: anyPort, answer: stop('api-unavailable'), behindTheDeed: false },
  'no answer behind the deed': {
    ports: /\.(?:publish|create|update|remove|set|react|minimise|ensure|write|move)/,
    answer: stop('api-unavailable'),
    behindTheDeed: true,
  },
  'no permission': { ports: ofGitHub, answer: stop('permission-missing'), behindTheDeed: false },
  'a refusal': { ports: ofGitHub, answer: stop('github-refused'), behindTheDeed: false },
  'an artifact that is gone': {
    ports: /^Artifacts/,
    answer: stop('plan-expired'),
    behindTheDeed: false,
  },
  'an artifact that is another': {
    ports: /^Artifacts/,
    answer: stop('digest-mismatch'),
    behindTheDeed: false,
  },
  'a mistake of ours': {
    ports: anyPort,
    answer: () => {
      throw new TypeError('A mistake of the test.');
    },
    behindTheDeed: false,
  },
};

type Acting = 'plan' | 'approve' | 'verify' | 'execute';

/** Calls that only tell people something: a run that has done its work may go on without them. */
const decorative =
  /^(?:Comments\.(?:react|minimise|update|create|list)|Statuses\.\w+|Labels\.ensure)$/;
/** What a good end has done, whatever else went wrong. */
const deeds: Record<Acting, RegExp> = {
  plan: /^Artifacts\.publish \["codex-plan-/,
  approve: /^Artifacts\.publish \["codex-approval-/,
  verify: /^Artifacts\.publish \["codex-verification-/,
  execute: /^Commits\.moveForward /,
};

let loop: Loop;
let folder: string;
const recorded = new Map<Acting, { readonly tape: Tape; readonly step: StepCall }>();

/** Runs a mode once as it is. */
async function record(mode: Acting, event: WebhookEvent): Promise<void> {
  const job = loop.repo.startRun({ event });
  const env = environmentOf(mode as ModeName, job, { inputs: { 'pull-request': '1' } });
  // The digest of the bundle is in each record: of a small one it is soon made.
  const step = { env, program: join(folder, 'index.js'), endpoint: loop.model.endpoint };
  const tape = new Tape();
  const { outcome, log } = await tape.record(() => runAsProcess(step));
  loop.repo.finishRun(job);
  if (outcome.reason !== 'ok') throw new Error(`${mode}: ${log}`);
  recorded.set(mode, { tape, step });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  writeFileSync(join(folder, 'index.js'), '');
  loop = await startLoop({ scripted: true });
  const states: States = await reach(loop, 'verified');
  const as = (login: string) => loop.repo.as(login);
  states.fresh();
  await record('plan', as('alice').comment(1, '/codex add a tax'));
  states.planned();
  loop.github.clock.advance({ minutes: 1 });
  await record('approve', as('bob').label(1, label));
  states.approved();
  await record('verify', as('carol').dispatch(WORKFLOW));
  states.verified();
  await record('execute', as('carol').dispatch(WORKFLOW));
});
afterAll(async () => {
  await loop.close();
  rmSync(folder, { recursive: true });
});

async function play(mode: Acting, fault?: PortFault) {
  const { tape, step } = recorded.get(mode) as { tape: Tape; step: StepCall };
  const others = [...recorded.values()].map((one) => one.tape);
  return tape.replay(fault, others, () => runAsProcess(step));
}

/** What a fault may never lead to: a good end without its deed, and a deed after a call that failed. */
function problem(mode: Acting, fault: PortFault, { outcome }: StepEnd, calls: readonly PortCall[]) {
  const deed = calls.findIndex((call) => call.done && deeds[mode].test(call.key));
  const failed = calls.findIndex((call) => call.port === fault.port && !call.done);
  if (deed < 0) return isGood(outcome.decision) ? 'it ended well without its deed' : undefined;
  const before = failed >= 0 && failed < deed && !decorative.test(fault.port);
  return before ? `it ended ${outcome.decision}, and the deed was done after it` : undefined;
}

describe.each(['plan', 'approve', 'verify', 'execute'] as const)(
  'a fault of a port in %s',
  (mode) => {
    it('is in what was recorded: played again without one, it ends as it did', async () => {
      const { result, calls } = await play(mode);
      expect({ reason: result.outcome.reason, log: result.log }).toMatchObject({ reason: 'ok' });
      expect(calls.length).toBeGreaterThan(15);
    });

    it.each(Object.entries(kinds))('leaves the gate right or shut: %s', async (_, kind) => {
      const { tape } = recorded.get(mode) as { tape: Tape };
      const turns = new Map<string, number>();
      const problems: string[] = [];
      const named = tape.calls.map(({ port }) => port);
      for (const [at, port] of named.entries()) {
        const nth = (turns.get(port) ?? 0) + 1;
        turns.set(port, nth);
        if (!kind.ports.test(port)) continue;
        // For good is the same as once for the last of them.
        for (const forGood of named.includes(port, at + 1) ? [false, true] : [false]) {
          const fault: PortFault = { ...kind, port, nth, forGood };
          const { result, calls, met } = await play(mode, fault);
          const found = met ? problem(mode, fault, result, calls) : 'it was not met';
          const when = `${port} (${nth}), ${forGood ? 'for good' : 'once'}`;
          if (found !== undefined) problems.push(`${when}: ${found}`);
        }
      }
      expect(problems).toEqual([]);
    });
  },
);
