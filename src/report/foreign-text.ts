/**
 * Writes foreign text as plain words on a page: a title, a reason, a sentence of GitHub's. It stays text everywhere
 * outside of code. It makes no link, image, list, table or heading. It mentions nobody and refers to no issue or
 * commit. It is no emoji, formula, alert or task, no marker of the action and no command to another bot.
 *
 * A backslash or an entity alone does not do that: GitHub looks for `@team`, `#1` and the like once more, in the text
 * that Markdown has made (seen: `\@user`, `&#64;user` and `\#1` still mention and refer). What it looks for has to be
 * in one piece, so an empty comment takes it apart. Readers see neither entities nor comments.
 */
import { revealBlanks } from '../core/text/blanks.ts';
import { revealInvisible, writeOut } from '../core/text/characters.ts';

/**
 * Takes the place of an empty comment until the end. Foreign text cannot hold this character, because private
 * characters are written out.
 */
const apart = '\ue000';
const emptyComment = '<!-- -->';

/** All characters that mean something to Markdown or GitHub in the middle of a line. */
const meaningful = /[&<>\\`*_[\]|~#@!^:+$]/g;
/** How GitHub's documentation writes a dollar sign that begins no formula. */
const dollar = '<span>&#36;</span>';

/** What GitHub recognises, and where each is split. The order matters: a later pattern can match inside an earlier one. */
const recognised: readonly (readonly [RegExp, string | ((found: string) => string)])[] = [
  // A commit: 7 to 40 hexadecimal digits. Also inside a longer word, because a pattern below may split that word.
  [/[0-9a-f]{7,}/gi, (digits) => digits.replace(/.{6}(?=.)/g, `$&${apart}`)],
  // A mention or an email address; an issue.
  [/[@#]/g, `$&${apart}`],
  // A web address.
  [/:\/\//g, `${apart}$&`],
  [/www/gi, `${apart}$&${apart}`],
  // GH-1, ENG-123, and every prefix that a repository can link to its issue tracker; an advisory.
  [/(?<=[0-9A-Za-z][-_+=:/])(?=\d)/g, apart],
  // The same with letters: what comes after a prefix can be alphanumeric.
  // https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/managing-repository-settings/configuring-autolinks-to-reference-external-resources
  [/(?<=\b[A-Z][A-Z0-9]+[-_+=:/])(?=[A-Za-z])/g, apart],
  [/\bGHSA-(?=\w)/gi, `$&${apart}`],
  // An emoji; a task, a footnote, an alert.
  [/:(?=[\w+-]+:)/g, `$&${apart}`],
  [/\[(?=[\sxX^!])/g, `$&${apart}`],
];

/**
 * Each line as a separate paragraph; empty lines are left out.
 * @param indent goes before each paragraph but the first, for an item of a list
 */
export function text(foreign: string, indent = ''): string {
  return reveal(foreign)
    .split('\n')
    .map((paragraph) => writeLine(paragraph, /./su))
    .filter((paragraph) => paragraph !== '')
    .join(`\n\n${indent}`);
}

/**
 * One line, for any place after words of the action: in a sentence, a heading, a cell, the text of a link. Line feeds
 * are written out.
 * @param maxLength in characters; a longer text is cut and ends in an ellipsis
 */
export function line(foreign: string, maxLength = Number.POSITIVE_INFINITY): string {
  const whole = reveal(foreign).replaceAll('\n', writeOut);
  const shown = whole.length > maxLength ? `${whole.slice(0, maxLength).toWellFormed()}…` : whole;
  // Words of the action come before it, so a letter or a digit cannot begin a list or a command.
  return writeLine(shown, /[^A-Za-z0-9]/u);
}

function reveal(foreign: string): string {
  return revealBlanks(revealInvisible(foreign));
}

/** @param atStart which first characters are written as an entity */
function writeLine(shown: string, atStart: RegExp): string {
  const trimmed = shown.trimEnd();
  const inPieces = recognised.reduce(
    (pieces, [pattern, replacement]) => pieces.replace(pattern, replacement as string),
    trimmed,
  );
  // An empty comment at the beginning of a line would begin a block of HTML.
  const [, blanks = '', first = '', rest = ''] = /^([\s\ue000]*)(.?)(.*)$/su.exec(inPieces) ?? [];
  const begin = atStart.test(first) ? entity(first) : first;
  return indentation(blanks) + begin + encode(rest);
}

function encode(pieces: string): string {
  return pieces
    .replace(meaningful, (character) => (character === '$' ? dollar : entity(character)))
    .replace(/[ \t]{2,}|\t/g, keepBlanks)
    .replaceAll(apart, emptyComment);
}

/** Markdown would turn a line into code if blanks began it. */
function indentation(blanks: string): string {
  return blanks.replaceAll(apart, '').replaceAll('\t', '    ').replace(/./gsu, noBreak);
}

/** Browsers show blanks in a row as one. */
function keepBlanks(blanks: string): string {
  return ` ${'&nbsp;'.repeat(blanks.replaceAll('\t', '    ').length - 1)}`;
}

function noBreak(blank: string): string {
  return blank === ' ' ? '&nbsp;' : entity(blank);
}

/** The first character of a paragraph is always written in this way: it begins no list, and no bot finds a command. */
function entity(character: string): string {
  return `&#${character.codePointAt(0)};`;
}
