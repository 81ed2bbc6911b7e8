/** The tests to run for a change, by `tests` of the policy. */

import { matchesAny } from '../text/globs.ts';
import type { Policy } from './policy.ts';

/** A command of the policy, with the changed files that it is for. */
export interface ImpactedTest {
  readonly run: string;
  /** Paths of the change; a model chose them. */
  readonly files: readonly string[];
}

/** One entry of the matrix of a job. */
export interface MatrixEntry extends ImpactedTest {
  /** What the job is called: the first line of the command. */
  readonly name: string;
}

/** GitHub starts at most 256 jobs of a matrix; a list that becomes an output has at most 100 entries. */
const mostEntries = 100;
const mostBytes = 64 * 1024;
const longestName = 80;

/** Each command once, in the order of the policy. */
export function findImpactedTests(policy: Policy, paths: readonly string[]): ImpactedTest[] {
  const found = new Map<string, Set<string>>();
  for (const { paths: globs, run } of policy.tests) {
    const files = paths.filter((path) => matchesAny(globs, path));
    if (files.length === 0) continue;
    found.set(run, new Set([...(found.get(run) ?? []), ...files]));
  }
  return [...found].map(([run, files]) => ({ run, files: [...files] }));
}

/**
 * The matrix of a job that runs them. It never leaves a test out: if it is too large, first the lists of files are left
 * empty, then one entry runs all commands, one after the other.
 * @returns empty without tests, and if even that does not fit: then GitHub refuses the job, and it is red
 */
export function toMatrix(tests: readonly ImpactedTest[]): { readonly include: MatrixEntry[] } {
  const names = nameAll(tests.map(({ run }) => run));
  const whole = tests.map((test, index) => ({ name: names[index] ?? '', ...test }));
  const bare = whole.map((test) => ({ ...test, files: [] }));
  const all = [{ name: 'all', run: tests.map(({ run }) => run).join('\n'), files: [] }];
  const forms = tests.length > mostEntries ? [all] : [whole, bare, all];
  const fitting = tests.length === 0 ? undefined : forms.find(fits);
  return { include: fitting ?? [] };
}

function fits(include: readonly MatrixEntry[]): boolean {
  return Buffer.byteLength(JSON.stringify({ include })) <= mostBytes;
}

/** Two commands can have the same first line. */
function nameAll(runs: readonly string[]): string[] {
  const taken = new Map<string, number>();
  return runs.map((run) => {
    const [line = ''] = run.split('\n', 1);
    const name = line.length > longestName ? `${line.slice(0, longestName).toWellFormed()}…` : line;
    const times = (taken.get(name) ?? 0) + 1;
    taken.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}
