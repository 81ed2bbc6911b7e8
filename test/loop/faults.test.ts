/**
 * Calls to GitHub made to fail: one for each kind of failure. The bundle meets one kind in each mode; all other steps are scripted. With ALL_FAULTS=1
 * the bundle meets every kind at every call of every step, once and for good, which takes hours. What a mode does about
 * a port that fails is in port-faults.test.ts, for all of them.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explain, type StopReason } from '../../src/decision.ts';
import { type Fault, type RecordedRequest, WORKFLOW } from '../support/github/index.ts';
import type { StepOptions } from '../support/loop/action.ts';
import { type Loop, label, type StepInLoop, startLoop } from '../support/loop/loop.ts';
import { remember } from '../support/loop/memory.ts';
import { reach } from '../support/loop/states.ts';

type Kind = Omit<Fault, 'method' | 'path' | 'nth' | 'times'>;

const kinds: Record<string, Kind> = {
  403: { status: 403 },
  404: { status: 404 },
  500: { status: 500 },
  // Longer than the action waits.
  429: { status: 429, retryAfter: 3600 },
  'a reset': { drop: true },
  'no JSON': { garbage: 'malformed' },
  'half an answer': { garbage: 'truncated' },
  'an error behind the deed': { status: 502, when: 'after' },
};

const all = Boolean(process.env.ALL_FAULTS);

interface Call {
  readonly method: string;
  readonly path: string;
  /** Counted from 1 among the calls of this method and path. */
  readonly nth: number;
}

/** Ids differ from run to run, also that of the commit that a step makes; what the call is about does not. */
const ids = [
  { form: /[0-9a-f]{40}/g, sign: '@', pattern: '[0-9a-f]{40}' },
  { form: /\d{4,}/g, sign: '#', pattern: '\\d+' },
] as const;

function callsOf(requests: readonly RecordedRequest[]): Call[] {
  const seen = new Map<string, number>();
  return requests.map(({ method, path, service }) => {
    const without = ids.reduce((text, { form, sign }) => text.replace(form, sign), path);
    const general = service === 'storage' ? '/artifacts/' : without;
    const key = `${method} ${general}`;
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    return { method, path: general, nth };
  });
}

function faultAt({ method, path, nth }: Call, kind: Kind, times: number): Fault {
  const quoted = path.replace(/[.$?]/g, '\\$&');
  const pattern = ids.reduce((text, id) => text.replaceAll(id.sign, id.pattern), quoted);
  return { ...kind, method, path: new RegExp(`^${pattern}`), nth, times };
}

const decisions = { plan: 'planned', approve: 'approved', verify: 'verified', execute: 'executed' };
const artifacts = {
  plan: 'plan',
  approve: 'approval',
  verify: 'verification',
  execute: 'execution',
};
type Mode = keyof typeof decisions;

/** What a fault may never lead to: a job that is green, and did not do all of what green says. */
function expectClosed(loop: Loop, mode: Mode, step: StepInLoop): void {
  const labelled = loop.pull.labels.includes(label);
  if (step.status !== 0) {
    expect(['denied', 'failed', 'drifted']).toContain(step.decision);
    expect(step.log).toContain(`::error title=Codex plan%3A ${step.reason}::`);
    expect(step.outputs).toMatchObject({ approved: 'false', verified: 'false' });
    // Trouble that passes burns no label; a plan removes it in any case.
    if (passes(step) && mode !== 'plan' && mode !== 'execute') expect(labelled).toBe(true);
    return;
  }
  expect(step).toMatchObject({ decision: decisions[mode], reason: 'ok' });
  // Execute removes it if it can: the commit is made.
  if (mode !== 'execute') expect(labelled).toBe(mode !== 'plan');
  const newest = loop.repo.artifacts.newest(`codex-${artifacts[mode]}-1`);
  expect(step.outputs['artifact-id']).toBe(String(newest.id));
  if (mode === 'plan') {
    const url = loop.pull.comments.findLast(({ body }) => body.startsWith('<!-- codex-plan '))?.id;
    expect(step.outputs['comment-url']).toContain(`#issuecomment-${url}`);
  }
  if (mode === 'execute') expect(step.outputs['commit-sha']).toBe(loop.pull.head.sha);
}

/** Whether the step says that running it again goes on. */
function passes({ reason, status }: StepInLoop): boolean {
  return status !== 0 && explain(reason as StopReason).voids === 'never';
}

/** After the trouble: what it did not end goes on, and what was done is not done twice. */
async function expectGoesOn(
  loop: Loop,
  mode: Mode,
  head: string,
  again: () => Promise<StepInLoop>,
) {
  const moved = mode === 'execute' && loop.pull.head.sha !== head;
  const { sha } = loop.pull.head;
  const step = await again();
  if (!moved) {
    expect(step).toMatchObject({ decision: decisions[mode], reason: 'ok', status: 0 });
    return;
  }
  expect(step).toMatchObject({ reason: 'approval-consumed', status: 1 });
  expect(step.outputs['commit-sha']).toBe(sha);
  expect(loop.pull.head.sha).toBe(sha);
}

interface Stage {
  /** The steps that lead up to it, with scripted agents. */
  readonly ready: (loop: Loop) => Promise<unknown>;
  readonly act: (loop: Loop, options?: StepOptions) => Promise<StepInLoop>;
  readonly again?: (loop: Loop) => Promise<StepInLoop>;
}

/** The toolkit tries half a minute to store an artifact, and what Codex did is stored as well. */
const patient = { bundle: true, timeoutMs: 180_000 };

const steps: Record<Mode, Stage> = {
  plan: {
    ready: async (loop) => {
      await loop.plan('an older plan');
      loop.repo.as('bob').label(1, label);
    },
    act: (loop, options) => loop.plan('add a tax', options),
  },
  approve: {
    ready: (loop) => reach(loop, 'planned'),
    act: (loop, options) => loop.approve(options),
    again: (loop) =>
      loop.step('approve', loop.repo.as('carol').dispatch(WORKFLOW), {
        inputs: { 'pull-request': '1' },
      }),
  },
  verify: {
    ready: (loop) => reach(loop, 'approved'),
    act: (loop, options) => loop.verify(options),
  },
  execute: {
    ready: (loop) => reach(loop, 'verified'),
    act: (loop, options) => loop.execute(options),
  },
};

describe.concurrent.each(
  Object.entries(steps).map(([mode, step], turn) => ({ mode: mode as Mode, turn, ...step })),
)(
  'a fault in $mode',
  { timeout: all ? 7_200_000 : 240_000 },
  ({ mode, turn, ready, act, again }) => {
    let loop: Loop;
    let restore: () => void;
    let calls: Call[];

    beforeAll(async () => {
      // A policy that is stricter than the defaults: one that cannot be read must not become those.
      const policy = 'approvers: { permission: write, hours: 12 }\n';
      loop = await startLoop({ policy, scripted: true });
      await ready(loop);
      restore = remember(loop);
      const well = await act(loop);
      expect(well.status).toBe(0);
      expect(loop.github.violations).toEqual([]);
      calls = callsOf(well.requests);
      restore();
    });
    afterAll(() => loop.close());

    const meet = async (
      call: Call,
      [name, kind]: [string, Kind],
      times: number,
      options: StepOptions,
    ) => {
      const fault = loop.github.fault(faultAt(call, kind, times));
      try {
        const { sha } = loop.pull.head;
        const step = await act(loop, options);
        expect(fault.hits).toBeGreaterThan(0);
        fault.remove();
        expectClosed(loop, mode, step);
        if (passes(step)) await expectGoesOn(loop, mode, sha, () => (again ?? act)(loop));
      } catch (cause) {
        const often = times === 1 ? 'once' : 'for good';
        throw new Error(`${call.method} ${call.path} (${call.nth}): ${name}, ${often}`, { cause });
      } finally {
        fault.remove();
        restore();
      }
    };

    it('leaves the gate right or shut', async () => {
      const named = Object.entries(kinds);
      for (const [index, kind] of named.entries()) {
        // By day each kind meets one call, in one of the steps.
        if (!all && index % Object.keys(steps).length !== turn) continue;
        const share = calls.length / named.length;
        const met = all
          ? calls
          : calls.slice(Math.floor(index * share), Math.floor(index * share) + 1);
        for (const call of met) {
          const often = [1, Number.POSITIVE_INFINITY];
          for (const times of all ? often : [often[index % 2] as number])
            await meet(call, kind, times, all || index === turn ? patient : {});
        }
      }
      // Where the first answer is no git, git tries the old protocol, which GitHub does not serve.
      const dumb = (violation: string) => violation.endsWith('/HEAD is not served');
      expect(loop.github.violations.filter((one) => !dumb(one))).toEqual([]);
    });
  },
);
