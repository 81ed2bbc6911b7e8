/** Holds the documents to the sources: what they name exists, and what exists is named. */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readActionFile } from '../scripts/action-metadata.ts';
import { generateFiles, mainInputs, mainOutputs, pages } from '../scripts/documents.ts';
import { readArrows } from '../scripts/layers.ts';
import { releaseNotes } from '../scripts/release-notes.ts';
import { defaultPolicy } from '../src/core/policy/policy.ts';
import { explain, stopReasons } from '../src/decision.ts';
import { modeNames } from '../src/modes/index.ts';
import { toOutputs } from '../src/outputs.ts';

const root = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const exists = (path: string) => existsSync(new URL(path, root));
const linesOf = (page: string) => read(page).trimEnd().split('\n').length;
const scripts: Record<string, string> = JSON.parse(read('package.json')).scripts;

/** What people wrote: without code blocks and generated parts. */
const proseOf = (page: string) =>
  read(page)
    .replace(/^<!-- generated: [\s\S]*?^<!-- end -->$/gm, '')
    .replace(/^ *```[\s\S]*?^ *```$/gm, '');
const codeIn = (text: string) => [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
const blocksIn = (page: string, language: string) =>
  [...read(page).matchAll(/^( *)```(\w+)\n([\s\S]*?)^\1```$/gm)]
    .filter(([, , found]) => found === language)
    .map(([, indent = '', , text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));

/** The anchors that GitHub makes of the headings. */
function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>();
  const text = read(page).replace(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => {
    const anchor = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
}

/** Words of a private dialect, which a reader has to guess. */
const dialect =
  /\b(?:anew|in spite of|to the letter|to the byte|believe[sd]?|meanwhile|(?:none )?of ours|passing trouble|passed over|did not end well|vouches for its|takes? (?:it )?off|taken off|all the same|(?:come|comes|came) of (?:an?|it|the|them|this)|calls nobody|lets? (?:it |that |them )?pass|pass(?:es|ed)? for|(?:is|are) at work|(?:null|undefined) where)\b|, say\b|[,(][^.,(]*\bwhere (?:it|they|there|none|nobody) (?:is|are|was|were|has|have) (?:not|no|new|another|one|none|any)\b/i;

describe('the pages', () => {
  it('are the ones that the README lists', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/evidence.md']));
    for (const page of pages)
      if (page !== 'README.md') expect(read('README.md')).toContain(`](${page})`);
  });

  it.each([
    ['README.md', 170],
    ['SECURITY.md', 40],
    ['CONTRIBUTING.md', 60],
  ])('%s has at most %i lines', (page, limit) => {
    expect(linesOf(page)).toBeLessThanOrEqual(limit);
  });

  it('have the parts that are generated from the sources: else run "npm run build"', () => {
    const stale = [...generateFiles()].filter(
      ([path, text]) => !exists(path) || read(path) !== text,
    );
    expect(stale.map(([path]) => path)).toEqual([]);
  });
});

describe.each(pages)('%s', (page) => {
  const text = read(page);
  const prose = proseOf(page);

  it('links to what is there', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)|<img src="([^"]+)"/g)];
    for (const [, link, image] of links) {
      const target = link ?? image ?? '';
      if (/^https:/.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      expect(exists(file), target).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(file), target).toContain(anchor);
    }
  });

  it('describes each picture', () => {
    for (const [, alt = ''] of prose.matchAll(/!\[([^\]]*)\]/g))
      expect(alt.length).toBeGreaterThan(1);
    for (const [image] of prose.matchAll(/<img [^>]*>/g)) expect(image).toMatch(/ alt="[^"]{20,}"/);
  });

  it('names files of the project that are there', () => {
    for (const code of codeIn(prose)) {
      if (!/^(?:src|test|examples|scripts|docs|demo|\.github|\.ci)\/[\w./-]+$/.test(code)) continue;
      if (code === 'demo/out') continue; // `npm run demo` makes it.
      expect(exists(code), code).toBe(true);
    }
  });

  it('names npm scripts that are there', () => {
    const commands = [...codeIn(prose), ...blocksIn(page, 'sh')].join('\n');
    for (const [, name = ''] of commands.matchAll(/\bnpm (?:run )?([a-z][\w:]*)/g)) {
      expect(['ci', ...Object.keys(scripts)], name).toContain(name);
    }
  });

  it('has YAML that can be read', () => {
    for (const block of blocksIn(page, 'yaml')) expect(() => parse(block)).not.toThrow();
  });

  it('is in plain words', () => {
    expect(dialect.exec(prose)?.[0]).toBeUndefined();
    expect(/\b(?:of its own|of one's own|besides)\b/i.exec(prose)?.[0]).toBeUndefined();
  });
});

describe('plain words', () => {
  const commentsOf = (path: string) => read(path).match(/^\s*(?:\/\/|\/\*\*|\*|#).*$/gm) ?? [];
  const sources = globSync(['src/**/*.ts', 'test/support/**/*.ts', 'examples/*.yml'], {
    cwd: root,
  });

  it('are in the comments of the sources, of what the tests share, and of the examples', () => {
    expect(sources.length).toBeGreaterThan(300);
    const strange = sources.flatMap((path) =>
      commentsOf(path).flatMap((line) => (dialect.test(line) ? [`${path}: ${line.trim()}`] : [])),
    );
    expect(strange).toEqual([]);
  });

  it('are in what a run says at its end, and in action.yml', () => {
    const said = stopReasons.flatMap((reason) => [explain(reason).what, explain(reason).next]);
    const texts = [...said, read('action.yml')];
    expect(texts.filter((text) => dialect.test(text) || /\bwhere\b/.test(text))).toEqual([]);
  });
});

describe('README.md', () => {
  const text = read('README.md');

  it('has one line that plays the loop and one that passes all tests', () => {
    expect(blocksIn('README.md', 'sh')).toEqual(['npm ci && npm run demo\nnpm ci && npm test\n']);
    expect(read('.ci/run')).toMatch(/^npm ci\nnpm run check\nnpm test$/m);
    expect(scripts.test).toMatch(/^vitest run --reporter=\S+ --reporter=\S+$/);
    expect(scripts.check).toMatch(/lint.*typecheck.*build:check.*demo$/);
  });

  it('shows ten inputs and five outputs', () => {
    expect([mainInputs.length, mainOutputs.length]).toEqual([10, 5]);
    for (const name of [...mainInputs, ...mainOutputs]) expect(text).toContain(`| \`${name}\` |`);
  });

  it('says for each mode how often Codex runs', () => {
    const runs = text.slice(text.indexOf('| mode | Codex runs |'));
    for (const mode of modeNames)
      expect(runs).toMatch(new RegExp(`^\\| \`${mode}\` \\| \\d \\|`, 'm'));
  });
});

describe('docs/reference.md and docs/reason-codes.md', () => {
  it('say what each input and output is', () => {
    const { inputs, outputs } = readActionFile();
    const text = read('docs/reference.md');
    for (const { name } of [...inputs, ...outputs]) expect(text).toContain(`\n| \`${name}\` |`);
  });

  it('say what a run over several pull requests tells', () => {
    const text = proseOf('docs/reference.md');
    const several = { pullRequests: [{ pullRequest: 1, reason: 'ok' }] } as const;
    const outcome = { decision: 'refreshed', reason: 'ok', detail: '' } as const;
    const result = toOutputs('refresh', outcome, several).result as object;
    const { pull_requests: [one] = [], left_pull_requests: left } = result as {
      pull_requests?: object[];
      left_pull_requests?: unknown;
    };
    expect(left).toEqual([]);
    for (const key of ['pull_requests', 'left_pull_requests', ...Object.keys(one ?? {})]) {
      expect(text).toContain(`\`${key}\``);
    }
  });

  it('say what each reason code means', () => {
    const text = read('docs/reason-codes.md');
    for (const reason of stopReasons) {
      const { what, next } = explain(reason);
      expect(text).toMatch(new RegExp(`^\\| \`${reason}\` \\|.*\\|$`, 'm'));
      expect(text).toContain(`| ${what} | ${next} |`);
    }
  });

  it.each(['README.md', 'docs/troubleshooting.md'])('%s explains codes that exist', (page) => {
    const problems = [...read(page).matchAll(/^\| `([a-z]+(?:-[a-z]+)+)`.* \|.*\|$/gm)];
    const { inputs, outputs } = readActionFile();
    const known = [...stopReasons, ...[...inputs, ...outputs].map(({ name }) => name)];
    expect(problems.length).toBeGreaterThan(4);
    for (const [, code = ''] of problems) expect(known).toContain(code);
  });
});

describe('docs/policy.md', () => {
  const named = codeIn(proseOf('docs/policy.md'));
  const keysOf = (value: object, prefix = ''): string[] =>
    Object.entries(value).flatMap(([key, inner]) =>
      typeof inner === 'object' &&
      inner !== null &&
      Object.keys(inner).length > 0 &&
      !Array.isArray(inner)
        ? keysOf(inner, `${prefix}${key}.`)
        : [`${prefix}${key}`],
    );
  /** Unset by default. */
  const keys = [...keysOf(defaultPolicy), 'regenerate'];

  it('explains every key', () => {
    expect(keys.filter((key) => !named.includes(key))).toEqual([]);
  });

  it('explains no other key', () => {
    const dotted = named.filter((code) => /^[a-z-]+(?:\.[a-z-]+)+$/.test(code));
    expect(dotted.filter((code) => !keys.includes(code))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const rows =
    read('docs/architecture.md')
      .match(/^\| `.*$/gm)
      ?.join('\n') ?? '';
  const row = (part: string) => rows.indexOf(`\`${part}\``);
  const arrows = [...readArrows()].flatMap(([from, targets]) =>
    [...targets].map((to) => [from, to] as const),
  );

  it('has a row for each part of the sources', () => {
    const parts = [...new Set(arrows.flat())];
    expect(parts.length).toBeGreaterThan(10);
    expect([...parts, 'decision.ts'].filter((part) => row(part) === -1)).toEqual([]);
  });

  it('has them in the order in which they import each other', () => {
    expect(arrows.filter(([from, to]) => row(from) > row(to))).toEqual([]);
  });
});

describe('docs/testing.md', () => {
  it('has scores only of modules that are measured, and that exist', () => {
    const measured: string[] = JSON.parse(read('stryker.config.json')).mutate;
    expect(measured.filter((path) => !exists(path))).toEqual([]);
    const rows = [...read('docs/testing.md').matchAll(/^\| `(src\/.+?)` \| [\d.]+ %/gm)];
    expect(rows.length).toBeGreaterThan(10);
    for (const [, path] of rows) expect(measured).toContain(path);
  });

  it('measures with every file that a test can read: only what is built is left out', () => {
    const leftOut: string[] = JSON.parse(read('stryker.config.json')).ignorePatterns;
    const ignored = read('.gitignore').split('\n');
    const notBuilt = leftOut.filter((path) => !ignored.includes(`${path}/`));
    expect(notBuilt).toEqual(['/.git', '/dist']);
  });
});

describe('docs/threat-model.md', () => {
  it('names a test for each attack', () => {
    const sections = read('docs/threat-model.md').split(/^## /m);
    const rows = sections
      .filter((section) => section.includes('| attack |'))
      .flatMap((section) => section.match(/^\| (?!attack |---).*$/gm) ?? []);
    expect(rows.length).toBeGreaterThan(50);
    for (const row of rows) expect(row).toMatch(/\| `test\/[\w/-]+\.test\.ts`[^|]*\|$/);
  });
});

describe('docs/workflow.md', () => {
  it('has the permissions that the test of the examples holds', () => {
    for (const mode of modeNames)
      expect(read('docs/workflow.md')).toContain(`\n| \`${mode}\` | read |`);
  });
});

describe('the pictures', () => {
  it.each(['plan-comment', 'denial', 'drift', 'change', 'executed'])(
    '%s.png is a small PNG that a page shows',
    (name) => {
      const path = `docs/images/${name}.png`;
      const content = readFileSync(new URL(path, root));
      expect(content.subarray(1, 4).toString('latin1')).toBe('PNG');
      expect(statSync(new URL(path, root)).size).toBeLessThan(200_000);
      expect(pages.some((page) => read(page).includes(`images/${name}.png`))).toBe(true);
      expect(statSync(new URL(`docs/images/${name}-dark.png`, root)).size).toBeLessThan(200_000);
    },
  );
});

describe('a release', () => {
  const { version } = JSON.parse(read('package.json'));
  const changelog = read('CHANGELOG.md');

  it('has its section in the changelog, below the one for what comes next', () => {
    const sections = [...changelog.matchAll(/^## \[(.+?)\]/gm)].map(([, name]) => name);
    expect(sections.slice(0, 2)).toEqual(['Unreleased', version]);
    for (const name of sections) expect(changelog).toContain(`\n[${name}]: https://`);
  });

  it('has notes: that section alone, and the line to pin it', () => {
    const text =
      '# C\n\n## [Unreleased]\n\nSoon.\n\n## [1.2.0] - 2026-01-02\n\n### Added\n\n- A.\n\n';
    const older = '## [1.1.0] - 2026-01-01\n\n- Old.\n\n[1.2.0]: https://x\n';
    const notes = releaseNotes(`${text}${older}`, '1.2.0', 'abc');
    expect(notes).toMatch(
      /^### Added\n\n- A\.\n\n### Pin it\n\n```yaml\n- uses: .*@abc # v1\.2\.0\n```\n$/,
    );
    expect(releaseNotes(`${text}${older}`, '1.1.0', 'abc')).toMatch(/^- Old\.\n\n### Pin it/);
    expect(() => releaseNotes(text, '1.1.0', 'abc')).toThrow('1.1.0');
    expect(() => releaseNotes(text, 'Unreleased', 'abc')).toThrow();
    expect(() => releaseNotes(text, '1x2.0', 'abc')).toThrow();
    expect(releaseNotes(changelog, version, 'abc')).toContain('### Added');
  });
});
