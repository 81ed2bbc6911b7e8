import { describe, expect, it } from 'vitest';
import type { FileChange } from '../../src/core/plan/scope.ts';
import { sha256 } from '../../src/core/text/digest.ts';
import { type ChangeView, renderChange } from '../../src/report/change.ts';
import { changeMarker } from '../../src/report/markers.ts';
import { readPatch } from '../../src/report/patch.ts';
import { maxCommentLength } from '../../src/report/plan-comment.ts';
import { renderGfm, tagsOf } from '../support/constructs.ts';
import { expectCheap } from '../support/growth.ts';

const planId = sha256('plan');
const artifactUrl = 'https://github.com/octo/shop/actions/runs/7/artifacts/9';
const changed = (path: string, operation = 'modify') => ({ path, operation }) as FileChange;

function show(patch: string | Buffer, paths: readonly string[], notes: readonly string[] = []) {
  const bytes = Buffer.from(patch);
  const view: ChangeView = {
    planId,
    patch: bytes,
    digest: sha256(bytes),
    changes: paths.map((path) => changed(path)),
    artifactUrl,
    notes,
  };
  const text = renderChange(view);
  expect(`${changeMarker(planId)}\n\n${text}`.length).toBeLessThanOrEqual(maxCommentLength);
  return text;
}

const part = (path: string, hunks: string, header = 'index 0000..1111 100644') =>
  `diff --git a/${path} b/${path}\n${header}\n--- a/${path}\n+++ b/${path}\n${hunks}`;
const added = (path: string, lines: readonly string[]) =>
  part(
    path,
    `@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}\n`).join('')}`,
    'new file mode 100644\nindex 0000..1111',
  );

describe('the change comment', () => {
  const patch = part(
    'src/cart.ts',
    '@@ -1,3 +1,3 @@ export\n a\n-b\n+c\n d\n\\ No newline at end of file\n',
  );

  it('has the number of files and lines, the digest, and each file folded away as a diff', () => {
    const text = show(patch, ['src/cart.ts']);
    expect(text).toContain('1 file changed, 1 insertion, 1 deletion.');
    expect(text).toContain(`\`sha256:${sha256(patch)}\``);
    expect(text).toContain('<details><summary>modify +1 −1 <code>src/cart.ts</code></summary>');
    expect(text).toContain('````diff\n@@ -1,3 +1,3 @@│  export\n │ a\n-│ b\n+│ c\n │ d\n');
    expect(text).toContain(artifactUrl);
    expect(text).not.toContain('Too large');
  });

  it('says which mode a file gets, if that is not an ordinary one', () => {
    const text = show(added('run.sh', ['#!/bin/sh']).replace('mode 100644', 'mode 100755'), [
      'run.sh',
    ]);
    expect(text).toContain('modify +1 −0, new file mode 100755 <code>');
  });

  it('shows the two parts of a file that becomes a link as one file', () => {
    const removed = part('a', '@@ -1 +0,0 @@\n-x\n', 'deleted file mode 100644');
    const link = part('a', '@@ -0,0 +1 @@\n+b\n', 'new file mode 120000');
    const text = show(removed + link + added('b', ['x']), ['b', 'a']);
    expect(text.match(/<details>/g)).toHaveLength(2);
    expect(text).toContain('modify +1 −1, new file mode 120000 <code>a</code>');
  });

  it('leaves out what is not text, and names it', () => {
    const binary =
      'diff --git a/x.png b/x.png\nindex 0..1 100644\nGIT binary patch\nliteral 3\nKabc\n\n';
    const text = show(patch + binary, ['x.png', 'src/cart.ts']);
    expect(text).toContain('| `x.png` | modify not text |');
    expect(text.match(/<details>/g)).toHaveLength(1);
  });

  it('shows no file under the name of another: if the parts do not fit the files, all are left out', () => {
    const text = show(added('b', ['x']) + added('a', ['y']), ['a', 'b']);
    expect(text).not.toContain('<details>');
    expect(text).toContain('| `a` | modify not text |\n| `b` | modify not text |');
  });

  it('leaves a file out as a whole if it does not fit, and shows the others', () => {
    const long = added(
      'a.txt',
      Array.from({ length: 3000 }, (_, at) => `line ${at} of many`),
    );
    const text = show(long + patch, ['a.txt', 'src/cart.ts']);
    expect(text).toContain('| `a.txt` | modify +3,000 −0 |');
    expect(text).not.toContain('line 17 of many');
    expect(text).toContain('<code>src/cart.ts</code>');
  });

  it.each([
    [
      '2 MB',
      added(
        'a.txt',
        Array.from({ length: 20_000 }, () => 'x'.repeat(100)),
      ),
    ],
    ['one line of 80,000 characters', added('a.txt', ['x'.repeat(80_000)])],
    ['one line of 30,000 blanks', added('a.txt', [`a${' '.repeat(30_000)}b`])],
    ['bidirectional text', added('a.txt', ['a \u202egnp.exe\u202c b'])],
    ['fences', added('a.txt', ['`'.repeat(200), '```', '~~~', '````diff'])],
    ['the end of our own tags', added('a.txt', ['</details>', '', '<!-- codex-plan x -->'])],
    ['what looks like another file', added('a.txt', ['diff --git a/y b/y', '@@ -1 +1 @@', '-- x'])],
    ['a command of another bot', added('a.txt', ['/approve', '@dependabot merge'])],
  ])('shows or names a change of %s, and nothing breaks out of it', async (_, patch) => {
    const text = await expectCheap(10, () => show(patch, ['a.txt']));
    expect(text).toContain('a.txt');
    const tags = tagsOf(renderGfm(text)).join('');
    expect(tags.match(/<details>/g)?.length ?? 0).toBeLessThanOrEqual(1);
    expect(tags.split('<details>').length).toBe(tags.split('</details>').length);
    expect(text).not.toMatch(/@[a-z]/i);
    expect(text).not.toMatch(/^[\s>*+-]*\/[a-z]/im);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  });

  it('leaves a file out that fits as it is, and not as it is written out', () => {
    const text = show(added('a.txt', ['\u202e'.repeat(9000)]), ['a.txt']);
    expect(text).toContain('| `a.txt` | modify +1 −0 |');
    expect(text).not.toContain('<details>');
  });

  it('writes out what turns text round', () => {
    expect(show(added('a.txt', ['a \u202egnp.exe']), ['a.txt'])).toContain('\\u{202e}gnp.exe');
  });

  it('keeps a path inside its tag', () => {
    const text = show('', ['<b>&"/@team #1.ts']);
    expect(text).toContain('`<b>&"/＠team #1.ts`');
    const shown = show(added('x', ['y']), ['</code></summary><b>@team.ts']);
    expect(shown).toContain('<code>&lt;/code&gt;&lt;/summary&gt;&lt;b&gt;＠team.ts</code>');
    expect(show(added('x', ['y']), ['#fff'])).toContain('<code>＃fff</code>');
  });

  it('names 2,000 files within its length', () => {
    const paths = Array.from({ length: 2000 }, (_, at) => `src/${'long/'.repeat(50)}${at}.ts`);
    const text = show(
      [...paths]
        .sort()
        .map((path) => added(path, ['x']))
        .join(''),
      paths,
    );
    expect(text).toContain('2,000 files changed, 2,000 insertions, 0 deletions.');
    expect(text).toMatch(/… and [\d,]+ more files\./);
  });

  it('has the notes at its end', () => {
    expect(show(patch, ['src/cart.ts'], ['### Note', 'x'])).toMatch(/### Note\n\nx$/);
  });
});

describe('a patch', () => {
  it('has no file in the lines of another one', () => {
    const lines = ['diff --git a/x b/x', '--- a/x', '+++ b/x', '@@ -1 +1 @@'];
    const files = readPatch(added('a', lines) + added('b', lines));
    expect(files.map(({ name, added }) => [name, added])).toEqual([
      ['diff --git a/a b/a', 4],
      ['diff --git a/b b/b', 4],
    ]);
  });

  it('is empty, or without hunks', () => {
    expect(readPatch('')).toEqual([]);
    const [file] = readPatch('diff --git a/e b/e\nnew file mode 100644\nindex 0..1\n');
    expect(file).toMatchObject({ hunks: '', added: 0, removed: 0, binary: false });
  });
});
