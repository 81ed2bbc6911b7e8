import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Plan, planJson } from '../../src/core/plan/plan.ts';
import type { Prompt } from '../../src/core/plan/prompt.ts';
import { readPlanEvidence } from '../../src/core/records/archive-contents.ts';
import {
  anyPlanMarker,
  asSuperseded,
  type CommentState,
  type PlanView,
  planMarker,
  renderPlanComment,
  showsPlan,
  showsSuperseded,
  withState,
} from '../../src/report/plan-comment.ts';
import { mutationsOf, plan, toPlan } from '../core/plans.ts';
import { planArtifact } from '../core/samples.ts';
import { objectId } from '../support/object-ids.ts';
import { runs } from '../support/properties.ts';

const evidence = readPlanEvidence(planArtifact());
const view: PlanView = {
  evidence,
  artifact: { id: 41, digest: `sha256:${'6'.repeat(64)}` },
  serverUrl: 'https://github.com',
  label: 'approved-plan',
  command: '/codex',
  flags: new Map([['b.txt', ['new folder']]]),
  commitMessage: 'Greet\n\nCodex-Plan-Id: …',
};
const body = renderPlanComment(view, { is: 'awaiting' });

/** The same comment about another plan, though all digests stay. */
const about = (plan: Plan) =>
  renderPlanComment({ ...view, evidence: { ...evidence, plan } }, { is: 'awaiting' });

/** What a reader is told: null and '' are both nothing, a tab is four blanks, and empty lines part paragraphs. */
function asShown(plan: Plan): string {
  return JSON.stringify(plan, (key, value) => {
    if (typeof value !== 'string') return value ?? '';
    const lines = value.replaceAll('\t', '    ').split('\n');
    if (key !== 'summary' && key !== 'detail') return lines.join('\n').trimEnd();
    return lines
      .map((line) => line.trimEnd())
      .filter((line) => line !== '')
      .join('\n');
  });
}

describe('the plan comment', () => {
  it('begins with its marker', () => {
    expect(body.startsWith(`${planMarker(evidence.planId)}\n`)).toBe(true);
    expect(body.startsWith(anyPlanMarker)).toBe(true);
  });

  it('shows everything of a plan: no two plans have one comment', () => {
    fc.assert(
      fc.property(plan, plan, (one, other) => {
        expect(about(one) === about(other)).toBe(asShown(one) === asShown(other));
      }),
      { numRuns: runs(1000) },
    );
  });

  it('shows everything of a plan: none has the comment of a neighbour', () => {
    fc.assert(
      fc.property(plan, (one) => {
        const shown = about(one);
        for (const { where, mutant } of mutationsOf(JSON.parse(planJson(one)))) {
          let other: Plan;
          try {
            other = toPlan(mutant);
          } catch {
            continue;
          }
          if (asShown(other) !== asShown(one)) expect(about(other), where).not.toBe(shown);
        }
      }),
      { numRuns: runs(50) },
    );
  });

  it('shows nothing if a plan says null', () => {
    const saying = (text: string | null) =>
      toPlan({
        ...evidence.plan,
        summary: text,
        steps: [{ title: 'Say it', detail: text, paths: [] }],
        files: [{ path: 'a.txt', operation: 'modify', reason: text }],
      });
    expect(about(saying(null))).toBe(about(saying('')));
    expect(about(saying(null))).not.toContain('null');
  });

  it('says of a narrowed plan alone that its steps were written before', () => {
    const step = { title: 'Explain the tax', detail: null, paths: [] };
    const plan = toPlan({ ...evidence.plan, steps: [step] });
    const shown = (narrows: typeof evidence.manifest.narrows) =>
      renderPlanComment(
        { ...view, evidence: { ...evidence, plan, manifest: { ...evidence.manifest, narrows } } },
        { is: 'awaiting' },
      );
    const { narrows } = evidence.manifest;
    expect(narrows).not.toBeNull();
    const words = 'The steps and all other words are those of the plan before';
    expect(shown(narrows)).toContain('1. **Explain the tax**');
    expect(shown(narrows)).toContain(words);
    expect(shown(null)).not.toContain(words);
  });

  describe('says whose instructions the plan follows', () => {
    const { commit } = evidence.manifest.policy;
    const bare = { ...evidence.manifest, narrows: null };
    const shown = (more: Partial<typeof evidence>) =>
      renderPlanComment({ ...view, evidence: { ...evidence, ...more } }, { is: 'awaiting' });

    it('by the branch that the plan is based on, if that is the commit of the file', () => {
      const base = { ref: 'trunk', sha: commit };
      const body = shown({ instructions: 'Use tabs.\n', manifest: { ...bare, base } });
      expect(body).toContain(
        `*Follows* \`AGENTS.md\` *of* \`trunk\` *at* [\`${commit.slice(0, 7)}\`](`,
      );
    });

    it('with a link to the file as it was', () => {
      const base = { ...bare.base, sha: objectId('9') };
      const manifest = { ...bare, base };
      expect(shown({ instructions: 'Use tabs.\n', manifest })).toContain(
        `*Follows* \`AGENTS.md\` *of the default branch at* [\`${commit.slice(0, 7)}\`](https://github.com/${evidence.manifest.repository.full_name}/blob/${commit}/AGENTS.md)*.*`,
      );
    });

    it('without a commit if the plan was narrowed, since its policy can be a later one', () => {
      const body = shown({ instructions: 'Use tabs.\n' });
      expect(evidence.manifest.narrows).not.toBeNull();
      expect(body).toContain('*Follows* `AGENTS.md` *as the plan before it does.*');
      expect(body).not.toContain('/AGENTS.md');
    });

    it.each(['', ' \n\t\n'])('unless there are none: %j', (instructions) => {
      expect(shown({ instructions })).not.toContain('AGENTS.md');
    });
  });

  it('shows the prompt, the commits and the toolchain', () => {
    const { manifest } = evidence;
    const dispatched = { ...manifest.requests[0], comment_id: null };
    for (const other of [
      { prompt: `${evidence.prompt}.` as Prompt },
      { manifest: { ...manifest, head: { ...manifest.head, sha: objectId('f') } } },
      { manifest: { ...manifest, base: { ...manifest.base, sha: objectId('f') } } },
      { manifest: { ...manifest, base: { ...manifest.base, ref: 'next' } } },
      { manifest: { ...manifest, codex: { ...manifest.codex, model: 'another' } } },
      { manifest: { ...manifest, codex: { ...manifest.codex, effort: null } } },
      { manifest: { ...manifest, requests: [dispatched] satisfies typeof manifest.requests } },
    ] satisfies Partial<typeof evidence>[]) {
      const shown = renderPlanComment(
        { ...view, evidence: { ...evidence, ...other } },
        { is: 'awaiting' },
      );
      expect(shown).not.toBe(body);
    }
  });
});

const at = '2026-01-02T04:00:10Z';
const approvedBy = (...by: string[]) =>
  ({ is: 'approved', by, at, until: '2026-01-03T04:00:00Z', run: 901 }) as const;

/** What the action may have written, by its records. */
const written: readonly CommentState[] = [
  { is: 'awaiting' },
  { is: 'denied', reason: 'outside-plan', by: 'bob', at, run: 901 },
  { is: 'drifted', found: { at, run: 902 } },
  { is: 'drifted', found: null },
  { is: 'outdated', by: 'head-moved', head: 'e'.repeat(40), pushedBy: null },
  { is: 'outdated', by: 'head-moved', head: 'e'.repeat(40), pushedBy: 'frank' },
  { is: 'outdated', by: 'base-changed', head: 'e'.repeat(40), pushedBy: null },
  { is: 'outdated', by: 'request-edited', head: 'e'.repeat(40), pushedBy: null },
  { is: 'expired', what: 'approval' },
  { is: 'expired', what: 'plan' },
  { is: 'withdrawn', record: { by: 'ada', at } },
  { is: 'withdrawn', record: null },
  { is: 'executed', commit: 'a'.repeat(40), approval: { by: ['mona'], at, run: 901 } },
  { is: 'executed', commit: 'a'.repeat(40), approval: null },
  approvedBy('mona'),
  approvedBy('mona_acme', 'hu-bot', 'octo1'),
];
const newer = 'https://github.com/octo/demo/pull/12#issuecomment-99';

describe('the alert of an outdated plan', () => {
  const outdated = (head: string, pushedBy: string | null) =>
    ({ is: 'outdated', by: 'head-moved', head: head.repeat(40), pushedBy }) as const;

  it('keeps the name of who pushed the head, which only the run of the push knows', () => {
    const named = renderPlanComment(view, outdated('e', 'frank'));
    expect(named).toContain('> `frank` pushed [`eeeeeee`](');
    expect(withState(named, view, outdated('e', null))).toBe(named);
  });

  it('does not keep it for another head, or from an alert that somebody changed', () => {
    const named = renderPlanComment(view, outdated('e', 'frank'));
    const moved = renderPlanComment(view, outdated('f', null));
    expect(withState(named, view, outdated('f', null))).toBe(moved);
    const changed = named.replace('so it ended', 'so it lives');
    const plain = renderPlanComment(view, outdated('e', null));
    expect(withState(changed, view, outdated('e', null))).toBe(plain);
  });
});

describe('the alert of a denied plan', () => {
  it('says who set the label, if its record does', () => {
    const denied = (by: string | null) =>
      renderPlanComment(view, { is: 'denied', reason: 'outside-plan', by, at, run: 901 });
    expect(denied('bob')).toContain('> `bob` set the label. 2026-01-02 04:00 UTC ([run](');
    expect(denied(null)).toContain('> 2026-01-02 04:00 UTC ([run](');
  });
});

describe('showsPlan', () => {
  it.each(written)(
    'knows the comment in the state $is, if the action may have written it',
    (state) => {
      const shown = renderPlanComment(view, state);
      expect(showsPlan(shown, view, [state])).toBe(true);
      expect(showsPlan(shown, view, written)).toBe(true);
      expect(showsPlan(shown.replaceAll('\n', '\r\n'), view, [state])).toBe(true);
      expect(showsPlan(`${shown}\n`, view, [state])).toBe(true);
      expect(withState(body, view, state)).toBe(shown);
      expect(withState(shown, view, { is: 'awaiting' })).toBe(body);
    },
  );

  it.each(written)('does not know the state $is if no record says it', (state) => {
    const others = written.filter((one) => one !== state);
    expect(showsPlan(renderPlanComment(view, state), view, others)).toBe(false);
  });

  it('does not know an approval by others than those of the records', () => {
    const states: readonly CommentState[] = [approvedBy('mona', 'hubot')];
    for (const by of [
      ['mona'],
      ['hubot', 'mona'],
      ['mona', 'hubot', 'ada'],
      ['Mona', 'hubot'],
      [],
    ]) {
      const shown = renderPlanComment(view, approvedBy(...by));
      expect(showsPlan(shown, view, states), by.join()).toBe(false);
    }
  });

  it('knows that a newer plan was published: that denies, and allows nothing', () => {
    const shown = renderPlanComment(view, { is: 'superseded', newer });
    expect(asSuperseded(body, newer)).toBe(shown);
    expect(showsPlan(shown, view, [])).toBe(true);
    expect(showsSuperseded(shown)).toBe(true);
    for (const state of written) {
      expect(showsSuperseded(renderPlanComment(view, state))).toBe(false);
    }
  });

  it.each([
    'approved by `mona`, ',
    'approved by `mona``hubot`',
    'approved by mona',
    'approved by ``',
    'approved by `mona` <!-- x -->',
    'Awaiting approval',
    'awaiting approval.',
    'executed in `abc`',
    '$&',
    '',
  ])('does not know the state %j', (state) => {
    const shown = body.replace('**State:** awaiting approval', () => `**State:** ${state}`);
    expect(shown).not.toBe(body);
    expect(showsPlan(shown, view, written)).toBe(false);
  });

  it('does not know a comment with any line more, less, moved or twice', () => {
    const lines = body.split('\n');
    for (const [index, line] of lines.entries()) {
      const spoilt = [
        lines.toSpliced(index, 1),
        lines.toSpliced(index, 0, line || 'x'),
        lines.with(index, `${line} `),
        lines.with(index, ` ${line}`),
      ].map((some) => some.join('\n'));
      for (const one of spoilt) {
        if (one.trimEnd() !== body)
          expect(showsPlan(one, view, written), `line ${index}`).toBe(false);
      }
    }
    expect(showsPlan('', view, written)).toBe(false);
    expect(showsPlan(lines.slice(0, 8).join('\n'), view, written)).toBe(false);
    expect(showsPlan(`${body}\n\nLooks good to me.`, view, written)).toBe(false);
  });

  it('does not know another view of the same plan', () => {
    for (const other of [
      { ...view, label: 'another' },
      { ...view, flags: new Map() },
      { ...view, artifact: { ...view.artifact, id: 42 } },
      { ...view, serverUrl: 'https://octo.ghe.com' },
    ]) {
      expect(showsPlan(body, other, written)).toBe(false);
    }
  });
});

describe('withState', () => {
  it('needs the line of a state in its place', () => {
    expect(withState('', view, { is: 'drifted', found: null })).toBeUndefined();
    expect(withState('a\n\nb\n\nno state', view, { is: 'drifted', found: null })).toBeUndefined();
    expect(
      withState('> **State:** awaiting approval', view, { is: 'drifted', found: null }),
    ).toBeUndefined();
  });

  it('leaves the rest of the comment alone', () => {
    const edited = `${body}\n\nadded`;
    expect(withState(edited, view, { is: 'drifted', found: null })).toBe(
      `${renderPlanComment(view, { is: 'drifted', found: null })}\n\nadded`,
    );
  });
});
