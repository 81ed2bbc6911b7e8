/** Mode doctor on set-ups that are met less often. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseWorkflow } from '../../../src/core/set-up/workflow.ts';
import type { DoctorFacts } from '../../../src/modes/doctor/facts.ts';
import { workflowEvents } from '../../../src/modes/doctor/probes/workflow-events.ts';
import { type GitHub, startGitHub, WORKFLOW } from '../../support/github/index.ts';
import {
  createGoodRepository,
  type Examined,
  examine,
  owners,
  policyFile,
  requireOwners,
  requireStatus,
  type SetUpGiven,
  workflowFile,
  workflowWithApp,
} from './set-ups.ts';

let github: GitHub;
let count = 0;
beforeAll(async () => {
  github = await startGitHub();
});
afterEach(() => {
  expect(github.violations.splice(0)).toEqual([]);
});
afterAll(() => github.close());

/** The set-up that is right, with one thing changed. It is only read, and every line says what it has to. */
async function withChange(given: SetUpGiven = {}): Promise<Examined> {
  const repo = createGoodRepository(github, { name: `more-${++count}`, ...given.repository });
  requireStatus(repo, github.createApp({ slug: `more-gate-${count}` }).id);
  requireOwners(repo);
  given.prepare?.(repo);
  const examined = await examine(github, repo, given);
  for (const { method, path, body } of examined.requests) {
    if (path === '/graphql') expect(JSON.stringify(body)).not.toContain('mutation');
    else expect(`${method} ${path}`).toMatch(/^GET /);
  }
  for (const { about, mark, found, why, paste } of examined.lines) {
    expect(found.length, about).toBeGreaterThan(3);
    expect(why.length, about).toBeGreaterThan(20);
    expect(mark === '✓' ? paste : typeof paste, about).toBe(mark === '✓' ? null : 'string');
  }
  return examined;
}
const bad = ({ lines }: Examined) =>
  lines.filter(({ mark }) => mark !== '✓').map(({ mark, about }) => `${mark} ${about}`);

/** What GitHub asks for when a queue is switched on. */
const queue = {
  check_response_timeout_minutes: 60,
  grouping_strategy: 'ALLGREEN',
  max_entries_to_build: 5,
  max_entries_to_merge: 5,
  merge_method: 'MERGE',
  min_entries_to_merge: 1,
  min_entries_to_merge_wait_minutes: 5,
};

describe('doctor finds', () => {
  it('that the repository is archived', async () => {
    const examined = await withChange({
      prepare: (repo) => void Object.assign(repo, { archived: true }),
    });
    expect(examined.about('Whether the workflow runs')).toMatchObject([
      { mark: '✗', found: 'The repository is archived.' },
    ]);
    expect(examined.reason).toBe('unhealthy');
  });

  it.each([
    ['disabled_manually', 'somebody disabled it'],
    ['disabled_inactivity', 'after 60 days without a commit'],
    ['disabled_fork', 'the workflows of a fork'],
  ] as const)('that the workflow is disabled: %s', async (state, why) => {
    const examined = await withChange({
      prepare: (repo) => {
        repo.startRun({ event: repo.as('alice').dispatch(WORKFLOW, { ref: 'main' }) });
        for (const workflow of repo.workflows) workflow.state = state;
      },
    });
    expect(examined.about('Whether the workflow runs')).toMatchObject([
      { mark: '✗', found: expect.stringContaining(why), paste: 'gh workflow enable codex.yml' },
    ]);
  });

  it('that it cannot see whether the workflow runs', async () => {
    const permissions = { contents: 'read' } as const;
    const examined = await withChange({ permissions, repository: { private: true } });
    expect(examined.about('Whether the workflow runs')).toMatchObject([
      { mark: '⚠', paste: 'permissions: { actions: read }' },
    ]);
  });

  it('that a merge queue waits for a status that nothing sets', async () => {
    const withQueue = (file: string) =>
      withChange({
        repository: { files: { [WORKFLOW]: file } },
        prepare: (repo) =>
          void repo.rulesets.push({
            id: 300,
            name: 'Queue',
            branch: /^main$/,
            rules: [{ type: 'merge_queue', parameters: queue }],
          }),
      });
    const without = await withQueue(workflowWithApp.replace(/^ {2}merge_group:.*\n/m, ''));
    expect(without.about('Required status')).toContainEqual(
      expect.objectContaining({ mark: '✗', found: expect.stringContaining('merge_group') }),
    );
    const examined = await withQueue(workflowWithApp);
    expect(bad(examined)).toEqual([]);
  });

  it('nothing wrong in two workflow files, one of which refreshes', async () => {
    const only = (modes: RegExp) =>
      workflowWithApp
        .split(/^(?= {2}\w+:\n {4}(?:name|if|needs|runs-on|permissions|concurrency))/m)
        .filter((part, index) => index === 0 || modes.test(part))
        .join('');
    const files = {
      [WORKFLOW]: only(/mode: (plan|approve|verify|execute)/),
      '.github/workflows/refresh.yml': only(/mode: refresh/),
      [policyFile]: `version: 1\nworkflows: [.github/workflows/refresh.yml, ${WORKFLOW}]\n`,
    };
    const examined = await withChange({ repository: { files } });
    expect(examined.lines.filter(({ mark }) => mark === '✗')).toEqual([]);
  });

  it('a label that was renamed', async () => {
    const examined = await withChange({ repository: { labels: ['approved-plans'] } });
    expect(examined.about('Label')).toMatchObject([{ mark: '⚠' }]);
  });

  it('permissions: {} of a workflow, whose jobs then can do nothing', async () => {
    const file = workflowFile
      .replace(/^permissions: .*$/m, 'permissions: {}')
      .replace(/^ {4}permissions:\n(?: {6}.*\n)+/gm, '');
    const examined = await withChange({ repository: { files: { [WORKFLOW]: file } } });
    expect(examined.about('Permissions of the jobs')).toContainEqual(
      expect.objectContaining({ mark: '✗' }),
    );
  });

  it('a workflow file that is no YAML, as if it were not there', async () => {
    const files = { [WORKFLOW]: 'on: [push\njobs: {', ...owners };
    const examined = await withChange({ repository: { files } });
    expect(examined.about('Workflow on the default branch')).toMatchObject([{ mark: '✗' }]);
  });

  it('nothing wrong in a workflow that another one calls', async () => {
    const text = workflowFile.replace(/^on:\n(?: {2}.*\n)+/m, 'on: { workflow_call: }\n');
    const workflow = parseWorkflow('called.yml', text);
    expect(workflow?.events).toEqual({ workflow_call: [] });
    const lines = await workflowEvents.look({
      workflows: async () => (workflow === undefined ? [] : [workflow]),
    } as Partial<DoctorFacts> as DoctorFacts);
    expect(lines.map(({ mark }) => mark)).toEqual(['✓']);
  });

  it('a commit rule that would take forever to try in JavaScript', async () => {
    const rule = {
      type: 'commit_message_pattern',
      parameters: { operator: 'regex', pattern: '^(([a-zA-Z ])+.)+#$' },
    };
    const examined = await withChange({
      prepare: (repo) => void repo.rulesets.push({ id: 300, name: 'Slow', rules: [rule] }),
    });
    expect(examined.about("The bot's commit")).toMatchObject([{ mark: '✗' }]);
  });
});
