import { describe, expect, it } from 'vitest';
import { isTold } from '../../../src/checks/telling-stop.ts';
import { type Denial, StoppedAfterRefusal } from '../../../src/core/plan/attempts.ts';
import type { FileChange } from '../../../src/core/plan/scope.ts';
import { CodexStopped, Stopped } from '../../../src/decision.ts';
import { toCost } from '../../../src/evidence/facts.ts';
import type { Progress } from '../../../src/modes/approve/end.ts';
import { workInsidePlan } from '../../../src/modes/approve/work.ts';
import { Page } from '../../../src/page/page.ts';
import type { EditingTask, Editor, EditReport } from '../../../src/ports/agent.ts';
import type { Comments } from '../../../src/ports/comments.ts';
import type { CountedFiles, Workspace } from '../../../src/ports/workspaces.ts';
import { approval, contents } from '../../core/samples.ts';
import { editReport as report } from '../../support/edit-report.ts';
import { label, request } from '../../support/labels.ts';
import { objectId } from '../../support/object-ids.ts';
import { Story } from '../../support/story.ts';
import { buildTools } from '../../support/tools.ts';

const planned: readonly FileChange[] = approval.files;
const outside: FileChange = {
  path: 'c.txt',
  operation: 'create',
  before: null,
  after: { mode: '100644', blob: objectId('9') },
};
const declined: Denial = {
  path: 'd.txt',
  operation: 'create',
  reason: 'outside-plan',
  detail: 'The plan does not name this file.',
};
const late = new CodexStopped('codex-timeout', 'Codex was still running.', 'what it did\n');
const unseen = /^What Codex wrote could not be compared with the plan\. .*GitHub did not answer\.$/;
const failed = new CodexStopped('codex-failed', 'The model refused.', 'what it did\n');

/** How Codex ends, and how the workspace answers. */
interface Case {
  readonly end?: EditReport | Error;
  readonly found?: readonly FileChange[] | Error;
  /** What keeps a comment from being written. */
  readonly onPage?: Error;
  /** What keeps the summary from being written. */
  readonly inSummary?: Error;
  /** Whether the plan was made without the files that somebody struck. */
  readonly narrowed?: boolean;
}

async function attempt({ end = report, found = planned, onPage, inSummary, ...given }: Case) {
  const story = new Story();
  const removals: number[] = [];
  const pages: string[] = [];
  const built = buildTools({
    labels: {
      carried: async () => [label],
      remove: async (number) => {
        removals.push(number);
        return 'removed';
      },
    },
  });
  const looks: (CountedFiles | undefined)[] = [];
  const discards: string[] = [];
  const workspace: Pick<Workspace, 'directory' | 'changes' | 'discardFiles'> = {
    directory: '/workspace',
    changes: async (counted) => {
      looks.push(counted);
      if (found instanceof Error) throw found;
      return found;
    },
    discardFiles: () => void discards.push('all'),
  };
  const tasks: EditingTask[] = [];
  const editor: Editor = {
    carryOut: async (task) => {
      tasks.push(task);
      if (end instanceof Error) throw end;
      return end;
    },
  };
  const comments: Pick<Comments, 'list' | 'create'> = {
    list: async () => [],
    create: async (_, body) => {
      if (onPage !== undefined) throw onPage;
      pages.push(body);
      return { ...request, body };
    },
  };
  const page = new Page(comments as Comments, built.people, built.log, {
    serverUrl: 'https://github.com',
    label: label.name,
    command: '/codex',
    policyFile: '.github/codex-plan.yml',
  });
  const summarise = () => {
    if (inSummary !== undefined) throw inSummary;
  };
  const progress: Progress = { refused: [] };
  const tools = { ...built, log: { ...built.log, summarise }, page, editor };
  const { manifest } = story.plan;
  const narrows = given.narrowed === false ? null : manifest.narrows;
  const task = { plan: { ...story.plan, manifest: { ...manifest, narrows } }, workspace };
  const outcome = await workInsidePlan(tools, task, 'all', progress).catch((error) => error);
  const { facts, warnings } = built;
  return { outcome, progress, looks, discards, removals, pages, tasks, facts, warnings };
}

describe('the task of Codex', () => {
  it('is the plan with its prompt and its instructions, and without the struck files', async () => {
    const { tasks } = await attempt({});
    expect(tasks).toEqual([
      {
        workspace: '/workspace',
        prompt: contents['prompt.txt'],
        plan: contents['plan.json'],
        instructions: contents['instructions.md'],
        struck: ['c.txt'],
        judge: expect.any(Function),
      },
    ]);
    expect((await attempt({ narrowed: false })).tasks[0]?.struck).toEqual([]);
  });

  it('ends at the files of the plan', async () => {
    const [task] = (await attempt({})).tasks;
    expect(task?.judge({ path: 'b.txt', operation: 'create' })).toBeNull();
    expect(task?.judge({ path: 'c.txt', operation: 'create' })).toMatchObject({
      reason: 'outside-plan',
    });
  });
});

describe('a good end', () => {
  it('without a change outside of the plan gives the changes', async () => {
    const { outcome, progress, looks } = await attempt({});
    expect(outcome).toEqual({ edit: report, changes: planned, untouched: [] });
    expect(progress).toEqual({ refused: [], edit: report, log: report.log });
    expect(looks).toEqual(['all']);
  });

  it('frees the disk once the changes are known, and says what Codex cost', async () => {
    const { discards, facts } = await attempt({});
    expect(discards).toEqual(['all']);
    expect(facts).toEqual(toCost(report.usage));
  });

  it('is denied for a change outside of the plan', async () => {
    const { outcome, removals, warnings } = await attempt({ found: [...planned, outside] });
    expect(outcome).toMatchObject({ reason: 'outside-plan' });
    expect([removals, warnings]).toEqual([[12], []]);
  });

  it('is denied for a file that was refused before, although the files cannot be looked at', async () => {
    const found = new Stopped('api-unavailable', 'GitHub did not answer.');
    const { outcome, warnings } = await attempt({
      end: { ...report, declined: [declined] },
      found,
    });
    expect(outcome).toMatchObject({ reason: 'outside-plan' });
    expect(warnings).toEqual([expect.stringMatching(unseen)]);
  });

  it.each([
    new Stopped('limit-exceeded', 'There are too many files.'),
    new Stopped('api-unavailable', 'GitHub did not answer.'),
  ])('fails for what keeps the files from being looked at: %s', async (found) => {
    const { outcome, discards } = await attempt({ found });
    expect([outcome, discards]).toEqual([found, []]);
  });
});

describe.each([
  ['stalled', late],
  ['failed', failed],
])('a Codex that %s', (_, end) => {
  it('after a change outside of the plan is denied for that change', async () => {
    const { outcome, progress, removals, pages } = await attempt({ end, found: [outside] });
    expect(outcome).toMatchObject({ decision: 'denied', reason: 'outside-plan' });
    expect(removals).toEqual([12]);
    expect(progress).toMatchObject({
      log: 'what it did\n',
      refused: [{ path: 'c.txt', operation: 'create', reason: 'outside-plan' }],
    });
    expect(pages).toHaveLength(1);
    for (const told of ['`c.txt`', end.message, 'It had not finished']) {
      expect(pages[0]).toContain(told);
    }
  });

  it('after another operation on a planned file than the planned one is denied for it', async () => {
    const gone = { ...planned[0], operation: 'delete', after: null } as FileChange;
    const { outcome } = await attempt({ end, found: [gone] });
    expect(outcome).toMatchObject({ reason: 'operation-mismatch' });
  });

  it('in the middle of the planned files ends as it did', async () => {
    const { outcome, progress, discards, removals, warnings } = await attempt({
      end,
      found: planned.slice(0, 1),
    });
    expect(outcome).toBe(end);
    expect(discards).toEqual([]);
    expect(progress).toEqual({ refused: [], log: 'what it did\n' });
    expect([removals, warnings]).toEqual([[], []]);
  });

  it.each([
    new Stopped('path-invalid', 'x is a repository.'),
    new Stopped('limit-exceeded', 'There are too many files.'),
    new Stopped('platform-unsupported', 'The disk is full.'),
    Object.assign(new Error('The disk is full.'), { code: 'ENOSPC' }),
    new Error('A mistake.'),
  ])('after making files that cannot be looked at ends for that: %s', async (found) => {
    expect((await attempt({ end, found })).outcome).toBe(found);
  });

  it('ends as it did if temporary trouble keeps the files from being looked at', async () => {
    const found = new Stopped('api-unavailable', 'GitHub did not answer.');
    const { outcome, warnings } = await attempt({ end, found });
    expect(outcome).toBe(end);
    expect(warnings).toEqual([expect.stringMatching(unseen)]);
  });

  it('after a refused file is denied for it at once', async () => {
    const stopped = new StoppedAfterRefusal(end, [declined]);
    const { outcome, progress, looks, pages } = await attempt({ end: stopped, found: [outside] });
    expect(outcome).toMatchObject({ reason: 'outside-plan' });
    expect(pages[0]).toContain(end.message);
    expect(pages[0]).not.toContain('It had not finished');
    expect(progress.refused).toEqual([declined]);
    expect(looks).toEqual([]);
  });
});

describe('a denial', () => {
  const denied = { found: [outside] };

  it('is told once it is in a comment', async () => {
    expect(isTold((await attempt(denied)).outcome)).toBe(true);
    const { outcome, warnings } = await attempt({ ...denied, inSummary: new Error('A mistake.') });
    expect(outcome).toMatchObject({ reason: 'outside-plan' });
    expect(isTold(outcome)).toBe(true);
    expect(warnings.join()).toContain('A mistake.');
  });

  it('stays the reason if it cannot be shown, and is not told then', async () => {
    const { outcome, warnings } = await attempt({ ...denied, onPage: new Error('A mistake.') });
    expect(outcome).toMatchObject({ reason: 'outside-plan' });
    expect(isTold(outcome)).toBe(false);
    expect(warnings.join()).toContain('A mistake.');
  });

  it('that would show a secret is one of a secret, and is not told then', async () => {
    const secret = new Stopped('secret-detected', 'A part of a key.');
    const { outcome, removals } = await attempt({ ...denied, onPage: secret });
    expect(outcome).toBe(secret);
    expect(isTold(secret)).toBe(false);
    expect(removals).toEqual([12]);
  });
});

it('tells a secret as such, whatever was changed', async () => {
  const end = new CodexStopped('secret-detected', 'A part of a key.', '');
  const { outcome, looks } = await attempt({ end, found: [outside] });
  expect([outcome, looks]).toEqual([end, []]);
});

it('looks at no file if Codex was not started', async () => {
  const end = new Stopped('codex-unavailable', 'It is not installed.');
  const { outcome, progress, looks } = await attempt({ end, found: [outside] });
  expect([outcome, looks, progress]).toEqual([end, [], { refused: [] }]);
});
