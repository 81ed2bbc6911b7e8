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
  'plan-comment': 'plan-planned',
  denial: 'approve-denied',
  drift: 'verify-drifted',
};

const style = `
:root{font:14px/1.5 "Segoe UI","Noto Sans","Liberation Sans",Helvetica,Arial,sans-serif;color:#1f2328;background:#fff}
body{margin:8px}
article{border:1px solid #d1d9e0;border-radius:6px}
header{background:#f6f8fa;border-bottom:1px solid #d1d9e0;border-radius:6px 6px 0 0;padding:8px 16px;color:#59636e}
header b{color:#1f2328}.bot{border:1px solid #d1d9e0;border-radius:2em;font-size:11px;padding:0 6px}
.body{padding:8px 16px;overflow-wrap:anywhere}
h2{font-size:21px;border-bottom:1px solid #d1d9e0;padding-bottom:.3em;margin:12px 0}h3{font-size:17px;margin:18px 0 8px}
code{background:#eff1f3;border-radius:6px;padding:.2em .4em;font:85% "Liberation Mono",Menlo,Consolas,monospace}
pre{background:#f6f8fa;border-radius:6px;padding:12px 16px;margin:8px 0}pre code{background:none;padding:0;white-space:pre-wrap}
table{border-collapse:collapse;margin:10px 0}th,td{border:1px solid #d1d9e0;padding:5px 12px;text-align:left}tr:nth-child(2n) td{background:#f6f8fa}
a{color:#0969da;text-decoration:none}
.alert{border-left:.25em solid #0969da;padding:2px 1em;margin:12px 0}.alert .title{font-weight:600;color:#0969da}
.alert.tip{border-color:#1a7f37}.alert.tip .title{color:#1a7f37}.alert.important{border-color:#8250df}.alert.important .title{color:#8250df}
.alert.warning{border-color:#9a6700}.alert.warning .title{color:#9a6700}.alert.caution{border-color:#cf222e}.alert.caution .title{color:#cf222e}
`;

const comments = fileURLToPath(new URL('../demo/out/comments/', import.meta.url));
const images = fileURLToPath(new URL('../docs/images/', import.meta.url));
const chromium = findChromium();
const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
try {
  for (const [picture, comment] of Object.entries(pictures)) {
    const body = readFileSync(join(comments, `${comment}.md`), 'utf8');
    takePicture(page(body), join(images, `${picture}.png`));
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

function takePicture(html: string, file: string): void {
  const path = join(folder, 'page.html');
  writeFileSync(path, html);
  // Chromium takes a picture of its window, so the first run measures how high the page is.
  const dom = run('--dump-dom', path);
  const height = /data-height="(\d+)"/.exec(dom)?.[1];
  if (height === undefined) throw new Error('Chromium did not say how high the page is.');
  run(`--screenshot=${file}`, `--window-size=${width},${height}`, path);
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
function page(markdown: string): string {
  const html = micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><style>${style}</style>
<article><header><b>github-actions</b> <span class="bot">bot</span> commented</header>
<div class="body">${alerts(html)}</div></article>
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
