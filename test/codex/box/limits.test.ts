import { execFileSync } from 'node:child_process';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { checkRoom, type Limits, limitsFor, withLimits } from '../../../src/codex/box/limits.ts';
import { createEditor } from '../../../src/codex/editor/editor.ts';
import { createPlanner } from '../../../src/codex/planner/planner.ts';
import { ResponsesProxy } from '../../../src/codex/proxy/responses-proxy.ts';
import { withSession } from '../../../src/codex/session.ts';
import { Stopped } from '../../../src/decision.ts';
import { assess, type ModelCall, outputs, run, say } from '../../support/model/index.ts';
import { defaultSettings, expectNoneLeft, onRamDisk, PLAN } from '../setting.ts';

const { repository, setting } = onRamDisk;

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

describe('the limits of a machine', () => {
  it('are what a large build needs', () => {
    expect(limitsFor({ availableMemory: 64 * GIB, availableDisk: 500 * GIB })).toEqual({
      memoryBytes: 8 * GIB,
      freeMemoryBytes: GIB,
      tasks: 2_000,
      diskBytes: 8 * GIB,
      diskFiles: 1_000_000,
      freeDiskBytes: GIB,
    });
  });

  it('leave a small machine a part of itself', () => {
    expect(limitsFor({ availableMemory: 2 * GIB, availableDisk: 2 * GIB })).toMatchObject({
      memoryBytes: 1.5 * GIB,
      freeMemoryBytes: GIB / 2,
      diskBytes: GIB,
      freeDiskBytes: GIB / 2,
    });
  });
});

describe('a disk without room for Codex', () => {
  it('is told before the model is asked', async () => {
    const { options, model } = await setting({ plan: [PLAN] }, { limits: { diskBytes: 31 * MIB } });
    const planner = createPlanner({ ...options, enforcement: 'before-write' });
    const proposal = planner.propose({
      workspace: repository(),
      prompt: 'Plan\n',
      anchor: null,
      purpose: 'plan',
      instructions: '',
    } as Parameters<typeof planner.propose>[0]);
    await expect(proposal).rejects.toMatchObject({
      reason: 'platform-unsupported',
      message: expect.stringContaining("The runner's disk is full: Codex needs 64 MiB"),
    });
    expect(model.callsOf('plan')).toEqual([]);
  });

  // The proxy holds the key, and the reason for which Codex was stopped is still the one that counts.
  it('is the reason, also if the proxy cannot be closed then', async () => {
    const { close } = ResponsesProxy.prototype;
    vi.spyOn(ResponsesProxy.prototype, 'close').mockImplementation(async function (
      this: ResponsesProxy,
    ) {
      await close.call(this);
      throw new Error('not closed');
    });
    onTestFinished(() => void vi.restoreAllMocks());
    const { options } = await setting({ plan: [PLAN] });
    const told: string[] = [];
    const report = (line: string) => told.push(line);
    const full = () => Promise.reject(new Stopped('platform-unsupported', 'No room.'));
    const session = { workspace: repository(), writable: false };
    const run = withSession({ ...options, report, tools: false }, session, full);
    await expect(run).rejects.toMatchObject({ reason: 'platform-unsupported' });
    const warning = expect.stringContaining('could not be ended. Error: not closed');
    expect(told).toContainEqual(warning);
  });

  it('is not one in which Codex can still work', () => {
    expect(() => checkRoom({ diskBytes: 32 * MIB })).not.toThrow();
    expect(() => checkRoom(limitsFor({ availableMemory: GIB, availableDisk: 63 * MIB }))).toThrow();
  });
});

describe('what the kernel holds by itself', () => {
  const limits = limitsFor({ availableMemory: 64 * GIB, availableDisk: 500 * GIB });
  const show = 'ulimit -c; ulimit -n; ulimit -d; ulimit -f';
  const [, ...args] = withLimits(limits, ['/bin/sh', '-c', show]);

  it.each(['/bin/sh', '/bin/bash'])('is set by %s', (shell) => {
    const shown = execFileSync(shell, args, { encoding: 'utf8' });
    expect(shown).toBe(`0\n8192\n${10 * 1024 * 1024}\n${(4 * GIB) / 512}\n`);
  });

  it('stays where it is lower already', () => {
    const lower = `ulimit -n 100; exec /bin/sh "$@"`;
    const shown = execFileSync('/bin/sh', ['-c', lower, 'sh', ...args], { encoding: 'utf8' });
    expect(shown).toMatch(/^0\n(100|8192)\n/);
  });
});

describe('a command that', () => {
  /** Plans, or carries out what the guardian lets out, with one command. */
  async function planWith(command: string, limits: Partial<Limits>) {
    const { options, model } = await setting({ plan: [run(command), PLAN] }, { limits });
    const planner = createPlanner({ ...options, enforcement: 'before-write' });
    const task = {
      workspace: repository(),
      prompt: 'Plan\n',
      anchor: null,
      purpose: 'plan',
      instructions: null,
      struck: [],
    } as const;
    return { model, options, proposal: () => planner.propose(task) };
  }

  async function editWith(command: string, limits: Partial<Limits>) {
    const script = {
      edit: [run(command, { escalate: 'let me' }), say('done')],
      guardian: () => assess('allow'),
    };
    const { options, model } = await setting(script, { limits });
    const approvals = { policy: 'on-request', reviewer: 'auto_review' } as const;
    const editor = createEditor({ ...options, settings: { ...defaultSettings, approvals } });
    const task = {
      workspace: repository(),
      prompt: 'Do it\n',
      plan: PLAN,
      instructions: null,
      struck: [],
      judge: () => null,
    };
    return { model, options, report: () => editor.carryOut(task) };
  }

  const exceeded = (what: RegExp) => ({
    reason: 'limit-exceeded',
    message: expect.stringMatching(what),
  });

  it('fills the memory ends with the box, in its sandbox', async () => {
    // A little more than it may have: then it waits to be seen.
    const hog = '(head -c 450000000 /dev/zero; sleep 9) | tail';
    const { proposal, options } = await planWith(hog, { memoryBytes: 400 * MIB });
    await expect(proposal()).rejects.toMatchObject(exceeded(/more than 400 MiB of memory/));
    await expectNoneLeft(options.temporary);
  });

  it('fills the memory in many processes ends with the box, let out', async () => {
    const hog = 'for i in 1 2 3 4 5; do (head -c 90000000 /dev/zero; sleep 9) | tail & done; wait';
    const { report } = await editWith(hog, { memoryBytes: 400 * MIB });
    await expect(report()).rejects.toMatchObject(exceeded(/more than 400 MiB of memory/));
  });

  it('starts processes without end ends with the box', async () => {
    const bomb = 'i=0; while [ $i -lt 200 ]; do sleep 60 & i=$((i + 1)); done; wait';
    const [planned, edited] = await Promise.all([
      planWith(bomb, { tasks: 200 }),
      editWith(bomb, { tasks: 200 }),
    ]);
    await expect(planned.proposal()).rejects.toMatchObject(exceeded(/more than 200 processes/));
    await expect(edited.report()).rejects.toMatchObject(exceeded(/more than 200 processes/));
  });

  it('fills the disk ends with the box', async () => {
    // Far more than it may: other programs free the disk meanwhile.
    const fill =
      'for i in 1 2 3 4 5 6; do head -c 24000000 /dev/zero > /workspace/$i; done; sleep 9';
    const { report } = await editWith(fill, { diskBytes: 64 * MIB });
    await expect(report()).rejects.toMatchObject(exceeded(/more than 64 MiB or/));
  });

  it('makes files without end ends with the box', async () => {
    const make =
      'cd /workspace; i=0; while [ $i -lt 3000 ]; do : > $i; i=$((i + 1)); done; sleep 9';
    const { report } = await editWith(make, { diskFiles: 1_000 });
    await expect(report()).rejects.toMatchObject(exceeded(/or 1000 files to the disk/));
  });

  it('writes one file that is too large is refused that by the kernel', async () => {
    const fill = 'head -c 50000000 /dev/zero > /workspace/large; stat -c %s /workspace/large';
    const { report, model } = await editWith(fill, { diskBytes: 64 * MIB });
    await report();
    expect(outputs(model.callsOf('edit')[1] as ModelCall)[0]).toContain(`\n${32 * MIB}\n`);
  });

  it('fills a folder in memory is told that it is full', async () => {
    // The kernel refuses at once what does not fit: nothing has to be written up to the bound.
    const fill =
      'for d in / /tmp /dev /dev/shm /etc /opt /run; do fallocate -l 1200000000 $d/x && echo FILLED $d; rm -f $d/x; done';
    const { report, model } = await editWith(fill, {});
    await report();
    const [seen = ''] = outputs(model.callsOf('edit')[1] as ModelCall);
    expect(seen).not.toContain('FILLED');
    expect(seen.match(/No space left/g)).toHaveLength(2);
    expect(seen.match(/Read-only file system/g)?.length).toBeGreaterThanOrEqual(4);
  });

  it.each([
    ['memory', { freeMemoryBytes: Number.MAX_SAFE_INTEGER }, /of memory left/],
    ['disk', { freeDiskBytes: Number.MAX_SAFE_INTEGER }, /The disk has less than/],
  ] as const)(
    'leaves too little %s for everything else ends with the box',
    async (_, limits, what) => {
      const { proposal, model } = await planWith('sleep 9', limits);
      await expect(proposal()).rejects.toMatchObject(exceeded(what));
      expect(model.calls.length).toBeLessThan(2);
    },
  );
});
