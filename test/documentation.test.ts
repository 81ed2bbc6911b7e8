import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readActionFile } from '../scripts/action-metadata.ts';
import { regenerate } from '../scripts/readme.ts';
import { modeNames } from '../src/modes/index.ts';

const root = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const pages = readdirSync(root).filter((name) => name.endsWith('.md'));

describe.each(pages)('%s', (page) => {
  const text = read(page);

  it('links to what is there', () => {
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      expect(path === '' || existsSync(new URL(path, root)), target).toBe(true);
      if (anchor === undefined) continue;
      const headings = [...read(path || page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      );
      expect(headings, target).toContain(anchor);
    }
  });

  it('names files of the project that are there', () => {
    for (const [, path = ''] of text.matchAll(/`((?:src|test|examples|scripts)\/[\w./-]+)`/g)) {
      expect(existsSync(new URL(path, root)), path).toBe(true);
    }
  });

  it('names scripts that are there', () => {
    const { scripts } = JSON.parse(read('package.json'));
    for (const [, name = ''] of text.matchAll(/\bnpm (?:run )?(test|demo|bench|build[\w:]*)\b/g)) {
      expect(Object.keys(scripts), name).toContain(name);
    }
  });
});

describe('README.md', () => {
  const text = read('README.md');

  it('has the tables that action.yml and the reason codes make', () => {
    expect(regenerate(text)).toBe(text);
  });

  it('names the permissions of the examples', () => {
    const { jobs } = parse(read('examples/codex-plan.yml'));
    for (const mode of modeNames) {
      const { actions, contents, issues = '', 'pull-requests': pulls } = jobs[mode].permissions;
      const cells = [`\`${mode}\``, actions, contents, issues, pulls].join(' | ');
      expect(text).toContain(`| ${cells} |\n`.replace('|  |', '| |'));
    }
  });

  it('says what each input and output is', () => {
    const { inputs, outputs } = readActionFile();
    for (const { name } of [...inputs, ...outputs]) expect(text).toContain(`| \`${name}\` |`);
  });
});
