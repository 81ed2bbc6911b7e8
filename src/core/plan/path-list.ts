/**
 * The paths that somebody writes after a command, in any of the usual ways: separated by white space or commas, in
 * quotes, as code, as a list, or copied from the table of a plan.
 */
import { byPath, type CanonicalPath } from '../text/paths.ts';
import { showPath } from '../text/shown-path.ts';

const written = new RegExp(
  [
    /^[ \t]*(?:[-*+]|\d{1,9}[.)])(?=\s)/, // what begins an item of a list
    /(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/, // code, between as many backticks as it takes
    /["“„]([^"“”\n]+)["“”](?=[\s,;]|$)/,
    /['‘‚]([^'‘’\n]+)['‘’](?=[\s,;]|$)/,
    /([^\s,;`](?:[^\s`]*[^\s,;`])?)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gmsu',
);

/** Which paths of a scope a text names. */
export interface NamedPaths {
  /** Those of the scope that are named, in its order. */
  readonly found: readonly CanonicalPath[];
  /** What the text names and the scope does not have, each once. */
  readonly unknown: readonly string[];
}

/** @returns each path once, as it was written: foreign text, in which no pattern is expanded */
export function parsePaths(text: string): string[] {
  // If people quote the table of a plan, a path is code inside a link.
  const plain = text.replace(/\[(`[^`\n]*`)\]\([^()\s]*\)/g, '$1');
  const paths = [...plain.matchAll(written)].flatMap(([, , code, double, single, bare]) =>
    code === undefined ? [double ?? single ?? bare ?? ''] : [codeText(code)],
  );
  return [...new Set(paths.filter((path) => path !== ''))];
}

/**
 * Finds the paths of a scope that a text names, byte for byte or as the table of the plan shows them.
 * @param scope the paths of a plan
 */
export function findPaths(text: string, scope: readonly CanonicalPath[]): NamedPaths {
  const byName = new Map<string, CanonicalPath>();
  for (const path of scope) {
    const shown = showPath(path);
    byName.set(shown, path).set(shown.replaceAll('|', '\\|'), path);
  }
  // The real names are added last, so that they win over another path that is shown in the same way.
  for (const path of scope) byName.set(path, path);
  const names = parsePaths(text);
  const found = names.flatMap(
    (name) => byName.get(name) ?? byName.get(name.normalize('NFC')) ?? [],
  );
  return {
    found: [...new Set(found)]
      .map((path) => ({ path }))
      .sort(byPath)
      .map(({ path }) => path),
    unknown: names.filter((name) => !byName.has(name) && !byName.has(name.normalize('NFC'))),
  };
}

/** Markdown removes one blank at both ends of a code span if both have one. */
function codeText(code: string): string {
  const line = code.replace(/\r?\n|\r/g, ' ');
  const hasBoth = line.startsWith(' ') && line.endsWith(' ') && line.trim() !== '';
  return hasBoth ? line.slice(1, -1) : line;
}
