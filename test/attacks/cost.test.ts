/** Cost: no text makes the action slow. Times are held against the same work on half as much, not against a clock alone. */
import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../src/core/plan/command.ts';
import { comparePlans, diffTexts } from '../../src/core/plan/drift.ts';
import { parsePlan } from '../../src/core/plan/plan.ts';
import { freezePrompt } from '../../src/core/plan/prompt.ts';
import { checkParity } from '../../src/core/plan/scope.ts';
import { statesInHead } from '../../src/core/plan/states-in-head.ts';
import { defaultPolicy, isDenied, isElevated } from '../../src/core/policy/policy.ts';
import { readPlanEvidence } from '../../src/core/records/archive-contents.ts';
import { appendToJournal, readJournal } from '../../src/core/records/journal.ts';
import { normaliseText } from '../../src/core/text/characters.ts';
import { canonicalJson, JsonError, parseJson } from '../../src/core/text/json.ts';
import { findTwin, foldersWithout, parsePath } from '../../src/core/text/paths.ts';
import { secretFinder } from '../../src/core/text/secrets.ts';
import { parseConflicts, parseRawDiff, parseTree } from '../../src/git/output.ts';
import { buildPlanView } from '../../src/page/plan-view.ts';
import { annotation, logLines } from '../../src/report/log.ts';
import { block, code, pathCode } from '../../src/report/markdown.ts';
import { showsPlan } from '../../src/report/plan-comment.ts';
import { planArtifact } from '../core/samples.ts';
import { fileChange } from '../support/changes.ts';
import { objectId } from '../support/object-ids.ts';
import { hostileView } from '../support/pages.ts';
import { parsePolicy } from '../support/policy.ts';

const quarter = 250;
const rounds = 4;

/** Milliseconds of the processor, and of this thread alone: what else the machine does costs it nothing. */
function cost(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

/** Of three times, until one is below the limit: the first time also pays for what is compiled on the way. */
function cheapest(work: () => unknown, limit = quarter): number {
  let least = cost(work);
  for (let more = 2; more > 0 && least >= limit; more--) least = Math.min(least, cost(work));
  return least;
}

/**
 * What takes its time takes about twice as much for twice the input; quadratic work takes four times as much, in every
 * round. One round is enough to show the first, and what takes next to no time needs none.
 */
function expectLinear(work: (size: number) => unknown, size: number): void {
  if (cost(() => work(size)) < quarter) return;
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const half = cost(() => work(size / 2));
    const whole = cost(() => work(size));
    if (whole < Math.max(3 * half, quarter)) return;
    ratios.push(whole / half);
  }
  expect(Math.min(...ratios)).toBeLessThan(3);
}

const attempted = (work: () => unknown) => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

const repeats: Record<string, string> = {
  'comment openings': '<!--',
  'image openings': '![',
  'link openings': '[](',
  backticks: '`',
  'backticks and blanks': '` ',
  blanks: ' ',
  'blanks before a line end': ' \t \n',
  'line ends': '\n',
  'carriage returns': '\r',
  escapes: '\x1b',
  'unfinished escapes': '\x1b[',
  'escapes with parameters': '\x1b[1;1;1;1;1;',
  'hyperlinks without an end': '\x1b]8;;a',
  'a hyperlink in parts': ';a',
  'commands of the log': '##[',
  backslashes: '\\',
  bars: '|',
  mentions: '@a',
  'zero-width spaces': '\u200b',
  'combining marks': '\u0301',
  'emoji in parts': '\u{1f468}\u200d',
  slashes: '/a',
  dots: '.',
};

describe.each(Object.entries(repeats))('%s', (what, unit) => {
  const text = (size: number) => unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
  // Emoji are looked for with a slow expression, and take linear time, too.
  const size = (what === 'emoji in parts' ? 64 : 256) * 1024;

  it('are written to log and page in linear time', () => {
    for (const write of [logLines, annotation, block, code, pathCode, normaliseText]) {
      expectLinear((length) => write(`x${text(length)}`), size);
    }
    expectLinear((length) => write2(text(length)), size);
  });

  it('end as a request, a path, a glob, a policy or a plan in no time', () => {
    const long = text(size);
    const asPlan = (value: string) =>
      JSON.stringify({ title: value, summary: '', steps: [], files: [], commands: [], risks: [] });
    for (const work of [
      () => freezePrompt(long, 64),
      () => parseCommand(`/codex ${long}`, '/codex'),
      () => parsePath(long),
      () => parsePath(long.slice(0, 4000)),
      () => isDenied(defaultPolicy, long.slice(0, 4096)),
      () => isElevated(defaultPolicy, long.slice(0, 4096)),
      () => parsePolicy(`drift: ${long}`),
      () => parseJson(long),
      () => parsePlan(asPlan(long.slice(0, 60_000)), 200),
      () => showsPlan(long, hostileView('x'), []),
    ]) {
      expect(cheapest(() => attempted(work))).toBeLessThan(quarter);
    }
  });
});

const write2 = (text: string) => logLines(`\x1b]${text}`);

describe('plans', () => {
  const plan = (title: string, lines: readonly string[]) =>
    parsePlan(
      JSON.stringify({
        title,
        summary: lines.join('\n'),
        steps: [],
        files: [],
        commands: [],
        risks: [],
      }),
      200,
    );

  it('that have nothing in common are compared in a quarter of a second', () => {
    const unlike = (prefix: string) => Array.from({ length: 16_000 }, (_, at) => `${prefix}${at}`);
    const [one, other] = [plan('a', unlike('a')), plan('b', unlike('b'))];
    expect(cheapest(() => comparePlans(one, other, 'exact'))).toBeLessThan(quarter);
    const diff = comparePlans(one, other, 'exact').diff;
    expect(diff).toContain('-');
    expect(diff).toContain('+');
  });

  it('that differ on every second line are, too', () => {
    const lines = (by: string) =>
      Array.from({ length: 20_000 }, (_, at) => (at % 2 ? 'same' : `${by}${at}`)).join('\n');
    expect(cheapest(() => diffTexts(lines('a'), lines('b')))).toBeLessThan(quarter);
  });

  it('of 10,000 files are read, compared and judged at once', () => {
    const files = (count: number) =>
      Array.from({ length: count }, (_, at) => ({
        path: `s/${at}`,
        operation: 'modify',
        reason: '',
      }));
    const text = (count: number) =>
      JSON.stringify({
        title: 't',
        summary: '',
        steps: [],
        files: files(count),
        commands: [],
        risks: [],
      });
    const smaller = parsePlan(text(4000), 10_000);
    const read = () => attempted(() => parsePlan(text(10_000), 10_000));
    expect(cheapest(read, 2 * quarter)).toBeLessThan(2 * quarter);
    expect(cheapest(() => comparePlans(smaller, smaller, 'exact'))).toBeLessThan(quarter);
    const state = (digit: string) => ({ mode: '100644', blob: objectId(digit) });
    const changes = smaller.files.map(({ path }) => fileChange(path, state('a'), state('b')));
    const judge = () => checkParity(smaller.files, changes);
    expect(cheapest(judge, 2 * quarter)).toBeLessThan(2 * quarter);
    for (const { path } of smaller.files.slice(0, 100))
      expect(isDenied(defaultPolicy, path)).toBe(false);
  });

  it('of more files than the limit end before anything is made of them', () => {
    const one = { path: '../evil', operation: 'modify', reason: '' };
    const text = JSON.stringify({
      title: '',
      summary: '',
      steps: [],
      files: Array.from({ length: 201 }, () => one),
      commands: [],
      risks: [],
    });
    expect(attempted(() => parsePlan(text, 200))).toMatchObject({ reason: 'limit-exceeded' });
    expect(attempted(() => parsePlan('x'.repeat(300 * 1024), 200))).toMatchObject({
      reason: 'limit-exceeded',
    });
  });
});

describe('JSON', () => {
  it.each([
    ['nested arrays', '['.repeat(200_000)],
    ['nested objects', '{"a":'.repeat(100_000)],
    ['open strings', '"'.repeat(200_000)],
    ['backslashes in a string', `"${'\\'.repeat(200_000)}`],
    ['keys that are all the same', `{${'"a":1,'.repeat(50_000)}"a":1}`],
    [
      'keys that are all different',
      `{${Array.from({ length: 50_000 }, (_, at) => `"${at}":1`).join()}}`,
    ],
    ['a number without an end', `[${'9'.repeat(200_000)}]`],
    ['two documents', '{}'.repeat(100_000)],
  ])('of %s is done with at once', (_, text) => {
    const outcome = attempted(() => parseJson(text));
    if (text.includes('49999')) expect(outcome).toBeTypeOf('object');
    else expect(outcome).toBeInstanceOf(JsonError);
    expect(cheapest(() => attempted(() => parseJson(text)))).toBeLessThan(quarter);
  });

  it('is written in linear time', () => {
    expectLinear(
      (size) =>
        canonicalJson(Object.fromEntries(Array.from({ length: size }, (_, at) => [`k${at}`, at]))),
      40_000,
    );
  });
});

describe('what is long on the other side', () => {
  const id = objectId('a');
  const paths = (count: number) =>
    Array.from({ length: count }, (_, at) => `src/f${at % 500}/g${at % 7}/h${at}.ts`);
  const tree = (count: number) =>
    Buffer.from(
      paths(count)
        .map((path) => `100644 blob ${id}\t${path}\0`)
        .join(''),
    );

  it('is a tree of 200,000 files', () => {
    const bytes = tree(200_000);
    expectLinear((size) => parseTree(size === 200_000 ? bytes : tree(size)), 200_000);
    const merged = parseTree(bytes);
    const files = [
      { path: parsePath('src/f0/g0/h0.ts'), operation: 'modify', reason: '' },
    ] as const;
    expect(cheapest(() => statesInHead(files, merged, merged), 2000)).toBeLessThan(2000);
  });

  it('is a tree of more files than are looked at', () => {
    const bytes = Buffer.alloc(500_001 * 2, 'a\0');
    expect(attempted(() => parseTree(bytes))).toMatchObject({ reason: 'limit-exceeded' });
  });

  it('is a list of paths with long common beginnings', () => {
    const deep = (count: number) =>
      Array.from({ length: count }, (_, at) => `${'abcdefgh/'.repeat(60)}${at}`);
    expectLinear((size) => findTwin(deep(size).slice(0, 100), deep(size)), 4000);
  });

  it('is a list of paths of many folders', () => {
    const deep = (depth: number) =>
      Array.from({ length: 400 }, (_, at) => `${'a/'.repeat(depth)}${at}`);
    for (const known of [() => ['src/a.ts'], deep]) {
      expectLinear((depth) => findTwin(known(depth), deep(depth)), 2000);
      expectLinear((depth) => foldersWithout(deep(depth), known(depth)), 2000);
    }
  });

  it('is a tree of many folders around a plan', async () => {
    const sample = readPlanEvidence(planArtifact());
    const created = { path: parsePath('new/a.ts'), operation: 'create', reason: null } as const;
    const evidence = {
      ...sample,
      plan: { ...sample.plan, files: [created] },
      artifact: { id: 41, digest: 'sha256:x' },
    };
    const files = Array.from(
      { length: 400 },
      (_, at) => [`${'a/'.repeat(2000)}${at}`, { mode: '100644', blob: id }] as const,
    );
    const workspace = {
      tree: id,
      hiddenInDiffs: async () => new Set<string>(),
      files: async () => new Map(files),
    };
    const settings = { serverUrl: '', label: 'x', command: '/x', policyFile: '' };
    const before = process.threadCpuUsage();
    const view = await buildPlanView(evidence, workspace, defaultPolicy, settings);
    expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(quarter);
    expect(view.flags.get('new/a.ts')).toEqual(['new folder']);
  });

  it('is a diff or a conflict', () => {
    const line = `:100644 100644 ${id} ${'b'.repeat(40)} M\0`;
    expectLinear((size) => parseRawDiff(Buffer.from(`${line}a\0`.repeat(size))), 40_000);
    expectLinear((size) => parseConflicts(Buffer.from(`${id}\0${'a\0'.repeat(size)}`)), 80_000);
  });

  it('is a journal', () => {
    const facts = (count: number) =>
      Array.from({ length: count }, () => ({
        at: '2026-03-02T09:00:00Z',
        event: 'assessed' as const,
        actor: { id: 1, login: 'bob' },
        digests: {},
        detail: 'x'.repeat(200),
      }));
    expectLinear((size) => readJournal(appendToJournal('', ...facts(size))), 4000);
  });

  it('is a change that is looked through for secrets', () => {
    const find = secretFinder({ key: 'Zk4qT9vLr2XwB7nYc5PdH8sJ' });
    const bytes = (size: number) => Buffer.alloc(size, '+const total = 1 * Zk4qT9vLr2;\n');
    expectLinear((size) => find(bytes(size)), 4 * 1024 * 1024);
  });

  it.each(['\\', '\\n', '\\u{', '\\u{5c}', '\\u{5c}u{5c}u{5c', '\\u{00000', '%5c', '%'])(
    'is a change that is looked through for secrets, and is made of %s',
    (repeated) => {
      const find = secretFinder({ key: 'Zk4qT9vLr2XwB7nYc5PdH8sJ' });
      expectLinear((size) => find(Buffer.alloc(size, repeated)), 1024 * 1024);
    },
  );
});
