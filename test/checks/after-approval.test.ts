import { describe, expect, it } from 'vitest';
import { runAfterApproval, type TargetInputs } from '../../src/checks/after-approval.ts';
import { Stopped } from '../../src/decision.ts';
import type { Comment } from '../../src/ports/comments.ts';
import type { PullRequest } from '../../src/ports/pull-requests.ts';
import { label, request } from '../support/labels.ts';
import { objectId } from '../support/object-ids.ts';
import { Story } from '../support/story.ts';
import { buildTools, type Given, triggers } from '../support/tools.ts';

const good = { decision: 'verified', detail: 'It holds.' } as const;
const dispatched = { eventName: 'workflow_dispatch', trigger: triggers.dispatch } as const;

/** Runs a step, and says how it ended, whether it was reached, and which labels were removed. */
async function run(
  given: Given,
  inputs: TargetInputs = { pullRequest: 12 },
  step: () => Promise<typeof good> = async () => good,
) {
  const removed: string[] = [];
  const tools = buildTools({
    roles: { mona: 'write' },
    timeline: { read: async () => ({ events: [], carried: [label] }) },
    labels: {
      carried: async () => [label],
      remove: async (_, one) => {
        removed.push(one.name);
        return 'removed';
      },
    },
    tip: objectId('b'),
    ...given,
    run: { ...dispatched, ...given.run },
  });
  const reached: PullRequest[] = [];
  const status = { tell: async () => {} };
  const told: string[] = [];
  tools.page.writeReports = async (_, reports) => {
    told.push(...reports.map(({ body }) => body));
    return [];
  };
  let message: string | undefined;
  const ended = await runAfterApproval({ ...tools, status }, inputs, 'verify', async (pull) => {
    reached.push(pull);
    return step();
  }).catch((error: Stopped) => {
    message = error.message;
    return `${error.decision}/${error.reason}`;
  });
  return { ended, message, reached, removed, told, facts: tools.facts };
}

describe('a step after an approval', () => {
  it('gets the open pull request that the run is about', async () => {
    const { ended, reached, removed, facts } = await run({});
    expect(ended).toEqual(good);
    expect(reached).toMatchObject([{ number: 12 }]);
    expect(removed).toEqual([]);
    expect(facts).toMatchObject({ pullRequest: 12, headSha: objectId('a') });
  });

  it('is about the pull request of the event before that of the input', async () => {
    const given = { run: { eventName: 'issue_comment', trigger: triggers.comment } };
    expect((await run(given, { pullRequest: 99 })).reached).toMatchObject([{ number: 12 }]);
  });

  it.each<[string, Given, TargetInputs, string]>([
    [
      'the workflow is not trusted',
      { run: { workflowRef: 'refs/heads/topic' } },
      {},
      'failed/workflow-untrusted',
    ],
    [
      'a commenter may not ask',
      { run: { eventName: 'issue_comment', trigger: triggers.comment }, roles: { mona: 'read' } },
      {},
      'denied/actor-denied',
    ],
    ['the policy pauses it', { policy: { paused: 'release week' } }, {}, 'denied/paused'],
    ['nothing names a pull request', {}, { pullRequest: undefined }, 'failed/config-invalid'],
  ])('is not reached, and no label is removed, if %s', async (_, given, inputs, end) => {
    const { ended, reached, removed, told } = await run(given, { pullRequest: 12, ...inputs });
    expect([ended, reached, removed]).toEqual([end, [], []]);
    // People who may not ask, and a workflow that is not trusted, leave no comment.
    expect(told.length).toBe(end === 'denied/paused' ? 1 : 0);
  });

  it('is not reached on a closed pull request, whose label is removed', async () => {
    const { ended, reached, removed, told } = await run({ pull: { open: false } });
    expect([ended, reached, removed]).toEqual(['denied/pull-request-closed', [], [label.name]]);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('### The plan was not verified\n\n`pull-request-closed`: ');
  });

  it('loses the label if it ends the approval, and keeps it after passing trouble', async () => {
    const ending = async (error: Stopped) => {
      const { ended, removed } = await run({}, { pullRequest: 12 }, () => Promise.reject(error));
      return [ended, removed.length];
    };
    expect(await ending(new Stopped('head-moved', 'x'))).toEqual(['denied/head-moved', 1]);
    expect(await ending(new Stopped('api-unavailable', 'x'))).toEqual([
      'failed/api-unavailable',
      0,
    ]);
  });
});

describe('a pull request without a plan', () => {
  const pass: TargetInputs = { pullRequest: 12, whenMissing: 'pass' };
  const ours: Comment = { ...request, authorId: 99, body: '<!-- codex-plan x -->\n\nA plan' };
  const self = { self: 99, comments: [request] };

  it('is passed over if the inputs let that pass', async () => {
    const { ended, message, reached, removed } = await run(self, pass);
    expect([ended, reached, removed]).toEqual(['ignored/plan-missing', [], []]);
    expect(message).toBe('No plan was ever published for this pull request.');
    expect((await run(self, { pullRequest: 12, whenMissing: 'fail' })).reached).toHaveLength(1);
  });

  it('is none that has an artifact of this repository, or a plan comment of ours', async () => {
    const { artifacts } = new Story();
    expect((await run({ ...self, artifacts }, pass)).reached).toHaveLength(1);
    expect((await run({ ...self, comments: [ours] }, pass)).reached).toHaveLength(1);
  });

  it('is one that a fork uploaded something for, or that somebody wrote a comment on', async () => {
    const { artifacts } = new Story();
    for (const { artifact } of artifacts.stored) {
      Object.assign(artifact, { run: { id: 1, repositoryId: 7, headRepositoryId: 8 } });
    }
    const theirs = { ...ours, authorId: 5 };
    const { ended } = await run({ ...self, artifacts, comments: [theirs] }, pass);
    expect(ended).toBe('ignored/plan-missing');
  });
});
