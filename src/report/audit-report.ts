/** The report of an audit as Markdown, for the job summary and for the archive. */

import type { Audit } from '../core/audit/audit.ts';
import { accountPlans, describeOrigin, describeResult, describeTargets } from './audit-account.ts';
import { line as foreignLine } from './foreign-text.ts';
import { code, table } from './markdown.ts';

/** A summary holds one mebibyte, and nobody reads more sentences than this. */
const mostSentences = 500;

export function renderAudit(audit: Audit): string {
  const { findings, recomputed, toldByGitHub, notProvable, artifacts } = audit;
  const good = findings.length === 0;
  const sections: [string, string][] = [
    ['What does not hold', list(findings)],
    ['What happened', renderPlans(audit)],
    [
      'Recomputed from the files',
      recomputed.length === 0
        ? ''
        : table(
            ['what', 'checks that held'],
            recomputed.map(({ what, times }) => [line(what), String(times)]),
          ),
    ],
    ["GitHub's word at the time", list(toldByGitHub)],
    ['Not provable from these files', list(notProvable)],
    [
      'Artifacts',
      artifacts.length === 0
        ? ''
        : table(
            ['artifact', 'made', 'SHA-256 of its record'],
            artifacts.map(({ name, making, digest }) => [
              line(name),
              code(making.created_at),
              code(digest),
            ]),
          ),
    ],
  ];
  return `${[
    '# Audit of plans',
    line(describeTargets(audit)),
    `> [!${good ? 'NOTE' : 'CAUTION'}]\n> **${good ? 'Consistent' : 'Inconsistent'}.** ${line(describeResult(audit))} ${describeOrigin(audit)}`,
    ...sections.flatMap(([title, text]) => (text === '' ? [] : [`## ${title}`, text])),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

function renderPlans(audit: Audit): string {
  return accountPlans(audit)
    .map(({ planId, title, where, events }) =>
      [
        `### Plan: ${line(title)}`,
        ...(planId === null ? [] : [`${line(where)}, plan id ${code(planId)}`]),
        table(
          ['time (UTC)', 'event', 'who', 'about'],
          events.map((event) => [
            code(event.at),
            event.event,
            line(event.who),
            event.facts.map(([label, value]) => `${label} ${code(value)}`).join('<br>'),
          ]),
        ),
      ].join('\n\n'),
    )
    .join('\n\n');
}

/**
 * Words without a meaning for Markdown and GitHub are not changed, so that people can read the file without a renderer.
 * Everything else goes through the writer for foreign text.
 */
function line(sentence: string): string {
  const plain =
    /^[A-Za-z][A-Za-z0-9 ',.;:()]*$/.test(sentence) &&
    !/[0-9A-Fa-f]{7}|www|:\S|\.[A-Za-z]/.test(sentence);
  return plain ? sentence : foreignLine(sentence);
}

function list(sentences: readonly string[]): string {
  const left = sentences.length - mostSentences;
  return [
    ...sentences.slice(0, mostSentences).map((sentence) => `- ${line(sentence)}`),
    ...(left > 0 ? [`- and ${left} more`] : []),
  ].join('\n');
}
