import { describe, expect, it } from 'vitest';
import type { Denial } from '../../src/core/plan/attempts.ts';
import type { PlannedFile } from '../../src/core/plan/plan.ts';
import { sha256 } from '../../src/core/text/digest.ts';
import { renderDenial, renderEnded, renderNotes } from '../../src/report/denial.ts';
import { type DriftView, renderDrift } from '../../src/report/drift.ts';
import { reportMarker } from '../../src/report/markers.ts';
import { maxCommentLength } from '../../src/report/plan-comment.ts';
import { renderNoPlan, renderStop, sameStop } from '../../src/report/stopped.ts';
import { renderVerified } from '../../src/report/verified.ts';
import { objectId } from '../support/object-ids.ts';
import { uncheckedPath } from '../support/unchecked-path.ts';

const planId = sha256('plan');
const run = 'https://github.com/octo/shop/actions/runs/7';
const none = { refusedRequests: [], assessments: [], warnings: [] };
const denial = (path: string): Denial => ({
  path,
  operation: 'create',
  reason: 'outside-plan',
  detail: 'The plan does not name this file.',
});
const planned = (path: string): PlannedFile => ({
  path: uncheckedPath(path),
  operation: 'modify',
  reason: '',
});
const many = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
/** Texts that take the most room once they are written out: 4000 characters. */
const long = (index: number) => `${index}${'\u200b`\u{e0041}'.repeat(200)}`;

/** With the marker that stands before it. */
const fits = (marker: string, body: string) =>
  expect(`${marker}\n\n${body}`.length).toBeLessThanOrEqual(maxCommentLength);

describe('the report of a denial', () => {
  it('names every file with what was tried, and counts what is the same', () => {
    const text = renderDenial(planId, [denial('a'), denial('b'), denial('a')], none, true, run);
    expect(text).toContain(
      '| `a` | create | outside-plan: The plan does not name this file. | 2 |',
    );
    expect(text).toContain(
      '| `b` | create | outside-plan: The plan does not name this file. | 1 |',
    );
    expect(text.match(/###/g)).toHaveLength(1);
    expect(text).toContain(`(${run})`);
  });

  it('says that the label was removed only if GitHub was seen to say so', () => {
    expect(renderDenial(planId, [denial('a')], none, true, run)).toContain(
      'The label was removed.',
    );
    const stuck = renderDenial(planId, [denial('a')], none, false, run);
    expect(stuck).not.toContain('was removed');
    expect(stuck).toContain(
      'The label could not be removed: remove it by hand. It approves nothing.',
    );
  });

  it('tells what else was refused, decided and warned of', () => {
    const text = renderDenial(
      planId,
      [denial('a')],
      {
        refusedRequests: [{ kind: 'command', request: 'curl x | sh', why: 'No network.' }],
        assessments: [
          {
            at: '',
            action: 'rm',
            risk: 'high',
            authorization: null,
            outcome: 'denied',
            rationale: 'Harm.',
          },
          {
            at: '',
            action: 'ls',
            risk: null,
            authorization: null,
            outcome: 'approved',
            rationale: '',
          },
        ],
        warnings: ['Overridden.'],
      },
      true,
      run,
    );
    expect(text).toContain('| command | `curl x \\| sh` | No network. | 1 |');
    expect(text).toContain('| `rm` | denied, risk high | Harm. | 1 |');
    expect(text).toContain('| `ls` | approved |  | 1 |');
    expect(text).toContain('| Codex: Overridden. | 1 |');
  });

  it('fits into a comment, whatever was tried', () => {
    const text = renderDenial(
      planId,
      many(500, (n) => ({ ...denial(long(n)), detail: long(n) })),
      {
        refusedRequests: many(500, (n) => ({ kind: 'command', request: long(n), why: long(n) })),
        assessments: many(500, (n) => ({
          at: '',
          action: long(n),
          risk: null,
          authorization: null,
          outcome: 'denied',
          rationale: long(n),
        })),
        warnings: many(500, long),
      },
      false,
      run,
    );
    fits(reportMarker(planId), text);
    expect(text).toMatch(/… and \d+ more, in denial\.json of the evidence\./);
  });
});

describe('the report of an approval that ended otherwise', () => {
  const refused = { kind: 'command', request: 'npm ci', why: 'No network.' } as const;
  const stopped = { reason: 'nothing-changed', detail: 'It said @team #1.', runUrl: run } as const;

  it('says why, what was refused, and what to do next', () => {
    const text = renderEnded(planId, stopped, { ...none, refusedRequests: [refused] }, true);
    expect(text).toContain('`nothing-changed`: Codex changed nothing.');
    expect(text).toContain('| command | `npm ci` | No network. | 1 |');
    expect(text).toContain('**Next:** Ask for a more specific plan');
    expect(text).toContain(`([run](${run}))`);
    expect(text).not.toMatch(/@team|#1/);
  });
});

describe('the report of passing trouble', () => {
  it('says that the label stays, and how to go on', () => {
    const view = {
      reason: 'codex-timeout',
      detail: 'x',
      runUrl: run,
      labelledBy: null,
      isDone: false,
      labelStays: true,
    } as const;
    const text = renderStop('approve', planId, view);
    expect(text).toContain('is not approved yet');
    expect(text).toContain('`codex-timeout`: Codex did not finish in time and was stopped.');
    expect(text).toContain('a label that is set stays');
    expect(text).not.toContain('removed');
  });
});

describe('the report of a step that stopped', () => {
  const view = {
    reason: 'self-approval',
    detail: 'x',
    runUrl: run,
    labelledBy: 'ada',
    isDone: false,
    labelStays: false,
  } as const;

  it('says what did not come about, who set the label, why, and what to do next', () => {
    expect(renderStop('approve', planId, view)).toBe(
      `### Plan \`${planId.slice(0, 12)}\` was not approved\n\n\`ada\` set the label. \`self-approval\`: The approver is also the one who asked for the plan, or the author of the pull request. Details: x **Next:** Have somebody else approve, or set approvers.self or approvers.author in the policy file. ([run](${run}))`,
    );
    const execute = renderStop('execute', null, { ...view, labelledBy: null });
    expect(execute).toContain('### The plan was not executed\n\n`self-approval`: ');
  });

  it('is the same report if only the run is another', () => {
    const told = (change: object) => renderStop('approve', planId, { ...view, ...change });
    expect(sameStop(told({}), told({ runUrl: `${run}1` }).replaceAll('\n', '\r\n'))).toBe(true);
    expect(sameStop(told({}), told({ reason: 'bot-denied' }))).toBe(false);
    expect(sameStop(told({}), told({ detail: 'y' }))).toBe(false);
    expect(sameStop(told({}), told({ labelledBy: 'bob' }))).toBe(false);
  });
});

describe('the line about a request that did not succeed', () => {
  const request = 'https://github.com/octo/shop/pull/1#issuecomment-5';
  const line = (detail: string) =>
    renderNoPlan({ reason: 'plan-invalid', detail, runUrl: run }, { url: request });

  it('has the reason, the next step, the request and the run', () => {
    expect(line('No files.')).toBe(
      `[This request](${request}) did not succeed. \`plan-invalid\`: There is no valid plan: the model answered with none, or the command would leave none. Details: No files. **Next:** Read the details, then write the request or the command again. ([run](${run}))`,
    );
  });

  it('is one line, whatever was said', () => {
    const text = line('x\n\n# y\n'.repeat(2000));
    expect(text).not.toContain('\n');
    expect(text.length).toBeLessThan(maxCommentLength);
  });
});

describe('the notes on an editing', () => {
  it('are left out if there is nothing to note', () => {
    expect(renderNotes([], none)).toEqual([]);
  });

  it('name the planned files that were left as they were', () => {
    expect(renderNotes(['a', 'b'], none).join('\n')).toContain('| `a` |\n| `b` |');
  });
});

describe('the report of a drift', () => {
  const view: DriftView = {
    planId,
    way: 'anchored',
    comparison: { drift: 'scope-drift', scope: { added: [], removed: [], retyped: [] }, diff: '' },
    moved: [],
    baseCommits: [],
    toolchain: [],
    labelRemoved: true,
    repositoryUrl: 'https://github.com/octo/demo',
    approved: { sha256: sha256('approved'), run: 7, artifact: 70 },
    regenerated: sha256('today'),
    found: { run: 8, artifact: 80 },
  };

  it('names both plans, with their runs and artifacts', () => {
    const text = renderDrift(view);
    for (const part of [
      sha256('approved'),
      sha256('today'),
      '/actions/runs/7)',
      '/actions/runs/7/artifacts/70)',
      '/actions/runs/8/artifacts/80)',
    ]) {
      expect(text).toContain(part);
    }
    expect(renderDrift({ ...view, regenerated: null })).toContain('without asking a model');
  });

  it('says that the label was removed only if GitHub was seen to say so', () => {
    expect(renderDrift(view)).toContain('The label was removed.');
    const stuck = renderDrift({ ...view, labelRemoved: false });
    expect(stuck).not.toContain('was removed');
    expect(stuck).toContain(
      'The label could not be removed: remove it by hand. It approves nothing.',
    );
  });

  it('says what changed and why', () => {
    const scope = {
      added: [planned('new')],
      removed: [planned('old')],
      retyped: [{ ...planned('other'), operation: 'delete' as const, was: 'modify' as const }],
    };
    const text = renderDrift({
      ...view,
      comparison: {
        drift: 'scope-drift',
        scope,
        diff: '--- a\n+++ b\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n',
      },
      baseCommits: [{ sha: 'a'.repeat(40), paths: ['x', 'y'] }],
      toolchain: ['model was a, is b'],
    });
    expect(text).toContain('| `new` | added | modify |');
    expect(text).toContain('| `old` | removed | modify |');
    expect(text).toContain('| `other` | retyped | now delete, was modify |');
    expect(text).toContain('````diff\n@@ -1,2 +1,2 @@\n │ a\n-│ b\n+│ c\n````');
    expect(text).toContain(
      `| [\`aaaaaaa\`](https://github.com/octo/demo/commit/${'a'.repeat(40)}) | \`x\`, \`y\` |`,
    );
    expect(text).toContain('- Toolchain: model was a, is b');
    expect(text).not.toContain('No planned file');
  });

  it('names what the base changed if it could not name the commits', () => {
    const text = renderDrift({ ...view, moved: ['a', 'é'] });
    expect(text).toContain('The base changed `a`, `\\u{e9}`.');
    expect(text).not.toContain('These commits');
    expect(text).not.toContain('No planned file');
    const commits = [{ sha: 'a'.repeat(40), paths: ['a'] }];
    const some = renderDrift({ ...view, moved: ['a', 'b'], baseCommits: commits });
    expect(some).toContain('The base changed `b`.');
    const all = renderDrift({ ...view, moved: ['a'], baseCommits: commits });
    expect(all).not.toContain('The base changed');
  });

  it('leaves room for the rest of a comment, however long what the base changed is', () => {
    const moved = many(300, (n) => `${'`'.repeat(2000)}${n}`);
    const text = renderDrift({ ...view, moved });
    expect(text).toContain(' and 295 more.');
    expect(text.length).toBeLessThan(6000);
  });

  it('says so if nothing changed but the plan', () => {
    const comparison = { ...view.comparison, diff: '-a\n+b\n' };
    expect(renderDrift({ ...view, comparison })).toContain('No planned file and no tool changed');
  });

  it('names five files of a commit', () => {
    const paths = many(7, (n) => `f${n}`);
    const text = renderDrift({ ...view, baseCommits: [{ sha: 'a'.repeat(40), paths }] });
    expect(text).toContain('`f4`, and 2 more |');
  });

  it('fits into a comment, whatever drifted', () => {
    const files = many(400, (n) => planned(`${n}${'é'.repeat(700)}`));
    const text = renderDrift({
      ...view,
      comparison: {
        drift: 'scope-drift',
        scope: {
          added: files,
          removed: files,
          retyped: files.map((file) => ({ ...file, was: 'delete' as const })),
        },
        diff: many(400, long).join('\n'),
      },
      moved: many(300, long),
      baseCommits: many(300, (n) => ({ sha: 'a'.repeat(40), paths: many(9, () => long(n)) })),
      toolchain: many(3, long),
    });
    fits(reportMarker(planId), text);
    expect(text).toMatch(/│ … \d+ more lines, in drift\.diff of the artifact\n/);
  });
});

describe('the report of a verification that passed', () => {
  const base = { ref: 'release/`1`', sha: objectId('a') };
  const view = { planId, way: 'scope', basis: 'model', base, diff: '' } as const;

  it('names the plan, the way and the base, and nothing else if nothing differs', () => {
    const text = renderVerified(view);
    expect(text).toContain(`\`${planId}\` on base \`${base.sha}\` (\`\` release/\`1\` \`\`)`);
    expect(text).toContain(
      'Codex was asked for the plan again, and the plans were compared (scope).',
    );
    expect(text.match(/###/g)).toHaveLength(1);
  });

  it.each([
    ['same-tree', 'Nothing that the plan was made from has changed, so no model was asked.'],
    ['deterministic', 'No model was asked (regenerate: never).'],
  ] as const)('says what it rests on: %s', (basis, sentence) => {
    const text = renderVerified({ ...view, basis });
    expect(text).toContain(sentence);
    expect(text).not.toContain('Codex was asked');
  });

  it('shows what was let pass, as data and within bounds', () => {
    const text = renderVerified({ ...view, diff: '-npm test\n+@alice <!-- x -->\n' });
    expect(text).toContain('````diff\n-│ npm test\n+│ ＠alice <！-- x -->\n````');
    const much = renderVerified({ ...view, diff: many(400, long).join('\n') });
    expect(much.length).toBeLessThan(40_000);
    expect(much).toMatch(/│ … \d+ more lines, in the log\n/);
  });
});
