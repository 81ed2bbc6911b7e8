/** What CODEOWNERS says about a file. */

import type { LinearExpression, TryExpression } from '../text/linear-expression.ts';

/** The places where GitHub looks for the file; the first one counts. */
export const codeOwnersFiles = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const;

/**
 * The owners of a path. As in `.gitignore`, the last pattern that matches decides; one without owners removes the
 * owners.
 * Source: https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
 * @param text of CODEOWNERS
 * @param path of a file, from the root of the repository
 */
export function findOwners(
  text: string,
  path: string,
  tryExpression: TryExpression,
): readonly string[] {
  let owners: readonly string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [pattern, ...named] = line
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .split(/\s+/);
    if (pattern && toExpression(pattern, tryExpression)?.test(path)) owners = named;
  }
  return owners;
}

/** @returns undefined if the pattern is too large: then it names no owner */
function toExpression(pattern: string, tryExpression: TryExpression): LinearExpression | undefined {
  const anchored = pattern.replace(/\/$/, '').includes('/');
  const body = pattern
    .replace(/^\//, '')
    .replace(/\/$/, '/**')
    .split(/(\*\*\/?|\*|\?)/)
    .map((part) => wildcards[part] ?? part.replace(/[.+^${}()|[\]\\]/g, '\\$&'))
    .join('');
  // `docs/*` matches only the files of that folder; a name without a wildcard also matches a folder with everything
  // below it.
  const below = pattern.endsWith('*') ? '' : '(?:/.*)?';
  return tryExpression(`^${anchored ? '' : '(?:.*/)?'}${body}${below}$`);
}

const wildcards: Readonly<Record<string, string>> = {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
};
