import { describe, expect, it } from 'vitest';
import {
  explain,
  isGood,
  Stopped,
  stoppedByMachine,
  stopReasons,
  toStopped,
  voidsApproval,
} from '../src/decision.ts';
import { oldestGit } from '../src/git/version.ts';
import { approvalReasons } from '../src/reasons/approval-reasons.ts';
import { changeReasons } from '../src/reasons/change-reasons.ts';
import { runReasons } from '../src/reasons/run-reasons.ts';
import { startReasons } from '../src/reasons/start-reasons.ts';

const withVoids = (voids: string) =>
  stopReasons.filter((reason) => explain(reason).voids === voids);

function thrownBy(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

describe('the words of a reason', () => {
  it('stand in one table alone: a second entry would take the place of the first', () => {
    const tables = [startReasons, approvalReasons, changeReasons, runReasons];
    expect(tables.flatMap(Object.keys).toSorted()).toEqual(stopReasons.toSorted());
  });

  it('name all that a runner needs', () => {
    const { what } = explain('platform-unsupported');
    expect(what).toContain(oldestGit.join('.'));
    for (const need of ['github.com', 'GHE.com', 'Linux', 'user namespaces']) {
      expect(what).toContain(need);
    }
  });
});

describe('the label after a stop', () => {
  it('stays if the code says nothing about the approval: exactly these', () => {
    const unrelated = [
      'not-a-command',
      'other-label',
      'unsupported-event',
      'workflow-untrusted',
      'commit-unproven',
      'unhealthy',
      'evidence-inconsistent',
    ];
    const passing = [
      'api-unavailable',
      'github-refused',
      'permission-missing',
      'config-invalid',
      'platform-unsupported',
      'sandbox-unavailable',
      'codex-unavailable',
      'codex-failed',
      'codex-timeout',
      'paused',
      'runs-spent',
    ];
    expect(withVoids('never').toSorted()).toEqual([...unrelated, ...passing].toSorted());
    for (const reason of passing as typeof stopReasons) {
      expect(voidsApproval(new Stopped(reason, 'x'), 'approve')).toBe(false);
      expect(voidsApproval(new Stopped(reason, 'x'), 'later')).toBe(false);
    }
  });

  it('is removed in approve, and stays with a recorded approval: exactly these', () => {
    expect(withVoids('in approve').toSorted()).toEqual([
      'approval-missing',
      'draft-denied',
      'internal',
      'limit-exceeded',
      'path-invalid',
      'path-unsupported',
      'plan-invalid',
      'plan-missing',
      'secret-detected',
      'verification-missing',
    ]);
    for (const reason of withVoids('in approve')) {
      expect(voidsApproval(new Stopped(reason, 'x'), 'approve')).toBe(true);
      expect(voidsApproval(new Stopped(reason, 'x'), 'later')).toBe(false);
    }
  });

  it('is removed after every other code', () => {
    for (const reason of withVoids('always')) {
      expect(voidsApproval(new Stopped(reason, 'x'), 'approve')).toBe(true);
      expect(voidsApproval(new Stopped(reason, 'x'), 'later')).toBe(true);
    }
  });

  it('stays if the run was ignored, and takes a mistake of ours for what it is', () => {
    const ignored = new Stopped('plan-missing', 'x', { decision: 'ignored' });
    expect(voidsApproval(ignored, 'approve')).toBe(false);
    expect(voidsApproval(new TypeError('x'), 'approve')).toBe(true);
    expect(voidsApproval(new TypeError('x'), 'later')).toBe(false);
  });

  it.each([
    ...['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EFBIG', 'EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN'],
    ...['ERR_MEMORY_ALLOCATION_FAILED', 'Z_MEM_ERROR'],
  ])('stays if the machine lacks something: %s', (code) => {
    const error = Object.assign(new Error(`${code}: x, write`), { code });
    expect(voidsApproval(error, 'approve')).toBe(false);
    const stopped = stoppedByMachine(error);
    expect(stopped).toMatchObject({ reason: 'platform-unsupported', cause: error });
    // A comment and a record give the reason that the run ends with.
    expect(toStopped(error)).toEqual(stopped);
    expect(stopped?.message).toMatch(new RegExp(`^The runner.+: ${code}: x, write\\.$`));
  });

  it('stays if there is no memory for a buffer, which V8 says without a code', () => {
    const refused = () => new ArrayBuffer(Number.MAX_SAFE_INTEGER);
    const error = thrownBy(refused);
    expect(stoppedByMachine(error)?.message).toMatch(/^The runner has no memory left: /);
    expect(voidsApproval(error, 'approve')).toBe(false);
    expect(stoppedByMachine(new Error((error as Error).message))).toBeUndefined();
    expect(stoppedByMachine(new RangeError('Invalid array length'))).toBeUndefined();
  });

  it('is removed after every other error of the system', () => {
    for (const code of ['ENOENT', 'EACCES', 'toString', undefined, 28]) {
      const error = Object.assign(new Error('x'), { code });
      expect(stoppedByMachine(error)).toBeUndefined();
      expect(voidsApproval(error, 'approve')).toBe(true);
    }
    for (const error of ['ENOSPC', null, undefined]) {
      expect(stoppedByMachine(error)).toBeUndefined();
    }
  });
});

describe('a stop', () => {
  it('decides what the table says, or what else its code may decide', () => {
    expect(new Stopped('base-moved', 'x').decision).toBe('denied');
    expect(new Stopped('base-moved', 'x', { decision: 'drifted' }).decision).toBe('drifted');
    // @ts-expect-error: nobody may let this one pass.
    new Stopped('scope-drift', 'x', { decision: 'ignored' });
  });

  it('is never good, unless it is ignored', () => {
    for (const reason of stopReasons) {
      const { decision } = explain(reason);
      expect(isGood(decision), reason).toBe(decision === 'ignored');
    }
    for (const good of ['planned', 'approved', 'verified', 'executed'] as const) {
      expect(isGood(good)).toBe(true);
    }
  });
});
