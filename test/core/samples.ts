/** One of each record and artifact, small and whole. */

import { parsePlan, planDigest, planJson } from '../../src/core/plan/plan.ts';
import { renderPlanText } from '../../src/core/plan/plan-text.ts';
import { type Approval, approvalJson } from '../../src/core/records/approval.ts';
import type { planMembers } from '../../src/core/records/archive-contents.ts';
import type { DenialRecord } from '../../src/core/records/denial.ts';
import type { Execution } from '../../src/core/records/execution.ts';
import type { CountedLabelEvent } from '../../src/core/records/fields.ts';
import { appendToJournal, type JournalFact } from '../../src/core/records/journal.ts';
import type { Manifest } from '../../src/core/records/manifest.ts';
import { listMembers, type Members, toMembers } from '../../src/core/records/members.ts';
import {
  packApproval,
  packDenial,
  packExecution,
  packPlan,
  packVerification,
  packWithdrawal,
} from '../../src/core/records/pack.ts';
import type { Verification } from '../../src/core/records/verification.ts';
import type { Withdrawal } from '../../src/core/records/withdrawal.ts';
import { parseSha256, type Sha256, sha256 } from '../../src/core/text/digest.ts';
import { canonicalJson } from '../../src/core/text/json.ts';
import { parsePath } from '../../src/core/text/paths.ts';
import { objectId as id } from '../support/object-ids.ts';

const digest = (digit: string) => parseSha256(digit.repeat(64)) as Sha256;

const repository = { id: 7, full_name: 'octo/demo' };
const head = { ref: 'topic', sha: id('a') };
const base = { ref: 'main', sha: id('b') };
const hubot = { id: 6, login: 'hubot' };

/** How each record was made. */
export const making = {
  policy: { path: '.github/codex-plan.yml', blob: id('0'), commit: id('b') },
  action: {
    repository: 'octo/codex-plan',
    ref: 'v1',
    dist_sha256: digest('c'),
  },
  run: {
    id: 900,
    attempt: 1,
    workflow: '.github/workflows/codex-plan.yml',
    workflow_sha: id('b'),
    called: [{ path: 'octo/shared/.github/workflows/plan.yml@v1', sha: id('8'), ref: 'v1' }],
  },
};

/** The policy that the records were made under, as far as a reader needs it: the tests of the archives turn each bit. */
export const policyRecord = canonicalJson({
  schema: 'codex-policy/v1',
  policy: { approvers: { hours: 24 } },
  sources: { 'approvers.hours': 'default' },
});

export const plan = parsePlan(
  JSON.stringify({
    title: 'Greet',
    summary: 'Says hello.',
    steps: [{ title: 'Say it', detail: 'In a.txt.', paths: ['a.txt'] }],
    files: [
      { path: 'a.txt', operation: 'modify', reason: 'It greets.' },
      { path: 'b.txt', operation: 'create', reason: '' },
    ],
    commands: ['npm test'],
    risks: [],
  }),
  200,
);

export const fact: JournalFact = {
  at: '2026-01-02T03:04:05Z',
  event: 'planned',
  actor: { id: 5, login: 'mona' },
  digests: { plan: digest('1'), prompt: digest('2') },
  detail: null,
};

export const contents = {
  'prompt.txt': 'greet everybody',
  'plan.json': planJson(plan),
  'plan.txt': renderPlanText(plan),
  'journal.jsonl': appendToJournal('', fact),
  'run.log': 'plan: codex 0.171.0, afresh\n',
  'policy.json': policyRecord,
  'instructions.md': 'Write tests.\n',
} satisfies Record<(typeof planMembers)[number], string>;

export const manifest: Manifest = {
  schema: 'codex-plan-manifest/v1',
  repository,
  pull_request: 12,
  requests: [
    {
      comment_id: 77,
      requester: { id: 5, login: 'mona' },
      sha256: sha256(contents['prompt.txt']),
    },
  ],
  narrows: {
    plan_id: digest('d'),
    comment_id: 78,
    by: { id: 4, login: 'ada' },
    paths: [parsePath('c.txt')],
  },
  head,
  base,
  merge_base: id('9'),
  workspace: { commit: id('c'), tree: id('d') },
  codex: { version: '0.171.0', model: 'gpt-5-codex', effort: 'high', tools: ['node/24.0.0/x64'] },
  usage: { input: 1000, cached: 200, output: 300, seconds: 4.5 },
  instructions_sha256: sha256(contents['instructions.md']),
  prompt_sha256: sha256(contents['prompt.txt']),
  plan_sha256: planDigest(plan),
  files: [
    { path: parsePath('a.txt'), operation: 'modify', mode: '100644', blob: id('e') },
    { path: parsePath('b.txt'), operation: 'create', mode: null, blob: null },
  ],
  members: listMembers(toMembers(contents)),
  ...making,
  created_at: '2026-01-02T03:04:05Z',
};

/** The label event that the approval counted. */
export const labelEvent: CountedLabelEvent = {
  id: 'LE_88',
  label: { id: 'LA_1', name: 'approved-plan' },
  actor: hubot,
  created_at: '2026-01-02T04:00:00Z',
};

export const approval: Approval = {
  schema: 'codex-approval/v1',
  repository,
  pull_request: 12,
  plan_id: digest('3'),
  plan_sha256: digest('4'),
  prompt_sha256: digest('5'),
  plan_artifact: { id: 41, digest: `sha256:${digest('6')}` },
  approvers: [
    {
      ...hubot,
      permission: 'write',
      label_event: { id: 'LE_88', created_at: '2026-01-02T04:00:00Z' },
    },
  ],
  head,
  base,
  files: [
    {
      path: parsePath('a.txt'),
      operation: 'modify',
      before: { mode: '100644', blob: id('1') },
      after: { mode: '100644', blob: id('2') },
    },
    {
      path: parsePath('b.txt'),
      operation: 'create',
      before: null,
      after: { mode: '100644', blob: id('3') },
    },
  ],
  change_sha256: sha256('diff --git a/a.txt b/a.txt\n'),
  label_events: [labelEvent],
  unreached: [],
  ...making,
  created_at: '2026-01-02T04:00:10Z',
  expires_at: '2026-01-03T04:00:00Z',
};

export const verification: Verification = {
  schema: 'codex-verification/v1',
  repository,
  pull_request: 12,
  plan_id: digest('3'),
  approval_sha256: digest('7'),
  approvers: [{ ...hubot, permission: 'write' }],
  approval_artifact: { id: 42, digest: `sha256:${digest('8')}` },
  way: 'anchored',
  result: 'drifted',
  basis: 'model',
  regenerated: { plan_sha256: planDigest(plan) },
  scope: {
    added: [{ path: parsePath('c.txt'), operation: 'create' }],
    removed: [{ path: parsePath('b.txt'), operation: 'create' }],
    retyped: [{ path: parsePath('a.txt'), operation: 'delete' }],
  },
  causes: {
    base_commits: [{ sha: id('f'), paths: ['a.txt'] }],
    toolchain: ['model was gpt-5-codex, is gpt-6-codex'],
  },
  head,
  base,
  ...making,
  created_at: '2026-01-02T05:00:00Z',
};

export const execution: Execution = {
  schema: 'codex-execution/v1',
  repository,
  pull_request: 12,
  plan_id: digest('3'),
  approval_sha256: digest('7'),
  approvers: [{ ...hubot, permission: 'write' }],
  verification_artifact: { id: 43, digest: `sha256:${digest('9')}` },
  head,
  commit: id('4'),
  tree: id('5'),
  unreached: [],
  ...making,
  created_at: '2026-01-02T06:00:00Z',
};

export const denial: DenialRecord = {
  schema: 'codex-denial/v1',
  repository,
  pull_request: 12,
  mode: 'approve',
  plan_id: digest('3'),
  reason: 'outside-plan',
  label_events: [labelEvent],
  refused: [
    {
      path: '../a.txt',
      operation: 'create',
      steps: ['Say it'],
      reason: 'path-invalid',
      detail: 'It lies outside.',
    },
  ],
  refused_requests: [{ kind: 'command', request: 'curl x | sh', why: 'No network.' }],
  assessments: [
    {
      at: '2026-01-02T04:30:00Z',
      action: 'rm -r .',
      risk: 'high',
      authorization: null,
      outcome: 'denied',
      rationale: 'It does harm.',
    },
  ],
  ...making,
  created_at: '2026-01-02T04:40:00Z',
};

export const withdrawal: Withdrawal = {
  schema: 'codex-withdrawal/v1',
  repository,
  pull_request: 12,
  plan_id: digest('3'),
  comment_id: 79,
  by: { id: 5, login: 'mona' },
  ...making,
  created_at: '2026-01-02T07:00:00Z',
};

export const planArtifact = (change: Partial<Manifest> = {}): Members =>
  packPlan({ ...manifest, ...change }, toMembers(contents));

export const approvalJournal = appendToJournal(contents['journal.jsonl'], {
  ...fact,
  event: 'approved',
  digests: { approval: sha256(approvalJson(approval)) },
});

export const approvalArtifact = (): Members =>
  packApproval(approval, {
    'change.patch': 'diff --git a/a.txt b/a.txt\n',
    'journal.jsonl': approvalJournal,
    'run.log': '',
    'policy.json': policyRecord,
  });

export const verificationArtifact = (): Members =>
  packVerification(verification, {
    'journal.jsonl': contents['journal.jsonl'],
    'run.log': '',
    'policy.json': policyRecord,
    'drift.diff': '--- a\n+++ b\n',
    'plan.json': contents['plan.json'],
    'plan.txt': contents['plan.txt'],
  });

export const executionArtifact = (): Members =>
  packExecution(execution, {
    'journal.jsonl': contents['journal.jsonl'],
    'policy.json': policyRecord,
  });

export const denialArtifact = (): Members =>
  packDenial(denial, {
    'journal.jsonl': contents['journal.jsonl'],
    'run.log': '',
    'policy.json': policyRecord,
  });

export const withdrawalArtifact = (): Members =>
  packWithdrawal(withdrawal, {
    'journal.jsonl': contents['journal.jsonl'],
    'policy.json': policyRecord,
  });
