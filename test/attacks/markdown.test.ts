/** The page: foreign text stays text, and the comment keeps its shape. */
import { type Node, Parser } from 'commonmark';
import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import type { PlanEvidence } from '../../src/core/records/archive-contents.ts';
import { renderDenial } from '../../src/report/denial.ts';
import { renderDrift } from '../../src/report/drift.ts';
import { block, code, pathCode } from '../../src/report/markdown.ts';
import {
  type PlanView,
  renderPlanComment,
  showsPlan,
  withState,
} from '../../src/report/plan-comment.ts';
import { renderVerified } from '../../src/report/verified.ts';
import { renderVotes } from '../../src/report/votes.ts';
import { foreign, hostileText, hostileTexts } from '../support/hostile.ts';
import { objectId } from '../support/object-ids.ts';
import '../support/properties.ts';

const planId = 'ab'.repeat(32) as PlanEvidence['planId'];

/** A plan comment in which every text that anybody else chose is the same. */
function view(text: string): PlanView {
  const plan = {
    schema: 'codex-plan/v1',
    title: text,
    summary: text,
    steps: [{ title: text, detail: text, paths: [text] }],
    files: [
      { path: text, operation: 'create', reason: text },
      { path: `${text}2`, operation: 'modify', reason: '' },
    ],
    commands: [text, text],
    risks: [text],
  };
  const manifest = {
    repository: { id: 1, full_name: 'octo/shop' },
    pull_request: 1,
    requests: [{ comment_id: 5, requester: { id: 1, login: text }, sha256: planId }],
    narrows: { plan_id: planId, comment_id: 6, by: { id: 1, login: text }, paths: [text] },
    head: { ref: text, sha: 'a'.repeat(40) },
    base: { ref: text, sha: 'b'.repeat(40) },
    codex: { version: text, model: text, effort: text },
    prompt_sha256: planId,
    plan_sha256: planId,
    run: { id: 7, attempt: 1, workflow: '.github/workflows/codex.yml' },
  };
  return {
    evidence: { planId, manifest, plan, prompt: text } as unknown as PlanEvidence,
    artifact: { id: 9, digest: `sha256:${planId}` },
    serverUrl: 'https://github.com',
    label: text,
    command: '/codex',
    flags: new Map([[text, ['new directory']]]),
  };
}

const everything = (text: string): Record<string, string> => ({
  'plan comment': renderPlanComment(view(text), { is: 'awaiting' }),
  'drift comment': renderDrift({
    planId,
    way: 'anchored',
    comparison: {
      drift: 'scope-drift',
      scope: {
        added: [{ path: text, operation: 'create', reason: text }],
        removed: [],
        retyped: [],
      } as never,
      diff: `--- a\n+++ b\n-${text}\n+${text}\n`,
    },
    moved: [text, `${text}2`],
    baseCommits: [{ sha: 'c'.repeat(40), paths: [text] }],
    toolchain: [text],
    labelRemoved: true,
    repositoryUrl: 'https://github.com/octo/shop',
  }),
  'summary of a verification': renderVerified({
    planId,
    way: 'scope',
    basis: 'model',
    base: { ref: text, sha: objectId('c') },
    diff: `--- a\n+++ b\n-${text}\n+${text}\n`,
  }),
  'denial comment': renderDenial(
    planId,
    [{ path: text, operation: 'create', reason: 'outside-plan', detail: text }],
    {
      refusedRequests: [{ kind: 'command', request: text, why: text }],
      assessments: [
        {
          at: '',
          action: text,
          risk: null,
          authorization: null,
          outcome: 'denied',
          rationale: text,
        },
      ],
      warnings: [],
    } as never,
    true,
  ),
  'votes comment': renderVotes(planId, [text], 2, true),
});

function* nodes(root: Node): Generator<Node> {
  for (let node = root.firstChild; node !== null; node = node.next) {
    yield node;
    yield* nodes(node);
  }
}

/** Block structure, and what is in each paragraph; texts left out. */
const shape = (markdown: string) =>
  [...nodes(new Parser().parse(markdown))]
    .filter(({ type }) => !['text', 'softbreak'].includes(type))
    .map(({ type, destination }) => `${type} ${destination ?? ''}`);

/** How many cells each row of a table has, as GitHub divides them. */
const cells = (markdown: string) =>
  micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()] })
    .split('<tr>')
    .slice(1)
    .map((row) => row.match(/<t[hd]>/g)?.length);

/** What each page is made of around a text that means nothing. */
const plain = new Map(
  Object.entries(everything(`${foreign}x${foreign}`)).map(
    ([what, markdown]) => [what, { shape: shape(markdown), cells: cells(markdown) }] as const,
  ),
);

function checkPage(text: string): void {
  for (const [what, markdown] of Object.entries(everything(text))) {
    expect({ shape: shape(markdown), cells: cells(markdown) }, what).toEqual(plain.get(what));
    for (const node of nodes(new Parser().parse(markdown))) {
      expect(['image', 'html_inline'], what).not.toContain(node.type);
      if (node.type === 'html_block')
        expect(node.literal).toMatch(/^<!-- codex-[a-z]+ [0-9a-f]{64} -->$/);
      if (node.type === 'link')
        expect(node.destination).toMatch(/^https:\/\/github\.com\/octo\/shop\//);
      if (node.type === 'text') expect(node.literal, what).not.toContain(foreign);
    }
    expect(markdown, what).not.toMatch(/@[a-z0-9]/i);
    // Parsers differ on what a backslash before an escaped bar means.
    expect(markdown, what).not.toMatch(/^\|.*\\\\\|/m);
    expect(markdown.slice(markdown.indexOf('-->') + 3), what).not.toContain('<!--');
    for (const line of markdown.split('\n')) {
      expect(line, what).not.toMatch(/^[\s>*+-]*\/[a-z]/i);
      expect(line.replaceAll('\t', ''), what).not.toMatch(
        /[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u,
      );
    }
  }
}

describe('what is published', () => {
  it.each(hostileTexts)('keeps its shape around %j', (text) => {
    checkPage(`${foreign}${text}${foreign}`);
  });

  it('keeps its shape, whatever is in it', () => {
    fc.assert(fc.property(hostileText, checkPage), { numRuns: 300 });
  });

  it('shows all of a text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const words = text.match(/[A-Za-z0-9]+/g) ?? [];
        for (const written of [block(text).replaceAll('\n│↪', ''), code(text), pathCode(text)]) {
          let at = 0;
          for (const word of words) {
            at = written.indexOf(word, at);
            expect(at).toBeGreaterThanOrEqual(0);
            at += word.length;
          }
        }
      }),
    );
  });
});

describe('a plan comment', () => {
  const body = renderPlanComment(view('x'), { is: 'awaiting' });
  const states = [
    { is: 'approved', by: ['bob', 'carol-2'] },
    { is: 'drifted' },
    { is: 'superseded' },
    { is: 'executed', commit: 'a'.repeat(40) },
  ] as const;
  const awaiting = { is: 'awaiting' } as const;

  it('shows the plan in any of its own states, and line ends', () => {
    for (const state of states) {
      const shown = withState(body, state) ?? '';
      expect(shown).not.toBe(body);
      expect(showsPlan(shown, view('x'), states)).toBe(true);
      expect(showsPlan(shown.replaceAll('\n', '\r\n'), view('x'), states)).toBe(true);
    }
  });

  it('does not with any character more, less or exchanged', () => {
    fc.assert(
      fc.property(
        fc.nat(body.length - 1),
        fc.constantFrom('', 'x', '\n', '`', '|', '\u200b'),
        (at, by) => {
          const edited = body.slice(0, at) + by + body.slice(at + 1);
          fc.pre(edited.trimEnd() !== body.trimEnd());
          expect(showsPlan(edited, view('x'), [awaiting, ...states])).toBe(false);
        },
      ),
    );
  });

  it('does not in a state that the action never writes', () => {
    for (const state of [
      'approved by everybody',
      'approved by `a b`',
      'awaiting approval LGTM',
      '',
      'executed in `x`',
    ]) {
      const shown = body.replace('awaiting approval', () => state);
      expect(showsPlan(shown, view('x'), [awaiting, ...states]), state).toBe(false);
    }
  });

  it('keeps a text from passing for the next item', () => {
    const text = renderPlanComment(view('a\n\n2. Another step\n- risk'), { is: 'awaiting' });
    const steps = text.slice(text.indexOf('### Steps'), text.indexOf('### Files'));
    expect(steps).not.toMatch(/^│ 2\./m);
    const commands = text.slice(text.indexOf('### Commands'), text.indexOf('### Risks'));
    expect(commands).not.toMatch(/^│ 2\./m);
  });
});
