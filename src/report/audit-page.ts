/**
 * The report of an audit as one page for a browser. It has no script and loads nothing, so people can open it years
 * later, offline, and no text in it can do harm. The content security policy in its head enforces this: it allows only
 * the one style sheet.
 */

import { createHash } from 'node:crypto';
import type { Audit } from '../core/audit/audit.ts';
import { revealBlanks } from '../core/text/blanks.ts';
import { revealInvisible } from '../core/text/characters.ts';
import {
  type AccountedPlan,
  accountPlans,
  describeOrigin,
  describeResult,
  describeTargets,
} from './audit-account.ts';

const style = `
:root { color-scheme: light dark; --ink: #1f2328; --paper: #fff; --soft: #59636e; --line: #d1d9e0; --card: #f6f8fa;
  --good: #1a7f37; --bad: #c1151f; --mark: #0969da; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f0f6fc; --paper: #0d1117; --soft: #9198a1; --line: #3d444d; --card: #151b23;
    --good: #3fb950; --bad: #ff7b72; --mark: #4493f8; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
p { margin: .25rem 0; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.result { margin: 1rem 0; padding: .75rem 1rem; border-left: .3rem solid var(--good); background: var(--card); }
.result.bad { border-color: var(--bad); }
.result strong { color: var(--good); }
.result.bad strong { color: var(--bad); }
ul { padding-left: 1.25rem; margin: .5rem 0; }
li { margin: .25rem 0; overflow-wrap: anywhere; }
ol.timeline { list-style: none; margin: .75rem 0; padding: 0 0 0 1rem; border-left: 2px solid var(--line); }
ol.timeline > li { position: relative; margin: 0; padding: 0 0 1rem .5rem; }
ol.timeline > li::before { content: ""; position: absolute; left: -1.4rem; top: .45rem; width: .7rem; height: .7rem;
  border-radius: 50%; background: var(--mark); border: 2px solid var(--paper); }
ol.timeline > li.denied::before, ol.timeline > li.drifted::before { background: var(--bad); }
ol.timeline > li.approved::before, ol.timeline > li.executed::before { background: var(--good); }
.event { font-weight: 600; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .1rem .75rem; margin: .25rem 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
code, time, dd { font-family: ui-monospace, monospace; font-size: .85rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top;
  overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 600; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding-right: 0; }
th.number { text-align: right; padding-right: 0; }
@media (max-width: 40rem) {
  dl { grid-template-columns: minmax(0, 1fr); }
  dt { margin-top: .25rem; }
  table.wide thead { display: none; }
  table.wide tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  table.wide td { display: block; border: 0; padding: .1rem 0; }
}
@media print { main { max-width: none; } ol.timeline > li { break-inside: avoid; } }
`;

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export function renderAuditPage(audit: Audit): string {
  const { findings, recomputed, toldByGitHub, notProvable, artifacts } = audit;
  const good = findings.length === 0;
  const sections: [string, string][] = [
    ['What does not hold', list(findings)],
    ['What happened', accountPlans(audit).map(renderPlan).join('')],
    [
      'Recomputed from the files',
      table(
        '',
        ['what', 'checks that held'],
        recomputed.map(({ what, times }) => [foreign(what), String(times)]),
      ),
    ],
    ["GitHub's word at the time", list(toldByGitHub)],
    ['Not provable from these files', list(notProvable)],
    [
      'Artifacts',
      table(
        'wide',
        ['artifact', 'made', 'SHA-256 of its record'],
        artifacts.map(({ name, making, digest }) => [
          foreign(name),
          `<time>${foreign(making.created_at)}</time>`,
          `<code>${digest}</code>`,
        ]),
      ),
    ],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Audit of plans</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Audit of plans</h1>
<p class="soft">${foreign(describeTargets(audit))}</p>
<div class="result${good ? '' : ' bad'}">
<p><strong>${good ? 'Consistent' : 'Inconsistent'}.</strong> ${foreign(describeResult(audit))}</p>
<p>${foreign(describeOrigin(audit))}</p>
</div>
${sections.map(([title, body]) => (body === '' ? '' : `<section>\n<h2>${foreign(title)}</h2>\n${body}</section>\n`)).join('')}</main>
</body>
</html>
`;
}

function renderPlan({ planId, title, where, events }: AccountedPlan): string {
  const items = events.map(({ at, event, who, facts }) => {
    const listed = facts
      .map(([label, value]) => `<dt>${foreign(label)}</dt><dd>${foreign(value)}</dd>`)
      .join('');
    return `<li class="${event}"><span class="event">${event}</span> by ${foreign(who)} <time class="soft">${foreign(at)}</time>\n<dl>${listed}</dl></li>\n`;
  });
  const id =
    planId === null ? '' : `<p class="soft">${foreign(where)}</p><p><code>${planId}</code></p>\n`;
  return `<h3>${foreign(title)}</h3>\n${id}<ol class="timeline">\n${items.join('')}</ol>\n`;
}

function list(sentences: readonly string[]): string {
  if (sentences.length === 0) return '';
  return `<ul>\n${sentences.map((one) => `<li>${foreign(one)}</li>\n`).join('')}</ul>\n`;
}

/** @param rows cells that are HTML already; a cell of digits alone is a number */
function table(
  kind: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) return '';
  const attribute = (cell: string) => (/^\d+$/.test(cell) ? ' class="number"' : '');
  const numbers = rows[0]?.map((cell) => attribute(cell)) ?? [];
  const cells = head.map((cell, index) => `<th${numbers[index] ?? ''}>${cell}</th>`).join('');
  const body = rows
    .map((row) => `<tr>${row.map((cell) => `<td${attribute(cell)}>${cell}</td>`).join('')}</tr>\n`)
    .join('');
  return `<table class="${kind}">\n<thead><tr>${cells}</tr></thead>\n<tbody>\n${body}</tbody>\n</table>\n`;
}

/**
 * Text that somebody else chose, as text. Invisible characters are written out. `bdi` keeps right-to-left letters from
 * changing the order of the words around them.
 */
function foreign(text: string): string {
  const escaped = revealBlanks(revealInvisible(text)).replace(
    /[&<>"'`]/g,
    (character) => `&#${character.codePointAt(0)};`,
  );
  return `<bdi>${escaped}</bdi>`;
}
