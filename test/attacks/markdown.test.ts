/** The page: foreign text stays text, and the comment keeps its shape. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { block, code, pathCode } from '../../src/report/markdown.ts';
import { renderPlanComment, showsPlan, withState } from '../../src/report/plan-comment.ts';
import {
  colour,
  commands,
  constructs,
  piecesOfHtml,
  renderGfm,
  tagsOf,
  triggers,
} from '../support/constructs.ts';
import { hostileText, hostileTexts } from '../support/hostile.ts';
import { everyPage, repositoryUrl, hostileView as view } from '../support/pages.ts';
import { runs } from '../support/properties.ts';

/** Tags of a page without where links lead, however many paragraphs and lines of a diff a text makes. */
function shape(html: string): string {
  return (
    tagsOf(html)
      .map((tag) => tag.replace(/ href="[^"]*"/, ''))
      .join('')
      // Files are not linked where the links would not fit.
      .replaceAll('<td><a><code></code></a></td>', '<td><code></code></td>')
      .replace(/(?:<p><\/p>)+/g, '<p></p>')
  );
}

/** What each page is made of around a text that means nothing. */
const plain = new Map(
  Object.entries(everyPage('x')).map(([what, markdown]) => [what, shape(renderGfm(markdown))]),
);

/** Our own words that look like something else. */
const ownWords =
  /\d{4}-\d\d-\d\d \d\d:\d\d UTC|^\[!(?:NOTE|TIP|WARNING|CAUTION)\](?=\nState|\n*$)/g;

/**
 * Every page around a text, and what does not hold of it. The faults are collected: an assertion for each piece of
 * each page would be millions of them, and take most of the time.
 */
function checkPage(text: string): void {
  const faults: unknown[] = [];
  for (const [what, markdown] of Object.entries(everyPage(text))) {
    const html = renderGfm(markdown);
    // Said by the assertion, which shows where the two differ.
    if (shape(html) !== plain.get(what)) expect(shape(html), what).toBe(plain.get(what));
    for (const [, address = ''] of html.matchAll(/ (?:href|src)="([^"]*)"/g)) {
      const ours = /^https:\/\/github\.com\/octo\/shop\/[\w./%#-]*$/.test(address);
      if (!ours || !address.includes(repositoryUrl)) faults.push(['an address', what, address]);
    }
    for (const { text: words, inside } of piecesOfHtml(html)) {
      if (inside.includes('code') && !inside.includes('pre') && colour.test(words)) {
        faults.push(['a colour', what, words]);
      }
      if (inside.includes('code') || inside.includes('pre')) continue;
      const others = words.replace(ownWords, '');
      for (const [trigger, pattern] of Object.entries(triggers)) {
        if (pattern.test(others)) faults.push([trigger, what, words]);
      }
    }
    const body = markdown.replace(/^<!-- codex-[a-z]+ [0-9a-f]{64} -->\n/, '');
    for (const [command, pattern] of Object.entries(commands)) {
      if (pattern.test(body)) faults.push([`${command} to another bot`, what, body]);
    }
    // Parsers differ on what a backslash before an escaped bar means.
    if (/^\|.*\\\\\|/m.test(markdown)) faults.push(['a backslash before a bar', what, markdown]);
    if (invisible.test(markdown)) faults.push(['an invisible character', what, markdown]);
  }
  if (faults.length > 0) expect.fail(JSON.stringify(faults));
}

/** Any but tabs and line ends. */
const invisible = /(?![\t\n])[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;

describe('what is published', () => {
  it.each(Object.entries(constructs))('keeps its shape around %s', (_, text) => {
    checkPage(`x ${text} y`);
    checkPage(`x\n${text}`);
  });

  it.each(hostileTexts)('keeps its shape around %j', (text) => {
    checkPage(`x${text}y`);
  });

  it('keeps its shape, whatever is in it', () => {
    fc.assert(
      fc.property(hostileText, (text) => checkPage(`x${text}`)),
      { numRuns: runs(30) },
    );
  });

  it('shows all of a text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const words = text.match(/[A-Za-z0-9]+/g) ?? [];
        for (const written of [block(text).replaceAll('\n│↪', ''), code(text), pathCode(text)]) {
          let at = 0;
          for (const word of words) {
            at = written.indexOf(word, at);
            if (at < 0) expect.fail(`${word} is not in ${written}`);
            at += word.length;
          }
        }
      }),
    );
  });
});

describe('a plan comment', () => {
  const body = renderPlanComment(view('x'), { is: 'awaiting' });
  const states = [
    {
      is: 'approved',
      by: ['bob', 'carol-2'],
      at: '2026-01-02T03:04:05Z',
      until: '2026-01-03T03:04:05Z',
      run: 9,
    },
    { is: 'drifted', found: null },
    { is: 'executed', commit: 'a'.repeat(40), approval: null },
  ] as const;
  const awaiting = { is: 'awaiting' } as const;

  it('shows the plan in any of its own states, and line ends', () => {
    for (const state of states) {
      const shown = withState(body, view('x'), state) ?? '';
      expect(shown).not.toBe(body);
      expect(showsPlan(shown, view('x'), states)).toBe(true);
      expect(showsPlan(shown.replaceAll('\n', '\r\n'), view('x'), states)).toBe(true);
    }
  });

  it('does not with any character more, less or exchanged', () => {
    fc.assert(
      fc.property(
        fc.nat(body.length - 1),
        fc.constantFrom('', 'x', '\n', '`', '|', '\u200b'),
        (at, by) => {
          const edited = body.slice(0, at) + by + body.slice(at + 1);
          fc.pre(edited.trimEnd() !== body.trimEnd());
          expect(showsPlan(edited, view('x'), [awaiting, ...states])).toBe(false);
        },
      ),
    );
  });

  it('does not in a state that the action never writes', () => {
    for (const state of [
      'approved by everybody',
      'approved by `a b`',
      'awaiting approval LGTM',
      '',
      'executed in `x`',
    ]) {
      const shown = body.replace('awaiting approval', () => state);
      expect(showsPlan(shown, view('x'), [awaiting, ...states]), state).toBe(false);
    }
  });

  it('keeps a text from passing for the next item', () => {
    const html = renderGfm(
      renderPlanComment(view('a\n\n2. Another step\n- risk'), { is: 'awaiting' }),
    );
    // Two steps, a risk and two commands.
    expect(html.match(/<li>/g)).toHaveLength(5);
  });
});
