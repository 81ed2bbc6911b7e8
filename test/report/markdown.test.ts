import { Parser } from 'commonmark';
import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import {
  block,
  code,
  copyable,
  cutBlock,
  cutDiffBlock,
  cutTable,
  diffBlock,
  pathCode,
  table,
} from '../../src/report/markdown.ts';
import { anyCharacter } from '../support/any-character.ts';
import { expectLinear } from '../support/growth.ts';
import { hostileText, hostileTexts } from '../support/hostile.ts';
import { runs } from '../support/properties.ts';

/** Few characters, so that all ways to end code, a cell and an escape come together. */
const awkward = fc
  .array(
    fc.constantFrom(
      ...['`', '``', '|', '\\', '\\|', ' ', '\n', '\t', 'a', '@', '＠', '!', '！', '<!--', '-->'],
      ...['\\u{', '\\u{a}', '}', '\u200b', '\ud800', '\r', '&amp;', '<b>', '~~~', '\u00a0', 'é'],
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));
const anyText = fc.oneof(awkward, hostileText, fc.string({ unit: anyCharacter }));

/** What a reader makes of code that is shown: the text, and nothing else, was written. */
function readBack(shown: string): string {
  return shown
    .replaceAll('<！--', '<!--')
    .replaceAll('＠', '@')
    .replace(/\\u\{([0-9a-f]+)(?:\*(\d+))?\}/g, (_, point, count = '1') =>
      String.fromCodePoint(Number.parseInt(point, 16)).repeat(Number(count)),
    );
}

/** Code of blanks alone has one more at either end. */
const readBackSpan = (shown: string) => readBack(/^ +$/.test(shown) ? shown.slice(2) : shown);

function onlyNode(markdown: string) {
  const root = new Parser().parse(markdown);
  expect(root.firstChild?.next).toBeNull();
  return root.firstChild;
}

function spanOf(markdown: string): string {
  const paragraph = onlyNode(markdown);
  expect(paragraph?.type).toBe('paragraph');
  const span = paragraph?.firstChild;
  expect(span?.type).toBe('code');
  expect(span?.next).toBeNull();
  return span?.literal ?? '';
}

/** The cells of a table as GitHub makes them. */
function cellsOf(markdown: string): string[][] {
  const html = micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()] });
  expect(html.match(/<table>/g)).toHaveLength(1);
  expect(html.replace(/<(\/?)(?:table|thead|tbody|tr|th|td|code)>/g, '')).not.toMatch(/<[a-z!/]/i);
  return html
    .split('<tr>')
    .slice(1)
    .map((row) => [...row.matchAll(/<t[hd]>([\s\S]*?)<\/t[hd]>/g)].map(([, cell = '']) => cell));
}

function codeIn(cell: string): string {
  const [, content = ''] = /^<code>([\s\S]*)<\/code>$/.exec(cell) ?? [];
  return content
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

describe('a colour', () => {
  it('is no colour in code, and never looks like another text', () => {
    expect(code('#0969DA')).toBe('`＃0969DA`');
    expect(code('＃0969DA')).toBe('`\\u{ff03}0969DA`');
    expect(code('rgb(9, 105, 218)')).toBe('`rgb（9, 105, 218)`');
    expect(pathCode('#fff')).toBe('`＃fff`');
    expect(code('#0969DA and more')).toBe('`#0969DA and more`');
    expect(copyable('#0969DA')).toBe('`#0969DA`');
  });
});

describe('code', () => {
  it.each([
    ['a', '`a`'],
    ['', '`  `'],
    ['`', '`` ` ``'],
    ['a``b', '```a``b```'],
    [' a ', '`  a  `'],
    ['a\nb', '`a\\u{a}b`'],
    ['@a', '`＠a`'],
    ['a|b', '`a|b`'],
    [`a${' '.repeat(600)}b`, '`a\\u{20*600}b`'],
    ['a\u2800b', '`a\\u{2800}b`'],
    ['⚠️', '`⚠️`'],
  ])('writes %j as %s', (text, markdown) => {
    expect(code(text)).toBe(markdown);
  });

  it('is one span that reads back as the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(readBackSpan(spanOf(code(text)))).toBe(text);
      }),
      { numRuns: runs(5000) },
    );
  });

  it('is cut if it is too long', () => {
    expect(code('abcdef', 3)).toBe('`abc …`');
    expect(code('abc', 3)).toBe('`abc`');
    expect(code('a😀b', 2)).toBe('`a\ufffd …`');
    expect(pathCode('a/é', 4)).toBe('`a/\\u …`');
  });
});

describe('pathCode', () => {
  it('is one span of ASCII alone, full-width stand-ins aside, that reads back as the path', () => {
    fc.assert(
      fc.property(anyText, (path) => {
        expect(readBackSpan(spanOf(pathCode(path)))).toBe(path);
        expect(pathCode(path)).toMatch(/^[\x20-\x7e＠！]*$/);
      }),
      { numRuns: runs(5000) },
    );
  });

  it.each([
    ['src/а.ts', '`src/\\u{430}.ts`'],
    ['a b/c.ts', '`a b/c.ts`'],
    ['new\nline', '`new\\u{a}line`'],
    [' a/b /c.ts', '`\\u{20}a/b\\u{20}/c.ts`'],
    [`a${' '.repeat(600)}b`, '`a\\u{20*600}b`'],
    ['a\ufe0f.md', '`a\\u{fe0f}.md`'],
  ])('writes %j as %s', (path, markdown) => {
    expect(pathCode(path)).toBe(markdown);
  });
});

describe('block', () => {
  it('is one block of lines after a gutter that reads back as the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const node = onlyNode(block(text));
        expect(node?.type).toBe('code_block');
        expect(node?.info).toBe('');
        const lines = (node?.literal ?? '').slice(0, -1).split('\n');
        for (const line of lines) expect(line).toMatch(/^│(?: |↪|$)/);
        for (const line of lines) {
          const characters = [...new Intl.Segmenter('en').segment(line)];
          expect(characters.length).toBeLessThanOrEqual(102);
        }
        const whole = lines.join('\n').replaceAll('\n│↪', '');
        expect(readBack(whole.replace(/^│ ?/gm, ''))).toBe(text);
      }),
      { numRuns: runs(5000) },
    );
  });

  it('keeps a short word whole if a long line is broken, and breaks a long one', () => {
    const words = `${'word '.repeat(19)}unbroken end`;
    expect(block(words)).toContain(`│ ${'word '.repeat(19)}\n│↪unbroken end\n`);
    expect(block(`${'x'.repeat(100)}yz`)).toContain(`│ ${'x'.repeat(100)}\n│↪yz`);
    expect(block(`a ${'x'.repeat(120)}`)).toContain(`│ a ${'x'.repeat(98)}\n│↪${'x'.repeat(22)}`);
  });

  it('shows what comes after blanks, under empty lines and at the end of a long line', () => {
    expect(block(`a${' '.repeat(600)}b`)).toBe('````\n│ a\\u{20*600}b\n````');
    expect(block(`a${'\u2800'.repeat(2)}b`)).toBe('````\n│ a\\u{2800}\\u{2800}b\n````');
    expect(block(`a${'\u3164'.repeat(2)}b`)).toBe('````\n│ a\\u{3164}\\u{3164}b\n````');
    expect(block(`a${'\n'.repeat(100)}b`)).toBe('````\n│ a\n│ \\u{a*98}\n│ b\n````');
    const line = 'x'.repeat(100);
    expect(block(line)).toBe(`\`\`\`\`\n│ ${line}\n\`\`\`\``);
    expect(block(`${line}yz`)).toBe(`\`\`\`\`\n│ ${line}\n│↪yz\n\`\`\`\``);
    expect(block('日'.repeat(60))).toContain(`│ ${'日'.repeat(50)}\n│↪${'日'.repeat(10)}\n`);
    expect(block('\u1100'.repeat(200)).split('\n')).toHaveLength(6);
  });

  it('breaks no character and no form of one', () => {
    expect(block(`${'x'.repeat(98)}e\u0301e\u0301e\u0301`)).toContain(
      'e\u0301e\u0301\n│↪e\u0301\n',
    );
    expect(block(`${'x'.repeat(98)}\u200b`)).toContain('x\n│↪\\u{200b}\n');
    expect(block(`${'x'.repeat(99)}👨‍👩‍👧`)).toContain('x\n│↪👨‍👩‍👧\n');
  });

  it('keeps every line that fits', () => {
    const rest = (lines: number) => `… ${lines} more`;
    expect(cutBlock('a\nb', 100, rest)).toBe(block('a\nb'));
    expect(cutBlock('aaa\nbbb\nccc', 12, rest)).toBe('````\n│ aaa\n│ bbb\n│ … 1 more\n````');
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 200 }), (text, max) => {
        const cut = cutBlock(text, max, rest);
        expect(cut.length).toBeLessThanOrEqual(max + 50);
        expect(onlyNode(cut)?.type).toBe('code_block');
      }),
      { numRuns: runs(1000) },
    );
  });

  it('stays small if text is full of fences', () => {
    const text = Array.from({ length: 100 }, (_, n) => '`'.repeat(n * 50)).join('\n');
    expect(cutBlock(text, 10_000, () => '…').length).toBeLessThan(10_100);
  });
});

describe('diffBlock', () => {
  const diff = '@@ -1,2 +1,2 @@ function /approve\n one\n-two\n+/approve\n+@team\n\\ No newline';

  it('has the signs first, which GitHub colours, and the gutter after them', () => {
    expect(diffBlock(diff)).toBe(
      [
        '````diff',
        '@@ -1,2 +1,2 @@│  function /approve',
        ' │ one',
        '-│ two',
        '+│ /approve',
        '+│ ＠team',
        ' │ \\ No newline',
        '````',
      ].join('\n'),
    );
  });

  it('marks where a long line goes on, with the same sign', () => {
    const long = diffBlock(`+${'x'.repeat(120)}\n ${' '.repeat(600)}y\n-`);
    expect(long).toBe(
      `\`\`\`\`diff\n+│ ${'x'.repeat(100)}\n+│↪${'x'.repeat(20)}\n │ \\u{20*600}y\n-│\n\`\`\`\``,
    );
  });

  it('is one block whatever is in it, and no line is a command', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const node = onlyNode(diffBlock(text));
        expect(node?.type).toBe('code_block');
        expect(node?.info).toBe('diff');
        for (const line of (node?.literal ?? '').split('\n').slice(0, -1)) {
          expect(line).toMatch(/^(?:[-+ ]|@@ [-+\d, ]+ @@)│/);
        }
      }),
      { numRuns: runs(2000) },
    );
  });

  it('keeps every line that fits', () => {
    expect(cutDiffBlock('+aaa\n-bbb\n ccc', 14, (lines) => `… ${lines} more`)).toBe(
      '````diff\n+│ aaa\n-│ bbb\n │ … 1 more\n````',
    );
    expect(cutDiffBlock(diff, 1000, () => '')).toBe(diffBlock(diff));
  });
});

describe('table', () => {
  it('has the cells that it was given, each read back as its text', () => {
    const rows = fc.array(fc.array(anyText, { minLength: 2, maxLength: 2 }), { maxLength: 4 });
    fc.assert(
      fc.property(rows, (rows) => {
        const markdown = table(
          ['A', 'B'],
          rows.map((row) => row.map((text) => code(text))),
        );
        const [head, ...body] = cellsOf(markdown);
        expect(head).toEqual(['A', 'B']);
        expect(body.map((row) => row.map((cell) => readBackSpan(codeIn(cell))))).toEqual(rows);
      }),
      { numRuns: runs(1000) },
    );
  });

  it.each(hostileTexts)('is not broken by %j', (text) => {
    const [, ...body] = cellsOf(table(['A', 'B'], [[code(text), pathCode(text)]]));
    expect(body).toHaveLength(1);
    expect(body[0]?.map((cell) => readBackSpan(codeIn(cell)))).toEqual([text, text]);
  });

  it.each(['a\\|b', '\\\\|', '\\|![x](https://evil.example)', '|', '\\'])(
    'does not end a cell at %j',
    (text) => {
      expect(cellsOf(table(['A'], [[code(text)]]))[1]).toHaveLength(1);
    },
  );

  it('keeps every row that fits', () => {
    const rest = (rows: number) => `${rows} more`;
    const rows = [['`a`'], ['`b`'], ['`c`']];
    expect(cutTable(['A'], rows, 1000, rest)).toBe(table(['A'], rows));
    expect(cutTable(['A'], rows, 16, rest)).toBe(`${table(['A'], rows.slice(0, 2))}\n\n1 more`);
    expect(cutTable(['A'], rows, 0, rest)).toBe(`${table(['A'], [])}\n\n3 more`);
  });
});

describe('the writers', () => {
  it.each([
    ['backticks', '`'],
    ['bars behind backslashes', '\\|'],
    ['blanks', ' '],
    ['comments', '<!--'],
    ['images', '!['],
    ['escapes', '\\u{'],
    ['lines', '\n'],
    ['wide characters', '日'],
    ['one long character', '\u1100'],
    ['letters', 'x'],
  ])('take time that grows with the text alone: %s', (_, unit) => {
    const write = (text: string) => [
      block(text),
      diffBlock(text),
      table(['A'], [[code(text)]]),
      pathCode(text),
    ];
    expectLinear((size) => unit.repeat(size / unit.length), write, 50_000);
  });
});
