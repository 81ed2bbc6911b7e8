import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { line, text } from '../../src/report/foreign-text.ts';
import {
  block,
  code,
  cutBlock,
  diffBlock,
  link,
  pathCode,
  table,
} from '../../src/report/markdown.ts';
import {
  colour,
  commands,
  constructs,
  piecesOfHtml,
  renderGfm,
  tagsOf,
  triggers,
} from '../support/constructs.ts';
import { expectLinear } from '../support/growth.ts';
import { hostileText } from '../support/hostile.ts';
import { runs } from '../support/properties.ts';

const address = 'https://github.com/octo/shop';

/** Each place where foreign text can stand, as plain words. */
const wordPlaces: Readonly<Record<string, (foreign: string) => string>> = {
  paragraphs: (foreign) => text(foreign),
  'a sentence': (foreign) => `Asked for: ${line(foreign)} and no more.`,
  'a heading': (foreign) => `## Plan: ${line(foreign)}`,
  'a list': (foreign) => `- Risk: ${line(foreign)}\n- Risk: ${line(foreign)}`,
  'a list with paragraphs': (foreign) =>
    `1. **Step** ${line(foreign)}\n\n   ${text(foreign, '   ')}\n\n2. Next`,
  'a quote': (foreign) => `> By ${line(foreign)}`,
  'an alert': (foreign) => `> [!NOTE]\n> By ${line(foreign)}`,
  cells: (foreign) => table(['A', 'B'], [[`x ${line(foreign)}`, line(foreign)]]),
  'a fold': (foreign) =>
    `<details><summary>Of ${line(foreign)}</summary>\n\n${text(foreign)}\n\n</details>`,
  'the text of a link': (foreign) => link(line(foreign), address),
  'strong words': (foreign) => `**Of ${line(foreign)}.**`,
  'words that are cut': (foreign) => `Asked for: ${line(foreign, 10)}`,
};

/** And as code. */
const codePlaces: Readonly<Record<string, (foreign: string) => string>> = {
  code: (foreign) => `By ${code(foreign)}.`,
  'a heading with code': (foreign) => `## Plan ${code(foreign)}`,
  'cells with code': (foreign) => table(['A', 'B'], [[code(foreign), pathCode(foreign)]]),
  'a link of code': (foreign) => link(pathCode(foreign), address),
  'a block': (foreign) => block(foreign),
  'a cut block': (foreign) => cutBlock(foreign, 200, (lines) => `${lines} more`),
  'a diff': (foreign) => diffBlock(`@@ -1 +1 @@ ${foreign}\n ${foreign}\n-${foreign}\n+${foreign}`),
  'a block in a list': (foreign) => `- x\n\n${block(foreign).replace(/^/gm, '  ')}`,
};
const places = { ...wordPlaces, ...codePlaces };

/** The tags that a page has around words that mean nothing, by their place and their number of lines. */
const ordinary = new Map<string, readonly string[]>();

function expectedTags(
  where: string,
  place: (foreign: string) => string,
  foreign: string,
): readonly string[] {
  const { length } = text(foreign).split('\n\n').filter(Boolean);
  const key = `${length} ${where}`;
  const tags = ordinary.get(key) ?? tagsOf(renderGfm(place(Array(length).fill('word').join('\n'))));
  ordinary.set(key, tags);
  return tags;
}

/** The faults are collected: an assertion for each piece of each page would take most of the time. */
function expectInert(where: string, place: (foreign: string) => string, foreign: string): void {
  const markdown = place(foreign);
  const html = renderGfm(markdown);
  const [tags, expected] = [tagsOf(html), expectedTags(where, place, foreign)];
  if (tags.join() !== expected.join()) expect(tags, `tags in ${where}`).toEqual(expected);
  const faults: unknown[] = [];
  for (const { text, inside } of piecesOfHtml(html)) {
    if (inside.includes('code') && !inside.includes('pre') && colour.test(text)) {
      faults.push(['a colour', where, text]);
    }
    if (inside.includes('code') || inside.includes('pre')) continue;
    const words = text.replace(/^\[!NOTE\](?=\nBy)/, '');
    for (const [what, pattern] of Object.entries(triggers)) {
      if (pattern.test(words)) faults.push([what, where, text]);
    }
  }
  for (const [what, pattern] of Object.entries(commands)) {
    if (pattern.test(markdown)) faults.push([`${what} to another bot`, where, markdown]);
  }
  if (faults.length > 0) expect.fail(JSON.stringify(faults));
}

describe.each(Object.entries(places))('%s', (where, place) => {
  it.each(Object.entries(constructs))('hold %s as mere text', (_, foreign) => {
    expectInert(where, place, foreign);
    expectInert(where, place, `x ${foreign} y`);
    expectInert(where, place, `x\n${foreign}`);
  });
});

describe('the table of constructs', () => {
  /** As an author would write who knows no better. */
  const careless: Readonly<Record<string, (foreign: string) => string>> = {
    'a paragraph': (foreign) => foreign,
    'a sentence': (foreign) => `Asked for: ${foreign}`,
    'an item': (foreign) => `- ${foreign}`,
    'a quote': (foreign) => `> ${foreign}`,
    'a cell': (foreign) => `| A | B | C |\n| --- | --- | --- |\n| ${foreign} | x |`,
  };
  const isInert = (where: string, foreign: string) => {
    try {
      expectInert(`careless: ${where}`, careless[where] as (foreign: string) => string, foreign);
      return true;
    } catch {
      return false;
    }
  };
  // These change what is read, or are for a person's eyes, or for the log.
  const unseen =
    /^(?:a (?:short )?colour|cells|escapes|a marker at|hidden text|text (?:behind|below)|a (?:state|sentence) of|a command to a)/;

  it.each(Object.keys(constructs).filter((name) => !unseen.test(name)))(
    'has nothing in it that this test could not see: %s',
    (name) => {
      const foreign = constructs[name] as string;
      const active = Object.keys(careless).filter((where) => !isInert(where, foreign));
      expect(active.length).toBeGreaterThan(0);
    },
  );
});

/** What a reader reads. */
function read(markdown: string): string {
  return piecesOfHtml(renderGfm(markdown))
    .map(({ text }) => text)
    .join('')
    .replaceAll('\u00a0', ' ');
}

describe('text', () => {
  it.each([
    ['Add the tax.', '&#65;dd the tax.'],
    ['a\n\n\nb\n', '&#97;\n\n&#98;'],
    ['  a', '&nbsp;&nbsp;&#97;'],
    ['a  b\tc', '&#97; &nbsp;b &nbsp;&nbsp;&nbsp;c'],
    ['it costs $5', '&#105;t costs <span>&#36;</span>5'],
    ['@x', '&#64;<!-- -->x'],
    ['', ''],
    [' \n\t', ''],
  ])('writes %j as %s', (foreign, markdown) => {
    expect(text(foreign)).toBe(markdown);
  });

  it('keeps the paragraphs of an item in the item', () => {
    const html = renderGfm(`- Step: a\n\n  ${text('b\nc', '  ')}\n- Next`);
    expect(html.match(/<li>/g)).toHaveLength(2);
    expect(html.match(/<p>/g)).toHaveLength(4);
  });

  it.each(Object.entries(constructs))('is read as what was written: %s', (_, foreign) => {
    const plain = foreign.replaceAll('\t', '    ').trimEnd();
    if (/[\u{e0000}-\u{e007f}\u2800\u202e]| {50}|\n{50}/u.test(foreign)) return;
    expect(read(text(foreign))).toBe(plain.replace(/ *\n+/g, '\n'));
    expect(read(`> By ${line(foreign)}`).trim()).toBe(`By ${plain.replaceAll('\n', '\\u{a}')}`);
  });
});

describe('line', () => {
  it.each(Object.entries(constructs))('is one cell: %s', (_, foreign) => {
    const html = renderGfm(table(['A', 'B'], [[line(foreign), 'own']]));
    const cells = html.slice(html.indexOf('<tbody>')).match(/<td>.*?<\/td>/gs);
    expect(cells).toHaveLength(2);
    expect(cells?.[1]).toBe('<td>own</td>');
  });

  it('has no line ends, and is cut if it is too long', () => {
    expect(line('a\nb')).toBe('a&#92;u{a}b');
    expect(line('abcdef', 3)).toBe('abc…');
    expect(line('abc', 3)).toBe('abc');
    expect(line('a😀b', 2)).toBe('a\ufffd…');
  });
});

describe('any foreign text', () => {
  it('is inert in every place', () => {
    const parts = fc.constantFrom(
      ...Object.values(constructs),
      ...['@', '#', '1', 'a', ':', '/', '//', 'www', '.', '-', '[', ']', '!', '$', '`', ' ', '\n'],
      ...['<', '>', '&', '|', '\\', '*', '_', '~', '^', 'abcdef', '0', '(', ')', '\t', '=', '+'],
    );
    const foreign = fc.oneof(
      hostileText,
      fc.array(parts, { maxLength: 8 }).map((some) => some.join('')),
    );
    fc.assert(
      fc.property(foreign, (some) => {
        for (const [where, place] of Object.entries(places)) expectInert(where, place, some);
      }),
      { numRuns: runs(200) },
    );
  });

  it.each(['@', 'www.', 'a', '1', ':', ':a', '[', '$', ' ', '\n', '-1', '://', '\t', '\u200b'])(
    'takes time that grows with the text: %j',
    (unit) => {
      const make = (size: number) => unit.repeat(size / unit.length);
      expectLinear(make, (foreign) => [text(foreign), line(foreign)], 30_000);
    },
  );
});
