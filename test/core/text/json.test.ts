import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, JsonError, parseJson, toWellFormed } from '../../../src/core/text/json.ts';
import { anyCharacter } from '../../support/any-character.ts';
import { expectLinear } from '../../support/growth.ts';
import { runs } from '../../support/properties.ts';

/** Values as the records and plans hold them. */
const value = fc
  .jsonValue({ maxDepth: 6, stringUnit: anyCharacter })
  .filter((one) => !JSON.stringify(one).includes('__proto__'))
  .filter(keepsExactly);

function keepsExactly(one: unknown): boolean {
  if (typeof one === 'number') return Math.abs(one) <= Number.MAX_SAFE_INTEGER;
  return typeof one !== 'object' || one === null || Object.values(one).every(keepsExactly);
}

function refusal(text: string, maxDepth?: number): string {
  try {
    parseJson(text, maxDepth);
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(JsonError);
    return (error as Error).message;
  }
}

/** Writes a value in one of the many ways that mean the same. */
function spell(one: unknown, choose: () => number): string {
  const blank = () => [' ', '\n', '', '\t', '\r\n'][choose() % 5] as string;
  const string = (text: string) => (choose() % 2 === 0 ? JSON.stringify(text) : spellOut(text));
  if (typeof one === 'string') return string(one);
  if (typeof one !== 'object' || one === null) return JSON.stringify(one);
  if (Array.isArray(one)) {
    return `[${one.map((item) => blank() + spell(item, choose) + blank()).join(',')}]`;
  }
  const entries = Object.entries(one);
  if (choose() % 2 === 0) entries.reverse();
  return `{${entries.map(([key, item]) => `${blank()}${string(key)}${blank()}:${spell(item, choose)}${blank()}`).join(',')}}`;
}

describe('canonicalJson', () => {
  it('writes the example of RFC 8785, section 3.2.2', () => {
    const text = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    expect(canonicalJson(JSON.parse(text))).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('sorts the keys as RFC 8785, section 3.2.3, does', () => {
    const text = String.raw`{
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis"
    }`;
    const canonical = canonicalJson(parseJson(text));
    expect([...canonical.matchAll(/:"([^"]*)"/g)].map(([, name]) => name)).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the double %s of RFC 8785, appendix B, as %s', (bits, text) => {
    expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });

  it('has a form for every text once it is well-formed', () => {
    const half = '\ud83d';
    const value = { a: [half, `x${half}y`, { b: half }], c: null, d: 1, e: true, f: '👋' };
    const made = { a: ['\ufffd', 'x\ufffdy', { b: '\ufffd' }], c: null, d: 1, e: true, f: '👋' };
    expect(() => canonicalJson(value)).toThrow(/surrogate/);
    expect(toWellFormed(value)).toEqual(made);
    expect(parseJson(canonicalJson(toWellFormed(value)))).toEqual(made);
  });

  it.each([
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate in a key', { '\udfff': 1 }],
    ['nothing', undefined],
    ['a function', () => 1],
  ])('has no form for %s', (_, one) => {
    expect(() => canonicalJson(one)).toThrow(/./);
  });

  it('is the same after reading it back, and for every spelling of the value', () => {
    fc.assert(
      fc.property(value, fc.infiniteStream(fc.nat(99)), (one, choices) => {
        const canonical = canonicalJson(one);
        const choose = () => choices.next().value;
        expect(canonicalJson(parseJson(canonical))).toBe(canonical);
        expect(canonicalJson(parseJson(spell(one, choose)))).toBe(canonical);
      }),
      { numRuns: runs(3000) },
    );
  });

  it('differs for different values', () => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        expect(canonicalJson(one) === canonicalJson(other)).toBe(isDeepStrictEqual(one, other));
      }),
      { numRuns: runs(2000) },
    );
  });
});

describe('parseJson', () => {
  it.each([
    ['{"files":["a"],"files":["b"]}', 'It names a key twice.'],
    [String.raw`{"a":1,"\u0061":2}`, 'It names a key twice.'],
    ['{"x":[{"a":{"b":1,"b":1}}]}', 'It names a key twice.'],
    ['{"":1,"":2}', 'It names a key twice.'],
    ['{"a":1,"b":{},"a":2}', 'It names a key twice.'],
    ['{"a":1,"b":[],"a":2}', 'It names a key twice.'],
    [String.raw`{"a\"":1,"a\u0022":2}`, 'It names a key twice.'],
    ['{"__proto__":{"a":1}}', 'It uses a key that is not allowed.'],
    [String.raw`{"\u005f_proto__":1}`, 'It uses a key that is not allowed.'],
    ['"\ud800"', 'It holds a lone surrogate.'],
    ['\ud800', 'It holds a lone surrogate.'],
    ['[[[[[[[[[[[[[[[[[["\ud800"', 'It holds a lone surrogate.'],
    [String.raw`"\ud800"`, 'It holds a lone surrogate.'],
    [String.raw`["\udfff"]`, 'It holds a lone surrogate.'],
    [String.raw`{"\ud800":1}`, 'It holds a lone surrogate.'],
    [String.raw`{"a":["\udc00\ud800"]}`, 'It holds a lone surrogate.'],
    ['9007199254740992', 'It holds a number that cannot be kept exactly.'],
    ['9007199254740993', 'It holds a number that cannot be kept exactly.'],
    ['[-9007199254740993]', 'It holds a number that cannot be kept exactly.'],
    ['{"a":1e400}', 'It holds a number that cannot be kept exactly.'],
    ['-1e400', 'It holds a number that cannot be kept exactly.'],
    ['', 'It is not one JSON document.'],
    [' ', 'It is not one JSON document.'],
    ['{}{}', 'It is not one JSON document.'],
    ['{} trailing', 'It is not one JSON document.'],
    ['```json\n{}\n```', 'It is not one JSON document.'],
    ['Here is the plan: {}', 'It is not one JSON document.'],
    ['\ufeff{}', 'It is not one JSON document.'],
    ['NaN', 'It is not one JSON document.'],
    ['{"a":1,}', 'It is not one JSON document.'],
    ["{'a':1}", 'It is not one JSON document.'],
    ['{"a":1}//', 'It is not one JSON document.'],
    ['"a\nb"', 'It is not one JSON document.'],
    ['"', 'It is not one JSON document.'],
    ['"\\', 'It is not one JSON document.'],
    [']', 'It is not one JSON document.'],
    [':', 'It is not one JSON document.'],
  ])('on %j says: %s', (text, why) => {
    expect(refusal(text)).toBe(why);
  });

  it.each([
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":2}]',
    '{"a":{"b":1},"b":2}',
    '{"a":"a","b":"a"}',
    String.raw`{"a":"\"b\":","b":"{\"a\":1}"}`,
    String.raw`"\ud83d\ude00"`,
    '9007199254740991',
    '-9007199254740991',
    '{"constructor":1,"toString":2}',
    '"[[[[[[[[[[[[[[[[[[[[[[[["',
    '-0',
    'null',
  ])('reads %s as any reader does', (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it('counts how deep it nests', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    const objects = (depth: number) => '{"a":'.repeat(depth) + 1 + '}'.repeat(depth);
    for (const make of [nested, objects]) {
      expect(refusal(make(16))).toBe('accepted');
      expect(refusal(make(17))).toBe('It nests deeper than 16 levels.');
      expect(refusal(make(3), 3)).toBe('accepted');
      expect(refusal(make(4), 3)).toBe('It nests deeper than 3 levels.');
    }
    for (const empty of ['[]', '{}']) {
      expect(refusal(`[${`${empty},`.repeat(50)}${empty}]`, 2)).toBe('accepted');
    }
    expect(refusal('['.repeat(1_000_000))).toBe('It nests deeper than 16 levels.');
    expect(refusal('{"a":'.repeat(100_000))).toBe('It nests deeper than 16 levels.');
  });

  it('refuses a key twice exactly if there is one', () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'b', '"', '\\', 'é', '😀'), maxLength: 2 });
    const pairs = fc.array(fc.tuple(key, fc.boolean()), { maxLength: 6 });
    fc.assert(
      fc.property(pairs, pairs, (outer, inner) => {
        const write = (list: typeof outer, last: string) =>
          `{${[...list.map(([one, escaped]) => `${escaped ? spellOut(one) : JSON.stringify(one)}:1`), last].filter(Boolean).join(',')}}`;
        const text = write(outer, `"inner":${write(inner, '')}`);
        const doubled = [outer, inner].some(
          (list) => new Set(list.map(([one]) => one)).size < list.length,
        );
        expect(refusal(text)).toBe(doubled ? 'It names a key twice.' : 'accepted');
      }),
      { numRuns: runs(3000) },
    );
  });

  it('throws nothing else, and reads what it accepts as JSON.parse does', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'{}[]:,"\\u0eE+-.19 atrue'), maxLength: 30 }),
      fc.string({ unit: anyCharacter }),
      fc.json({ stringUnit: anyCharacter }),
    );
    fc.assert(
      fc.property(text, (one) => {
        if (refusal(one) === 'accepted') expect(parseJson(one)).toEqual(JSON.parse(one));
      }),
      { numRuns: runs(5000) },
    );
  });

  it.each([
    ['open strings', (size: number) => '"'.repeat(size)],
    ['backslashes', (size: number) => '\\'.repeat(size)],
    ['quoted backslashes', (size: number) => `"${'\\\\'.repeat(size)}"`],
    [
      'many keys',
      (size: number) => `{${Array.from({ length: size / 8 }, (_, n) => `"${n}":1`).join(',')}}`,
    ],
    ['colons', (size: number) => ':'.repeat(size)],
    ['flat brackets', (size: number) => `[${'[],'.repeat(size / 3)}[]]`],
  ])('takes time that grows with the text alone: %s', (_, make) => {
    expectLinear(make, refusal, 100_000);
  });
});

function spellOut(text: string): string {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
}
