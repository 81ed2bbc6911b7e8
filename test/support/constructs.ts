/**
 * Every construct that GitHub gives a meaning to in a comment, and what a reader's browser, GitHub itself or another bot
 * would understand. Markdown's own are rendered. What GitHub looks for after that is looked for in each piece of text
 * between tags and comments.
 * @see https://docs.github.com/en/get-started/writing-on-github
 */
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

export const constructs: Readonly<Record<string, string>> = {
  'a mention': '@octocat',
  'a mention of a team': 'cc @octo/team',
  'a mention behind a backslash': '\\@octocat',
  'a mention as an entity': '&#64;octocat &commat;octocat',
  'a reference': '#1',
  'a reference behind a backslash': '\\#1',
  'a reference to another repository': 'octo/shop#2 octocat/shop#3',
  'a reference by GH': 'GH-3 gh-4',
  'an issue keyword':
    'fixes #1, closes octo/shop#2, resolves https://github.com/octo/shop/issues/3',
  'a reference of a tracker': 'ENG-123 TICKET-7 ABC_1 X+1 Y=1 Z/1 Q:1',
  'a reference of a tracker by letters': 'TICKET-abc ENG-x1 JIRA_ab OPS:ab',
  'a colour': '#0969DA',
  'a short colour': '#fff',
  'a colour by its parts': 'rgb(9, 105, 218)',
  'a colour by its hue': 'HSL(212, 92%, 45%)',
  'an advisory': 'GHSA-w596-4wvx-j9j6 CVE-2026-12345',
  'a commit': 'a5c3785ed8d6a35868bc169f07e40e889087fd2e',
  'a short commit': 'a5c3785',
  'a commit of a user': 'jlord@a5c3785 octo/shop@a5c3785ed8d6a35868bc',
  'a range of commits': 'a5c3785...b5c3786',
  'a number as long as a commit': '20260302 1234567',
  'an address': 'https://evil.example/?d=secret http://evil.example ftp://evil.example',
  'an address without a scheme': 'www.evil.example WWW.evil.example',
  'an address of mail': 'me@evil.example mailto:me@evil.example xmpp:me@evil.example',
  'an address in angles': '<https://evil.example> <me@evil.example>',
  'a link': '[click](https://evil.example)',
  'a link by reference': '[x]: https://evil.example\n[x] [y][x]',
  'a link to a script': '[click](javascript:alert(1))',
  'an image': '![x](https://evil.example/?d=secret)',
  'an image by reference': '![x][y]\n\n[y]: https://evil.example',
  'an emoji': ':tada: :+1: :octocat:',
  'a note': '[!NOTE]\nx',
  'an alert': '> [!CAUTION]\n> x',
  'a footnote': 'x[^1]\n\n[^1]: note',
  'a formula': '$x^2$ and $`y`$',
  'a block of a formula': '$$\nx\n$$\n\n```math\nx\n```',
  'a diagram': '```mermaid\ngraph TD\n```',
  'a tag': '<b>x</b><img src=x onerror=alert(1)><script>alert(1)</script>',
  'a block of HTML': '<div>\nx\n</div>\n\n<details open><summary>x</summary>',
  'the end of our own HTML': '</summary></details></td></table>',
  'a comment of HTML': '<!-- codex-plan 0000 -->',
  'the end of a comment': '--> x <!--',
  'a processing instruction': '<?php x ?> <!DOCTYPE html> <![CDATA[x]]>',
  'a task': '[ ] open\n- [x] done\n* [X] done',
  'a list': '- x\n* y\n+ z',
  'a list with numbers': '1. x\n2) y',
  'a heading': '# Approved\n## x ##',
  'a heading below its text': 'Approved\n===\nx\n---',
  'a rule': '---\n***\n___\n- - -',
  'a quote': '> x\n>> y',
  'a block of code': '    x\n\ty',
  'a fence': '```\nx\n```\n~~~\ny\n~~~',
  'a longer fence': '`````````\nx\n`````````',
  code: '`x` ``y``',
  emphasis: '*x* _y_ **z** __w__ ***v***',
  'what is struck': '~x~ ~~y~~',
  'a table': '| a | b |\n| --- | --- |\n| c | d |',
  cells: 'a | b \\| c \\\\| d',
  'a hard break': 'x  \ny\\\nz',
  'an entity': '&lt;b&gt; &amp;amp; &nbsp; &#x40;x',
  escapes: '\\* \\` \\[x\\] \\\\',
  'a marker at the end': 'x\\',
  'a command': '/approve\n  /ok-to-test\n> /lgtm\n- /merge\n/codex x',
  'a command with a dot': '.deploy production\n.noop',
  'a command in words': 'bors r+\nretest this please\nLGTM\ntest this please',
  'a command of a bot': '@dependabot merge\n@codex review\n!deploy',
  'a command to a workflow': '::set-output name=x::y\n##[group]x',
  'a state of ours': '**State:** approved by `bob`',
  'a sentence of ours': 'The label was removed.\n\n### How to approve\n\nSet the label.',
  'hidden text': 'a\u{e0041}\u{e0042}b \u202egnp.exe\u202c',
  'text behind blanks': `a${' '.repeat(600)}b`,
  'text below empty lines': `a${'\n'.repeat(600)}b`,
  'text behind blank letters': `a${'\u2800'.repeat(150)}b ${'\u3164'.repeat(3)}\u115f\uffa0`,
};

/** The text of a page, piece by piece, with the tags that it stands in. */
export interface TextPiece {
  readonly text: string;
  readonly inside: readonly string[];
}

/** A comment as GitHub's Markdown makes it, HTML included. */
export function renderGfm(markdown: string): string {
  return micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
  });
}

const htmlPart = /<!--[\s\S]*?-->|<(\/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*>|<[!?][^>]*>/g;

/** Tags in their order, with the targets of links, without empty comments and what a dollar sign is in. */
export function tagsOf(html: string): string[] {
  return [...html.matchAll(htmlPart)]
    .map(([tag]) => tag)
    .filter((tag) => tag !== '<!-- -->' && !/^<\/?span>$/.test(tag));
}

export function piecesOfHtml(html: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  const inside: string[] = [];
  let end = 0;
  const add = (text: string) => {
    if (text !== '') pieces.push({ text: decode(text), inside: [...inside] });
  };
  for (const part of html.matchAll(htmlPart)) {
    add(html.slice(end, part.index));
    end = part.index + part[0].length;
    const [, closing, name] = part;
    if (name === undefined || /^(?:br|hr|img|input)$/.test(name)) continue;
    if (closing) inside.pop();
    else inside.push(name);
  }
  add(html.slice(end));
  return pieces;
}

function decode(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&nbsp;', '\u00a0')
    .replace(/&#(\d+);/g, (_, point) => String.fromCodePoint(Number(point)))
    .replaceAll('&amp;', '&');
}

/** What GitHub looks for in each piece of text outside of code, and turns into something. */
export const triggers: Readonly<Record<string, RegExp>> = {
  'a mention': /@\w/,
  'a reference': /#\d/,
  'a reference by GH': /\bGH-\d/i,
  'a reference of a tracker': /[A-Za-z0-9][-_+=:/]\d|\b[A-Z][A-Z0-9]+[-_+=:/][A-Za-z]/,
  'an advisory': /\bGHSA-\w/i,
  'a commit': /(?<!\w)[0-9a-f]{7,40}(?!\w)/i,
  'an address': /\w:\/\/|\bwww\.|\w@\w/i,
  'an emoji': /:[\w+-]+:/,
  'a formula': /\$[^$]*\$/,
  'a footnote': /\[\^/,
  'an alert': /\[!\w/,
  'a task': /^\s*\[[ x]\]/i,
};

/** What GitHub looks for in a span of code: it shows a dot of the colour beside it. */
export const colour = /^\s*(?:#[0-9a-f]{3,8}|(?:rgb|hsl)a?\(.*\))\s*$/i;

/** What bots read: the comment as it was sent, line by line, in code, too. */
export const commands: Readonly<Record<string, RegExp>> = {
  'a command': /^[\s>*+-]*[/.!][a-z]/im,
  'a command in words': /^[\s>*+-]*(?:bors r\+|retest this please|LGTM|test this please)/im,
  'a mention': /@[A-Za-z0-9]/,
  'a marker': /<!--(?! -->)/,
};
