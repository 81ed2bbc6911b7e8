/** How a path is shown to people: in ASCII alone, so that a look-alike letter cannot name another file. */
import { revealBlanks } from './blanks.ts';
import { writeOut } from './characters.ts';

/**
 * Whatever is not ASCII is written out, and blanks at either end of a name and in long runs are, too.
 * @param path any text: also a path that a plan may not name
 */
export function showPath(path: string): string {
  const escaped = path
    .replaceAll('\\u{', '\\u{5c}u{')
    // At the beginning of a line a link with this in its text would be the definition of another link.
    .replaceAll(']:', ']\\u{3a}')
    .replace(/[^\x20-\x7e]/gu, writeOut)
    .replace(/(?<=^|\/) +| +(?=$|\/)/g, (blanks) => [...blanks].map(writeOut).join(''));
  return defuse(revealBlanks(escaped));
}

/**
 * No mention, which other bots see even in code, and no comment of HTML. Real full-width twins of the characters that
 * stand in for them are written out, so that two texts never look the same.
 */
export function defuse(text: string): string {
  return text
    .replaceAll('＠', writeOut)
    .replaceAll('！', writeOut)
    .replace(/@(?=[A-Za-z0-9])/g, '＠')
    .replaceAll('<!--', '<！--');
}
