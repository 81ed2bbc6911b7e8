/** Every page, with one text in each place where somebody else's text can stand. */

import type { Plan } from '../../src/core/plan/plan.ts';
import type { Prompt } from '../../src/core/plan/prompt.ts';
import type { PlanEvidence } from '../../src/core/records/archive-contents.ts';
import type { Manifest } from '../../src/core/records/manifest.ts';
import { renderBaseDrift } from '../../src/report/base-drift.ts';
import { renderChange } from '../../src/report/change.ts';
import { renderDenial, renderEnded, renderNotes } from '../../src/report/denial.ts';
import { renderDrift } from '../../src/report/drift.ts';
import {
  type CommentState,
  type PlanView,
  renderPlanComment,
} from '../../src/report/plan-comment.ts';
import { renderNoPlan, renderStop } from '../../src/report/stopped.ts';
import { renderVerified } from '../../src/report/verified.ts';
import { renderApproved, renderVotes } from '../../src/report/votes.ts';
import { manifest as sample } from '../core/samples.ts';
import { fileChange } from './changes.ts';
import { objectId } from './object-ids.ts';
import { uncheckedPath } from './unchecked-path.ts';

export const planId = 'ab'.repeat(32) as PlanEvidence['planId'];
export const repositoryUrl = 'https://github.com/octo/shop';
const run = `${repositoryUrl}/actions/runs/7`;
const at = '2026-01-02T03:04:05Z';

/** A plan comment in which every text that anybody else chose is the same. */
export function hostileView(text: string): PlanView {
  const path = uncheckedPath(text);
  const plan: Plan = {
    schema: 'codex-plan/v1',
    title: text,
    summary: text,
    steps: [
      { title: text, detail: text, paths: [path] },
      { title: text, detail: null, paths: [] },
    ],
    files: [
      { path, operation: 'create', reason: text },
      { path: uncheckedPath(`${text}2`), operation: 'modify', reason: '' },
    ],
    commands: [text, text],
    risks: [text],
  };
  const person = { id: 1, login: text };
  const manifest: Manifest = {
    ...sample,
    repository: { id: 1, full_name: 'octo/shop' },
    pull_request: 1,
    requests: [{ comment_id: 5, requester: person, sha256: planId }],
    narrows: { plan_id: planId, comment_id: 6, by: person, paths: [path] },
    head: { ref: text, sha: objectId('a') },
    base: { ref: text, sha: objectId('b') },
    created_at: at,
    usage: { input: 1000, cached: 200, output: 300, seconds: 4.5 },
    codex: { version: text, model: text, effort: text, tools: [text] },
    policy: { path: '.github/codex-plan.yml', blob: null, commit: objectId('b') },
    prompt_sha256: planId,
    plan_sha256: planId,
    run: { ...sample.run, id: 7, workflow: '.github/workflows/codex.yml' },
  };
  const prompt = text as Prompt;
  return {
    evidence: { planId, manifest, plan, prompt, instructions: '', journal: '' },
    artifact: { id: 9, digest: `sha256:${planId}` },
    serverUrl: 'https://github.com',
    label: text,
    command: '/codex',
    flags: new Map([[text, ['new folder']]]),
    commitMessage: text,
  };
}

/** What `text` says of a file is not what the page shows of it. */
const changed = (path: string) =>
  fileChange(
    path,
    { mode: '100644', blob: objectId('1') },
    { mode: '100644', blob: objectId('2') },
  );

const states = (text: string): readonly CommentState[] => [
  { is: 'awaiting' },
  { is: 'approved', by: [text], at, until: at, run: 7 },
  { is: 'withdrawn', record: { by: text, at } },
  { is: 'executed', commit: 'c'.repeat(40), approval: { by: [text], at, run: 7 } },
];

/** Each page by its name. */
export function everyPage(text: string): Readonly<Record<string, string>> {
  const edit = {
    refusedRequests: [{ kind: 'command', request: text, why: text }],
    assessments: [
      { at: '', action: text, risk: null, authorization: null, outcome: 'denied', rationale: text },
    ],
    warnings: [text],
  } as const;
  const stopped = { reason: 'github-refused', detail: text, runUrl: run } as const;
  const lines = text.split('\n').map((line) => `+${line}`);
  const hunk = `@@ -0,0 +1,${lines.length} @@ ${text.replaceAll('\n', ' ')}\n${lines.join('\n')}\n`;
  // git writes a plain name as it is, and quotes any other.
  const name = /^[\w./@+-]+$/.test(text) ? text : 'x';
  const patch = `diff --git a/${name} b/${name}\nindex 0..1 100644\n--- a/${name}\n+++ b/${name}\n${hunk}`;
  return {
    ...Object.fromEntries(
      states(text).map((state) => [
        `plan comment, ${state.is}`,
        renderPlanComment(hostileView(text), state),
      ]),
    ),
    'report of a drift': renderDrift({
      planId,
      way: 'anchored',
      comparison: {
        drift: 'scope-drift',
        scope: {
          added: [{ path: uncheckedPath(text), operation: 'create', reason: text }],
          removed: [],
          retyped: [],
        },
        diff: `--- a\n+++ b\n${hunk}`,
      },
      moved: [text, `${text}2`],
      baseCommits: [{ sha: objectId('c'), paths: [text] }],
      toolchain: [text],
      labelRemoved: true,
      repositoryUrl,
      approved: { sha256: planId, run: 7, artifact: 70 },
      regenerated: planId,
      found: { run: 8, artifact: 80 },
    }),
    'report of a base': renderBaseDrift({
      planId,
      baseRef: text,
      paths: [text],
      commits: [{ sha: 'c'.repeat(40), paths: [text] }],
      push: { by: text, paths: [text] },
      labelSet: true,
      repositoryUrl,
    }),
    'report of a denial': renderDenial(
      planId,
      [{ path: text, operation: 'create', reason: 'outside-plan', detail: text }],
      edit,
      true,
      run,
    ),
    'report of an end': renderEnded(planId, stopped, edit, false),
    'report of a stop': renderStop('approve', planId, {
      ...stopped,
      labelledBy: text,
      isDone: false,
      labelStays: false,
    }),
    'report of votes': renderVotes(planId, [text], 2, true),
    'report of an approval': renderApproved(planId, [text]),
    'line about a dispatched request': renderNoPlan(stopped, { dispatchedBy: text }),
    'line about a request': renderNoPlan(stopped, {
      url: `${repositoryUrl}/pull/1#issuecomment-5`,
    }),
    'change comment': renderChange({
      planId,
      patch: Buffer.from(patch),
      digest: planId,
      changes: [changed(text)],
      artifactUrl: `${run}/artifacts/9`,
      notes: renderNotes([text], edit),
    }),
    'change comment without room': renderChange({
      planId,
      patch: Buffer.from('GIT binary patch'),
      digest: planId,
      changes: [changed(text)],
      artifactUrl: `${run}/artifacts/9`,
      notes: [],
    }),
    'summary of a verification': renderVerified({
      planId,
      way: 'scope',
      basis: 'model',
      base: { ref: text, sha: objectId('c') },
      diff: `--- a\n+++ b\n${hunk}`,
    }),
  };
}
