/**
 * Somebody does something to the label, or GitHub's lists lag or come in another order, between any two calls of each
 * mode. By day every eighth call meets one of the deeds, with ALL_FAULTS=1 every call meets every deed.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { atEndOfFile } from '../support/files/at-end.ts';
import { WORKFLOW } from '../support/github/index.ts';
import { type Loop, label, type StepInLoop, startLoop } from '../support/loop/loop.ts';
import { remember } from '../support/loop/memory.ts';
import { reach, type States } from '../support/loop/states.ts';
import { once } from '../support/once.ts';

const all = Boolean(process.env.ALL_FAULTS);
const spare = 'spare';
const other = 'something-else';

interface Deed {
  readonly act: (loop: Loop) => void;
  /** What somebody would do to have the approval back. */
  readonly undo?: (loop: Loop) => void;
  /** What becomes of the approval that is there, or on its way. */
  readonly means: 'ended' | 'hidden' | 'nothing';
}

const as = (loop: Loop, login: string) => loop.repo.as(login);
const set = (loop: Loop) => {
  if (!loop.pull.labels.includes(label)) as(loop, 'erin').label(1, label);
};
const unset = (loop: Loop) => {
  if (loop.pull.labels.includes(label)) as(loop, 'carol').unlabel(1, label);
};
const rename = (loop: Loop, from: string, to: string) => {
  if (loop.repo.findLabel(to) !== null) as(loop, 'alice').deleteLabel(to);
  if (loop.repo.findLabel(from) !== null) as(loop, 'alice').renameLabel(from, to);
};

const deeds: Record<string, Deed> = {
  'the label is renamed': {
    act: (loop) => rename(loop, label, other),
    undo: (loop) => rename(loop, other, label),
    means: 'hidden',
  },
  'the label is removed': { act: unset, undo: set, means: 'ended' },
  'the label is set again': {
    act: (loop) => {
      unset(loop);
      set(loop);
    },
    means: 'ended',
  },
  'the label is exchanged': {
    act: (loop) => {
      rename(loop, label, other);
      rename(loop, spare, label);
    },
    undo: (loop) => {
      rename(loop, label, spare);
      rename(loop, other, label);
    },
    means: 'hidden',
  },
  'the label is exchanged for good': {
    act: (loop) => {
      rename(loop, label, other);
      rename(loop, spare, label);
      if (loop.pull.labels.includes(other)) as(loop, 'bob').unlabel(1, other);
    },
    means: 'ended',
  },
  'the lists come in reverse': {
    act: (loop) => void loop.github.fault({ order: 'reversed', times: Number.POSITIVE_INFINITY }),
    undo: (loop) => loop.github.faults.clear(),
    means: 'nothing',
  },
  'the lists come in any order': {
    act: (loop) => void loop.github.fault({ order: 'shuffled', times: Number.POSITIVE_INFINITY }),
    undo: (loop) => loop.github.faults.clear(),
    means: 'nothing',
  },
  'the event log lags': {
    act: (loop) =>
      void loop.github.fault({
        graphql: /timelineItems/,
        lag: 1,
        times: Number.POSITIVE_INFINITY,
      }),
    undo: (loop) => loop.github.faults.clear(),
    means: 'nothing',
  },
};

type Mode = 'plan' | 'approve' | 'verify' | 'execute' | 'refresh';

interface Stage {
  /** In which state the mode begins. */
  readonly from: keyof States;
  readonly ready?: (loop: Loop) => void;
  readonly act: (loop: Loop) => Promise<StepInLoop>;
  /** The steps that would go on with an approval. */
  readonly next: readonly ((loop: Loop) => Promise<StepInLoop>)[];
}

const approveByHand = (loop: Loop) =>
  loop.step('approve', as(loop, 'carol').dispatch(WORKFLOW), { inputs: { 'pull-request': '1' } });
const verify = (loop: Loop) => loop.verify({ inputs: { regenerate: 'always' } });
const refresh = (loop: Loop) =>
  loop.step('refresh', as(loop, 'carol').dispatch(WORKFLOW), { inputs: { 'pull-request': '1' } });
const execute = (loop: Loop) => loop.execute();

const stages: Record<Mode, Stage> = {
  plan: {
    from: 'fresh',
    ready: (loop) => {
      as(loop, 'bob').label(1, label);
      loop.github.clock.advance({ minutes: 1 });
    },
    act: (loop) => loop.plan(),
    next: [approveByHand],
  },
  approve: {
    from: 'planned',
    act: (loop) => loop.approve(),
    next: [verify, execute],
  },
  verify: {
    from: 'approved',
    act: verify,
    next: [execute],
  },
  execute: {
    from: 'verified',
    act: execute,
    next: [execute],
  },
  refresh: {
    from: 'approved',
    act: refresh,
    next: [verify, execute],
  },
};

const decisions = {
  plan: 'planned',
  approve: 'approved',
  verify: 'verified',
  execute: 'executed',
  refresh: 'refreshed',
};
const artifacts = {
  plan: 'plan',
  approve: 'approval',
  verify: 'verification',
  execute: 'execution',
  refresh: null,
};

/** The loop of a mode; by day the modes take turns with one. */
const openLoop = async () => {
  const loop = await startLoop({ scripted: true });
  atEndOfFile(() => loop.close());
  as(loop, 'alice').label(1, spare);
  return { loop, states: await reach(loop, 'verified') };
};
const opened = all ? openLoop : once(openLoop);

(all ? describe.concurrent : describe).each(
  Object.entries(stages).map(([mode, stage], turn) => ({ mode: mode as Mode, turn, ...stage })),
)(
  'the label, while $mode runs',
  { timeout: all ? 14_400_000 : 240_000 },
  ({ mode, turn, from, ready, act, next }) => {
    let loop: Loop;
    let restore: () => void;
    let calls: number;

    beforeAll(async () => {
      const { states, ...own } = await opened();
      loop = own.loop;
      states[from]();
      ready?.(loop);
      restore = remember(loop);
      const well = await act(loop);
      expect(well).toMatchObject({ decision: decisions[mode], status: 0 });
      calls = well.requests.length;
      restore();
    });

    /** Runs the mode, with the deed right before its n-th call. */
    const meet = async (deed: Deed, nth: number): Promise<StepInLoop> => {
      let seen = 0;
      const stop = loop.github.onRequest(() => {
        if (++seen === nth) deed.act(loop);
      });
      const step = await act(loop);
      stop();
      return step;
    };

    /** A green job did all of what green says; a red one says why. */
    const expectHonest = (step: StepInLoop, head: string) => {
      if (step.status !== 0) {
        expect(['denied', 'failed', 'drifted']).toContain(step.decision);
        expect(step.log).toContain(`::error title=Codex plan%3A ${step.reason}::`);
        expect(step.outputs).toMatchObject({ approved: 'false', verified: 'false' });
        expect(loop.pull.head.sha).toBe(head);
        return;
      }
      expect(step).toMatchObject({ decision: decisions[mode], reason: 'ok' });
      const artifact = artifacts[mode];
      if (artifact !== null) {
        const { id } = loop.repo.artifacts.newest(`codex-${artifact}-1`);
        expect(step.outputs['artifact-id']).toBe(`${id}`);
      }
      const executed = mode === 'execute';
      expect(loop.pull.head.sha === head).toBe(!executed);
      if (executed) expect(step.outputs['commit-sha']).toBe(loop.pull.head.sha);
    };

    /** Nobody gets back what ended, and nobody loses what did not. */
    const expectKept = async (deed: Deed, step: StepInLoop) => {
      const labelled = loop.pull.labels.includes(label);
      deed.undo?.(loop);
      if (deed.means === 'nothing') {
        const left = { labelled, reason: step.reason };
        if (step.status !== 0) {
          if (mode !== 'plan') expect(left).toMatchObject({ labelled: true });
          const again = mode === 'approve' ? await approveByHand(loop) : await act(loop);
          expect(again).toMatchObject({ decision: decisions[mode], status: 0 });
        } else if (mode === 'refresh') {
          expect(left).toMatchObject({ labelled: true });
          expect(await verify(loop)).toMatchObject({ decision: 'verified', status: 0 });
        }
        return;
      }
      const { sha } = loop.pull.head;
      for (const one of next) {
        const { status, reason } = await one(loop);
        // A rename ends nothing as long as no run has met it, and a plan approves nothing.
        const mayGoOn = deed.means !== 'ended' && step.status === 0 && mode !== 'plan';
        if (!mayGoOn) expect({ status, reason }).toMatchObject({ status: 1 });
      }
      if (deed.means === 'ended' || mode === 'execute') expect(loop.pull.head.sha).toBe(sha);
    };

    it('ends nothing but what ended, and brings nothing back', async () => {
      const named = Object.entries(deeds);
      for (let nth = all ? 1 : 1 + turn; nth <= calls; nth += all ? 1 : named.length) {
        const daily = named[(Math.floor(nth / named.length) + 2 * turn) % named.length];
        const turns = all ? named : [daily as [string, Deed]];
        for (const [name, deed] of turns) {
          const { sha } = loop.pull.head;
          try {
            const step = await meet(deed, nth);
            expectHonest(step, sha);
            await expectKept(deed, step);
          } catch (cause) {
            throw new Error(`before call ${nth} of ${calls}, ${name}`, { cause });
          } finally {
            loop.github.faults.clear();
            restore();
          }
        }
      }
      expect(loop.github.violations).toEqual([]);
    });
  },
);
