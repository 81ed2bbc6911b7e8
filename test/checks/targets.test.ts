import { describe, expect, it } from 'vitest';
import { checkUnlocked, Targets } from '../../src/checks/targets.ts';
import { defaultPolicy } from '../../src/core/policy/policy.ts';
import type { PolicySource } from '../../src/evidence/policy.ts';
import type { PullRequest } from '../../src/ports/pull-requests.ts';
import type { WorkflowRun } from '../../src/ports/run.ts';
import { reasonOf } from '../support/reason.ts';

const pull: PullRequest = {
  number: 12,
  open: true,
  author: { id: 9, login: 'author' },
  labels: [],
  labelled: [],
  draft: false,
  locked: false,
  archived: false,
  head: { ref: 'topic', sha: 'a'.repeat(40) as PullRequest['head']['sha'] },
  headRepository: 7,
  baseRef: 'main',
};

const reading = (change: Partial<PullRequest>) =>
  reasonOf(() => {
    const run = { repository: { id: 7 } } as WorkflowRun;
    const policy = { path: 'policy.yml', read: async () => defaultPolicy } as PolicySource;
    const pullRequests = { read: async () => ({ ...pull, ...change }) };
    return new Targets(pullRequests, policy, run).readOpen(12);
  });

describe('a pull request', () => {
  it.each<[string, Partial<PullRequest>, string]>([
    ['as it is', {}, 'ok'],
    ['that is closed', { open: false }, 'pull-request-closed'],
    ['whose source is gone', { headRepository: null }, 'fork-denied'],
    ['from a fork', { headRepository: 8 }, 'fork-denied'],
    ['of an archived repository', { archived: true }, 'github-refused'],
  ])('%s can be worked on, or not', async (_, change, reason) => {
    expect(await reading(change)).toBe(reason);
  });

  it('whose conversation is locked can show nothing', async () => {
    expect(await reasonOf(() => checkUnlocked(pull))).toBe('ok');
    expect(await reasonOf(() => checkUnlocked({ ...pull, locked: true }))).toBe('github-refused');
  });
});

describe('the number of a pull request', () => {
  const find = (pullRequest: number | null, input: number | undefined) =>
    reasonOf(() => {
      const run = { trigger: { pullRequest } } as WorkflowRun;
      const policy = { path: 'policy.yml', read: async () => defaultPolicy } as PolicySource;
      const targets = new Targets({ read: async () => pull }, policy, run);
      expect(targets.findNumber(input)).toBe(pullRequest ?? input);
    });

  it('is that of the event, or otherwise of the input', async () => {
    expect(await find(12, 13)).toBe('ok');
    expect(await find(null, 13)).toBe('ok');
    expect(await find(null, undefined)).toBe('config-invalid');
  });
});
