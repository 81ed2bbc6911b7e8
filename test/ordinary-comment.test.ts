/** Comments that are none of ours, told without the rest of the action. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stopped } from '../src/decision.ts';
import { readWorkflowRun } from '../src/github/event.ts';
import { plan } from '../src/modes/plan/plan.ts';
import { readCommand } from '../src/modes/plan/request.ts';
import { findOrdinaryComment } from '../src/ordinary-comment.ts';
import { anyCharacter } from './support/any-character.ts';
import { runs } from './support/properties.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'comment-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bob = { id: 4, login: 'bob', type: 'User' };
const event = {
  action: 'created',
  issue: { number: 12, pull_request: {}, user: { id: 9 } },
  comment: { id: 77, body: 'looks good', user: bob },
  sender: bob,
  repository: { id: 7, default_branch: 'main' },
};
const inputs: Record<string, string> = { mode: 'plan', 'github-token': 'token', command: '/codex' };
const variables: Record<string, string | undefined> = {
  GITHUB_ACTOR: 'bob',
  GITHUB_EVENT_NAME: 'issue_comment',
  GITHUB_REPOSITORY: 'octo/demo',
  GITHUB_REPOSITORY_ID: '7',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_RUN_ID: '900',
  GITHUB_WORKFLOW_REF: 'octo/demo/.github/workflows/codex.yml@refs/heads/main',
};

interface Case {
  readonly payload: unknown;
  readonly inputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const usual: Case = { payload: event, inputs, env: variables };

function prepare({ payload, inputs: given, env }: Case) {
  const path = join(folder, 'event.json');
  writeFileSync(path, JSON.stringify(payload) ?? '');
  return {
    read: (name: string) => given[name] ?? '',
    env: { GITHUB_EVENT_PATH: path, ...env } as NodeJS.ProcessEnv,
  };
}

const find = (one: Case) => {
  const { read, env } = prepare(one);
  return findOrdinaryComment(read, env);
};

/** How mode plan of the whole action ends before it asks GitHub anything; undefined if it goes on. */
function endOfWhole(one: Case): Stopped | undefined {
  const { read, env } = prepare(one);
  try {
    const { inputs: common } = plan.prepare(read);
    if ((env.RUNNER_OS || 'Linux') !== 'Linux') throw new Stopped('platform-unsupported', '');
    const { trigger } = readWorkflowRun(env);
    if (trigger.kind !== 'comment') return undefined;
    readCommand(trigger, common.command);
    return undefined;
  } catch (error) {
    if (error instanceof Stopped) return error;
    throw error;
  }
}

describe('a comment that is none of ours', () => {
  it.each([
    ['is no command', usual, 'not-a-command'],
    [
      'is on an issue',
      { ...usual, payload: { ...event, issue: { number: 12 } } },
      'unsupported-event',
    ],
    ['was edited', { ...usual, payload: { ...event, action: 'edited' } }, 'unsupported-event'],
  ])('is told, if it %s, in the words of the whole action', (_, one: Case, reason) => {
    const found = find(one);
    expect(found).toMatchObject({ mode: 'plan', secrets: ['token'] });
    expect(found?.end).toMatchObject({ decision: 'ignored', reason });
    expect(found?.end.message).toBe(endOfWhole(one)?.message);
  });

  it('is answered in words of ours alone, unless the workflow has its own command', () => {
    expect(find(usual)?.inOwnWords).toBe(true);
    const own = { ...inputs, command: '/agent' };
    expect(find({ ...usual, inputs: own })?.inOwnWords).toBe(false);
  });

  it('has both tokens masked, as the whole action does', () => {
    const both = { ...inputs, 'github-token': ' one ', 'team-token': 'two\n' };
    expect(find({ ...usual, inputs: both })?.secrets).toEqual(['one', 'two']);
  });

  it.each([
    '/codex',
    '/codex add a tax',
    '/CODEX x',
    '\ufeff/codex x',
    '/codex-unknown',
    '/codex\u00a0x',
  ])('is not %j', (body) => {
    const payload = { ...event, comment: { ...event.comment, body } };
    expect(find({ ...usual, payload })).toBeUndefined();
  });

  it.each([
    ['another mode', { inputs: { ...inputs, mode: 'verify' } }],
    ['another event', { env: { ...variables, GITHUB_EVENT_NAME: 'workflow_dispatch' } }],
    ['another system', { env: { ...variables, RUNNER_OS: 'Windows' } }],
    ['another server', { env: { ...variables, GITHUB_SERVER_URL: 'https://git.example' } }],
    [
      "another repository's workflow",
      { env: { ...variables, GITHUB_WORKFLOW_REF: 'a/b/c.yml@refs/heads/main' } },
    ],
    ['no token', { inputs: { ...inputs, 'github-token': ' ' } }],
    ['an input that is wrong', { inputs: { ...inputs, 'timeout-minutes': 'soon' } }],
    ['a payload about another repository', { env: { ...variables, GITHUB_REPOSITORY_ID: '8' } }],
    ['a payload that is no event', { payload: [] }],
    ['a payload that cannot be read', { payload: undefined }],
  ])('is left to the whole action if there is %s', (_, change) => {
    expect(find({ ...usual, ...change })).toBeUndefined();
  });

  it('is ignored by the whole action too, in the same words, whatever the inputs, the variables and the event are', () => {
    const odd = fc.oneof(
      fc.constantFrom(
        '',
        ' ',
        '0',
        '1',
        '-1',
        '1.5',
        '/codex',
        '/',
        'a b',
        '../x',
        'a/b',
        './a',
        '.github/x.yml',
      ),
      fc.constantFrom(
        'https://api.example.com/v1',
        'http://x',
        'https://',
        'https://a..b/c',
        'https://-a.com/x',
        'http://1.2.3.999',
        'http://[::1',
        'http://127.0.0.1:99999',
        'http://127.0.0.1:80/v1',
        'http://a|b',
      ),
      fc.constantFrom(
        '1.2.3',
        '1.2',
        'high',
        'HIGH',
        'gpt-5.5',
        'x'.repeat(51),
        'a,b',
        'a\nb',
        '\u200b',
        'ä',
      ),
      fc.string({ unit: anyCharacter, maxLength: 60 }),
    );
    const names = fc.constantFrom(...plan.inputNames, 'mode');
    const variable = fc.constantFrom(...Object.keys(variables), 'RUNNER_OS', 'GITHUB_SERVER_URL');
    const value = fc.oneof(
      odd,
      fc.constantFrom(
        'https://github.com',
        'https://octo.ghe.com',
        'https://octo.ghe.com:1',
        'https://a.b.ghe.com/x',
      ),
      fc.constantFrom(
        'octo/demo/x@refs/heads/a@refs/b',
        'OCTO/demo/x@refs/heads/a',
        'octo/demo',
        '7',
        '8',
        '1e3',
        '007',
      ),
    );
    const place = fc.constantFrom(
      ...[
        ['action'],
        ['issue'],
        ['issue', 'number'],
        ['issue', 'pull_request'],
        ['issue', 'user'],
        ['issue', 'user', 'id'],
      ],
      ...[
        ['comment'],
        ['comment', 'id'],
        ['comment', 'body'],
        ['comment', 'user'],
        ['comment', 'user', 'login'],
      ],
      ...[
        ['sender'],
        ['sender', 'id'],
        ['sender', 'type'],
        ['repository'],
        ['repository', 'id'],
        ['repository', 'default_branch'],
      ],
    );
    const part = fc.oneof(
      odd,
      fc.constantFrom(
        undefined,
        null,
        0,
        1,
        -1,
        1.5,
        2 ** 53,
        true,
        {},
        [],
        { id: 1 },
        { id: 'a' },
      ),
    );
    let told = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(names, odd), { maxLength: 2 }),
        fc.array(fc.tuple(variable, fc.option(value, { nil: undefined })), { maxLength: 1 }),
        fc.array(fc.tuple(place, part), { maxLength: 1 }),
        (otherInputs, otherVariables, parts) => {
          const one = {
            payload: parts.reduce(replaced, event),
            inputs: { ...inputs, ...Object.fromEntries(otherInputs) },
            env: { ...variables, ...Object.fromEntries(otherVariables) },
          };
          const found = find(one);
          if (found === undefined) return;
          told++;
          const whole = endOfWhole(one);
          expect([found.end.reason, found.end.decision, found.end.message]).toEqual([
            whole?.reason,
            whole?.decision,
            whole?.message,
          ]);
        },
      ),
      { numRuns: runs(5000) },
    );
    expect(told).toBeGreaterThan(runs(500));
  });
});

function replaced(payload: object, [path, value]: [readonly string[], unknown]): object {
  const copy = structuredClone(payload) as Record<string, unknown>;
  let at: Record<string, unknown> | undefined = copy;
  for (const key of path.slice(0, -1)) at = at?.[key] as Record<string, unknown> | undefined;
  if (at !== undefined) at[path.at(-1) as string] = value;
  return copy;
}
