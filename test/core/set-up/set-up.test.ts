import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RepositoryRole } from '../../../src/core/policy/roles.ts';
import { assessApprovers } from '../../../src/core/set-up/approvers.ts';
import { refusesCommit } from '../../../src/core/set-up/commit-rules.ts';
import { neededPermissions } from '../../../src/core/set-up/needed-permissions.ts';
import { findOwners } from '../../../src/core/set-up/owners.ts';
import { grants, parseWorkflow } from '../../../src/core/set-up/workflow.ts';
import { loadExpressions } from '../../../src/system/linear-expressions.ts';
import { expectCheap } from '../../support/growth.ts';
import { parsePolicy } from '../../support/policy.ts';

const tryExpression = await loadExpressions();

describe('who is left to approve', () => {
  const person = (login: string, role: RepositoryRole) => ({
    id: login.charCodeAt(0),
    login,
    role,
  });
  const ada = person('ada', 'admin');
  const bob = person('bob', 'write');
  const cat = person('cat', 'write');
  const tim = person('tim', 'triage');
  const outlook = (people: readonly (typeof ada)[], approvers: string, more = '') =>
    assessApprovers(
      people.filter(({ role }) => role !== 'triage'),
      people,
      parsePolicy(`version: 1\napprovers: { ${approvers} }\n${more}`),
    ).is;

  it.each([
    ['alone', [ada], '', 'never'],
    ['alone, and may approve as requester only', [ada], 'self: true', 'never'],
    ['alone, and may approve as both', [ada], 'self: true, author: true', 'always'],
    ['two', [ada, bob], '', 'sometimes'],
    ['two, and the author may', [ada, bob], 'author: true', 'always'],
    ['two, and both have to', [ada, bob], 'count: 2', 'never'],
    ['three', [ada, bob, cat], '', 'always'],
    ['three, and two have to', [ada, bob, cat], 'count: 2', 'sometimes'],
    ['nobody', [], '', 'never'],
  ] as const)('%s', (_, people, approvers, expected) => {
    expect(outlook([...people], approvers)).toBe(expected);
  });

  it('counts requesters who may not approve', () => {
    const policy = 'requesters: { permission: triage }\n';
    expect(outlook([ada, tim], '', policy)).toBe('never');
    expect(outlook([ada, tim], 'author: true', policy)).toBe('sometimes');
  });

  it('is told of a thousand people as fast as of a few', async () => {
    const many = Array.from({ length: 1000 }, (_, id) => ({ ...bob, id, login: `p${id}` }));
    const policy = parsePolicy('version: 1\n');
    expect(await expectCheap(2, () => assessApprovers(many, many, policy).is)).toBe('always');
  });

  it('names a case in which nobody is left', () => {
    const policy = parsePolicy('version: 1\n');
    expect(assessApprovers([ada, bob], [ada, bob], policy)).toEqual({
      is: 'sometimes',
      requester: 'ada',
      author: 'bob',
    });
  });
});

describe('the owners of a path', () => {
  it.each([
    ['/.github/ @a', '.github/workflows/x.yml', ['@a']],
    ['.github/ @a', 'sub/.github/x.yml', ['@a']],
    ['/.github @a', '.github/codex-plan.yml', ['@a']],
    ['* @a', 'deep/in/it.ts', ['@a']],
    ['*.yml @a', '.github/workflows/x.yml', ['@a']],
    ['/.github/* @a', '.github/codex-plan.yml', ['@a']],
    ['/.github/* @a', '.github/workflows/x.yml', []],
    ['/.github/** @a', '.github/workflows/x.yml', ['@a']],
    ['/docs/ @a', '.github/x.yml', []],
    ['/.github/ @a # us\n/.github/workflows/', '.github/workflows/x.yml', []],
    ['* @a\n/.github/ @b @c', '.github/x.yml', ['@b', '@c']],
    ['# /.github/ @a', '.github/x.yml', []],
    ['/.gith[u]b/ @a', '.github/x.yml', []],
  ])('of %j and %s are %j', (text, path, owners) => {
    expect(findOwners(text, path, tryExpression)).toEqual(owners);
  });

  it.each(['*'.repeat(60), '**/'.repeat(60), '*?'.repeat(60), '*.'.repeat(60)])(
    'are told in bounded time by the pattern %s',
    async (pattern) => {
      const path = '.github/workflows/codex-plan.yml';
      await expectCheap(5, () => findOwners(`${pattern}x @a`, path, tryExpression));
    },
  );
});

describe('a rule and the commit of the bot', () => {
  const commit = {
    message: 'Add a tax\n\nCodex-Plan-Id: 1',
    authorEmail: '1+bot@users.noreply.github.com',
    committerEmail: 'noreply@github.com',
  };
  const message = (operator: string, pattern: string, negate?: boolean) => ({
    type: 'commit_message_pattern',
    parameters: { operator, pattern, ...(negate === undefined ? {} : { negate }) },
  });

  it.each([
    [message('starts_with', 'Add'), null],
    [message('starts_with', 'feat'), true],
    [message('ends_with', 'Id: 1'), null],
    [message('contains', 'tax'), null],
    [message('contains', 'tax', true), true],
    [message('contains', 'fee', true), null],
    [message('regex', '^(feat|fix)'), true],
    [message('regex', '(?i)^ADD'), null],
    [message('regex', '\\AAdd'), null],
    [message('regex', '('), false],
    // What RE2 has and JavaScript has not, and the other way round.
    [message('regex', '(?i:ADD) a (?P<what>tax)'), null],
    [message('regex', '^[[:upper:]][[:lower:]]+ '), null],
    [message('regex', '(?s)Add.*1\\z'), null],
    [message('regex', 'Add.*1\\z'), true],
    [message('regex', '^Codex'), true],
    [message('regex', '(?m)^Codex'), null],
    [message('regex', '^(?!WIP)'), false],
    [message('regex', '(?<=Add) a'), false],
    [message('regex', 'x{1001}'), false],
    [message('regex', `${'('.repeat(5000)}${')'.repeat(5000)}`), false],
    [message('new', 'x'), false],
    [
      {
        type: 'committer_email_pattern',
        parameters: { operator: 'ends_with', pattern: '@github.com' },
      },
      null,
    ],
    [{ type: 'pull_request', parameters: {} }, true],
    [{ type: 'required_signatures', parameters: {} }, null],
    [{ type: 'max_file_size', parameters: {} }, false],
    [{ type: 'of_next_year', parameters: {} }, false],
  ])('%j: %s', (rule, certain) => {
    expect(refusesCommit(rule, commit, tryExpression)?.certain ?? null).toBe(certain);
  });
});

describe('an expression of a rule', () => {
  it.each(['(a+)+$', '^(a|aa)+$', '(a*)*b', '(.*a){25}$', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    'takes no time that grows out of bounds: %s',
    async (pattern) => {
      const text = `${'a'.repeat(2000)}!`;
      const commit = { message: text, authorEmail: text, committerEmail: text };
      const rule = {
        type: 'commit_message_pattern',
        parameters: { operator: 'regex', pattern, negate: true },
      };
      await expectCheap(5, () => refusesCommit(rule, commit, tryExpression));
    },
  );
});

describe('a workflow file', () => {
  const file = (rest: string) => `on: { push: { types: [x] }, schedule: }\n${rest}`;
  const step = '    steps: [{ uses: a/b@v1, with: { mode: plan } }]\n';

  it('is read in every form of its keys', () => {
    const text = file(
      `permissions: read-all\nconcurrency: all\njobs:\n  one:\n    concurrency: c\n${step}  two:\n    permissions: { contents: write }\n${step}  three:\n    steps: [{ run: ls }]\n`,
    );
    expect(parseWorkflow('w.yml', text)).toEqual({
      path: 'w.yml',
      events: { push: ['x'], schedule: [] },
      jobs: [
        {
          name: 'one',
          steps: [{ mode: 'plan', uses: 'a/b@v1', with: { mode: 'plan' } }],
          permissions: { all: 'read' },
          concurrency: 'job',
        },
        expect.objectContaining({
          name: 'two',
          permissions: { contents: 'write' },
          concurrency: 'workflow',
        }),
      ],
      uses: ['a/b@v1'],
    });
    const events = (on: string) => parseWorkflow('w', `on: ${on}\njobs:\n  one:\n${step}`)?.events;
    expect(events('push')).toEqual({ push: [] });
    expect(events('[push, issue_comment]')).toEqual({ push: [], issue_comment: [] });
  });

  it.each(['', 'a: [', 'jobs: 3', '- 1', 'jobs: { a: { steps: 7 } }', 'a: &a [*a]'])(
    'that is none is none: %j',
    (text) => {
      expect(parseWorkflow('w.yml', text)).toBeUndefined();
    },
  );

  it('that grants all or nothing', () => {
    expect(grants({ all: 'write' }, 'contents', 'write')).toBe(true);
    expect(grants({ all: 'read' }, 'contents', 'write')).toBe(false);
    expect(grants({ contents: 'write' }, 'contents', 'read')).toBe(true);
    expect(grants({ contents: 'write' }, 'actions', 'read')).toBe(false);
  });

  it('of each example gives its jobs exactly what their mode needs', () => {
    const folder = new URL('../../../examples/', import.meta.url);
    const names = readdirSync(folder).filter((name) => name.endsWith('.yml'));
    let jobs = 0;
    for (const name of names) {
      const workflow = parseWorkflow(name, readFileSync(new URL(name, folder), 'utf8'));
      for (const { steps, permissions } of workflow?.jobs ?? []) {
        const mode = steps[0]?.mode ?? 'audit';
        // Examples of audit also get rights of other actions.
        const needed = expect.objectContaining(neededPermissions[mode] ?? {});
        expect(permissions, name).toEqual(mode === 'audit' ? needed : neededPermissions[mode]);
        jobs++;
      }
    }
    expect(jobs).toBeGreaterThan(8);
  });
});
