import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readLife } from '../../../src/checks/plan-life.ts';
import type { Labelling, TimelineEvent } from '../../../src/core/life/timeline.ts';
import type { FileChange } from '../../../src/core/plan/scope.ts';
import { readApprovalEvidence } from '../../../src/core/records/archive-contents.ts';
import { readJournal } from '../../../src/core/records/journal.ts';
import { sha256 } from '../../../src/core/text/digest.ts';
import { Stopped } from '../../../src/decision.ts';
import { type SealInputs, seal } from '../../../src/modes/approve/seal.ts';
import { toCountedEvent, type Vote } from '../../../src/modes/approve/votes.ts';
import type { EditReport } from '../../../src/ports/agent.ts';
import { labelEvent, making, approval as sample } from '../../core/samples.ts';
import { editReport as edit } from '../../support/edit-report.ts';
import { bySecondLabel, label, removed, request, set, setAgain } from '../../support/labels.ts';
import { objectId } from '../../support/object-ids.ts';
import { Story } from '../../support/story.ts';
import { buildTools, type Given, pullRequest } from '../../support/tools.ts';

const patch = Buffer.from('diff --git a/a.txt b/a.txt\n');
const changes: readonly FileChange[] = sample.files;
const voteBy = (event: Labelling): Vote => ({
  person: { id: event.actor.id, login: event.actor.login },
  role: 'write',
  event,
});

interface Case {
  readonly story?: Story;
  readonly votes?: readonly [Vote, ...Vote[]];
  readonly edit?: Partial<EditReport>;
  readonly changes?: readonly FileChange[];
  readonly inputs?: SealInputs;
  /** What happened while Codex worked. */
  readonly events?: readonly TimelineEvent[];
  readonly carried?: readonly (typeof label)[];
  readonly meanwhile?: (story: Story) => void;
  readonly given?: Given;
  /** What keeps the evidence from being left for later steps. */
  readonly notKept?: Error;
}

/** Seals the change of a plan that was voted for by the label of the samples. */
async function attempt({ story = new Story(), votes = [voteBy(set)], ...now }: Case = {}) {
  const before = buildTools({
    artifacts: story.artifacts,
    timeline: { read: async () => ({ events: [set], carried: [label] }) },
    comments: [request],
  });
  const life = await readLife(before, pullRequest, story.plan);
  now.meanwhile?.(story);
  const { events = [set], carried = [label] } = now;
  const tools = buildTools({
    artifacts: story.artifacts,
    timeline: { read: async () => ({ events, carried }) },
    comments: [request],
    now: '2026-01-02T04:01:00Z',
    ...now.given,
  });
  const { notKept } = now;
  const keepForLaterSteps = notKept ? () => Promise.reject(notKept) : tools.keepForLaterSteps;
  const approved = {
    life,
    plan: story.plan,
    pull: pullRequest,
    votes,
    patch,
    changes: now.changes ?? changes,
    edit: { ...edit, ...now.edit },
  };
  const count = story.artifacts.stored.length;
  try {
    const result = await seal({ ...tools, keepForLaterSteps }, now.inputs ?? {}, approved);
    if ('answeredBefore' in result) {
      expect(story.artifacts.stored).toHaveLength(count);
      return { reason: 'answered before', tools, story };
    }
    return { reason: 'ok', result, tools, story };
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    expect(story.artifacts.stored).toHaveLength(count);
    return { reason: error.reason, message: error.message, tools, story };
  }
}

/** The approval that came of it. */
async function sealed(now: Case = {}) {
  const { reason, result, tools, story } = await attempt(now);
  expect(reason).toBe('ok');
  const stored = story.artifacts.stored.at(-1);
  if (stored?.artifact.name !== 'codex-approval-12' || result === undefined)
    throw new Error('Nothing was sealed.');
  return { result, tools, members: stored.members, ...readApprovalEvidence(stored.members) };
}

describe('a sealed change', () => {
  // The run then records a denial of the same label event, and an audit would find both.
  it('is not stored if the disk has no room for what later steps read', async () => {
    const notKept = new Stopped('platform-unsupported', 'The disk is full.');
    expect((await attempt({ notKept })).reason).toBe('platform-unsupported');
  });

  it('is bound to the plan, the votes and how it was made', async () => {
    const story = new Story();
    const { approval, change, members } = await sealed({ story });
    const { manifest, planId, artifact } = story.plan;
    expect(approval).toEqual({
      schema: 'codex-approval/v1',
      repository: manifest.repository,
      pull_request: 12,
      plan_id: planId,
      plan_sha256: manifest.plan_sha256,
      prompt_sha256: manifest.prompt_sha256,
      plan_artifact: artifact,
      approvers: [
        {
          id: 6,
          login: 'hubot',
          permission: 'write',
          label_event: { id: 'LE_88', created_at: '2026-01-02T04:00:00Z' },
        },
      ],
      head: manifest.head,
      base: manifest.base,
      files: sample.files,
      change_sha256: sha256(patch),
      label_events: [labelEvent],
      unreached: [],
      policy: making.policy,
      action: making.action,
      run: {
        id: 900,
        attempt: 1,
        workflow: '.github/workflows/codex-plan.yml',
        workflow_sha: objectId('d'),
        called: [],
      },
      created_at: '2026-01-02T04:01:00Z',
      expires_at: '2026-01-03T04:00:00Z',
    });
    expect(change).toEqual(patch);
    expect(Buffer.from(members.get('run.log') ?? []).toString()).toBe(edit.log);
  });

  // Such files can be there, and may be changed under the very bytes of their names.
  it.each([
    ['decomposed', 'cafe\u0301.txt'],
    ['a name of a stream on Windows', 'a:b.txt'],
    ['a backslash', 'a\\b.txt'],
    ['a device on Windows', 'src/aux.c'],
    ['blanks at its ends', ' a /b '],
    ['a blank letter', 'a\u3164b'],
    ['a name that looks like a stand-in', 'bytes:ff'],
  ])('names an existing file by its very bytes: %s', async (_, path) => {
    const [first] = changes as [FileChange];
    const odd = { ...first, path };
    const { approval } = await sealed({ changes: [odd] });
    expect(approval.files).toEqual([odd]);
  });

  it('is not sealed if the name of a file is no UTF-8', async () => {
    const [first] = changes as [FileChange];
    const sealing = attempt({ changes: [{ ...first, path: 'a/\0bytes:ff' }] });
    await expect(sealing).rejects.toThrow('not valid Unicode');
  });

  it('names all voters, the last one last', async () => {
    const ada = { id: 4, login: 'ada', type: 'User' };
    const first: Labelling = { ...set, id: 'LE_80', actor: ada, at: '2026-01-02T03:30:00Z' };
    const { approval, digest, journal } = await sealed({ votes: [voteBy(first), voteBy(set)] });
    expect(approval.approvers.map(({ login }) => login)).toEqual(['ada', 'hubot']);
    expect(approval.label_events).toEqual([toCountedEvent({ event: first }), labelEvent]);
    expect(approval.expires_at).toBe('2026-01-03T04:00:00Z');
    const told = readJournal(journal);
    expect(told.map(({ event, actor }) => `${event} ${actor.login}`)).toEqual([
      'planned mona',
      'voted ada',
      'approved hubot',
    ]);
    expect(told[1]).toMatchObject({
      at: approval.created_at,
      actor: { id: 4, login: 'ada' },
      detail: 'LE_80',
      digests: {
        plan_id: approval.plan_id,
        approval: digest,
        change: approval.change_sha256,
      },
    });
  });

  it('goes on with the newest journal, and tells of the guardian and of overrides', async () => {
    const story = new Story();
    const assessment = {
      at: '2026-01-02T04:00:30Z',
      action: 'npm test \ud83d',
      risk: 'low',
      authorization: null,
      outcome: 'approved',
      rationale: 'It is harmless.',
    } as const;
    const { journal } = await sealed({
      story,
      meanwhile: (one) => void one.deny({ reason: 'codex-failed' }),
      edit: { warnings: ['Overridden \ud83d'], assessments: [assessment] },
    });
    const told = readJournal(journal);
    expect(told.map(({ event }) => event)).toEqual([
      'planned',
      'denied',
      'overridden',
      'assessed',
      'approved',
    ]);
    expect(told[2]).toMatchObject({
      at: '2026-01-02T04:01:00Z',
      actor: labelEvent.actor,
      digests: {},
      detail: 'Overridden \ufffd',
    });
    expect(told[3]?.detail).toContain('"action":"npm test \ufffd"');
    expect(told[3]).toMatchObject({ at: assessment.at, actor: labelEvent.actor, digests: {} });
  });

  it('is bound to its files by the last line of the journal', async () => {
    const { approval, digest, journal, members } = await sealed();
    const digestOf = (name: string) => sha256(members.get(name) ?? new Uint8Array());
    expect(readJournal(journal).at(-1)).toMatchObject({
      at: approval.created_at,
      event: 'approved',
      actor: { id: 6, login: 'hubot' },
      digests: {
        plan_id: approval.plan_id,
        approval: digest,
        change: approval.change_sha256,
        'run.log': digestOf('run.log'),
        'policy.json': digestOf('policy.json'),
      },
      detail: null,
    });
  });

  it('names the commits that an earlier execution made, and that the branch does not have', async () => {
    const { approval } = await sealed({
      meanwhile: (story) => void story.execute(sha256('an earlier approval')),
    });
    expect(approval.unreached).toEqual([objectId('4')]);
  });

  it('is what the step ends with: who approved the plan, and its state by now', async () => {
    const ada = { id: 4, login: 'ada', type: 'User' };
    const first: Labelling = { ...set, id: 'LE_80', actor: ada, at: '2026-01-02T03:30:00Z' };
    const { result, approval, digest } = await sealed({
      votes: [voteBy(first), voteBy(set)],
      events: [first, set],
    });
    const detail = `ada, hubot approved plan ${approval.plan_id} until 2026-01-03T04:00:00Z.`;
    expect(result).toMatchObject({
      sealed: { decision: 'approved', detail },
      approval,
      artifactUrl: 'https://github.com/octo/demo/actions/runs/900/artifacts/42',
    });
    expect(result.sealed.life?.now.records.approvals).toMatchObject([{ digest }]);
  });

  it('says where its evidence is', async () => {
    const { tools, members } = await sealed();
    expect(tools.facts).toEqual({
      artifactId: 42,
      artifactUrl: 'https://github.com/octo/demo/actions/runs/900/artifacts/42',
      evidencePath: '/kept/approval',
    });
    expect(tools.kept.get('approval')).toEqual(members);
  });
});

describe('the end of an approval', () => {
  const end = async (now: Case) => (await sealed(now)).approval.expires_at;

  it('counts from the label, however long Codex worked', async () => {
    const late = { given: { now: '2026-01-02T08:00:00Z' } };
    expect(await end(late)).toBe('2026-01-03T04:00:00Z');
  });

  it('is the policy’s, or the input’s in its place', async () => {
    const short = { policy: { approvers: { hours: 2 } } };
    expect(await end({ given: short })).toBe('2026-01-02T06:00:00Z');
    expect(await end({ given: short, inputs: { approvalHours: 48 } })).toBe('2026-01-04T04:00:00Z');
    expect(await end({ inputs: { approvalHours: 0.5 } })).toBe('2026-01-02T04:30:00Z');
  });

  it('may come before the approval', async () => {
    expect(await end({ given: { now: '2026-01-03T03:59:59Z' } })).toBe('2026-01-03T04:00:00Z');
    const over = await attempt({ given: { now: '2026-01-03T04:00:00Z' } });
    expect(over.reason).toBe('approval-expired');
    expect(over.message).toBe(
      'The label was set at 2026-01-02T04:00:00Z, and an approval lasts 24 hours (approvers.hours or approval-hours).',
    );
  });
});

describe('what happened while Codex worked', () => {
  const headMoved = { pull: { head: { ref: 'topic', sha: objectId('f') } } };
  const forcePush: TimelineEvent = {
    id: 'FE_1',
    kind: 'force-pushed',
    actor: null,
    at: '2026-01-02T04:00:30Z',
  };

  const gone = 'The label was removed while Codex worked.';
  const replaced = 'The branch was force-pushed, or its base changed, while Codex worked.';

  it.each<[string, Case, string, string]>([
    ['the label was removed', { events: [set, removed], carried: [] }, 'label-missing', gone],
    [
      'the label got another name',
      { carried: [{ id: label.id, name: 'bug' }] },
      'label-missing',
      gone,
    ],
    [
      'the label was removed and set again',
      { events: [set, removed, setAgain] },
      'label-missing',
      gone,
    ],
    ['the branch was force-pushed', { events: [set, forcePush] }, 'head-moved', replaced],
  ])('ends it with a reason, if %s', async (_, now, reason, message) => {
    expect(await attempt(now)).toMatchObject({ reason, message });
  });

  it.each<[string, Case, string]>([
    ['the head moved', { given: headMoved }, 'head-moved'],
    ['the base is another', { given: { pull: { baseRef: 'release' } } }, 'base-moved'],
    ['the request was edited', { given: { comments: [] } }, 'plan-altered'],
    ['the pull request was closed', { given: { pull: { open: false } } }, 'pull-request-closed'],
    ['the plan was withdrawn', { meanwhile: (story) => void story.withdraw() }, 'plan-withdrawn'],
  ])('ends it, if %s', async (_, now, reason) => {
    expect((await attempt(now)).reason).toBe(reason);
  });

  it('waits some seconds for an event log that lags, and then seals nothing', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const lagging = async (times: number) => {
      let left = times;
      const earlier: Labelling = { ...set, id: 'LE_80', at: '2026-01-02T03:30:00Z' };
      const read = async () => ({ events: left-- > 0 ? [earlier] : [set], carried: [label] });
      const attempted = attempt({ given: { timeline: { read } } });
      await vi.runAllTimersAsync();
      return attempted;
    };
    expect((await lagging(3)).reason).toBe('ok');
    expect(await lagging(4)).toMatchObject({
      reason: 'api-unavailable',
      message: 'The event log does not have the label event any more.',
    });
  });

  it.each<[string, (story: Story) => void]>([
    ['an approval', (story) => void story.approve()],
    ['a denial', (story) => void story.deny()],
  ])('seals nothing if another run has answered the label by %s', async (_, meanwhile) => {
    const story = new Story();
    expect((await attempt({ story, meanwhile })).reason).toBe('answered before');
    expect(story.artifacts.stored).toHaveLength(2);
  });

  it('does not matter if it is passing trouble, or about another label', async () => {
    for (const meanwhile of [
      (story: Story) => void story.deny({ reason: 'api-unavailable' }),
      (story: Story) => void story.deny({ label_events: bySecondLabel.label_events }),
    ]) {
      expect((await attempt({ meanwhile })).reason).toBe('ok');
    }
  });
});
