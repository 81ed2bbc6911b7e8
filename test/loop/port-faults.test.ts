/** Every call of every port made to fail, in every mode, in every way that an adapter has: in memory, from a tape. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Decision, isGood } from '../../src/decision.ts';
import { type WebhookEvent, WORKFLOW } from '../support/github/index.ts';
import { environmentOf } from '../support/loop/action.ts';
import { type Loop, label } from '../support/loop/loop.ts';
import { openServer } from '../support/loop/scripted.ts';
import { shareLoop } from '../support/loop/shared.ts';
import type { Played, PortFault, Recording } from '../support/loop/tape.ts';

interface Kind extends Pick<PortFault, 'thrown' | 'stillDone'> {
  /** Which calls can fail in this way. */
  readonly ports: RegExp;
}
const anyPort = /^/;
const ofGitHub = /^(?!Workspace|Agent)/;
const deed = /\.(?:publish|create|update|remove|set|react|minimise|ensure|write|move)/;
const kinds: Record<string, Kind> = {
  'no answer': { ports: anyPort, thrown: 'api-unavailable', stillDone: false },
  'no answer although it was done': { ports: deed, thrown: 'api-unavailable', stillDone: true },
  'no permission': { ports: ofGitHub, thrown: 'permission-missing', stillDone: false },
  'a refusal': { ports: ofGitHub, thrown: 'github-refused', stillDone: false },
  'an artifact that is gone': { ports: /^Artifacts/, thrown: 'plan-expired', stillDone: false },
  'an artifact that is another': {
    ports: /^Artifacts/,
    thrown: 'digest-mismatch',
    stillDone: false,
  },
  'a mistake of ours': { ports: anyPort, thrown: 'mistake', stillDone: false },
};

type Acting = 'plan' | 'approve' | 'verify' | 'execute';
/** Steps that take no part in the loop from plan to commit. */
type Beside = 'withdraw' | 'audit';

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
const server = openServer();
const recordings = new Map<Acting | Beside, Recording>();

/** Runs a mode once as it is. */
async function record(name: Acting | Beside, event: WebhookEvent): Promise<void> {
  const mode = name === 'withdraw' ? 'plan' : name;
  const job = loop.repo.startRun({ event });
  const inputs = { 'pull-request': '1', 'responses-api-endpoint': loop.model.endpoint };
  // The digest of the bundle is in each record: that of a small one is soon made.
  const step = { env: environmentOf(mode, job, { inputs }), program: join(folder, 'index.js') };
  const recording = (await server({ do: 'record', name, step })) as Recording;
  if (recording.status !== 0) throw new Error(`${name}: ${recording.log}`);
  recordings.set(name, recording);
  loop.repo.finishRun(job);
}

const play = async (mode: Acting | Beside, faults: readonly (PortFault | null)[]) =>
  (await server({ do: 'play', plays: { name: mode, faults } })) as Played[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  writeFileSync(join(folder, 'index.js'), '');
  const { states, ...shared } = await shareLoop('verified');
  loop = shared.loop;
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
  states.verified();
  await record('audit', as('carol').dispatch(WORKFLOW));
  states.planned();
  await record('withdraw', as('alice').comment(1, '/codex-withdraw'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Trouble with GitHub, which says nothing about an approval. */
const passing = ['api-unavailable', 'permission-missing', 'github-refused'];

/**
 * What a fault may never lead to: a good end without its deed, a deed after a call that failed, and the end of an approval
 * over trouble that passes.
 */
function problem(mode: Acting, fault: PortFault, { decision, reason, calls, met }: Played) {
  if (!met) return 'it was not met';
  if (mode !== 'plan' && passing.includes(fault.thrown) && !isGood(decision as Decision)) {
    const removed = calls.some(({ port }) => port === 'Labels.remove');
    if (removed || !passing.includes(reason)) return `it ended ${reason}, and an approval with it`;
  }
  const done = calls.findIndex((call) => call.done && deeds[mode].test(call.key));
  // What was asked for again, and answered, did not fail.
  const failed = calls.findIndex(
    ({ port, key, done }, at) =>
      port === fault.port && !done && !calls.slice(at).some((one) => one.key === key && one.done),
  );
  if (done < 0) return isGood(decision as Decision) ? 'it ended well without its deed' : undefined;
  const before = failed >= 0 && failed < done && !decorative.test(fault.port);
  return before ? `it ended ${decision}, and the deed was done after it` : undefined;
}

/** Each call of the recording in turn, once and for good. */
function faultsOf({ ports, ...thrown }: Kind, recorded: readonly string[]): PortFault[] {
  const turns = new Map<string, number>();
  return recorded.flatMap((port, at) => {
    const nth = (turns.get(port) ?? 0) + 1;
    turns.set(port, nth);
    if (!ports.test(port)) return [];
    // For good is the same as once for the last of them.
    const often = recorded.includes(port, at + 1) ? [false, true] : [false];
    return often.map((forGood) => ({ ...thrown, port, nth, forGood }));
  });
}

describe.each(['plan', 'approve', 'verify', 'execute'] as const)(
  'a fault of a port in %s',
  (mode) => {
    it('is in what was recorded: played again without one, it ends as it did', async () => {
      const [played] = await play(mode, [null]);
      expect(played).toMatchObject({ reason: 'ok' });
      expect(played?.calls.length).toBeGreaterThan(15);
    });

    it.each(Object.entries(kinds))('leaves the gate right or shut: %s', async (_, kind) => {
      const faults = faultsOf(kind, recordings.get(mode)?.ports ?? []);
      const played = await play(mode, faults);
      const problems = faults.flatMap((fault, at) => {
        const found = problem(mode, fault, played[at] as Played);
        const when = `${fault.port} (${fault.nth}), ${fault.forGood ? 'for good' : 'once'}`;
        return found === undefined ? [] : [`${when}: ${found}`];
      });
      expect(problems).toEqual([]);
    });
  },
);

/** Until there is a plan, the workspace is built beside the planner: of two errors then, either may be the first. */
function isBesidePlanner(recorded: readonly string[], port: string, nth: number): boolean {
  const from = recorded.indexOf('Workspaces.reserve');
  const to = recorded.indexOf('Artifacts.publish');
  const at = recorded.flatMap((one, index) => (one === port ? [index] : []))[nth - 1] ?? -1;
  return from !== -1 && at >= from && at < to;
}

// What a run does after it has failed only tells that, records it and cleans up.
describe.each(['plan', 'approve', 'verify', 'execute'] as const)(
  'the first error in %s',
  (mode) => {
    it('is the reason of the run, whatever fails after it', async () => {
      const recorded = recordings.get(mode)?.ports ?? [];
      const faults = faultsOf(kinds['no answer'] as Kind, recorded).filter(
        ({ port, nth }) => !isBesidePlanner(recorded, port, nth),
      );
      const alone = await play(mode, faults);
      const ending = faults.filter((fault, at) => alone[at]?.reason === fault.thrown);
      expect(ending.length).toBeGreaterThan(10);
      const played = await play(
        mode,
        ending.map((fault) => ({ ...fault, thenMistakes: true })),
      );
      const others = ending.flatMap(({ port, nth, thrown }, at) => {
        const { reason, log } = played[at] as Played;
        return reason === thrown ? [] : [`${port} (${nth}): ${reason} ${log.slice(-300)}`];
      });
      expect(others).toEqual([]);
    });
  },
);

/** Plays every fault of a step beside the loop. @returns those that end in a way that `isWrong` */
async function findWrong(
  name: Beside,
  kind: Kind,
  isWrong: (played: Played) => boolean,
): Promise<string[]> {
  const faults = faultsOf(kind, recordings.get(name)?.ports ?? []);
  const played = await play(name, faults);
  return faults.flatMap(({ port, nth }, at) => {
    const one = played[at] as Played;
    return one.met && isWrong(one) ? [`${port} (${nth}) ended ${one.reason}`] : [];
  });
}

const troubles = Object.entries(kinds).filter(([, { thrown }]) => passing.includes(thrown));

// Boxed code can fill the disk right before Codex ends. A label that stays then is another try, as often as somebody likes.
describe.each([
  ['as Node tells it', 'full disk'],
  ['as git tells it', 'platform-unsupported'],
] as const)('a full disk, %s,', (_, thrown) => {
  const kind = { ports: /^(?:Workspace|Artifacts\.publish)/, thrown, stillDone: false };
  /** How each run ends that meets it, at any time. */
  const endsOf = async (mode: Acting) => {
    const faults = faultsOf(kind, recordings.get(mode)?.ports ?? []);
    const played = await play(mode, faults);
    const ends = played
      .filter(({ reason }) => reason !== 'ok')
      .map(({ reason, calls }) => ({
        reason,
        worked: calls.some(({ port, done }) => /carryOut/.test(port) && done),
        // No tape has the label in the answer. It is asked for only to be removed.
        removed: calls.some(({ port }) => port === 'Labels.carried'),
      }));
    return new Set(ends.map((one) => JSON.stringify(one)));
  };

  it('ends the approval once Codex has worked, and keeps the label before', async () => {
    expect(await endsOf('approve')).toEqual(
      new Set([
        JSON.stringify({ reason: 'platform-unsupported', worked: false, removed: false }),
        JSON.stringify({ reason: 'limit-exceeded', worked: true, removed: true }),
      ]),
    );
  });

  it.each(['verify', 'execute'] as const)('ends no approval in %s', async (mode) => {
    expect(await endsOf(mode)).toEqual(
      new Set([JSON.stringify({ reason: 'platform-unsupported', worked: false, removed: false })]),
    );
  });
});

describe('a fault of a port in a withdrawal', () => {
  it.each(troubles)('does not fail it once it is recorded: %s', async (_, kind) => {
    const isRecorded = ({ calls }: Played) =>
      calls.some(({ port, done }) => port === 'Artifacts.publish' && done);
    const wrong = await findWrong(
      'withdraw',
      // If the answer about the record itself is lost, nobody knows whether it is stored.
      { ...kind, ports: /^(?!Artifacts\.publish)/ },
      (played) => isRecorded(played) && played.reason !== 'plan-withdrawn',
    );
    expect(wrong).toEqual([]);
  });
});

describe('a fault of a port in an audit', () => {
  it.each(troubles)('is no finding: %s', async (_, kind) => {
    const isFinding = ({ reason }: Played) => reason === 'evidence-inconsistent';
    expect(await findWrong('audit', kind, isFinding)).toEqual([]);
  });
});
