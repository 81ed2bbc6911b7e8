import { describe, expect, it } from 'vitest';
import { checkUnlocked, Targets } from '../../src/checks/targets.ts';
import { defaultPolicy } from '../../src/core/policy/policy.ts';
import { Stopped, type StopReason } from '../../src/decision.ts';
import type { PolicySource } from '../../src/evidence/policy.ts';
import type { PullRequest } from '../../src/ports/pull-requests.ts';
import type { WorkflowRun } from '../../src/ports/run.ts';
import { reasonOf } from '../support/reason.ts';

const pull: PullRequest = {
  number: 12,
  open: true,
  author: { id: 9, login: 'author' },
  draft: false,
  locked: false,
  archived: false,
  head: { ref: 'topic', sha: 'a'.repeat(40) as PullRequest['head']['sha'] },
  headRepository: 7,
  baseRef: 'main',
};

function read(change: Partial<PullRequest>, forks = false): Promise<PullRequest> {
  const run = { repository: { id: 7 } } as WorkflowRun;
  const policy: PolicySource = {
    path: 'policy.yml',
    read: async () => ({ ...defaultPolicy, forks }),
    origin: () => Promise.reject(new Error('The origin was asked for.')),
    effective: () => Promise.reject(new Error('The record was asked for.')),
  };
  const pullRequests = { read: async (number: number) => ({ ...pull, ...change, number }) };
  return new Targets(pullRequests, policy, run).readOpen(12);
}

describe('a pull request', () => {
  it('is given back as it is', async () => {
    expect(await read({})).toEqual(pull);
  });

  it.each<[string, Partial<PullRequest>, StopReason, string]>([
    ['that is closed', { open: false }, 'pull-request-closed', 'Pull request 12 is not open.'],
    [
      'whose source is gone',
      { headRepository: null },
      'fork-denied',
      'The repository that the pull request comes from is gone.',
    ],
    [
      'from a fork',
      { headRepository: 8 },
      'fork-denied',
      'The pull request comes from a fork (forks: false).',
    ],
    [
      'of an archived repository, open or not',
      { archived: true, open: false },
      'github-refused',
      'The repository is archived: it can be read only.',
    ],
  ])('%s cannot be worked on', async (_, change, reason, message) => {
    await expect(read(change)).rejects.toMatchObject({ reason, message });
  });

  it('from a fork can be worked on if the policy lets forks in, and as long as the fork is there', async () => {
    expect(await read({ headRepository: 8 }, true)).toMatchObject({ headRepository: 8 });
    expect(await reasonOf(() => read({ headRepository: null }, true))).toBe('fork-denied');
  });

  it('whose conversation is locked can show nothing', () => {
    expect(() => checkUnlocked(pull)).not.toThrow();
    expect(() => checkUnlocked({ ...pull, locked: true })).toThrow(
      new Stopped(
        'github-refused',
        'The conversation of pull request 12 is locked, so nothing can be shown on it: unlock it first.',
      ),
    );
  });
});

describe('the number of a pull request', () => {
  const find = (pullRequest: number | null, input: number | undefined) => {
    const run = { trigger: { pullRequest } } as WorkflowRun;
    const policy = { path: 'policy.yml', read: async () => defaultPolicy } as PolicySource;
    return new Targets({ read: async () => pull }, policy, run).findNumber(input);
  };

  it('is that of the event, or otherwise of the input', () => {
    expect(find(12, 13)).toBe(12);
    expect(find(null, 13)).toBe(13);
    expect(() => find(null, undefined)).toThrow(
      new Stopped('config-invalid', 'The event names no pull request: set the input pull-request.'),
    );
  });
});
