import { describe, expect, it } from 'vitest';
import { readLife } from '../../../src/checks/plan-life.ts';
import { Rotation } from '../../../src/checks/rotation.ts';
import { tellingStop } from '../../../src/checks/telling-stop.ts';
import type { FileChange } from '../../../src/core/plan/scope.ts';
import {
  readApprovalEvidence,
  readDenialEvidence,
} from '../../../src/core/records/archive-contents.ts';
import { readJournal } from '../../../src/core/records/journal.ts';
import type { ObjectId } from '../../../src/core/text/object-id.ts';
import { parsePath } from '../../../src/core/text/paths.ts';
import { CodexStopped, Stopped } from '../../../src/decision.ts';
import { carryOut } from '../../../src/modes/approve/carry-out.ts';
import type { Votes } from '../../../src/modes/approve/votes.ts';
import type { Editor, EditReport } from '../../../src/ports/agent.ts';
import type { Asking } from '../../../src/ports/asking.ts';
import type { Comment } from '../../../src/ports/comments.ts';
import type { RefuseSecrets } from '../../../src/ports/runner.ts';
import type { CountedFiles } from '../../../src/ports/workspaces.ts';
import { labelEvent, making } from '../../core/samples.ts';
import { fileChange } from '../../support/changes.ts';
import { editReport } from '../../support/edit-report.ts';
import { label, request, set } from '../../support/labels.ts';
import { objectId } from '../../support/object-ids.ts';
import { Story } from '../../support/story.ts';
import { buildTools, ownRun, pullRequest } from '../../support/tools.ts';

const votes: Votes = [{ person: { id: 6, login: 'hubot' }, role: 'write', event: set }];
const late = new CodexStopped('codex-timeout', 'Codex was still running.', 'what it did\n');
const otherRun = { ...making.run, id: 901 };
const fullDisk = Object.assign(new Error('write'), { code: 'ENOSPC' });
const patch = Buffer.from('diff --git a/a.txt b/a.txt\n');
const file = (digit: string) => ({ mode: '100644', blob: objectId(digit) });
const modified = fileChange('a.txt', file('e'), file('2'));
const created = fileChange('b.txt', null, file('3'));

interface Case {
  readonly end?: Partial<EditReport> | Error;
  readonly found?: readonly FileChange[] | Error;
  /** What keeps the change from becoming a tree. */
  readonly noTree?: Error;
  readonly refuseSecrets?: RefuseSecrets;
  /** What keeps the approval from being shown. */
  readonly notShown?: Error;
  /** What keeps files from being kept for later steps. */
  readonly notKept?: Error;
  /** What the policy says about planned files that Codex left as they are. */
  readonly untouched?: 'deny' | 'warn';
  readonly profile?: string;
  /** Whether the plan also deletes a file. */
  readonly deletes?: boolean;
  /** What other runs record while Codex works. */
  readonly meanwhile?: (story: Story) => void;
}

function withDeletion(whole: Story['plan']): Story['plan'] {
  const { plan, manifest } = whole;
  const gone = { path: parsePath('d.txt'), operation: 'delete' } as const;
  return {
    ...whole,
    plan: { ...plan, files: [...plan.files, { ...gone, reason: null }] },
    manifest: { ...manifest, files: [...manifest.files, { ...gone, ...file('4') }] },
  };
}

/** Carries out the plan of a story that was voted for by the label of the samples. */
async function attempt({ end = {}, found = [modified, created], ...given }: Case = {}) {
  const story = new Story();
  const built = buildTools({
    artifacts: story.artifacts,
    timeline: { read: async () => ({ events: [set], carried: [label] }) },
    labels: { carried: async () => [] },
    runs: [{ ...ownRun, id: otherRun.id }],
    roles: { hubot: 'write' },
    comments: [request],
    now: '2026-01-02T04:01:00Z',
    tip: story.plan.manifest.base.sha,
  });
  const never = () => Promise.reject(new Error('It was asked for.'));
  const asking: Asking = { ask: never, release: never };
  const looks: CountedFiles[] = [];
  const blobs: ObjectId[] = [];
  const reports: string[] = [];
  const summaries: string[] = [];
  const read = async () => {
    const policy = await built.policy.read();
    return {
      ...policy,
      plans: { ...policy.plans, untouched: given.untouched ?? policy.plans.untouched },
      codex: { ...policy.codex, profiles: { builds: { enforcement: 'after-run' as const } } },
    };
  };
  const editor: Editor = {
    carryOut: async () => {
      given.meanwhile?.(story);
      if (end instanceof Error) throw end;
      return { ...editReport, ...end };
    },
  };
  built.page.writeReports = async (_, texts) => {
    reports.push(...texts.map(({ body }) => body));
    if (given.notShown !== undefined) throw given.notShown;
    return [];
  };
  const tools = {
    ...built,
    policy: { ...built.policy, read },
    log: { ...built.log, summarise: (text: string) => void summaries.push(text) },
    editor,
    rotation: new Rotation({ ...built, asking }, label.name),
    refuseSecrets: given.refuseSecrets ?? (() => {}),
    findSecret: () => undefined,
    keepForLaterSteps: async (...what: Parameters<typeof built.keepForLaterSteps>) => {
      if (given.notKept !== undefined) throw given.notKept;
      return built.keepForLaterSteps(...what);
    },
  };
  const plan = given.deletes ? withDeletion(story.plan) : story.plan;
  const approved = {
    life: await readLife(built, pullRequest, plan),
    plan,
    pull: pullRequest,
    votes,
    comment: request satisfies Comment,
    workspace: {
      directory: '/workspace',
      changes: async (counted: CountedFiles) => {
        looks.push(counted);
        if (found instanceof Error) throw found;
        return found;
      },
      discardFiles: () => {},
      treeWith: async () => {
        if (given.noTree !== undefined) throw given.noTree;
        return objectId('7');
      },
      blobs: async (ids: readonly ObjectId[]) => {
        blobs.push(...ids);
        return new Map(ids.map((id) => [id, Buffer.from(id)] as const));
      },
      patch: async () => patch,
    },
  };
  const count = story.artifacts.stored.length;
  const outcome = await carryOut(tools, { profile: given.profile }, approved).catch(
    (error: unknown) => error,
  );
  const stored = story.artifacts.stored.slice(count);
  const names = stored.map(({ artifact: { name } }) => name);
  const { warnings } = built;
  return { outcome, story, stored, names, looks, blobs, reports, summaries, warnings };
}

/** What the pull request is told of a run that ended so. */
async function reportOf(outcome: unknown): Promise<string> {
  const tools = { ...buildTools(), label: { hasRemoved: false } };
  const reports: string[] = [];
  tools.page.writeReports = async (_, texts) => {
    reports.push(...texts.map(({ body }) => body));
    return [];
  };
  const ended = tellingStop(tools, 12, 'approve', () => Promise.reject(outcome));
  await expect(ended).rejects.toBe(outcome);
  return reports.join();
}

describe('a plan that Codex carried out', () => {
  it('ends in an approval of exactly what Codex changed', async () => {
    const { outcome, names, stored, reports, summaries, warnings } = await attempt();
    expect(names).toEqual(['codex-approval-12']);
    const { approval, change } = readApprovalEvidence(stored[0]?.members ?? new Map());
    expect(outcome).toMatchObject({ result: { decision: 'approved' }, approval });
    expect([approval.files, change]).toEqual([[modified, created], patch]);
    expect(reports[0]).toContain('2 files changed');
    expect(summaries).toEqual([reports[0]]);
    expect(warnings).toEqual([]);
  });

  it('is approved with a warning for a planned file that Codex left as it is', async () => {
    const end = { warnings: ['A setting was overridden.'] };
    const { names, reports, warnings } = await attempt({ end, found: [modified] });
    expect(names).toEqual(['codex-approval-12']);
    expect(warnings).toEqual(['A setting was overridden.', 'Planned, but not changed: b.txt']);
    expect(reports[0]).toContain('b.txt');
  });

  it('is denied for a planned file that Codex left as it is, if the policy says so', async () => {
    const { outcome, names } = await attempt({ untouched: 'deny', found: [modified] });
    expect(outcome).toMatchObject({
      reason: 'untouched-denied',
      message: 'Codex did not change "b.txt" (plans.untouched: deny).',
    });
    expect(names).toEqual(['codex-denial-12']);
    const none = await attempt({ untouched: 'deny', found: [created], deletes: true });
    expect(none.outcome).toMatchObject({ message: expect.stringContaining(' "a.txt", "d.txt" ') });
    expect((await attempt({ untouched: 'deny' })).names).toEqual(['codex-approval-12']);
  });

  it('is denied if Codex changed nothing', async () => {
    const { outcome, names } = await attempt({ found: [] });
    expect(outcome).toMatchObject({ reason: 'nothing-changed' });
    expect(names).toEqual(['codex-denial-12']);
  });

  it.each([
    ['another content', fileChange('a.txt', file('9'), file('2'))],
    [
      'another mode',
      fileChange('a.txt', { ...file('e'), mode: '100755' }, { ...file('2'), mode: '100755' }),
    ],
  ])('is not approved if a file had %s when it was planned', async (_, change) => {
    const { outcome, names } = await attempt({ found: [created, change] });
    expect(outcome).toMatchObject({
      reason: 'base-moved',
      message: '"a.txt" is not what it was when it was planned.',
    });
    expect(names).not.toContain('codex-approval-12');
  });

  it('is not approved if the change could not be committed', async () => {
    const noTree = new Stopped('path-invalid', 'The head has a folder there.');
    const { outcome, names } = await attempt({ noTree });
    expect(outcome).toBe(noTree);
    expect(names).not.toContain('codex-approval-12');
  });

  it('is not approved with a secret in the new content of a file', async () => {
    const secret = new Stopped('secret-detected', 'A part of a key.');
    const searched: string[] = [];
    const refuseSecrets: RefuseSecrets = (where, content) => {
      searched.push(`${where}: ${content}`);
      if (where === '"b.txt"') throw secret;
    };
    const { outcome, names } = await attempt({ refuseSecrets });
    expect(outcome).toBe(secret);
    expect(searched).toEqual([`"a.txt": ${objectId('2')}`, `"b.txt": ${objectId('3')}`]);
    expect(names).not.toContain('codex-approval-12');
  });

  it('is not approved with a secret in what would show the change', async () => {
    const secret = new Stopped('secret-detected', 'A part of a key.');
    const refuseSecrets: RefuseSecrets = (_, content) => {
      if (String(content).includes('A setting')) throw secret;
    };
    const end = { warnings: ['A setting was overridden.'] };
    const { outcome, names } = await attempt({ end, refuseSecrets });
    expect(outcome).toBe(secret);
    expect(names).toEqual(['codex-denial-12']);
  });

  it('is not approved with a secret in the name of a planned file that Codex left as it is', async () => {
    const secret = new Stopped('secret-detected', 'A part of a key.');
    const refuseSecrets: RefuseSecrets = (where, content) => {
      if (where === 'the log' && String(content).includes('b.txt')) throw secret;
    };
    const { outcome, names } = await attempt({ found: [modified], refuseSecrets });
    expect(outcome).toBe(secret);
    expect(names).toEqual(['codex-denial-12']);
  });

  it.each([
    ['a full disk', fullDisk, 'platform-unsupported'],
    ['trouble of GitHub', new Stopped('api-unavailable', 'It does not answer.'), 'api-unavailable'],
  ])('stays approved if %s keeps the change from being shown', async (_, notShown, reason) => {
    const { outcome, names } = await attempt({ notShown });
    expect(outcome).toMatchObject({ reason });
    expect(names).toEqual(['codex-approval-12']);
    expect(await reportOf(outcome)).toContain('is approved, but the run could not show that');
  });

  // Nobody can see what was approved, and only a record ends an approval if the label cannot be removed.
  it.each([
    ['a secret', new Stopped('secret-detected', 'A part of a key.'), 'secret-detected'],
    ['a mistake of ours', new TypeError('x is not a function'), 'internal'],
  ])('is denied if %s keeps the change from being shown', async (_, notShown, reason) => {
    const { outcome, names, stored } = await attempt({ notShown });
    expect(outcome).toMatchObject({ reason });
    expect(names).toEqual(['codex-approval-12', 'codex-denial-12']);
    const journal = readJournal(String(stored.at(-1)?.members.get('journal.jsonl')));
    expect(journal.at(-1)).toMatchObject({ event: 'denied', detail: reason });
  });

  it('has no content to search if it deletes a file', async () => {
    const searched: string[] = [];
    const refuseSecrets: RefuseSecrets = (where) => void searched.push(where);
    const found = [modified, fileChange('d.txt', file('4'), null)];
    const { names, blobs } = await attempt({ refuseSecrets, found, deletes: true });
    expect(names).toEqual(['codex-approval-12']);
    expect(searched).toEqual(['"a.txt"', 'the comment that shows the change', 'the log']);
    expect(blobs).toEqual([objectId('2')]);
  });

  it('counts files that git ignores, unless the profile lets Codex run builds', async () => {
    expect((await attempt()).looks).toEqual(['all']);
    const { looks } = await attempt({ profile: 'builds' });
    expect(looks).toEqual([{ unignoredAnd: ['a.txt', 'b.txt'] }]);
  });

  it('is not recorded twice if another run has approved it in the meantime', async () => {
    const { outcome, names, story } = await attempt({ meanwhile: (one) => void one.approve() });
    expect(names).toEqual(['codex-approval-12']);
    expect(story.artifacts.stored.at(-1)?.members.get('run.log')).not.toEqual(editReport.log);
    expect(outcome).toMatchObject({
      result: { decision: 'approved', detail: expect.stringContaining('recorded before') },
      approval: null,
    });
  });

  // An artifact has one name in one run, so the answer would be replaced by a record that counts no label event.
  it('leaves the denial of another job of the same run as it is', async () => {
    const { outcome, names } = await attempt({
      meanwhile: (one) => void one.deny({ label_events: [labelEvent] }),
    });
    expect(outcome).toMatchObject({ reason: 'outside-plan', decision: 'denied' });
    expect(names).toEqual(['codex-denial-12']);
  });

  // A denial of the label by this run would end the approval that the other run has recorded.
  it('is not denied if another run has approved it and that cannot be repeated', async () => {
    const { outcome, names, stored } = await attempt({
      meanwhile: (one) => void one.approve(),
      notKept: fullDisk,
    });
    expect(outcome).toBe(fullDisk);
    expect(names).toEqual(['codex-approval-12', 'codex-denial-12']);
    const { denial } = readDenialEvidence(stored[1]?.members ?? new Map());
    expect(denial).toMatchObject({ reason: 'platform-unsupported', label_events: [] });
  });

  it('records what Codex did if another run has denied the label in the meantime', async () => {
    const { outcome, stored } = await attempt({
      meanwhile: (one) =>
        void one.deny({ label_events: [labelEvent], run: otherRun }, { run: otherRun }),
    });
    expect(outcome).toMatchObject({ reason: 'outside-plan', decision: 'denied' });
    const [, own] = stored;
    expect(readDenialEvidence(own?.members ?? new Map()).denial.label_events).toEqual([]);
    expect(String(own?.members.get('run.log'))).toBe(editReport.log);
    const lines = (at: number) => String(stored[at]?.members.get('journal.jsonl'));
    expect(lines(1).startsWith(lines(0))).toBe(true);
  });
});

it('records nothing if Codex was not started', async () => {
  const end = new Stopped('codex-unavailable', 'It is not installed.');
  const { outcome, names } = await attempt({ end });
  expect(outcome).toBe(end);
  expect(names).toEqual([]);
});

// Without a record, only the missing label would say that the approval is over.
it.each([
  ['a mistake of ours', new TypeError('x is not a function'), 'internal'],
  ['a full disk', fullDisk, 'limit-exceeded'],
])('what Codex did is recorded, although %s ends the run afterwards', async (_, found, reason) => {
  const { outcome, stored } = await attempt({ end: late, found });
  expect(outcome).toMatchObject({ reason, cause: found });
  const [denial] = stored;
  expect(denial?.artifact.name).toBe('codex-denial-12');
  expect(String(denial?.members.get('run.log'))).toBe('what it did\n');
  const journal = readJournal(String(denial?.members.get('journal.jsonl')));
  expect(journal.at(-1)).toMatchObject({ event: 'denied', detail: reason });
});
