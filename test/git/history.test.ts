/** The merge of a workspace is git's own, whatever the two branches did with each other before. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObjectId } from '../../src/core/text/object-id.ts';
import { Stopped } from '../../src/decision.ts';
import { createGit, type Fetch, type GitTools } from '../../src/git/git.ts';
import { type HistoryLimits, historyLimits } from '../../src/git/history.ts';
import { GitWorkspaces } from '../../src/git/workspaces.ts';
import { repositoryOf } from '../../src/system/workspace-folders.ts';
import { objectId } from '../support/object-ids.ts';
import { runs } from '../support/properties.ts';
import { fetchFromDisk, folder, Repository, type Tree } from './repository.ts';

const origin = new Repository();
const url = `file://${origin.directory}`;
const depths: number[] = [];
/** As the action fetches, and each depth of the history is written down. */
const fetch: Fetch = (args, options) => {
  const depth = args.includes('--filter=tree:0') && args.find((one) => one.startsWith('--depth='));
  if (depth) depths.push(Number(depth.slice('--depth='.length)));
  return fetchFromDisk(args, options);
};
const tools: GitTools = { ...createGit(process.env, 'token'), fetch };

/** What both sides do next. Their content is anything: a merge can take back what it merges. */
interface Round {
  /** New commits without a merge. */
  readonly alone: readonly Side[];
  /** Who merges the other, as it was before this round's merges: both of them make a criss-cross. */
  readonly merging: readonly Side[];
  readonly contents: readonly [Content, Content, Content, Content];
  /** Seconds from commit to commit; two can have one time, or an earlier one than their parents. */
  readonly seconds: number;
}

/** The lines of a few files. */
type Content = Readonly<Record<string, readonly string[]>>;

type Side = 'head' | 'base';

/** Of two values, both sides change one to the same other: few conflicts. */
const line = fc.constantFrom('a', 'b');
const content: fc.Arbitrary<Content> = fc.record({
  f: fc.tuple(line, fc.constant('-'), fc.constant('-'), fc.constant('-'), line),
  g: fc.tuple(line, fc.constant('='), fc.constant('='), line),
});
const both: Side[] = ['head', 'base'];
const round: fc.Arbitrary<Round> = fc.record({
  alone: fc.constantFrom<Side[]>([], ['head'], ['base'], both, both),
  merging: fc.constantFrom<Side[]>([], ['head'], ['base'], both, both, both, both),
  contents: fc.tuple(content, content, content, content),
  seconds: fc.constantFrom(0, 1, 5, -3),
});

/** Makes the commits in one go. */
function makeHistory(root: Content, rounds: readonly Round[]): Record<Side, ObjectId> {
  const stream: string[] = [];
  let time = 1_000_000_000;
  const tips: Record<Side, number> = { head: 1, base: 1 };
  const write = (mark: number, parents: readonly number[], files: Content) => {
    const [first, ...others] = parents;
    stream.push(`commit refs/heads/x${mark}`, `mark :${mark}`, `committer x <x@x> ${time} +0000`);
    stream.push('data 1', 'x');
    if (first !== undefined) stream.push(`from :${first}`);
    for (const other of others) stream.push(`merge :${other}`);
    stream.push('deleteall');
    for (const [path, lines] of Object.entries(files)) {
      const text = lines.map((one) => `${one}\n`).join('');
      stream.push(`M 100644 inline ${path}`, `data ${text.length}`, text);
    }
    stream.push('');
  };
  write(1, [], root);
  let mark = 1;
  for (const { alone, merging, contents, seconds } of rounds) {
    const [one, two, three, four] = contents;
    const commit = (side: Side, others: readonly number[], files: Content) => {
      time += seconds;
      write(++mark, [tips[side], ...others], files);
      return mark;
    };
    if (alone.includes('head')) tips.head = commit('head', [], one);
    if (alone.includes('base')) tips.base = commit('base', [], two);
    const before = { ...tips };
    if (merging.includes('head')) tips.head = commit('head', [before.base], three);
    if (merging.includes('base')) tips.base = commit('base', [before.head], four);
  }
  const marks = join(scratch, 'marks');
  origin.feed(stream.join('\n'), 'fast-import', '--quiet', '--force', `--export-marks=${marks}`);
  const lines = readFileSync(marks, 'utf8').trim().split('\n');
  const ids = new Map(lines.map((one) => one.split(' ') as [string, string]));
  const id = (side: Side) => objectId(ids.get(`:${tips[side]}`) ?? '');
  return { head: id('head'), base: id('base') };
}

const scratch = folder();

/** The tree of git's own merge in the whole history; undefined for a conflict. */
function mergeOfGit({ head, base }: Record<Side, ObjectId>): string | undefined {
  const merged = origin.attempt('merge-tree', '--write-tree', '--no-messages', base, head);
  return merged.status === 0 ? merged.stdout.toString().trim() : undefined;
}

const mergeBases = ({ head, base }: Record<Side, ObjectId>) =>
  origin.attempt('merge-base', '--all', base, head).stdout.toString().split('\n').filter(Boolean);

async function outcome(run: () => Promise<{ tree: string }>): Promise<string> {
  try {
    return (await run()).tree;
  } catch (error) {
    expect(error).toBeInstanceOf(Stopped);
    return (error as Stopped).reason;
  }
}

describe('the merge of two branches', () => {
  it("has the tree of git's own merge, in random histories", async () => {
    const rounds = runs(100);
    const seen = { conflict: 0, one: 0, several: 0, deepened: 0 };
    await fc.assert(
      fc.asyncProperty(
        content,
        fc.array(round, { minLength: 1, maxLength: 5 }),
        async (root, steps) => {
          const pins = makeHistory(root, steps);
          const expected = mergeOfGit(pins);
          depths.length = 0;
          const place = folder();
          const workspaces = new GitWorkspaces(tools, place, url, { ...historyLimits, depth: 1 });
          if (expected === undefined) {
            seen.conflict++;
            expect(await outcome(() => workspaces.build(pins))).toBe('merge-conflict');
          } else {
            const workspace = await workspaces.build(pins);
            expect(workspace.tree).toBe(expected);
            const bases = mergeBases(pins);
            expect([...workspace.mergeBases].sort()).toEqual(bases.toSorted());
            seen[bases.length === 1 ? 'one' : 'several']++;
          }
          if (depths.length > 1) seen.deepened++;
          rmSync(place, { recursive: true });
        },
      ),
      { numRuns: rounds },
    );
    // Few rounds may miss a kind; each has a test of its own below.
    for (const [what, times] of Object.entries(seen)) {
      if (rounds >= 40) expect(times, what).toBeGreaterThan(0);
    }
  }, 300_000);

  const files = (text: Record<string, string>): Tree =>
    new Map(
      Object.entries(text).map(([path, content]) => [
        path,
        { mode: '100644', content: Buffer.from(content) },
      ]),
    );
  const commit = (text: Record<string, string>, ...parents: string[]) =>
    origin.commit(origin.tree(files(text)), ...parents);
  const build = (pins: Record<Side, ObjectId>, limits: Partial<HistoryLimits> = {}) =>
    new GitWorkspaces(tools, folder(), url, { ...historyLimits, ...limits }).build(pins);

  it('keeps what the head took back of both sides, after they merged each other', async () => {
    const [one, two] = ['1\n=\n=\n=\n2\n', '1!\n=\n=\n=\n2\n'];
    const three = '1\n=\n=\n=\n2!\n';
    const root = commit({ f: one });
    const [ours, theirs] = [commit({ f: two }, root), commit({ f: three }, root)];
    const merged = '1!\n=\n=\n=\n2!\n';
    const base = commit({ f: merged }, ours, theirs);
    const head = commit({ f: one }, commit({ f: merged }, theirs, ours));
    const workspace = await build({ head, base });
    expect(workspace.mergeBases.toSorted()).toEqual([ours, theirs].toSorted());
    expect(readFileSync(join(workspace.directory, 'f'), 'utf8')).toBe(one);
    expect(workspace.tree).toBe(mergeOfGit({ head, base }));
    // In the workspace the history says so, too.
    const inside = (...args: string[]) => {
      const env = { GIT_DIR: repositoryOf(workspace.directory) };
      return String(execFileSync('git', args, { env: { ...process.env, ...env } })).trim();
    };
    expect(inside('rev-parse', 'HEAD')).toBe(workspace.commit);
    const trees = inside('rev-parse', 'HEAD^{tree}', 'HEAD^1^{tree}', 'HEAD^2^{tree}');
    expect(trees.split('\n')).toEqual([
      workspace.tree,
      origin.id('rev-parse', `${base}^{tree}`),
      origin.id('rev-parse', `${head}^{tree}`),
    ]);
    const common = inside('merge-base', '--all', 'HEAD^1', 'HEAD^2').split('\n');
    expect(common).toHaveLength(2);
  });

  it('takes for a merge base no ancestor of another, by a way that was not fetched', async () => {
    const old = commit({ f: 'old\n' });
    let newest = old;
    for (let index = 0; index < 20; index++) newest = commit({ f: `${index}\n` }, newest);
    const base = commit({ f: '19\n', g: 'base\n' }, newest, old);
    const head = commit({ f: '19\n', h: 'head\n' }, newest, old);
    depths.length = 0;
    const workspace = await build({ head, base }, { depth: 2 });
    expect(workspace.mergeBases).toEqual([newest]);
    expect(depths.length).toBeGreaterThan(1);
  });

  it('is found at the first look if the branch is young', async () => {
    const root = commit({ f: '1\n' });
    for (const pins of [
      { head: root, base: root },
      { head: commit({ f: '2\n' }, root), base: root },
      { head: root, base: commit({ f: '2\n' }, root) },
      { head: commit({ f: '2\n' }, root), base: commit({ f: '1\n', g: '2\n' }, root) },
    ]) {
      depths.length = 0;
      const workspace = await build(pins);
      expect(workspace.tree).toBe(mergeOfGit(pins));
      expect(workspace.mergeBases).toEqual([root]);
      expect(depths).toEqual([historyLimits.depth]);
    }
  });

  it('is refused if they have nothing in common, and says so', async () => {
    let [head, base] = [commit({ f: '1\n' }), commit({ g: '1\n' })];
    for (let index = 0; index < 5; index++) head = commit({ f: `${index}\n` }, head);
    const refused = build({ head, base }, { depth: 1 });
    await expect(refused).rejects.toMatchObject({ reason: 'merge-conflict' });
    await expect(refused).rejects.toThrow('no common ancestor');
    base = commit({ g: '2\n' }, base, head);
    expect((await build({ head, base }, { depth: 1 })).mergeBases).toEqual([head]);
  });

  it('is refused if their history is too long or too tangled, never made with less', async () => {
    const root = commit({ f: '1\n' });
    let [head, base] = [root, root];
    for (let index = 0; index < 30; index++) head = commit({ g: `${index}\n`, f: '1\n' }, head);
    base = commit({ f: '1\n', h: '1\n' }, base);
    const long = build({ head, base }, { depth: 2, commits: 8 });
    await expect(long).rejects.toMatchObject({ reason: 'limit-exceeded' });
    await expect(long).rejects.toThrow('Update the branch');
    expect((await build({ head, base }, { depth: 2, commits: 40 })).mergeBases).toEqual([root]);

    // Each round needs the merge bases of the round before.
    [head, base] = [commit({ f: '1\n', a: '1' }, root), commit({ f: '1\n', b: '1' }, root)];
    for (let index = 0; index < 4; index++) {
      const both = { f: '1\n', a: `${index}`, b: `${index}` };
      [head, base] = [commit({ ...both, h: '1' }, head, base), commit(both, base, head)];
    }
    const tangled = build({ head, base }, { bases: 6 });
    await expect(tangled).rejects.toMatchObject({ reason: 'limit-exceeded' });
    expect((await build({ head, base }, { bases: 9 })).tree).toBe(mergeOfGit({ head, base }));
  });
});
