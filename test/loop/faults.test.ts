/**
 * Calls to GitHub made to fail, through the bundle: one for each kind of failure. With ALL_FAULTS=1 every kind meets
 * every call of every step, once and for good, which takes about an hour. What a mode does about a port that fails is in
 * port-faults.test.ts, for all of them.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault, RecordedRequest } from '../support/github/index.ts';
import { type Loop, label, type StepInLoop, startLoop } from '../support/loop/loop.ts';
import { remember } from '../support/loop/memory.ts';

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

/** Ids differ from run to run; what the call is about does not. */
function callsOf(requests: readonly RecordedRequest[]): Call[] {
  const seen = new Map<string, number>();
  return requests.map(({ method, path, service }) => {
    const general = service === 'storage' ? '/artifacts/' : path.replace(/\d{4,}/g, '#');
    const key = `${method} ${general}`;
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    return { method, path: general, nth };
  });
}

function faultAt({ method, path, nth }: Call, kind: Kind, times: number): Fault {
  const pattern = path.replace(/[.$?]/g, '\\$&').replaceAll('#', '\\d+');
  return { ...kind, method, path: new RegExp(`^${pattern}`), nth, times };
}

/** What a fault may never lead to: a job that is green, and did not do all of what green says. */
function expectClosed(loop: Loop, mode: string, step: StepInLoop): void {
  const labelled = loop.pull.labels.includes(label);
  if (step.status !== 0) {
    expect(['denied', 'failed', 'drifted']).toContain(step.decision);
    expect(step.log).toContain(`::error title=Codex plan%3A ${step.reason}::`);
    expect(step.outputs).toMatchObject({ approved: 'false', verified: 'false' });
    return;
  }
  const done = { plan: 'planned', approve: 'approved', verify: 'verified' }[mode];
  expect(step).toMatchObject({ decision: done, reason: 'ok' });
  expect(labelled).toBe(mode !== 'plan');
  const artifact = { plan: 'plan', approve: 'approval', verify: 'verification' }[mode];
  const newest = loop.repo.artifacts.newest(`codex-${artifact}-1`);
  expect(step.outputs['artifact-id']).toBe(String(newest.id));
  if (mode === 'plan') {
    const url = loop.pull.comments.findLast(({ body }) => body.startsWith('<!-- codex-plan '))?.id;
    expect(step.outputs['comment-url']).toContain(`#issuecomment-${url}`);
  }
}

const steps: Record<
  string,
  { ready: (loop: Loop) => Promise<void>; act: (loop: Loop) => Promise<StepInLoop> }
> = {
  plan: {
    ready: async (loop) => {
      await loop.plan('an older plan');
      loop.repo.as('bob').label(1, label);
    },
    act: (loop) => loop.plan(),
  },
  approve: {
    ready: async (loop) => {
      await loop.plan();
    },
    act: (loop) => loop.approve(),
  },
  verify: {
    ready: async (loop) => {
      await loop.plan();
      await loop.approve();
    },
    act: (loop) => loop.verify(),
  },
};

describe.concurrent.each(
  Object.entries(steps).map(([mode, step], turn) => ({ mode, turn, ...step })),
)('a fault in $mode', { timeout: all ? 3_600_000 : 240_000 }, ({ mode, turn, ready, act }) => {
  let loop: Loop;
  let restore: () => void;
  let calls: Call[];

  beforeAll(async () => {
    // A policy that is stricter than the defaults: one that cannot be read must not become those.
    loop = await startLoop({ policy: 'approvers: { permission: write, hours: 12 }\n' });
    await ready(loop);
    restore = remember(loop);
    const well = await act(loop);
    expect(well.status).toBe(0);
    expect(loop.github.violations).toEqual([]);
    calls = callsOf(well.requests);
    restore();
  });
  afterAll(() => loop.close());

  const meet = async (call: Call, [name, kind]: [string, Kind], times: number) => {
    const fault = loop.github.fault(faultAt(call, kind, times));
    try {
      const step = await act(loop);
      expect(fault.hits).toBeGreaterThan(0);
      expectClosed(loop, mode, step);
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
          await meet(call, kind, times);
      }
    }
    // Where the first answer is no git, git tries the old protocol, which GitHub does not serve.
    const dumb = (violation: string) => violation.endsWith('/HEAD is not served');
    expect(loop.github.violations.filter((one) => !dumb(one))).toEqual([]);
  });
});
