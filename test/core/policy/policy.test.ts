import { describe, expect, it } from 'vitest';
import {
  type CodexSettings,
  checkCodexSettings,
  codexSettings,
} from '../../../src/core/policy/codex-settings.ts';
import {
  defaultPolicy,
  driftGate,
  isDenied,
  isElevated,
  readRecordedPolicy,
} from '../../../src/core/policy/policy.ts';
import { Stopped } from '../../../src/decision.ts';
import { parsePolicy } from '../../support/policy.ts';

function fault(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Stopped) return `${error.reason}: ${error.message}`;
    throw error;
  }
  return 'no fault';
}

const refusal = (text: string) => fault(() => parsePolicy(text));

describe('parsePolicy', () => {
  it('takes an empty file for the defaults', () => {
    expect(parsePolicy('')).toEqual(defaultPolicy);
    expect(parsePolicy('# nothing yet\n')).toEqual(defaultPolicy);
    expect(parsePolicy('version: 1\n')).toEqual(defaultPolicy);
  });

  it('keeps the defaults of what a section leaves out', () => {
    const { approvers } = parsePolicy('approvers: { count: 2, users: [Ada, bob] }');
    expect(approvers).toEqual({
      ...defaultPolicy.approvers,
      count: 2,
      users: ['ada', 'bob'],
    });
  });

  it('reads every key', () => {
    const policy = parsePolicy(`
version: 1
workflows: ['.github/workflows/other plan.yaml']
requesters: { permission: triage }
approvers:
  { permission: admin, users: [a-b], teams: [acme/core, sec_ops], count: 10, self: true, author: true, hours: 0.5, review-seconds: 0 }
forks: true
paths: { deny: [a], elevated: { permission: admin, paths: [] } }
drift: exact
limits: { files: 1, prompt-kib: 64, runs: 1 }
paused: Not today.
plans: { drafts: false, untouched: deny }
regenerate: never
instructions: none
status: { open: success }
rotate: { ask: 1, as: reviewer }
notify: { people: { ada: U012AB3CD } }
codex:
  enforcement: after-run
  approvals: { policy: { granular: { sandbox_approval: true, rules: false, mcp_elicitations: true } }, reviewer: guardian_subagent }
  profiles: { ci: { approvals: { reviewer: user } } }
  on-override: warn
execute: { verification-minutes: 0.5, message: 'feat: {title}' }
tests: [{ paths: 'src/**', run: npm test }, { paths: [a, b], run: make }]
`);
    expect(policy).toMatchObject({
      workflows: ['.github/workflows/other plan.yaml'],
      paused: 'Not today.',
      plans: { drafts: false, untouched: 'deny' },
      limits: { files: 1, 'prompt-kib': 64, runs: 1 },
      regenerate: 'never',
      instructions: 'none',
      status: { open: 'success' },
      rotate: { ask: 1, as: 'reviewer' },
      notify: { people: { ada: 'U012AB3CD' } },
      execute: { 'verification-minutes': 0.5, message: 'feat: {title}' },
      approvers: { teams: ['acme/core', 'sec_ops'], 'review-seconds': 0, hours: 0.5 },
      codex: {
        approvals: {
          policy: { granular: { rules: false, request_permissions: false, skill_approval: false } },
          reviewer: 'auto_review',
        },
      },
      tests: [
        { paths: ['src/**'], run: 'npm test' },
        { paths: ['a', 'b'], run: 'make' },
      ],
    });
  });

  it.each([
    ['an unknown key', 'version: 1\napprover:\n  count: 1\n', 2, 'There is no key approver;'],
    ['an unknown version', 'version: 2', 1, 'version must be 1.'],
    ['a section without content', 'forks: true\napprovers:\n', 2, 'approvers must be a mapping'],
    ['a number out of range', 'approvers:\n  count: 11', 2, 'count must be a whole number from 1'],
    ['a fraction of an approver', 'approvers:\n  count: 1.5', 2, 'count must be a whole number'],
    ['hours that never pass', 'approvers: { hours: .inf }', 1, 'hours must be a number of hours'],
    ['no hours', 'approvers: { hours: 0 }', 1, 'hours must be a number of hours above 0'],
    ['negative seconds', 'approvers: { review-seconds: -1 }', 1, 'review-seconds must be a whole'],
    ['a text for a flag', 'approvers: { self: "true" }', 1, 'self must be true or false.'],
    ['yes, which is a text in YAML 1.2', 'forks: yes', 1, 'forks must be true or false.'],
    ['the permission that everybody has', 'requesters: { permission: read }', 1, 'triage, write,'],
    ['an unknown way of drift', 'drift: fuzzy', 1, 'drift must be anchored, scope or exact.'],
    ['a workflow elsewhere', 'workflows: [ci.yml]', 1, 'like .github/workflows/plan.yml.'],
    [
      'more approvers than users',
      'approvers: { count: 2, users: [a] }',
      1,
      'count must be no more',
    ],
    ['a repeated user', 'approvers: { users: [Ada, ada] }', 1, 'without repetitions'],
    ['a pause without a reason', 'paused: ""', 1, 'paused must be null or a reason of 1 to 500'],
    ['a pause that is only a flag', 'paused: true', 1, 'paused must be null or a reason'],
    ['a reason of blanks', 'paused: "  "', 1, 'paused must be null or a reason'],
    ['a reason that is too long', `paused: ${'x'.repeat(501)}`, 1, 'of 1 to 500 characters'],
    ['a reason that cannot be seen', 'paused: "a\\u200b"', 1, 'that can be seen'],
    ['no runs at all', 'limits: { runs: 0 }', 1, 'limits.runs must be a whole number from 1'],
    ['what to do with an untouched file', 'plans: { untouched: fail }', 1, 'warn or deny.'],
    ['a way to regenerate', 'regenerate: sometimes', 1, 'when-changed, always or never.'],
    ['an empty way to regenerate', 'regenerate:', 1, 'when-changed, always or never.'],
    ['other instructions', 'instructions: head', 1, 'default-branch or none.'],
    ['an open status that fails', 'status: { open: failure }', 1, 'pending or success.'],
    ['half a person to ask', 'rotate: { ask: 0.5 }', 1, 'rotate.ask must be a whole number from 0'],
    ['another way to ask', 'rotate: { as: owner }', 1, 'assignee or reviewer.'],
    ['a person without an id', 'notify: { people: { ada: ada } }', 1, 'a member id of Slack'],
    ['an id for nobody', 'notify:\n  people:\n    a b: U1', 3, 'people.a b must be named like the'],
    ['a person twice', 'notify: { people: { Ada: U1, ada: U2 } }', 1, 'without repetitions'],
    ['a list of people', 'notify: { people: [ada] }', 1, 'a mapping of names to member ids'],
    [
      'a message without a subject',
      'execute: { message: "" }',
      1,
      'whose first line is the subject',
    ],
    ['a message with a word of its own', 'execute:\n  message: "{titel}"', 2, 'other placeholders'],
    ['a profile name with a blank', 'codex:\n  profiles:\n    a b: {}', 3, 'must be named in'],
    ['an approval policy', 'codex:\n  approvals:\n    policy: ask', 3, 'on-request, untrusted or'],
    [
      'a category that is no flag',
      'codex:\n  approvals:\n    policy:\n      granular:\n        sandbox_approval: maybe',
      5,
      'granular.sandbox_approval must be true or false.',
    ],
    [
      'an unknown category',
      'codex:\n  approvals:\n    policy:\n      granular:\n        { sandbox_approval: true, rules: true, mcp_elicitations: true, all: true }',
      5,
      'There is no key codex.approvals.policy.granular.all;',
    ],
    ['a test without paths', 'tests:\n  - run: make', 2, 'tests[0].paths must be'],
    ['a test without a command', 'tests:\n  - paths: a\n    run: " "', 3, 'run must be a command.'],
    ['a list for the whole', '- a', 1, 'The policy file must be a mapping'],
    ['a repeated key', 'forks: true\nforks: false', 2, 'Map keys must be unique.'],
    ['an alias', 'x: &a [1]\ny: *a', 2, 'instead of an alias'],
    ['a merge key', '<<: { forks: true }', 1, 'There is no key <<;'],
    ['a key that is no word', '? [a]\n: b', 1, 'A key must be a plain word.'],
    [
      'a key that changes prototypes',
      '__proto__: { forks: true }',
      1,
      'A key must be a plain word.',
    ],
    [
      'such a key where any name may be',
      'codex: { profiles: { __proto__: { x: 1 } } }',
      1,
      'A key must be a plain word.',
    ],
    ['a tag', 'forks: !!js/function x', 1, 'Unresolved tag'],
    ['two documents', 'version: 1\n---\nversion: 1', 2, 'multiple documents.'],
    ['an open bracket', 'workflows: [', 1, 'It is not valid YAML'],
    ['nesting without end', '['.repeat(50_000), 1, 'It is not valid YAML'],
  ])('refuses %s', (_, text, line, says) => {
    const message = refusal(text);
    expect(message).toMatch(`config-invalid: Policy file, line ${line}: `);
    expect(message).toContain(says);
  });

  it.each([
    ...['""', '","', '"*"', '" "', '"alice "', '"alice,bob"', '"a.b"', '"@a"', '"é"', '1'],
    ...['"_a"', '"a_"', '"a__b"', '"a_b_c"', '"a_b-c"', '"a_b "', 'null', '[]'],
    'a'.repeat(40),
    `${'a'.repeat(35)}_acme`,
  ])('refuses the approver %s', (user) => {
    expect(refusal(`approvers: { users: [alice, ${user}] }`)).toContain(
      'approvers.users[1] must be the login of a GitHub account.',
    );
  });

  // Old accounts have names that GitHub gives to nobody today.
  it.each([
    ...['a', 'a-b-1', 'octocat_acme', 'o-c_a1', 'guin-', 'a--b', '-x', 'a-_b', '0'],
    'a'.repeat(39),
    `${'a'.repeat(34)}_acme`,
  ])('takes the approver %s', (user) => {
    expect(parsePolicy(`approvers: { users: ["${user}"] }`).approvers.users).toEqual([user]);
  });

  it('takes a team of an organisation with an old name', () => {
    const { teams } = parsePolicy('approvers: { teams: [old--org-/core] }').approvers;
    expect(teams).toEqual(['old--org-/core']);
  });

  it('keeps the reason for a pause', () => {
    expect(parsePolicy('paused: null').paused).toBeNull();
    expect(parsePolicy('paused: " Release week. "').paused).toBe('Release week.');
  });

  it('knows people of Slack by their login in lower case', () => {
    const { people } = parsePolicy(
      'notify: { people: { Ada: U012AB3CD, constructor: W1 } }',
    ).notify;
    expect(Object.entries(people)).toEqual([
      ['ada', 'U012AB3CD'],
      ['constructor', 'W1'],
    ]);
    expect(defaultPolicy.notify.people).toEqual({});
  });

  it('takes people to ask from a list alone', () => {
    expect(parsePolicy('approvers: { teams: [core] }\nrotate: { ask: 2 }').rotate.ask).toBe(2);
    expect(
      parsePolicy('approvers: { users: [ada] }\nrotate: { ask: 1, as: reviewer }').rotate,
    ).toEqual({
      ask: 1,
      as: 'reviewer',
    });
    const both = 'approvers: { users: [ada], teams: [core] }\nrotate: { ask: 1 }';
    expect(parsePolicy(both).rotate.ask).toBe(1);
    expect(refusal('rotate:\n  as: reviewer\n  ask: 1')).toBe(
      'config-invalid: Policy file, line 3: With rotate.ask above 0, approvers.users or approvers.teams must say who can be asked.',
    );
  });

  it.each(['**', '*', '**/*', '*/**', 'src,**', 'a,*'])(
    'refuses a list of denied paths under which nothing could be changed: %s',
    (glob) => {
      const written = glob.includes(',') ? `{${glob}}` : glob;
      expect(refusal(`paths:\n  deny:\n    - src\n    - "${written}"`)).toBe(
        `config-invalid: Policy file, line 4: Under paths.deny: ${written} no plan could ever be approved; name what is to be guarded.`,
      );
    },
  );

  it.each(['*/*', '**/*.ts', '?', 'a/**'])('takes %s as a path that is denied', (glob) => {
    expect(parsePolicy(`paths: { deny: ["${glob}"] }`).paths.deny).toEqual([glob]);
  });

  it.each(['","', '"*"', '""', 'alice', 'null'])('refuses %s as the list of approvers', (users) => {
    expect(refusal(`approvers: { users: ${users} }`)).toContain('approvers.users must be a list');
  });

  it.each(['""', 'a/b/c', '@acme/core', '" core"'])('refuses the team %s', (team) => {
    expect(refusal(`approvers: { teams: ['core', "${team.replaceAll('"', '')}"] }`)).toContain(
      'approvers.teams[1] must be a team',
    );
  });

  it.each([
    ['!src/**', 'no exceptions'],
    ['src/', 'ends with /'],
    ['app/**.ts', 'inside a name'],
    ['/src', 'not relative'],
    ['./src', 'not relative'],
    ['a/../b', 'not relative'],
    ['src\\\\a', 'backslash'],
    ['+(a|b)', '{a,b}'],
    ['{a', 'alternatives'],
    ['a}', 'alternatives'],
    ['{a}', 'alternatives'],
    ['{a,b}'.repeat(7), '64 alternatives'],
    ['a/{b/,c}', 'ends with /'],
    ['', 'is empty'],
    [' a', 'blank'],
    ['a'.repeat(257), '256 characters'],
  ])('refuses the glob %j, which would protect nothing', (glob, says) => {
    const message = refusal(`paths:\n  deny:\n    - "${glob}"`);
    expect(message).toContain('line 3: paths.deny[0] must be a glob');
    expect(message).toMatch(new RegExp(says.replaceAll(/[*{}]/g, '\\$&')));
  });

  it.each([
    ['policy: never', 4, 'Under codex.approvals.policy: never Codex asks for no change'],
    ['policy: untrusted', 4, 'Under codex.approvals.policy: untrusted with reviewer: user'],
    ['reviewer: user\n    policy: untrusted', 5, 'set policy to on-request'],
    [
      'policy:\n      granular:\n        rules: true\n        sandbox_approval: false\n        mcp_elicitations: true',
      7,
      'Under codex.approvals.policy.granular.sandbox_approval: false',
    ],
  ])('refuses %j for Codex, under which nothing could be changed', (approvals, line, says) => {
    const message = refusal(`version: 1\ncodex:\n  approvals:\n    ${approvals}`);
    expect(message).toContain(`config-invalid: Policy file, line ${line}: Under `);
    expect(message).toContain(says);
  });

  it('lets a profile be, under which nothing could be changed, until it is used', () => {
    const profiles = '{ ci: { approvals: { policy: never } } }';
    const policy = parsePolicy(`codex: { profiles: ${profiles} }`);
    expect(fault(() => checkCodexSettings(codexSettings(policy, 'ci')))).toContain(
      'Under codex.profiles.ci.approvals.policy: never',
    );
  });

  it('refuses a file of more than 64 KiB unread', () => {
    expect(refusal(`#${'é'.repeat(32 * 1024)}`)).toContain('larger than 64 KiB');
  });
});

describe('the policy of a record', () => {
  const written = (policy: unknown) => JSON.parse(JSON.stringify(policy));

  it('is read back as it was', () => {
    const policy = parsePolicy(
      'approvers: { users: [Ada] }\nnotify: { people: { Ada: U1 } }\ncodex: { approvals: { reviewer: guardian_subagent } }',
    );
    for (const one of [defaultPolicy, policy]) {
      expect(readRecordedPolicy(written(one))).toEqual(one);
    }
  });

  const { forks: _, ...shorter } = defaultPolicy;
  it.each<[string, unknown]>([
    ['lacks a key', shorter],
    ['has another key', { ...defaultPolicy, more: 1 }],
    ['has a value that no policy can have', { ...defaultPolicy, forks: 'no' }],
    ['has a value in another form', { ...defaultPolicy, paused: ' x' }],
    ['is no mapping', null],
  ])('is refused if it %s', (_, policy) => {
    expect(fault(() => readRecordedPolicy(written(policy)))).toBe(
      'artifact-invalid: policy.json is not a whole policy.',
    );
  });
});

describe('isDenied', () => {
  it.each([
    '.github/workflows/ci.yml',
    '.github/workflows/a/b',
    '.GitHub/Workflows/x.yml',
    '.github/workflows',
    '.gıthub/worKflows/x.yml',
    '.github/codex-plan.yml',
    '.github/CODEX-PLAN.YML',
  ])('denies %s by default', (path) => {
    expect(isDenied(defaultPolicy, path)).toBe(true);
  });

  it.each(['src/.github/workflows/x.yml', '.github/workflow/x', '.github/codex-plan.yml2', 'a'])(
    'leaves %s alone',
    (path) => {
      expect(isDenied(defaultPolicy, path)).toBe(false);
    },
  );

  it('denies the file that the policy is read from, whatever the list says', () => {
    const policy = parsePolicy('paths: { deny: [] }');
    expect(isDenied(policy, '.github/codex-plan.yml')).toBe(true);
    expect(isDenied(policy, 'config/Plan.yml', 'config/plan.yml')).toBe(true);
    expect(isDenied(policy, 'config/plan.yml/x', 'config/plan.yml')).toBe(true);
    expect(isDenied(policy, 'config/plan.yml2', 'config/plan.yml')).toBe(false);
    expect(isDenied(policy, '.github/codex-plan.yml', 'config/plan.yml')).toBe(false);
    expect(isDenied(policy, '.github/workflows/ci.yml')).toBe(false);
  });
});

describe('isElevated', () => {
  it.each([
    'package.json',
    'a/b/package.json',
    'PACKAGE.JSON',
    'package-lock.json',
    'yarn.lock',
    'deep/pnpm-lock.yaml',
    'Cargo.lock',
    'go.sum',
    'a/go.sum',
    'a/b/Gemfile.lock',
    'uv.lock',
    'web/npm-shrinkwrap.json',
    'gradle.lockfile',
    'a/packages.lock.json',
    'flake.lock',
    'bun.lockb',
    'x/.terraform.lock.hcl',
    'pylock.dev.toml',
    'docs/CLAUDE.md',
    'a/AGENTS.override.md',
    '.mcp.json',
    'a/.agents/skills/x/SKILL.md',
    '.husky/pre-commit',
    '.githooks/pre-push',
    'lefthook.yml',
    '.pre-commit-config.yaml',
    'CODEOWNERS',
    'docs/CODEOWNERS',
    'AGENTS.md',
    'a/AGENTS.md',
    '.codex/config.toml',
    'a/.codex/b/c',
    '.github/dependabot.yml',
  ])('asks for the role for %s', (path) => {
    expect(isElevated(defaultPolicy, path)).toBe(true);
  });

  it.each([
    ...['src/index.ts', 'src/block.ts', 'lib/clock/unlock.py', 'src/lock', 'locks/file.txt'],
    ...['packages.json', 'xAGENTS.md', 'yarn.lock.md', 'a.lock', 'docs/lefthook.yml'],
  ])('does not for %s', (path) => {
    expect(isElevated(defaultPolicy, path)).toBe(false);
  });
});

describe('driftGate', () => {
  const exact = parsePolicy('drift: exact');
  const never = parsePolicy('regenerate: never');

  it.each<[Parameters<typeof driftGate>, string, string]>([
    [[defaultPolicy, {}], 'anchored', 'when-changed'],
    [[defaultPolicy, { drift: 'scope' }], 'scope', 'when-changed'],
    [[exact, {}], 'exact', 'always'],
    [[defaultPolicy, { drift: 'exact' }], 'exact', 'always'],
    [[exact, { drift: 'anchored' }], 'anchored', 'when-changed'],
    [[exact, { regenerate: 'when-changed' }], 'exact', 'when-changed'],
    [[never, {}], 'anchored', 'never'],
    [[never, { drift: 'exact' }], 'exact', 'never'],
    [[never, { regenerate: 'always' }], 'anchored', 'always'],
  ])('of %j is %s, %s', ([policy, inputs], drift, regenerate) => {
    expect(driftGate(policy, inputs)).toEqual({ drift, regenerate });
  });
});

describe('codexSettings', () => {
  const policy = parsePolicy(`
codex:
  enforcement: after-run
  approvals: { policy: on-request, reviewer: auto_review }
  profiles:
    production: { enforcement: before-write, approvals: { policy: untrusted } }
    ci: { approvals: { reviewer: user }, on-override: warn }
`);

  it('are the policy’s own without a profile', () => {
    for (const none of [undefined, '']) {
      expect(codexSettings(policy, none)).toEqual({
        profile: null,
        enforcement: 'after-run',
        approvals: { policy: 'on-request', reviewer: 'auto_review' },
        onOverride: 'fail',
        tools: true,
      });
    }
  });

  it('take from a profile what it sets', () => {
    expect(codexSettings(policy, 'production')).toEqual({
      profile: 'production',
      enforcement: 'before-write',
      approvals: { policy: 'untrusted', reviewer: 'auto_review' },
      onOverride: 'fail',
      tools: true,
    });
    expect(codexSettings(policy, 'ci')).toMatchObject({
      approvals: { policy: 'on-request', reviewer: 'user' },
      onOverride: 'warn',
      tools: true,
    });
  });

  it.each(['dev', 'constructor', '__proto__', 'CI'])('do not know a profile %s', (name) => {
    expect(fault(() => codexSettings(policy, name))).toBe(
      `config-invalid: The policy file has no codex.profiles entry named "${name}"; it has production, ci.`,
    );
  });
});

describe('checkCodexSettings', () => {
  const refusingAll = {
    granular: {
      sandbox_approval: false,
      rules: true,
      mcp_elicitations: true,
      request_permissions: false,
      skill_approval: false,
    },
  };
  const settings = (approvals: string, rest = '') =>
    codexSettings(parsePolicy(`codex: { approvals: { ${approvals} } ${rest} }`));
  const granular = (categories: string) =>
    `policy: { granular: { sandbox_approval: true, rules: true, mcp_elicitations: true, skill_approval: true, ${categories} } }`;

  it('has nothing to say of the defaults and of a guardian that sees every change', () => {
    expect(checkCodexSettings(codexSettings(defaultPolicy))).toEqual([]);
    expect(checkCodexSettings(settings('reviewer: auto_review'))).toEqual([]);
    const untrusted = settings('policy: untrusted, reviewer: auto_review');
    expect(checkCodexSettings(untrusted)).toEqual([expect.stringContaining('not the guardian')]);
    expect(checkCodexSettings(settings(`${granular('')}, reviewer: auto_review`))).toEqual([]);
  });

  // No policy file says so, but an administrator of the runner can.
  it.each<[CodexSettings['approvals'], string]>([
    [{ policy: 'never', reviewer: 'user' }, 'codex.profiles.ci.approvals.policy: never'],
    [{ policy: 'never', reviewer: 'auto_review' }, 'codex.profiles.ci.approvals.policy: never'],
    [{ policy: 'untrusted', reviewer: 'user' }, 'set policy to on-request'],
    [{ policy: refusingAll, reviewer: 'auto_review' }, 'granular.sandbox_approval: false'],
  ])('refuses %j, under which nothing could be changed', (approvals, says) => {
    const effective = { ...codexSettings(defaultPolicy), profile: 'ci', approvals };
    const message = fault(() => checkCodexSettings(effective));
    expect(message).toMatch(/^config-invalid: /);
    expect(message).toContain(says);
  });

  it('warns if the guardian would silently never act', () => {
    const [wide] = checkCodexSettings(
      settings('reviewer: auto_review', ', enforcement: after-run'),
    );
    expect(wide).toContain('set enforcement to before-write');
    const categories =
      'policy: { granular: { sandbox_approval: true, rules: false, mcp_elicitations: true } }';
    const [off] = checkCodexSettings(settings(`${categories}, reviewer: auto_review`));
    expect(off).toContain('turns off: rules, skill_approval;');
    expect(checkCodexSettings(settings(categories))).toEqual([]);
  });

  it('warns that a request for permissions has nobody to go to', () => {
    const [warning] = checkCodexSettings(settings(granular('request_permissions: true')));
    expect(warning).toContain('in a workflow run it is denied');
  });
});
