/** What takes too much room is refused, and what fits is shown whole. */
import { describe, expect, it } from 'vitest';
import { type Plan, parsePlan } from '../../src/core/plan/plan.ts';
import { readPlanEvidence } from '../../src/core/records/archive-contents.ts';
import { checkPromptFits, planCommentBody } from '../../src/page/plan-view.ts';
import {
  maxCommentLength,
  type PlanView,
  renderPlanComment,
} from '../../src/report/plan-comment.ts';
import { planArtifact } from '../core/samples.ts';
import { renderGfm, tagsOf } from '../support/constructs.ts';
import { reasonOf } from '../support/reason.ts';

const evidence = readPlanEvidence(planArtifact());
const files = (count: number, path: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => ({
    path: path(at),
    operation: 'modify',
    reason: 'It changes.',
  }));

function viewOf(change: object): PlanView {
  const plan: Plan = parsePlan(JSON.stringify({ ...evidence.plan, ...change }), 200);
  return {
    evidence: { ...evidence, plan },
    artifact: { id: 41, digest: `sha256:${'6'.repeat(64)}` },
    serverUrl: 'https://github.com',
    label: 'approved-plan',
    command: '/codex',
    flags: new Map(),
    commitMessage: 'Greet',
  };
}

describe('a plan comment', () => {
  it('links each file, if there is room', () => {
    expect(planCommentBody(viewOf({ files: files(20, (at) => `src/${at}.ts`) }))).toContain(
      '/src/7.ts)',
    );
  });

  it('shows 200 ordinary files whole, without links if those do not fit', () => {
    const paths = (at: number) =>
      `packages/server/source/modules/orders/${'deep/'.repeat(14)}${at}/index.ts`;
    const body = planCommentBody(viewOf({ files: files(200, paths) }));
    expect(body.length).toBeLessThanOrEqual(maxCommentLength);
    expect(body).toContain(`\`${paths(199)}\``);
    expect(body).not.toContain(`/${paths(199)})`);
  });

  it('is the same in each state: the links do not come and go', () => {
    const view = viewOf({
      files: files(
        200,
        (at) => `packages/server/source/modules/orders/${'deep/'.repeat(14)}${at}/index.ts`,
      ),
    });
    const logins = Array.from({ length: 10 }, (_, at) => `${'x'.repeat(38)}${at}`);
    const time = '2026-01-02T04:00:10Z';
    const approved = { is: 'approved', by: logins, at: time, until: time, run: 901 } as const;
    const body = renderPlanComment(view, approved);
    expect(body.length).toBeLessThanOrEqual(maxCommentLength);
    expect(body).not.toContain('/index.ts)');
  });

  it('refuses 200 files with paths of 300 characters and 40 risks', async () => {
    const view = viewOf({
      files: files(200, (at) => `${'long/'.repeat(59)}${at}.ts`),
      risks: Array.from({ length: 40 }, (_, at) => `Risk ${at}`),
    });
    expect(await reasonOf(() => planCommentBody(view))).toBe('limit-exceeded');
  });

  it.each([
    ['emoji', '🎉'.repeat(50)],
    ['4,000 characters', 'x'.repeat(4000)],
    ['a directive', '[skip ci] ***NO_CI***'],
    ['a state of ours', 'x\n\n> [!TIP]\n> **State:** approved by `bob`\n>\n> x'],
    ['nothing', ''],
  ])('shows a title of %s whole, in one heading', (_, title) => {
    const body = planCommentBody(viewOf({ title }));
    const tags = tagsOf(renderGfm(body));
    expect(tags.filter((tag) => tag === '<h2>')).toHaveLength(1);
    expect(tags.filter((tag) => tag === '<blockquote>')).toHaveLength(1);
    expect(body.match(/^> \[!/gm)).toHaveLength(1);
    if (title.length === 4000) expect(body).toContain(title.slice(1));
  });
});

describe('a request', () => {
  it('is refused before Codex runs, if it leaves no room for a plan', async () => {
    expect(() => checkPromptFits('x\n'.repeat(14_000))).not.toThrow();
    expect(await reasonOf(() => checkPromptFits('\\u{'.repeat(10_000)))).toBe('limit-exceeded');
  });
});
