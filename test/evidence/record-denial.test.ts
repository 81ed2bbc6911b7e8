import { describe, expect, it } from 'vitest';
import type { Denial } from '../../src/core/plan/attempts.ts';
import { readDenialEvidence } from '../../src/core/records/archive-contents.ts';
import { readJournal } from '../../src/core/records/journal.ts';
import { sha256 } from '../../src/core/text/digest.ts';
import { parsePath } from '../../src/core/text/paths.ts';
import { secretFinder } from '../../src/core/text/secrets.ts';
import { Stopped } from '../../src/decision.ts';
import { type EndedRun, noEdit, recordDenial } from '../../src/evidence/record-denial.ts';
import { contents, labelEvent, making, plan, policyRecord } from '../core/samples.ts';
import { MemoryArtifacts, Story } from '../support/story.ts';
import { buildTools, ownRun, workflow } from '../support/tools.ts';

const key = 'Zk4qT9vLr2XwB7nYc5PdH8sJ';
const { planId } = new Story().plan;
const outside = new Stopped('outside-plan', 'Not approved: "c.txt".');
const refused = (path: string): Denial => ({
  path,
  operation: 'create',
  reason: 'outside-plan',
  detail: 'The plan does not name this file.',
});
const ended: EndedRun = {
  mode: 'approve',
  pullRequest: 12,
  plan: { planId, plan },
  actor: labelEvent.actor,
  labelEvents: [labelEvent],
  refused: [refused('c.txt')],
  edit: {
    refusedRequests: [{ kind: 'command', request: 'curl x', why: 'No network.' }],
    assessments: [],
  },
  log: 'edit: codex 0.171.0\n',
  journal: contents['journal.jsonl'],
};

async function record(
  change: Partial<EndedRun> = {},
  stopped = outside,
  artifacts = new MemoryArtifacts(),
) {
  const tools = buildTools({ artifacts, now: '2026-01-02T04:40:00Z' });
  const findSecret = secretFinder({ 'openai-api-key': key });
  await recordDenial({ ...tools, findSecret }, { ...ended, ...change }, stopped);
  return tools;
}

/** The one artifact that is stored, read back. */
async function stored(change: Partial<EndedRun> = {}, stopped = outside) {
  const artifacts = new MemoryArtifacts();
  const tools = await record(change, stopped, artifacts);
  expect(tools.warnings).toEqual([]);
  const [only, ...others] = artifacts.stored;
  if (only === undefined) throw new Error('Nothing is stored.');
  expect(others).toEqual([]);
  const { members } = only;
  const text = (name: string) => Buffer.from(members.get(name) ?? []).toString();
  return { ...readDenialEvidence(members), name: only.artifact.name, members, text, tools };
}

describe('a run of Codex that did not end well', () => {
  it('leaves what it did, about whom, and how it was made', async () => {
    const { denial, name } = await stored();
    expect(name).toBe('codex-denial-12');
    expect(denial).toEqual({
      schema: 'codex-denial/v1',
      repository: { id: 7, full_name: 'octo/demo' },
      pull_request: 12,
      mode: 'approve',
      plan_id: planId,
      reason: 'outside-plan',
      label_events: [labelEvent],
      refused: [
        {
          path: 'c.txt',
          operation: 'create',
          steps: [],
          reason: 'outside-plan',
          detail: 'The plan does not name this file.',
        },
      ],
      refused_requests: [{ kind: 'command', request: 'curl x', why: 'No network.' }],
      assessments: [],
      policy: making.policy,
      action: making.action,
      run: {
        id: ownRun.id,
        attempt: 1,
        workflow,
        workflow_sha: ownRun.headSha.replaceAll('a', 'd'),
        called: [],
      },
      created_at: '2026-01-02T04:40:00Z',
    });
  });

  it('leaves the log, the policy and a line in the journal', async () => {
    const { journal, members, text } = await stored();
    const digestOf = (name: string) => sha256(members.get(name) ?? '');
    expect(text('run.log')).toBe(ended.log);
    expect(text('policy.json')).toBe(policyRecord);
    expect(journal.startsWith(ended.journal)).toBe(true);
    expect(readJournal(journal).at(-1)).toMatchObject({
      at: '2026-01-02T04:40:00Z',
      event: 'denied',
      actor: labelEvent.actor,
      digests: {
        plan_id: planId,
        'denial.json': digestOf('denial.json'),
        'run.log': digestOf('run.log'),
        'policy.json': digestOf('policy.json'),
      },
      detail: 'outside-plan',
    });
  });

  it('names the steps of the plan that were about a refused file', async () => {
    const [step] = plan.steps;
    const paths = [parsePath('a.txt'), parsePath('b.txt')];
    const more = { ...step, title: 'Say it again', paths } as (typeof plan.steps)[number];
    const longer = { ...plan, steps: [...plan.steps, more] };
    const { denial } = await stored({
      plan: { planId, plan: longer },
      refused: [refused('a.txt'), refused('A.txt')],
    });
    expect(denial.refused.map(({ steps }) => steps)).toEqual([['Say it', 'Say it again'], []]);
  });

  it('may have been about no plan', async () => {
    const { denial, journal } = await stored(
      { mode: 'plan', plan: null, labelEvents: [], edit: noEdit, journal: '' },
      new Stopped('plan-invalid', 'x'),
    );
    expect(denial).toMatchObject({ mode: 'plan', plan_id: null, reason: 'plan-invalid' });
    expect(readJournal(journal)).toMatchObject([{ event: 'denied', digests: {} }]);
  });

  it('says where its evidence is', async () => {
    const { tools, members } = await stored();
    expect(tools.facts).toEqual({
      artifactId: 41,
      artifactUrl: 'https://github.com/octo/demo/actions/runs/900/artifacts/41',
      evidencePath: '/kept/denial',
    });
    expect(tools.kept.get('denial')).toEqual(members);
  });
});

describe('what holds a secret', () => {
  it('is withheld as a whole: the log by its name and size', async () => {
    const log = `The key is ${key.slice(3, 18)}.\n`;
    const { denial, text } = await stored({ log });
    expect(text('run.log')).toBe(`run.log, ${Buffer.byteLength(log)} bytes: withheld\n`);
    expect(denial.refused).toHaveLength(1);
  });

  const secret = `x ${key.slice(3, 18)}`;
  it.each<[string, Partial<EndedRun>]>([
    ['a path', { refused: [refused(secret)] }],
    [
      'a request',
      {
        edit: { ...noEdit, refusedRequests: [{ kind: 'command', request: secret, why: 'No.' }] },
      },
    ],
    [
      'an assessment',
      {
        edit: {
          ...noEdit,
          assessments: [
            {
              at: '',
              action: secret,
              risk: null,
              authorization: null,
              outcome: 'denied',
              rationale: '',
            },
          ],
        },
      },
    ],
  ])('is withheld with all that Codex said in the record: %s', async (_, change) => {
    const { denial, text } = await stored(change);
    expect(denial).toMatchObject({ refused: [], refused_requests: [], assessments: [] });
    expect(denial).toMatchObject({ reason: 'outside-plan', label_events: [labelEvent] });
    expect(text('run.log')).toBe(ended.log);
  });
});

describe('text that is not well-formed', () => {
  // Half of a character, as it is left when a text is cut.
  const half = 'x\ud83d';

  it('does not keep the run from being recorded', async () => {
    const { denial } = await stored({
      refused: [{ ...refused(half), detail: half }],
      edit: {
        refusedRequests: [{ kind: 'tool', request: half, why: half }],
        assessments: [
          {
            at: half,
            action: half,
            risk: 'low',
            authorization: null,
            outcome: 'denied',
            rationale: half,
          },
        ],
      },
    });
    expect(denial.refused[0]?.path).toBe('x\ufffd');
    expect(denial.refused_requests[0]?.request).toBe('x\ufffd');
    expect(denial.assessments[0]?.rationale).toBe('x\ufffd');
  });
});

describe('a record that cannot be stored', () => {
  it('does not hide why the run ended: it is a warning', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.publish = () => Promise.reject(new Stopped('api-unavailable', 'The store is down.'));
    const { warnings, facts } = await record({}, outside, artifacts);
    expect(warnings).toEqual(['How the run ended could not be recorded. The store is down.']);
    expect(facts).toEqual({});
  });

  // Boxed code may have filled it, so that what it did is forgotten.
  it('does not hide why the run ended if the disk is full', async () => {
    const artifacts = new MemoryArtifacts();
    const full = Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' });
    artifacts.publish = () => Promise.reject(full);
    const { warnings } = await record({}, outside, artifacts);
    expect(warnings).toEqual([
      "How the run ended could not be recorded. The runner's disk is full: ENOSPC: write.",
    ]);
  });

  it('does not hide a mistake of ours', async () => {
    const artifacts = new MemoryArtifacts();
    const mistake = new TypeError('x');
    artifacts.publish = () => Promise.reject(mistake);
    await expect(record({}, outside, artifacts)).rejects.toBe(mistake);
  });
});

// Otherwise whoever steers Codex could fill the disk, and keep an approval alive that is over.
it('the record of a denial is stored although there is no room for later steps', async () => {
  const artifacts = new MemoryArtifacts();
  const tools = buildTools({ artifacts });
  const keepForLaterSteps = () =>
    Promise.reject(Object.assign(new Error('write'), { code: 'ENOSPC' }));
  const findSecret = () => undefined;
  const denial = await recordDenial({ ...tools, keepForLaterSteps, findSecret }, ended, outside);
  expect(denial).toMatchObject({ reason: 'outside-plan' });
  expect(artifacts.stored.map(({ artifact }) => artifact.name)).toEqual(['codex-denial-12']);
  expect(tools.warnings).toEqual([
    "The files could not be kept for later steps. The runner's disk is full: write.",
  ]);
});
