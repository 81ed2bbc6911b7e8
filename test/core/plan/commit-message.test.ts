import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CommitFacts,
  commitMessage,
  defaultTemplate,
  neutraliseTitle,
  readPlanClaim,
  templateProblem,
} from '../../../src/core/plan/commit-message.ts';
import { sha256 } from '../../../src/core/text/digest.ts';
import { expectLinear } from '../../support/growth.ts';
import { hostileText, hostileTexts } from '../../support/hostile.ts';
import { runs } from '../../support/properties.ts';

const planId = sha256('plan');
const runUrl = 'https://github.com/octo/shop/actions/runs/1';

function facts(title: string, more: Partial<CommitFacts> = {}): CommitFacts {
  return {
    title,
    planId,
    pullRequest: 7,
    requesters: ['alice'],
    narrowedBy: [],
    approvers: ['bob'],
    runUrl,
    ...more,
  };
}

const trailers = `Codex-Plan-Id: ${planId}
Codex-Plan-Approved-By: bob
Codex-Plan-Requested-By: alice
Codex-Plan-Run: ${runUrl}`;

describe('commitMessage', () => {
  it('is the title, and the trailers as the last paragraph', () => {
    expect(commitMessage(defaultTemplate, facts('Add the tax'))).toBe(`Add the tax\n\n${trailers}`);
  });

  it('names everybody who asked, took out and approved, each once', () => {
    const message = commitMessage(
      '{title}',
      facts('Add', {
        requesters: ['alice', 'carol', 'alice'],
        narrowedBy: ['bob', 'bob'],
        approvers: ['bob', 'dave'],
      }),
    );
    expect(message.split('\n').slice(2)).toEqual([
      `Codex-Plan-Id: ${planId}`,
      'Codex-Plan-Approved-By: bob',
      'Codex-Plan-Approved-By: dave',
      'Codex-Plan-Requested-By: alice',
      'Codex-Plan-Requested-By: carol',
      'Codex-Plan-Narrowed-By: bob',
      `Codex-Plan-Run: ${runUrl}`,
    ]);
  });

  it('fills in the template, of several people the last', () => {
    const template =
      'feat: {title}\n\nPlan {plan} of #{pull-request}, for {requester} by {approver}.';
    const people = { requesters: ['frank', 'alice', 'carol'], approvers: ['erin', 'bob', 'dave'] };
    const lines = commitMessage(template, facts('add the tax', people)).split('\n');
    expect(lines[0]).toBe('feat: add the tax');
    expect(lines[2]).toBe(`Plan ${planId.slice(0, 12)} of #7, for carol by dave.`);
  });

  it('lets a trailer of the template join the last paragraph, and no other text', () => {
    const signed = commitMessage('{title}\n\nSigned-off-by: Bot <bot@example.com>\n', facts('Add'));
    expect(signed).toBe(`Add\n\nSigned-off-by: Bot <bot@example.com>\n${trailers}`);
    // Without an empty line before it, it belongs to the subject, and git finds no trailer there.
    const near = commitMessage('{title}\nSigned-off-by: Bot <bot@example.com>', facts('Add'));
    expect(near).toBe(`Add\nSigned-off-by: Bot <bot@example.com>\n\n${trailers}`);
    const apart = commitMessage('{title}\n  \nSigned-off-by: Bot', facts('Add'));
    expect(apart).toBe(`Add\n\nSigned-off-by: Bot\n${trailers}`);
    for (const words of ['Signed by a bot.', 'Please note: x', 'Signed-off-by: Bot\nand more']) {
      const message = commitMessage(`{title}\n\n${words}`, facts('Add'));
      expect(message).toBe(`Add\n\n${words}\n\n${trailers}`);
    }
    const title = commitMessage('Change\n\n{title}', facts('Codex-Plan-Id: 1'));
    expect(title).toBe(`Change\n\nCodex-Plan-Id : 1\n\n${trailers}`);
  });

  it('keeps blanks at the beginning of a line, and none at its end', () => {
    const message = commitMessage('{title}\n\n  - it adds  \n  - {plan}', facts('Add'));
    expect(message).toContain(`\n\n  - it adds\n  - ${planId.slice(0, 12)}\n\n`);
  });

  it('writes an ellipsis for what is known only later', () => {
    const message = commitMessage(
      '{title} ({approver})',
      facts('Add', { approvers: null, runUrl: null }),
    );
    expect(message).toContain('Add (…)\n');
    expect(message).toContain('Codex-Plan-Approved-By: …\n');
    expect(message).toMatch(/Codex-Plan-Run: …$/);
  });

  it('keeps the subject to 72 characters, cut between what a reader sees as characters', () => {
    const subject = (template: string, title: string) =>
      commitMessage(template, facts(title)).split('\n')[0] as string;
    expect(subject('{title}', 'x'.repeat(72))).toBe('x'.repeat(72));
    expect(subject('{title}', `${'x'.repeat(70)} ${'x'.repeat(9)}`)).toBe(`${'x'.repeat(70)}…`);
    expect(subject('{title}', 'x'.repeat(73))).toBe(`${'x'.repeat(71)}…`);
    expect(subject('feat(cart): {title}', 'x'.repeat(100))).toBe(`feat(cart): ${'x'.repeat(59)}…`);
    const family = '👨‍👩‍👧';
    expect(subject('{title}', `${'x'.repeat(70)}${family}${family}`)).toBe(`${'x'.repeat(70)}…`);
    expect(subject('{title}', '😀'.repeat(4000))).toBe(`${'😀'.repeat(71)}…`);
  });

  it('has a subject for a plan without a title', () => {
    expect(commitMessage('{title}', facts(' \n'))).toMatch(/^Codex plan [0-9a-f]{12}\n\n/);
  });

  it('puts nothing in for a placeholder that a title holds', () => {
    expect(commitMessage('{title}', facts('Use {plan} here'))).toMatch(/^Use \{plan\} here\n/);
  });
});

describe('neutraliseTitle', () => {
  it.each([
    ['Add the tax to the cart', 'Add the tax to the cart'],
    ['Read UTF-8 (and SHA-256) files', 'Read UTF-8 (and SHA-256) files'],
    ['Add\n\n tax\t now ', 'Add tax now'],
    ['fixes #1', 'fixes # 1'],
    ['fixes octo/shop#1', 'fixes octo/shop# 1'],
    ['Fixes GH-3', 'Fixes GH- 3'],
    ['Fixes: ENG-123', 'Fixes : ENG- 123'],
    ['ENG-123 is done', 'ENG- 123 is done'],
    ['What this fixes', 'What this fixes.'],
    [
      'closes https://github.com/octo/shop/issues/1',
      'closes https:/ /github.com/octo/shop/issues/1',
    ],
    ['thanks @octo/team', 'thanks @ octo/team'],
    ['x [skip ci]', 'x [ skip ci]'],
    ['***NO_CI***', '* * *NO_CI* * *'],
    ['feat: x', 'feat : x'],
    ['feat(api): x', 'feat(api) : x'],
    ['Add the feat: x', 'Add the feat: x'],
    ['Add a fixup! of x', 'Add a fixup! of x'],
    ['feat(api)!: x', 'feat(api)! : x'],
    ['BREAKING CHANGE: x', 'BREAKING CHANGE : x'],
    [':boom: x', ': boom: x'],
    ['fixup! Add the tax', 'fixup ! Add the tax'],
    ['Signed-off-by: mallory', 'Signed-off-by : mallory'],
    ['---', '· ---'],
    [
      '# ------------------------ >8 ------------------------',
      '· # ------------------------ >8 ------------------------',
    ],
    ['a\u202eb', 'a\\u{202e}b'],
  ])('writes %j as %j', (title, written) => {
    expect(neutraliseTitle(title)).toBe(written);
    if (!written.includes('\\u{')) expect(neutraliseTitle(written)).toBe(written);
  });

  it.each(['#', 'fix ', '[', ': ', '***', 'A-1', '!', 'fixes: ', '\n'])(
    'takes time that grows with the title alone: %j',
    (unit) => {
      expectLinear((size) => unit.repeat(size / unit.length), neutraliseTitle, 50_000);
    },
  );
});

describe('templateProblem', () => {
  it.each([
    '{title}',
    'feat: {title}',
    'chore(codex): {title} (#{pull-request})',
    '{title}\n\nPlan {plan}, asked for by {requester}.\n\nSigned-off-by: Bot <bot@example.com>',
    '[codex] "{title}".',
    'Change {0} and {}',
    'x'.repeat(2000),
    '{title}\r\n\r\nMore.',
    '{title}\n---x\nx ---\n----',
    '{title}\n\nSee Codex-Plan-Id.',
  ])('takes %j', (template) => {
    expect(templateProblem(template)).toBeUndefined();
  });

  it.each([
    ['', 'first line'],
    ['\n{title}', 'first line'],
    ['  \n{title}', 'first line'],
    ['x'.repeat(2001), '2000 characters'],
    ['{title}\u0007', 'control characters'],
    ['{title} {author}', 'no other placeholders than {title}, {plan}'],
    ['{title}\n\nCodex-Plan-Id: 1', 'Codex-Plan-…'],
    ['{title}\n\n codex-plan-run: 1', 'Codex-Plan-…'],
    ['{title}\n---\nx', 'the word ---'],
    ['{title}\n--- \nx', 'the word ---'],
    ['{title}\n--- x', 'the word ---'],
    [`{title}\n\n# ${'-'.repeat(24)} >8 ${'-'.repeat(24)} `, 'a scissors line'],
    ['[{title}]', '{title} is between'],
    ['#{title}', '{title} is between'],
    ['{title}: x', '{title} is between'],
    ['{title}!: x', '{title} is between'],
    ['feat:{title}', '{title} is between'],
  ])('refuses %j', (template, says) => {
    expect(templateProblem(template)).toContain(says);
  });
});

// Otherwise git would find no trailer of the action.
it('takes a template exactly if git reads on to its end', () => {
  for (const line of ['---', '--- ', '--- x', '---\tx', '---x', '----', ' ---', '--']) {
    const template = `{title}\n\n${line}`;
    const found = gitTrailers(commitMessage(template, facts('Add')));
    const refused = templateProblem(template) !== undefined;
    expect(found.length === 0, JSON.stringify(line)).toBe(refused);
  }
});

describe('readPlanClaim', () => {
  it('reads what the action wrote, with either line end', () => {
    const message = commitMessage('{title}', facts('Add'));
    for (const one of [message, `${message}\n`, message.replaceAll('\n', '\r\n')]) {
      expect(readPlanClaim(one)).toEqual({ planId, runUrl });
    }
  });

  it('reads the last paragraph alone, in any case of its names', () => {
    expect(readPlanClaim(`Add\n\nCodex-Plan-Id: ${planId}\n\nMore.`)).toBeUndefined();
    expect(readPlanClaim(`Add\n\ncodex-plan-ID:${planId}`)).toEqual({ planId, runUrl: null });
    expect(readPlanClaim(`Add\n \ncodex-plan-id : ${planId}`)).toEqual({ planId, runUrl: null });
  });

  it('passes over a list of conflicts as git does, and over nothing like it', () => {
    const claim = { planId, runUrl: null };
    const claimBefore = (end: string) => readPlanClaim(`Add\n\nCodex-Plan-Id: ${planId}\n\n${end}`);
    expect(claimBefore('Conflicts:\n\tsrc/a.ts\n\tsrc/b.ts')).toEqual(claim);
    expect(claimBefore('Conflicts:\n\tsrc/a.ts\n# note')).toEqual(claim);
    for (const end of ['Conflicts:\nsrc/a.ts', 'Conflicts:\n\tx\nwords\n\ty', '\tx', 'words\t']) {
      expect(claimBefore(end)).toBeUndefined();
      expect(gitTrailers(`Add\n\nCodex-Plan-Id: ${planId}\n\n${end}`)).toEqual([]);
    }
  });

  it('finds no claim in the middle of a line', () => {
    expect(readPlanClaim(`Add\n\nSee Codex-Plan-Id: ${planId}`)).toBeUndefined();
  });

  /** What git passes over, what is an empty line for it, and what is neither. */
  const odd = ['', '\u00a0', '\r', '# note', 'Conflicts:', '\tx', 'words'];
  it('finds a claim if git does', () => {
    const line = `Codex-Plan-Id: ${planId}`;
    const messages = [...odd, ' ', '\v', '\f', '\u2028', '---'].flatMap((one) => [
      `Add\n\n${line}${one}`,
      `Add\n${one}\n${line}`,
      ...odd.flatMap((other) => [
        `Add\n\n${line}\n${one}\n${other}`,
        `Add\n\n${line}\n${one}\n${other}\nSigned-off-by: Bot <bot@example.com>`,
      ]),
    ]);
    const claims = messages.filter((message) =>
      gitTrailers(message, '--no-divider').join().includes('Codex-Plan-Id'),
    );
    expect(claims.length).toBeGreaterThan(50);
    expect(claims.filter((message) => readPlanClaim(message) === undefined)).toEqual([]);
  });

  const cut = `${'-'.repeat(24)} >8 ${'-'.repeat(24)}`;
  it.each<[string, string, string[], string[]]>([
    ['a scissors line', `\n# ${cut}\nwords\n\nmore words`, [], ['--no-divider']],
    ['a line ---', '\n--- \nwords\n\nmore words', [], []],
    ...[...'#;@!$%^&|:'].map((char): [string, string, string[], string[]] => [
      `a comment after ${char}`,
      `\n\n${char} words`,
      ['-c', `core.commentChar=${char}`],
      ['--no-divider'],
    ]),
  ])('finds a claim before %s, as git can', (_, after, config, options) => {
    const claim = `Codex-Plan-Id: ${planId}`;
    const message = `Add\n\n${claim}${after}\n`;
    const args = [...config, 'interpret-trailers', '--parse', ...options];
    expect(execFileSync('git', args, { input: message }).toString()).toBe(`${claim}\n`);
    expect(readPlanClaim(message)).toEqual({ planId, runUrl: null });
    // A reader who sees the whole message finds the claim after it.
    expect(readPlanClaim(`Add${after}\n\n${claim}`)).toEqual({ planId, runUrl: null });
  });

  it('finds a claim before a byte of zero, at which git ends a message', () => {
    const claim = `Add\n\nCodex-Plan-Id: ${planId}`;
    expect(readPlanClaim(`${claim}\0\n\nwords`)).toEqual({ planId, runUrl: null });
    expect(readPlanClaim(`Add\0\n\n${claim}`)).toEqual({ planId, runUrl: null });
  });

  it.each(['-', '---\n', '\0', `# ${cut}\n`, 'Conflicts:\n', ' \r'])(
    'takes time in proportion to the length, of %j',
    (unit) => {
      const make = (size: number) => `Add\n\n${unit.repeat(size / unit.length)}`;
      expectLinear(make, readPlanClaim, 50_000);
    },
  );

  it('finds no claim in a merge that was squashed, or before more words', () => {
    const squashed = `Add (#7)\n\n* Add\n\n${trailers}\n\n* Add more\n\n---------\n\nCo-authored-by: Bob <bob@example.com>`;
    expect(readPlanClaim(squashed)).toBeUndefined();
    const local = `Squashed commit of the following:\n\n    Add\n\n    Codex-Plan-Id: ${planId}`;
    expect(readPlanClaim(local)).toBeUndefined();
  });

  it('takes a claim that is not exactly one plan for one that nothing proves', () => {
    const line = `Codex-Plan-Id: ${planId}`;
    expect(readPlanClaim(`Add\n\n${line}\n${line}`)).toEqual({ planId: null, runUrl: null });
    expect(readPlanClaim('Add\n\nCodex-Plan-Id: abc')).toEqual({ planId: null, runUrl: null });
    expect(readPlanClaim(`Add\n\n${line}\rx`)).toEqual({ planId: null, runUrl: null });
    expect(readPlanClaim('Add\n\nCodex-Plan-Id:')).toEqual({ planId: null, runUrl: null });
  });
});

const templates = [
  '{title}',
  'feat: {title}',
  '{title} #{pull-request}',
  'Change\n\n{title}\n\nSigned-off-by: Bot <bot@example.com>',
];

/** What must not come about through a title, and does not stand in the templates themselves. */
const directives: Record<string, RegExp> = {
  'a mention': /@[A-Za-z0-9]/,
  'a reference': /#\d(?<!#7)|\bGH-\d/i,
  'an issue keyword':
    /\b(?:close[sd]?|fix(?:es|ed)?|resolve[sd]?):?\s+(?:[\w./-]*#\d|https?:\/\/|[A-Z]+-\d)/i,
  'a directive': /\[(?:skip|ci|no|[a-z]+ skip)|\*{3}NO_CI/i,
  'a type': /^(?!feat: )[\w-]+(?:\([^)]*\))?!?: |!:/m,
  'an autosquash': /^(?:fixup|squash|amend)!/m,
  'an emoji code': /:[\w+-]+:/,
  'an address': /:\/\//,
};

function gitTrailers(message: string, ...options: string[]): string[] {
  const args = ['interpret-trailers', '--parse', ...options];
  const output = execFileSync('git', args, { input: message });
  return output.toString('utf8').split('\n').filter(Boolean);
}

describe('a message around any title', () => {
  const parts = fc.constantFrom(
    ...['fixes', 'closes:', ' ', '#', '1', '@', 'a', '[', 'skip ci]', ':', '!', '-', '---', '\n'],
    ...[
      'feat',
      'GH-',
      'ENG-1',
      'Codex-Plan-Id',
      `: ${planId}`,
      '***',
      'NO_CI',
      'http',
      '://',
      '\n\n',
    ],
    ...['BREAKING CHANGE', '# ------------------------ >8 ------------------------', 'fixup'],
  );
  const titles = fc.oneof(
    hostileText,
    fc.array(parts, { maxLength: 8 }).map((some) => some.join('')),
  );

  function check(title: string): void {
    for (const template of templates) {
      const message = commitMessage(template, facts(title));
      const paragraphs = message.split('\n\n');
      const own = paragraphs.slice(0, -1).join('\n\n');
      for (const [what, pattern] of Object.entries(directives)) {
        expect(own, `${what} by ${JSON.stringify(title)}`).not.toMatch(pattern);
      }
      expect(paragraphs).toHaveLength(
        template.split('\n\n').length + (template.includes('Signed') ? 0 : 1),
      );
      expect(readPlanClaim(message)).toEqual({ planId, runUrl });
      expect([...(message.split('\n')[0] ?? '')].length).toBeLessThanOrEqual(72);
    }
  }

  it.each(hostileTexts)('says nothing more than %j', check);

  it('says nothing more than the title', () => {
    fc.assert(fc.property(titles, check), { numRuns: runs(2000) });
  });

  it('has for git the trailers of the action and of the template, and no others', () => {
    const check = (title: string) => {
      for (const template of templates) {
        const signed = template.includes('Signed') ? ['Signed-off-by: Bot <bot@example.com>'] : [];
        const message = commitMessage(template, facts(title));
        expect(gitTrailers(message), title).toEqual([...signed, ...trailers.split('\n')]);
      }
    };
    for (const title of hostileTexts.slice(0, 4)) check(title);
    fc.assert(fc.property(titles, check), { numRuns: runs(12) });
  });
});
