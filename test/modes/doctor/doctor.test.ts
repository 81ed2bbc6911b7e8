import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Stopped } from '../../../src/decision.ts';
import type { CheckLine } from '../../../src/report/check-table.ts';
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

/** The set-up that is right, with one thing changed. */
async function withChange(given: SetUpGiven = {}): Promise<Examined> {
  const repo = createGoodRepository(github, { name: `shop-${++count}`, ...given.repository });
  requireStatus(repo, github.createApp({ slug: `gate-${count}` }).id);
  requireOwners(repo);
  given.prepare?.(repo);
  const examined = await examine(github, repo, given);
  expectOnlyReads(examined);
  expectComplete(examined.lines);
  return examined;
}

function expectOnlyReads({ requests }: Examined): void {
  expect(requests.length).toBeGreaterThan(0);
  for (const { method, path, body } of requests) {
    if (path === '/graphql') expect(JSON.stringify(body)).not.toContain('mutation');
    else expect(`${method} ${path}`).toMatch(/^GET /);
  }
}

/** Each line names what was found and why it matters, and each that is not in order has something to paste. */
function expectComplete(lines: readonly CheckLine[]): void {
  expect(lines.length).toBeGreaterThan(15);
  for (const { about, mark, found, why, paste } of lines) {
    expect(found.length, about).toBeGreaterThan(3);
    expect(why.length, about).toBeGreaterThan(20);
    if (mark === '✓') expect(paste, about).toBeNull();
    else expect(paste?.length, about).toBeGreaterThan(5);
  }
}

const marks = ({ lines }: Examined, mark: CheckLine['mark']) =>
  lines.filter((line) => line.mark === mark).map(({ about, found }) => `${about}: ${found}`);

describe('doctor finds', () => {
  it('nothing in a set-up that is right', async () => {
    const examined = await withChange();
    expect(marks(examined, '✗')).toEqual([]);
    expect(marks(examined, '⚠')).toEqual([]);
    expect(examined).toMatchObject({ decision: 'healthy', reason: 'ok' });
    expect(examined.record).toMatchObject({ schema: 'codex-doctor/v1', healthy: true });
  });

  it('that a lone maintainer can approve nothing under the defaults', async () => {
    const examined = await withChange({ repository: { collaborators: { alice: 'admin' } } });
    expect(examined).toMatchObject({ decision: 'failed', reason: 'unhealthy' });
    const [line] = examined.about('Who can approve');
    expect(line).toMatchObject({ mark: '✗', found: expect.stringContaining('alice') });
    expect(line?.paste).toContain('approvers: { self: true, author: true }');
    expect(marks(examined, '✗')).toHaveLength(1);
  });

  it('the same with a token that only reads, by asking for each role', async () => {
    const repository = { collaborators: { alice: 'admin' }, private: true } as const;
    const permissions = { contents: 'read', issues: 'read' } as const;
    const examined = await withChange({ repository, permissions });
    expect(examined.about('Who can approve')).toMatchObject([
      { mark: '✗', found: expect.stringContaining('alice') },
    ]);
  });

  it('values that an input goes before, and how long an approval then lasts', async () => {
    const file = workflowFile.replace(
      'mode: approve',
      "mode: approve\n          approval-hours: '9000'",
    );
    const examined = await withChange({ repository: { files: { [WORKFLOW]: file } } });
    const [line] = examined.about('Policy: approvers');
    expect(line?.found).toContain('hours: 24 (default), in ');
    expect(line?.found).toContain('job approve: approval-hours 9000 (input)');
    expect(examined.about('How long evidence is kept')).toMatchObject([{ mark: '✗' }]);
  });

  it('that a lone maintainer can, once the policy says so', async () => {
    const policy = 'version: 1\napprovers: { self: true, author: true }\n';
    const repository = {
      collaborators: { alice: 'admin' },
      files: { [policyFile]: policy },
    } as const;
    const examined = await withChange({ repository });
    expect(examined.about('Who can approve')).toMatchObject([{ mark: '✓' }]);
    const [shown] = examined.about('Policy: approvers');
    expect(shown?.found).toContain('self: true (file)');
    expect(shown?.found).toContain('count: 1 (default)');
  });

  it('that a team of two is stuck on pull requests of each other', async () => {
    const collaborators = { alice: 'maintain', bob: 'maintain' } as const;
    const examined = await withChange({ repository: { collaborators } });
    const [line] = examined.about('Who can approve');
    expect(line).toMatchObject({ mark: '⚠', paste: expect.stringContaining('author: true') });
    expect(examined.decision).toBe('healthy');
  });

  it('a team that cannot be read', async () => {
    const files = { [policyFile]: 'version: 1\napprovers: { teams: [keepers] }\n' };
    const examined = await withChange({ repository: { owner: 'octo', files } });
    const [line] = examined.about('Who can approve');
    expect(line).toMatchObject({ mark: '✗', found: expect.stringContaining('team-token') });
    expect(line?.paste).toMatch(/^team-token: /);
    expect(examined.reason).toBe('unhealthy');
    // Nothing is known of those who may approve, so nothing is said of them.
    for (const about of ['Who can approve elevated files', 'Who can rename the label']) {
      expect(examined.about(about)).toMatchObject([
        {
          mark: '⚠',
          found: expect.stringContaining('could not be seen'),
          paste: expect.stringMatching(/^team-token: /),
        },
      ]);
    }
  });

  it('the members of a team that can be read', async () => {
    github.createTeam({ organization: 'octo', slug: 'seen', members: ['alice', 'bob', 'carol'] });
    const { value: teamToken } = github.createToken({
      kind: 'user',
      login: 'alice',
      scopes: ['read:org'],
    });
    const files = { [policyFile]: 'version: 1\napprovers: { teams: [seen] }\n' };
    const examined = await withChange({ repository: { owner: 'octo', files }, teamToken });
    expect(examined.about('Who can approve')).toMatchObject([
      { mark: '✓', found: 'alice, bob and carol; 1 must approve.' },
    ]);
  });

  it('that nobody has the role that approvers need, with a line that mends it', async () => {
    const files = { [policyFile]: 'version: 1\napprovers: { permission: admin }\n' };
    const collaborators = { alice: 'write', bob: 'write', carol: 'write' } as const;
    const examined = await withChange({ repository: { files, collaborators } });
    expect(examined.about('Who can approve')).toMatchObject([
      { mark: '✗', paste: expect.stringContaining('approvers: { permission: write }') },
    ]);
    const named = { [policyFile]: 'version: 1\napprovers: { users: [nobody-here] }\n' };
    const others = await withChange({ repository: { files: named, collaborators } });
    expect(others.about('Who can approve')).toMatchObject([
      { mark: '✗', paste: expect.stringContaining('approvers: { users: [LOGIN] }') },
    ]);
  });

  it('that people with the role for elevated files may approve nothing', async () => {
    const policy =
      'version: 1\napprovers: { permission: admin }\npaths: { elevated: { permission: write } }\n';
    const collaborators = { alice: 'write', bob: 'write', carol: 'write' } as const;
    const files = { [policyFile]: policy };
    const examined = await withChange({ repository: { files, collaborators } });
    expect(examined.about('Who can approve elevated files')).toMatchObject([{ mark: '⚠' }]);
  });

  it('that a file with mode audit alone does no work', async () => {
    const audit =
      'on: workflow_dispatch\njobs: { a: { steps: [{ uses: o/codex@x, with: { mode: audit } }] } }\n';
    const examined = await withChange({ repository: { files: { [WORKFLOW]: audit } } });
    expect(examined.about('Workflow on the default branch')).toMatchObject([{ mark: '✗' }]);
  });

  it('an event whose types GitHub sets, without the label', async () => {
    const step = (mode: string) => `{ uses: o/codex@x, with: { mode: ${mode} } }`;
    const file = `on: [issue_comment, pull_request_target]\njobs: { a: { steps: [${step('plan')}, ${step('approve')}] } }\n`;
    const examined = await withChange({ repository: { files: { [WORKFLOW]: file } } });
    expect(marks(examined, '✗')).toContain(
      'Events of the workflow: .github/workflows/codex.yml approves, and no label starts it.',
    );
  });

  it('that the second mode of a job does not take the rights of the first one', async () => {
    const file = workflowFile.replace(
      /^( +)mode: execute$/m,
      '$1mode: execute\n      - uses: codex-plan-governance/codex-plan-governance@' +
        `${'a'.repeat(40)}\n        with:\n          mode: refresh`,
    );
    const weak = file.replace('contents: write #', 'contents: read #');
    expect(weak).not.toBe(file);
    const examined = await withChange({ repository: { files: { [WORKFLOW]: weak } } });
    expect(examined.about('Permissions of the jobs')).toMatchObject([
      { mark: '✗', found: expect.stringContaining('job execute lacks contents') },
    ]);
  });

  it('a workflow that is on a branch only', async () => {
    const examined = await withChange({
      ref: 'topic',
      repository: { files: { [WORKFLOW]: 'on: push\njobs: {}\n' } },
      prepare: (repo) => void repo.push('topic', { [WORKFLOW]: workflowFile }),
    });
    const [line] = examined.about('Workflow on the default branch');
    expect(line).toMatchObject({ mark: '✗', found: expect.stringContaining('refs/heads/topic') });
    expect(line?.paste).toContain('git checkout topic -- .github/workflows');
    expect(examined.reason).toBe('unhealthy');
  });

  it('what it can without any permission, and says what it could not see', async () => {
    const examined = await withChange({ permissions: {}, repository: { private: true } });
    const unseen = examined.lines.filter(({ found }) => found.includes('could not be seen'));
    expect(unseen.length).toBeGreaterThan(8);
    for (const { mark } of unseen) expect(mark).toBe('⚠');
    expect(unseen.map(({ about }) => about)).toEqual(
      expect.arrayContaining([
        'Policy',
        'Label',
        'Who can approve',
        'Workflow on the default branch',
      ]),
    );
    expect(examined.about('git')).toMatchObject([{ mark: '✓' }]);
    expect(examined.decision).toBe('healthy');
  });

  it('a permission that a job lacks, and one that a model must not have', async () => {
    const wrong = workflowFile
      .replace('contents: read', 'contents: write')
      .replace(/( {2}execute:[\s\S]*?)contents: write/, '$1contents: read');
    const examined = await withChange({ repository: { files: { [WORKFLOW]: wrong } } });
    const lines = examined.about('Permissions of the jobs');
    expect(lines.map(({ mark, found }) => `${mark} ${found}`)).toEqual([
      expect.stringMatching(/^✗ .*job plan runs a model and may write code/),
      expect.stringMatching(/^✗ .*job execute lacks contents\.$/),
    ]);
  });

  it('people who can rename the label and may not approve', async () => {
    const files = { [policyFile]: 'version: 1\napprovers: { users: [alice, bob, carol] }\n' };
    const collaborators = {
      alice: 'maintain',
      bob: 'maintain',
      carol: 'maintain',
      dora: 'write',
      ed: 'write',
    } as const;
    const examined = await withChange({ repository: { files, collaborators } });
    const [line] = examined.about('Who can rename the label');
    expect(line).toMatchObject({ mark: '⚠', found: expect.stringContaining('dora and ed') });
    expect(line?.paste).toContain('collaborators/dora -f permission=triage');
  });

  it('a label that is not there', async () => {
    const examined = await withChange({ repository: { labels: [] } });
    expect(examined.about('Label')).toMatchObject([
      { mark: '⚠', paste: 'gh label create "approved-plan"' },
    ]);
  });

  it.each([
    ['commit_message_pattern', { operator: 'regex', pattern: '^(feat|fix): ' }],
    ['commit_author_email_pattern', { operator: 'ends_with', pattern: '@example.com' }],
    ['update', { update_allows_fetch_and_merge: false }],
  ])('a rule that refuses the commit of the bot: %s', async (type, parameters) => {
    const examined = await withChange({
      prepare: (repo) =>
        void repo.rulesets.push({ id: 300, name: 'Commits', rules: [{ type, parameters }] }),
    });
    const [line] = examined.about("The bot's commit");
    expect(line).toMatchObject({ mark: '✗' });
    expect(examined.reason).toBe('unhealthy');
  });

  it('a rule of that kind that the token can go past, or that the commit keeps', async () => {
    const message = {
      type: 'commit_message_pattern',
      parameters: { operator: 'regex', pattern: '^x' },
    };
    const examined = await withChange({
      prepare: (repo) => {
        repo.rulesets.push({ id: 300, name: 'Past', rules: [message], tokenBypasses: true });
        repo.rulesets.push({ id: 301, name: 'Signed', rules: [{ type: 'required_signatures' }] });
      },
    });
    expect(examined.about("The bot's commit")).toMatchObject([{ mark: '✓' }]);
  });

  it('a required status that anybody who writes can set', async () => {
    for (const app of [null, github.actions.id]) {
      const repo = createGoodRepository(github, { name: `shop-${++count}` });
      requireStatus(repo, app);
      const examined = await examine(github, repo);
      const [line] = examined.about('Required status');
      expect(line).toMatchObject({ mark: '⚠', found: expect.stringContaining('signpost') });
      expect(line?.paste).toContain('integration_id');
      expectOnlyReads(examined);
    }
  });

  it('a status that is not required, and one of an app whose token no job has', async () => {
    const repo = createGoodRepository(github, { name: `shop-${++count}` });
    const first = await examine(github, repo);
    expect(first.about('Required status')).toMatchObject([
      { mark: '⚠', paste: expect.stringContaining('/rulesets') },
    ]);
    const files = { [WORKFLOW]: workflowFile, ...owners };
    const other = await withChange({ repository: { files } });
    expect(other.about('Required status')).toMatchObject([
      { mark: '✗', paste: expect.stringContaining('github-token') },
    ]);
  });

  it('who can go past the rule', async () => {
    const actor = { actor_type: 'RepositoryRole', actor_id: 5, bypass_mode: 'always' };
    const repo = createGoodRepository(github, { name: `shop-${++count}` });
    requireStatus(repo, null, { bypass: [actor] });
    const seeing = await examine(github, repo);
    expect(seeing.about('Who can go past the rule')).toMatchObject([
      { mark: '⚠', found: 'everybody with admin can go past Codex plan.' },
    ]);
    const blind = await examine(github, repo, { permissions: { contents: 'read' } });
    expect(blind.about('Who can go past the rule')).toMatchObject([
      { mark: '⚠', found: expect.stringContaining('not shown to this token') },
    ]);
  });

  it('a retention of one day', async () => {
    const examined = await withChange({ repository: { retentionDays: 1 } });
    expect(examined.about('How long evidence is kept')).toMatchObject([
      { mark: '✗', paste: 'retention-days: 7' },
    ]);
  });

  it('pull requests that are older than the retention', async () => {
    const examined = await withChange({
      repository: { retentionDays: 5 },
      prepare: (repo) => {
        repo.openPullRequest({ author: 'bob', head: 'old', files: { 'a.md': 'a\n' } });
        github.clock.advance({ hours: 24 * 6 });
      },
    });
    expect(examined.about('Age of open pull requests')).toMatchObject([
      { mark: '⚠', found: '#1 are older than 5 days.' },
    ]);
  });

  it('git 2.34', async () => {
    const examined = await withChange({
      machine: { gitVersion: async () => 'git version 2.34.1' },
    });
    expect(examined.about('git')).toMatchObject([
      { mark: '✗', found: expect.stringContaining('git version 2.34.1') },
    ]);
    expect(examined.detail).toContain('git');
  });

  it('a machine without git', async () => {
    const none = new Stopped('platform-unsupported', 'There is no git on the path.');
    const examined = await withChange({ machine: { gitVersion: () => Promise.reject(none) } });
    expect(examined.about('git')).toMatchObject([{ mark: '✗', found: none.message }]);
    expect(examined.reason).toBe('unhealthy');
  });

  it('a machine without user namespaces, unless the action switches them on', async () => {
    const missing = [
      'Unprivileged user namespaces are forbidden: sudo sysctl -w kernel.unprivileged_userns_clone=1',
    ];
    const off = { work: false, missing, cured: false };
    const examined = await withChange({ machine: { namespaces: async () => off } });
    expect(examined.about('User namespaces')).toMatchObject([
      { mark: '✗', paste: 'sudo sysctl -w kernel.unprivileged_userns_clone=1' },
    ]);
    const hosted = await withChange({
      machine: { namespaces: async () => ({ ...off, cured: true }) },
    });
    expect(hosted.about('User namespaces')).toMatchObject([{ mark: '✓' }]);
  });

  it('a policy that cannot be understood', async () => {
    const files = { [policyFile]: 'version: 1\napprover: {}\n' };
    const examined = await withChange({ repository: { files } });
    expect(examined.about('Policy')).toMatchObject([
      { mark: '✗', found: expect.stringContaining('line 2') },
    ]);
  });

  it('zeros, tags and other names in the workflow', async () => {
    const file = workflowFile
      .replace('a'.repeat(40), '0'.repeat(40))
      .replace('a'.repeat(40), 'v1')
      .replace('mode: refresh', 'mode: refresh\n          label: other');
    const examined = await withChange({ repository: { files: { [WORKFLOW]: file } } });
    expect(examined.about('Pinned actions').map(({ mark }) => mark)).toEqual(['✗', '⚠']);
    expect(examined.about('Same names in every job')).toMatchObject([{ mark: '✗' }]);
  });

  it('a workflow file that is not owned', async () => {
    const files = { '.github/CODEOWNERS': '/.github/ @octo/keepers\n/.github/workflows/\n' };
    const examined = await withChange({ repository: { files } });
    expect(examined.about('Owners of .github')).toMatchObject([
      { mark: '⚠', paste: expect.stringContaining('CODEOWNERS') },
    ]);
  });
});

describe('the table', () => {
  it('is the same in summary, log and record, and hostile words stay words', async () => {
    const login = 'mal-lory';
    const examined = await withChange({
      repository: { collaborators: { [login]: 'admin' } },
      prepare: (repo) =>
        void repo.rulesets.push({
          id: 300,
          name: 'x',
          rules: [
            {
              type: 'commit_message_pattern',
              parameters: { operator: 'contains', pattern: '@everyone | <b>\n::error::x' },
            },
          ],
        }),
    });
    for (const { about, mark } of examined.lines) {
      expect(
        examined.log.some((line) => line.startsWith(`${mark} ${about}: `)),
        about,
      ).toBe(true);
    }
    const rows = examined.summary.split('\n').filter((line) => /^\| [✓⚠✗] /.test(line));
    expect(rows).toHaveLength(examined.lines.length);
    expect(examined.summary).not.toContain('@everyone');
    expect(examined.summary).not.toContain('<b>');
  });
});
