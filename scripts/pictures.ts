/**
 * Turns comments that `npm run demo` left in `demo/out` into the pictures of the README, with GitHub's dialect of
 * Markdown and a headless Chromium. Without Chromium nothing is written, and the exit status is 1.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

const width = 860;
const pictures = {
  'plan-comment': 'planned-plan',
  denial: 'denied-report',
  drift: 'other-drifted-report',
  change: 'approved-again-change',
  executed: 'executed-plan',
};
/** The head of a long comment says enough. */
const maxHeight = 1500;
const cut: Readonly<Record<string, number>> = { executed: 620 };
const modes = ['light', 'dark'] as const;

const style = `
:root{--fg:#1f2328;--bg:#fff;--muted:#59636e;--line:#d1d9e0;--soft:#f6f8fa;--code:#eff1f3;--link:#0969da;
--note:#0969da;--tip:#1a7f37;--important:#8250df;--warning:#9a6700;--caution:#cf222e;--plus:#dafbe1;--minus:#ffebe9;--hunk:#ddf4ff;
font:14px/1.5 "Segoe UI","Noto Sans","Liberation Sans",Helvetica,Arial,sans-serif;color:var(--fg);background:var(--bg)}
:root.dark{--fg:#f0f6fc;--bg:#0d1117;--muted:#9198a1;--line:#3d444d;--soft:#151b23;--code:#262c36;--link:#4493f8;
--note:#4493f8;--tip:#3fb950;--important:#ab7df8;--warning:#d29922;--caution:#f85149;--plus:#12361f;--minus:#3c1618;--hunk:#121d2f}
body{margin:8px}
article{border:1px solid var(--line);border-radius:6px;overflow:hidden}
header{background:var(--soft);border-bottom:1px solid var(--line);padding:8px 16px;color:var(--muted)}
header b{color:var(--fg)}.bot{border:1px solid var(--line);border-radius:2em;font-size:11px;padding:0 6px}
.body{padding:8px 16px;overflow-wrap:anywhere}
h2{font-size:21px;border-bottom:1px solid var(--line);padding-bottom:.3em;margin:12px 0}h3{font-size:17px;margin:18px 0 8px}
code{background:var(--code);border-radius:6px;padding:.2em .4em;font:85% "Liberation Mono",Menlo,Consolas,monospace}
pre{background:var(--soft);border-radius:6px;padding:12px 16px;margin:8px 0;overflow:auto}pre code{background:none;padding:0}
.plus{background:var(--plus)}.minus{background:var(--minus)}.hunk{background:var(--hunk);color:var(--muted)}pre span{display:inline-block;width:100%}
table{border-collapse:collapse;display:block;overflow:auto;margin:10px 0}th,td{border:1px solid var(--line);padding:5px 12px;text-align:left}tr:nth-child(2n) td{background:var(--soft)}
a{color:var(--link);text-decoration:none}a code{color:inherit}summary{margin:6px 0}
.alert{border-left:.25em solid var(--note);padding:2px 1em;margin:12px 0}.alert .title{font-weight:600;color:var(--note);margin:6px 0}
.alert.tip{border-color:var(--tip)}.alert.tip .title{color:var(--tip)}.alert.important{border-color:var(--important)}.alert.important .title{color:var(--important)}
.alert.warning{border-color:var(--warning)}.alert.warning .title{color:var(--warning)}.alert.caution{border-color:var(--caution)}.alert.caution .title{color:var(--caution)}
`;

const comments = fileURLToPath(new URL('../demo/out/comments/', import.meta.url));
const images = fileURLToPath(new URL('../docs/images/', import.meta.url));
const chromium = findChromium();
const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
try {
  for (const [picture, comment] of Object.entries(pictures)) {
    const body = readFileSync(join(comments, `${comment}.md`), 'utf8');
    for (const mode of modes) {
      const name = mode === 'light' ? picture : `${picture}-${mode}`;
      takePicture(page(body, mode), join(images, `${name}.png`), cut[picture] ?? maxHeight);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function findChromium(): string {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return name;
    } catch {
      // Not installed under this name.
    }
  }
  console.error(
    'Install Chromium to make the pictures, for example with: apt-get install chromium',
  );
  process.exit(1);
}

function takePicture(html: string, file: string, most: number): void {
  const path = join(folder, 'page.html');
  writeFileSync(path, html);
  // Chromium takes a picture of its window, so the first run measures how high the page is.
  const dom = run('--dump-dom', path);
  const height = /data-height="(\d+)"/.exec(dom)?.[1];
  if (height === undefined) throw new Error('Chromium did not say how high the page is.');
  const shown = Math.min(Number(height), most);
  run(`--screenshot=${file}`, `--window-size=${width},${shown}`, path);
  console.log(file);
}

function run(...args: readonly string[]): string {
  const quiet = ['--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars'];
  const profile = `--user-data-dir=${join(folder, 'profile')}`;
  const size = `--window-size=${width},2000`;
  return execFileSync(chromium, [...quiet, profile, size, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** One comment as GitHub shows it, about. The text is our own, so its few tags may stay. */
function page(markdown: string, mode: (typeof modes)[number]): string {
  const html = micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  // In a picture nobody can unfold a change.
  const shown = markdown.startsWith('<!-- codex-change ')
    ? html.replaceAll('<details>', '<details open>')
    : html;
  return `<!doctype html>
<html lang="en" class="${mode}"><meta charset="utf-8"><style>${style}</style>
<article><header><b>github-actions</b> <span class="bot">bot</span> commented</header>
<div class="body">${diffs(alerts(shown))}</div></article>
<script>document.documentElement.dataset.height = document.querySelector('article').offsetHeight + 16</script>
</html>`;
}

/** `> [!NOTE]` as the box that GitHub makes of it. */
function alerts(html: string): string {
  return html.replace(
    /<blockquote>\s*<p>\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*([\s\S]*?)<\/blockquote>/g,
    (_, kind: string, rest: string) => {
      const name = kind.toLowerCase();
      const title = kind.charAt(0) + name.slice(1);
      return `<div class="alert ${name}"><p class="title">${title}</p><p>${rest}</div>`;
    },
  );
}

/** The colours that GitHub gives a diff. */
function diffs(html: string): string {
  return html.replace(
    /<code class="language-diff">([\s\S]*?)<\/code>/g,
    (_, text: string) =>
      `<code>${text
        .split('\n')
        .map((line) => {
          const kind = { '+': 'plus', '-': 'minus', '@': 'hunk' }[line.charAt(0)];
          return kind === undefined ? line : `<span class="${kind}">${line}</span>`;
        })
        .join('\n')}</code>`,
  );
}
