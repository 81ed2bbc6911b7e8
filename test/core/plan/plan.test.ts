import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Plan,
  parsePlan,
  planDigest,
  planJson,
  planOutputSchema,
} from '../../../src/core/plan/plan.ts';
import { byPath } from '../../../src/core/text/paths.ts';
import { Stopped } from '../../../src/decision.ts';
import { anyCharacter } from '../../support/any-character.ts';
import { expectLinear } from '../../support/growth.ts';
import { runs } from '../../support/properties.ts';
import { answer, mutationsOf, plan, toPlan } from '../plans.ts';

const small = {
  title: 'Greet',
  summary: 'Says hello.',
  steps: [{ title: 'Say it', detail: 'In a.txt.', paths: ['a.txt', 'b.txt'] }],
  files: [
    { path: 'a.txt', operation: 'modify', reason: 'It greets.' },
    { path: 'b.txt', operation: 'create', reason: 'It answers.' },
  ],
  commands: ['npm test', 'npm run lint'],
  risks: ['None.', 'Hardly any.'],
};

function refusal(text: string, maxFiles = 200): string {
  try {
    parsePlan(text, maxFiles);
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(Stopped);
    return (error as Stopped).reason;
  }
}

const refusalOf = (one: unknown) => refusal(JSON.stringify(one));

/** The same plan, said differently. */
function reword(one: unknown, turn: boolean): unknown {
  if (typeof one === 'string') {
    return `${one.normalize('NFD').replaceAll('\n', turn ? '\r\n' : ' \t\n')}${turn ? '  ' : '\n\n'}`;
  }
  if (Array.isArray(one)) return one.map((item) => reword(item, turn));
  if (typeof one !== 'object' || one === null) return one;
  const entries = Object.entries(one).map(([key, item]) => [
    key,
    ['path', 'paths', 'operation'].includes(key) ? item : reword(item, turn),
  ]);
  return Object.fromEntries(turn ? entries.reverse() : entries);
}

describe('the digest of a plan', () => {
  it('does not change with key order, file order, line ends, normal form and trailing blanks', () => {
    fc.assert(
      fc.property(answer, fc.boolean(), (one, turn) => {
        const digest = planDigest(toPlan(one));
        const reworded = reword(one, turn) as typeof one;
        expect(planDigest(toPlan(reworded))).toBe(digest);
        expect(planDigest(toPlan({ ...reworded, files: reworded.files.toReversed() }))).toBe(
          digest,
        );
        expect(planDigest(parsePlan(JSON.stringify(one, null, 2), 200))).toBe(digest);
      }),
      { numRuns: runs(2000) },
    );
  });

  it('is that of the plan read back from its own bytes', () => {
    fc.assert(
      fc.property(plan, (one) => {
        const again = parsePlan(planJson(one), 200);
        expect(again).toEqual(one);
        expect(planJson(again)).toBe(planJson(one));
      }),
      { numRuns: runs(1000) },
    );
  });

  it('changes with everything else, one thing at a time', () => {
    let seen = 0;
    const digest = planDigest(toPlan(small));
    for (const { where, mutant } of mutationsOf(small)) {
      if (refusalOf(mutant) !== 'accepted') continue;
      seen++;
      const fileOrder = where === 'files.turned round';
      expect(planDigest(toPlan(mutant)) === digest, where).toBe(fileOrder);
    }
    expect(seen).toBeGreaterThan(60);
  });

  it('changes with everything else, in any plan', () => {
    fc.assert(
      fc.property(plan, fc.nat(), (one, choice) => {
        const mutations = [...mutationsOf(JSON.parse(planJson(one)))];
        const picked = mutations[choice % mutations.length] as (typeof mutations)[number];
        if (refusalOf(picked.mutant) !== 'accepted') return;
        const same = isDeepStrictEqual(meaning(picked.mutant), meaning(one));
        expect(planDigest(toPlan(picked.mutant)) === planDigest(one), picked.where).toBe(same);
      }),
      { numRuns: runs(2000) },
    );
  });

  it('is equal for two plans exactly if they are equal', () => {
    fc.assert(
      fc.property(plan, plan, (one, other) => {
        expect(planDigest(one) === planDigest(other)).toBe(
          JSON.stringify(one) === JSON.stringify(other),
        );
      }),
      { numRuns: runs(1000) },
    );
  });
});

/** What must count in a plan, said in another way than the code does. */
function meaning(one: unknown): unknown {
  const bare = (value: unknown): unknown => {
    if (typeof value === 'string')
      return value.normalize('NFC').replace(/[ \t]+(?=\n|$)|\s+$/g, '');
    if (Array.isArray(value)) return value.map(bare);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, bare(item)]));
  };
  const { schema: _, files, ...rest } = bare(one) as Plan;
  return { ...rest, files: files.toSorted(byPath) };
}

describe('parsePlan', () => {
  it('takes what a model answers, with the name of the schema or without', () => {
    expect(parsePlan(JSON.stringify(small), 200)).toEqual({ schema: 'codex-plan/v1', ...small });
    expect(refusalOf({ ...small, schema: 'codex-plan/v1' })).toBe('accepted');
    expect(refusalOf({ ...small, schema: 'codex-plan/v2' })).toBe('plan-invalid');
  });

  it('sorts the files by path', () => {
    const files = ['b', 'a/b', 'a', 'B', 'a-b'].map((path) => ({
      path,
      operation: 'modify',
      reason: '',
    }));
    expect(toPlan({ ...small, files: files.slice(0, 3) }).files.map(({ path }) => path)).toEqual([
      'a',
      'a/b',
      'b',
    ]);
    expect(toPlan({ ...small, files }).files.map(({ path }) => path)).toEqual([
      ...['B', 'a', 'a-b', 'a/b', 'b'],
    ]);
  });

  it('asks for every key, and for no other', () => {
    for (const { where, mutant } of mutationsOf(small)) {
      if (!/without [a-z]|renamed|with one more|with null|null$/.test(where)) continue;
      if (/^(?:summary|steps\.\d\.detail|files\.\d\.reason)\.null$/.test(where)) continue;
      expect(refusalOf(mutant), where).toBe('plan-invalid');
    }
  });

  it('takes null for a summary, a detail and a reason, and does not mistake it for an empty text', () => {
    const withText = (text: string | null) =>
      toPlan({
        ...small,
        summary: text,
        steps: [{ ...small.steps[0], detail: text }],
        files: [{ ...small.files[0], reason: text }],
      });
    expect(withText(null)).toMatchObject({
      summary: null,
      steps: [{ detail: null }],
      files: [{ reason: null }],
    });
    expect(withText('')).toMatchObject({
      summary: '',
      steps: [{ detail: '' }],
      files: [{ reason: '' }],
    });
    expect(planDigest(withText(null))).not.toBe(planDigest(withText('')));
  });

  it.each([
    ['nothing', ''],
    ['prose', 'I would change a.txt.'],
    ['a fenced document', `\`\`\`json\n${JSON.stringify(small)}\n\`\`\``],
    ['a command of the runner', '::set-output name=verified::true'],
    ['a prototype', `{"__proto__":{},${JSON.stringify(small).slice(1)}`],
    ['nesting that ends', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['a document behind prose', `Here it is: ${JSON.stringify(small)}`],
    ['a document before prose', `${JSON.stringify(small)}\nDone.`],
    ['two documents', JSON.stringify(small) + JSON.stringify(small)],
    ['a byte order mark', `\ufeff${JSON.stringify(small)}`],
    ['a key twice', `{"files":[],${JSON.stringify(small).slice(1)}`],
    ['a list', '[]'],
    ['null', 'null'],
    ['deep nesting', '['.repeat(10_000)],
    ['a lone surrogate', JSON.stringify({ ...small, title: '\ud800' })],
  ])('refuses %s', (_, text) => {
    expect(refusal(text)).toBe('plan-invalid');
  });

  it.each([
    ['a control character', { ...small, title: 'a\u0007' }],
    ['an escape sequence', { ...small, commands: ['a\u001b[2J'] }],
    ['piled marks', { ...small, risks: [`a${'\u0301'.repeat(40)}`] }],
    ['an unknown operation', { ...small, files: [{ ...small.files[0], operation: 'rename' }] }],
    ['a file twice', { ...small, files: [small.files[0], small.files[0]] }],
    [
      'a file with two operations',
      { ...small, files: [small.files[0], { ...small.files[0], operation: 'delete' }] },
    ],
  ])('refuses %s', (_, one) => {
    expect(refusalOf(one)).toBe('plan-invalid');
  });

  it.each([
    ['prose', 'I would change a.txt.', /not one JSON document/],
    ['a fenced document', `\`\`\`json\n${JSON.stringify(small)}\n\`\`\``, /JSON document/],
    ['a key twice', `{"title":"x",${JSON.stringify(small).slice(1)}`, /key twice/],
    ['a list', '[]', /^The plan does not fit its schema at the top level: /],
    [
      'another operation',
      JSON.stringify({ ...small, files: [{ ...small.files[0], operation: 'move' }] }),
      /schema at files\.0\.operation: /,
    ],
    ['piled marks', JSON.stringify({ ...small, title: `a${'\u0301'.repeat(40)}` }), /accents/],
    ['a control character', JSON.stringify({ ...small, title: 'a\u0007' }), /U\+0007/],
    [
      'two names of one file',
      JSON.stringify(small).replace('"a.txt","operation"', '"B.txt","operation"'),
      '"b.txt" and "B.txt" are one file on some file systems.',
    ],
    ['a key too many', JSON.stringify({ ...small, extra: 1 }), /schema/],
    ['a key too few', JSON.stringify({ ...small, risks: undefined }), /risks/],
    ['a file twice', JSON.stringify({ ...small, files: Array(2).fill(small.files[0]) }), /twice/],
    ['an absolute path', JSON.stringify(small).replace('"a.txt"', '"/etc/x"'), /not relative/],
    ['a path that climbs', JSON.stringify(small).replace('"a.txt"', '"../x"'), /is \. or \.\./],
    ['a path into git', JSON.stringify(small).replace('"a.txt"', '".git/x"'), /git's own folder/],
    ['300 KiB', JSON.stringify({ ...small, summary: 'x'.repeat(300_000) }), /256 KiB/],
  ])('says in one sentence what is wrong with %s', (_, text, says) => {
    expect(() => parsePlan(text, 200)).toThrow(says);
  });

  it.each([
    '/etc/passwd',
    '../x',
    'a/../b',
    '.git/config',
    '',
    'src/',
    'a\0',
    'a\nb',
    '\0bytes:ff',
  ])('refuses the path %j among files and steps', (path) => {
    const step = { title: '', detail: '', paths: [path] };
    for (const operation of ['create', 'modify', 'delete']) {
      const file = { path, operation, reason: '' };
      expect(refusalOf({ ...small, files: [file] })).toBe('path-invalid');
    }
    expect(refusalOf({ ...small, steps: [step] })).toBe('path-invalid');
  });

  it.each(['a\\b', 'C:/x', 'a\u200b', 'e\u0301', 'aux.c', 'a.', ' a', '~/a', 'a/ b'])(
    'takes %j for a file that may be there, and for none to be created',
    (path) => {
      const withFile = (operation: string) => ({
        ...small,
        files: [{ path, operation, reason: '' }],
      });
      expect(refusalOf(withFile('create'))).toBe('path-invalid');
      expect(toPlan(withFile('modify')).files[0]?.path).toBe(path);
      expect(toPlan(withFile('delete')).files[0]?.path).toBe(path);
    },
  );

  it.each([
    ['create', 'create', false],
    ['create', 'modify', false],
    ['modify', 'create', false],
    ['delete', 'create', true],
    ['create', 'delete', true],
    ['modify', 'modify', true],
    ['delete', 'modify', true],
  ])('of two spellings of one file, to %s and to %s them: %s', (one, other, taken) => {
    const files = [
      { path: 'src/A.ts', operation: one, reason: '' },
      { path: 'src/a.ts', operation: other, reason: '' },
    ];
    if (taken) expect(toPlan({ ...small, files }).files).toHaveLength(2);
    else expect(refusalOf({ ...small, files })).toBe('path-invalid');
  });

  it('counts files and bytes', () => {
    const files = Array.from({ length: 200 }, (_, index) => ({
      path: `f${index}`,
      operation: 'create',
      reason: '',
    }));
    expect(refusalOf({ ...small, files })).toBe('accepted');
    const many = JSON.stringify({ ...small, files });
    expect(refusal(many, 199)).toBe('limit-exceeded');
    expect(() => parsePlan(many, 199)).toThrow('names 200 files; the limit (limits.files) is 199.');
    const rest = 256 * 1024 - JSON.stringify({ ...small, summary: '' }).length;
    expect(refusalOf({ ...small, summary: 'a'.repeat(rest) })).toBe('accepted');
    expect(refusalOf({ ...small, summary: 'a'.repeat(rest + 1) })).toBe('limit-exceeded');
    expect(refusalOf({ ...small, summary: 'é'.repeat(rest / 2 + 1) })).toBe('limit-exceeded');
  });

  it('throws nothing but faults, whatever a model answers', () => {
    const text = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.json({ stringUnit: anyCharacter }),
      fc.tuple(answer, fc.nat(), fc.nat()).map(([one, at, length]) => {
        const whole = JSON.stringify(one);
        const start = at % whole.length;
        return whole.slice(0, start) + whole.slice(start + (length % 4));
      }),
    );
    fc.assert(
      fc.property(text, (one) => void refusal(one)),
      { numRuns: runs(3000) },
    );
  });

  it.each([
    ['blanks', (size: number) => `a${' '.repeat(size)}a`],
    ['line feeds', (size: number) => `a${'\n'.repeat(size)}a`],
    ['marks', (size: number) => `a${'\u0301\u0323'.repeat(size)}`],
  ])('takes time that grows with the text alone: %s', (_, make) => {
    expectLinear(make, (summary) => refusalOf({ ...small, summary }), 30_000);
  });
});

describe('the schema that the API holds an answer to', () => {
  it('is what its strict mode asks for: every key required and none additional', () => {
    const objects: Record<string, unknown>[] = [];
    const walk = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      if ('properties' in node) objects.push(node as Record<string, unknown>);
      Object.values(node).forEach(walk);
    };
    const schema = planOutputSchema();
    walk(schema);
    expect(objects).toHaveLength(3);
    for (const object of objects) {
      expect(object.required).toEqual(Object.keys(object.properties as object));
      expect(object.additionalProperties).toBe(false);
    }
    const orNull = { type: ['string', 'null'] };
    expect(objects.flatMap(({ properties }) => Object.entries(properties as object))).toEqual(
      expect.arrayContaining([
        ['summary', orNull],
        ['detail', orNull],
        ['reason', orNull],
        ['title', { type: 'string' }],
      ]),
    );
    expect(JSON.stringify(schema)).not.toMatch(/"(?:\$schema|pattern|format|minLength|default)"/);
  });
});
