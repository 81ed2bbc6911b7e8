import { describe, expect, it } from 'vitest';
import { checkUntouched, describeTouched, findTouched, Merges } from '../../src/checks/merges.ts';
import type { FileState } from '../../src/core/plan/scope.ts';
import type { ObjectId } from '../../src/core/text/object-id.ts';
import { Stopped } from '../../src/decision.ts';
import type { BuildOptions, Pins, Workspace } from '../../src/ports/workspaces.ts';
import { manifest } from '../core/samples.ts';
import { objectId } from '../support/object-ids.ts';
import { reasonOf } from '../support/reason.ts';
import { Story } from '../support/story.ts';
import { pullRequest } from '../support/tools.ts';

const { plan } = new Story();
const planned = manifest.base.sha;
const tip = objectId('f');
const state = (digit: string): FileState => ({ mode: '100644', blob: objectId(digit) });
const place = { directory: '/place' };
type Files = Readonly<Record<string, FileState>>;
const before: Files = { 'a.txt': state('1'), other: state('2') };

/** Merges whose workspaces have these files at the base's tip. */
function mergesWith(now: Files = before, made: Partial<Workspace> = {}, baseTip = tip) {
  const builds: (readonly [Pins, readonly ObjectId[] | undefined, BuildOptions | undefined])[] = [];
  const workspace = {
    commit: manifest.workspace.commit,
    tree: manifest.workspace.tree,
    files: async (treeish: ObjectId) => new Map(Object.entries(treeish === planned ? before : now)),
    ...made,
  } as Workspace;
  const checked: Pins[] = [];
  const workspaces = {
    checkMerges: async (_: unknown, pins: Pins) => void checked.push(pins),
    reserve: async () => place,
    build: async (pins: Pins, also?: readonly ObjectId[], options?: BuildOptions) => {
      builds.push([pins, also, options]);
      return workspace;
    },
  };
  const merges = new Merges(workspaces, { baseTip: async () => baseTip });
  return { merges, builds, checked, workspace };
}

describe('the merge of now', () => {
  it('is of the head and the live tip of its base', async () => {
    const { merges, builds, workspace } = mergesWith();
    const pins = { head: pullRequest.head.sha, base: tip };
    expect(await merges.pin(pullRequest)).toEqual(pins);
    expect(await merges.build(pins, await merges.reserve())).toBe(workspace);
    const wait = () => undefined;
    expect(await merges.buildForToday(pullRequest, plan, wait)).toEqual({ pins, workspace });
    expect(builds).toEqual([
      [pins, [], { place }],
      [pins, [planned], { reach: 'trees', whileFetching: wait }],
    ]);
  });
});

describe('the merge of now, before it is built', () => {
  it.each([
    ['the planned commits', planned, true],
    ['another base', tip, false],
  ])('is of %s', async (_, base, isAsPlanned) => {
    const { merges, builds, workspace } = mergesWith(before, {}, base);
    const today = await merges.lookAtToday(pullRequest, plan, () => undefined);
    expect(today).toMatchObject({ pins: { head: pullRequest.head.sha, base }, isAsPlanned });
    expect(builds).toEqual([]);
    expect([await today.build(), await today.build()]).toEqual([workspace, workspace]);
    expect(builds).toHaveLength(1);
  });

  it('is not as planned if the head is another', async () => {
    const moved = { ...pullRequest, head: { ...pullRequest.head, sha: objectId('9') } };
    const { merges } = mergesWith(before, {}, planned);
    expect((await merges.lookAtToday(moved, plan, () => undefined)).isAsPlanned).toBe(false);
  });
});

describe('the merge of now, in conflict', () => {
  const conflict = new Stopped('merge-conflict', 'src/a.ts conflicts.');
  const lookAt = async (now: Files, merged: Stopped = conflict) => {
    const { workspace } = mergesWith(now);
    const builds: Pins[] = [];
    const workspaces = {
      checkMerges: async () => undefined,
      reserve: async () => place,
      build: async (pins: Pins) => {
        builds.push(pins);
        if (pins.base === tip) throw merged;
        return workspace;
      },
    };
    const merges = new Merges(workspaces, { baseTip: async () => tip });
    return { merges, builds, today: await merges.lookAtToday(pullRequest, plan, () => undefined) };
  };
  const touched = { ...before, 'a.txt': state('9') };

  it('says which planned files the base has changed, by the merge that was planned on', async () => {
    const { merges, builds, today } = await lookAt(touched);
    expect((await today.findTouched())?.paths).toEqual(['a.txt']);
    expect(builds.at(-1)).toEqual({ head: manifest.head.sha, base: planned });
    const execute = merges.buildForToday(pullRequest, plan, () => undefined);
    await expect(execute).rejects.toMatchObject({ reason: 'base-moved' });
  });

  it('is a conflict if the base has changed no planned file', async () => {
    const { today } = await lookAt({ ...before, other: state('9') });
    await expect(today.findTouched()).rejects.toBe(conflict);
  });

  it('is not looked at further if it cannot be built for another reason', async () => {
    const unavailable = new Stopped('api-unavailable', 'GitHub is down.');
    const { builds, today } = await lookAt(touched, unavailable);
    await expect(today.findTouched()).rejects.toBe(unavailable);
    expect(builds).toHaveLength(1);
  });
});

describe('the merge that was planned on', () => {
  const rebuild = (...args: Parameters<typeof mergesWith>) =>
    mergesWith(...args).merges.rebuild(plan, pullRequest);

  it('is made again of the planned commits, with the base of now at hand', async () => {
    const { merges, builds, workspace } = mergesWith();
    expect(await merges.rebuild(plan, pullRequest)).toBe(workspace);
    expect(builds).toEqual([[{ head: manifest.head.sha, base: planned }, [tip], undefined]]);
  });

  it('still has to merge into the base of now, if that has moved', async () => {
    const { merges, checked } = mergesWith();
    await merges.rebuild(plan, pullRequest);
    expect(checked).toEqual([{ head: manifest.head.sha, base: tip }]);
    const unmoved = mergesWith(before, {}, planned);
    await unmoved.merges.rebuild(plan, pullRequest);
    expect(unmoved.checked).toEqual([]);
  });

  it.each([
    ['commit', manifest.workspace.tree],
    ['tree', objectId('0')],
  ] as const)('is the same, or there is none: %s', async (part, now) => {
    await expect(rebuild(before, { [part]: objectId('0') })).rejects.toMatchObject({
      reason: 'digest-mismatch',
      message: `The merge that was planned on was ${manifest.workspace.tree}, and is ${now} now.`,
    });
  });

  it('is of no use if the base has changed a planned file since', async () => {
    await expect(rebuild({ ...before, 'a.txt': state('9') })).rejects.toMatchObject({
      reason: 'base-moved',
      message: 'The base has changed "a.txt" since the plan.',
    });
    expect(await reasonOf(() => rebuild({ ...before, other: state('9') }))).toBe('ok');
  });
});

describe('what the base touched', () => {
  it.each<[string, Files, string[]]>([
    ['nothing', before, []],
    ['another file', { ...before, other: state('9') }, []],
    ['the content of a planned file', { ...before, 'a.txt': state('9') }, ['a.txt']],
    ['its mode', { ...before, 'a.txt': { ...state('1'), mode: '100755' } }, ['a.txt']],
    ['a planned file by deleting it', { other: state('2') }, ['a.txt']],
    ['a planned file by creating it', { ...before, 'b.txt': state('3') }, ['b.txt']],
  ])('is %s', async (_, now, touched) => {
    const { workspace } = mergesWith(now);
    expect(await findTouched(plan, workspace, tip)).toEqual(touched);
  });

  it('can be asked of other files, and is nothing if the base did not move', async () => {
    const { workspace } = mergesWith({ ...before, other: state('9') });
    expect(await findTouched(plan, workspace, tip, ['other', 'a.txt'])).toEqual(['other']);
    const unread = { files: () => Promise.reject(new Error('It was read.')) };
    expect(await findTouched(plan, unread, planned, ['other'])).toEqual([]);
  });

  it('is told by name', async () => {
    expect(describeTouched(['a', 'b"c'], 'approval')).toBe(
      String.raw`The base has changed "a", "b\"c" since the approval.`,
    );
    expect(await reasonOf(() => checkUntouched(['a'], 'approval'))).toBe('base-moved');
    expect(await reasonOf(() => checkUntouched([], 'approval'))).toBe('ok');
  });
});
