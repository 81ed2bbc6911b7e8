import { last } from '../core/lists.ts';
import type { PlannedFile } from '../core/plan/plan.ts';
import { renderItems, renderProposal } from '../core/plan/plan-text.ts';
import { instructionsFile } from '../core/policy/instructions.ts';
import type { PlanEvidence } from '../core/records/archive-contents.ts';
import { listNarrowers, listReturned } from '../core/records/narrowing.ts';
import { type PlanId, shortDigest } from '../core/text/digest.ts';
import { block, code, link, pathCode, table } from './markdown.ts';

/** What a plan comment shows besides the evidence. */
export interface PlanView {
  readonly evidence: PlanEvidence;
  readonly artifact: { readonly id: number; readonly digest: string };
  /** `https://github.com` or a GHE.com host. */
  readonly serverUrl: string;
  readonly label: string;
  readonly command: string;
  /** Remarks on single files, by path. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

/** Where a plan stands; shown on one line, the only part of the comment that changes. */
export type PlanState =
  | { readonly is: 'awaiting' }
  | { readonly is: 'approved'; readonly by: readonly string[] }
  | { readonly is: 'drifted' | 'outdated' | 'expired' | 'withdrawn' }
  | { readonly is: 'superseded' }
  | { readonly is: 'executed'; readonly commit: string };

/** GitHub refuses longer bodies. */
export const maxCommentLength = 65_536;

const statePrefix = '**State:** ';
const superseded: PlanState = { is: 'superseded' };

/** The first line of a plan comment; a comment is ours only where its author is, too. */
export function planMarker(planId: PlanId): string {
  return `<!-- codex-plan ${planId} -->`;
}

export const anyPlanMarker = '<!-- codex-plan ';

/**
 * The plan comment, whole: what an approver approves is all on it. It depends on the evidence and on what the policy
 * says alone, so that it can be rendered again and compared.
 */
export function renderPlanComment(view: PlanView, state: PlanState): string {
  const { planId } = view.evidence;
  return [
    planMarker(planId),
    `## Codex plan ${code(shortDigest(planId))}`,
    `${statePrefix}${describeState(state)}`,
    ...renderPlanBody(view),
  ].join('\n\n');
}

/** The parts that never change. */
function renderPlanBody({
  evidence,
  artifact,
  serverUrl,
  label,
  command,
  flags,
}: PlanView): string[] {
  const { manifest, plan, prompt, planId } = evidence;
  const repository = `${serverUrl}/${manifest.repository.full_name}`;
  const { comment_id: comment, requester } = last(manifest.requests);
  const request =
    comment === null
      ? 'dispatched'
      : link('requested', `${repository}/pull/${manifest.pull_request}#issuecomment-${comment}`);
  const run = `${repository}/actions/runs/${manifest.run.id}`;
  return [
    ...describeNarrowing(evidence),
    `${capitalise(request)} by ${code(requester.login)} for head ${code(manifest.head.sha)} on base ${code(manifest.base.sha)} (${code(manifest.base.ref)}).`,
    '### Request',
    block(prompt),
    '### Plan',
    block(renderProposal(plan)),
    `### Files (${plan.files.length})`,
    table(
      ['File', 'Operation', 'Why', 'Note'],
      plan.files.map((file) => fileRow(file, flags)),
    ),
    ...(plan.commands.length === 0 ? [] : ['### Commands', block(renderItems(plan.commands))]),
    ...(plan.risks.length === 0 ? [] : ['### Risks', block(renderItems(plan.risks))]),
    ...describeInstructions(evidence, repository),
    '### How to approve',
    `Set the label ${code(label)} to approve exactly this plan, file by file, on this head. A push, a newer plan, or removing the label ends the approval. Only the files above can be changed; what is written into them is not judged, so review the commit. To answer: ${code(`${command}-revise <what should be different>`)} (then you count as one who asked), ${code(`${command}-without <path>`)}, ${code(`${command}-withdraw`)}.`,
    table(
      ['Evidence', ''],
      [
        ['plan id', code(planId)],
        ['plan', code(manifest.plan_sha256)],
        ['prompt', code(manifest.prompt_sha256)],
        [
          'artifact',
          `${link(String(artifact.id), `${run}/artifacts/${artifact.id}`)} ${code(artifact.digest)}`,
        ],
        ['run', `${link(String(manifest.run.id), run)}, attempt ${manifest.run.attempt}`],
        ['Codex', toolchain(evidence)],
      ],
    ),
  ];
}

/**
 * Whether the comment on the page shows this plan, unaltered and whole, line ends aside.
 * @param states the state line must show one of these, or that a newer plan was published
 */
export function showsPlan(body: string, view: PlanView, states: readonly PlanState[]): boolean {
  const expected = renderPlanComment(view, { is: 'awaiting' });
  const shown = normaliseLines(body);
  const state = stateLine(shown);
  return (
    state !== undefined &&
    [...states, superseded].some((one) => describeState(one) === state) &&
    shown.replace(
      `${statePrefix}${state}`,
      `${statePrefix}${describeState({ is: 'awaiting' })}`,
    ) === normaliseLines(expected)
  );
}

/** A state that the action wrote can deny: a newer plan was published after the one shown. */
export function showsSuperseded(body: string): boolean {
  return stateLine(normaliseLines(body)) === describeState({ is: 'superseded' });
}

/** The same comment in another state; what else is on it stays. Undefined where it has no state line. */
export function withState(body: string, state: PlanState): string | undefined {
  const shown = normaliseLines(body);
  const before = stateLine(shown);
  return before === undefined
    ? undefined
    : shown.replace(`${statePrefix}${before}`, () => `${statePrefix}${describeState(state)}`);
}

function stateLine(body: string): string | undefined {
  const line = body.split('\n', 5)[4];
  return line?.startsWith(statePrefix) ? line.slice(statePrefix.length) : undefined;
}

function describeState(state: PlanState): string {
  switch (state.is) {
    case 'awaiting':
      return 'awaiting approval';
    case 'approved':
      return `approved by ${state.by.map((login) => code(login)).join(', ')}`;
    case 'executed':
      return `executed in ${code(state.commit)}`;
    default:
      return state.is;
  }
}

/** Says what somebody took out of the plan; a rename of which one half is left is no rename any more. */
function describeNarrowing(evidence: PlanEvidence): string[] {
  const { narrows } = evidence.manifest;
  const returned = listReturned(evidence).map((path) => pathCode(path));
  if (narrows === null) {
    return returned.length === 0
      ? []
      : [`*With* ${returned.join(', ')} *again, which was struck from the plan before.*`];
  }
  const paths = narrows.paths.map((path) => pathCode(path)).join(', ');
  const people = listNarrowers(evidence).map(({ login }) => code(login));
  return [
    `*Without* ${paths} *(struck by* ${people.join(', ')}*).* If a file was to be renamed, check that both halves are still here, or none.`,
  ];
}

/**
 * Says whose instructions the plan follows, with a link to them. A plan that somebody narrowed was not made again: it
 * follows those of the plan before it, which can be of another commit than its policy.
 */
function describeInstructions(
  { manifest: { narrows, policy }, instructions }: PlanEvidence,
  repository: string,
): string[] {
  if (instructions.trim() === '') return [];
  const file = code(instructionsFile);
  if (narrows !== null) return [`*Follows* ${file} *as the plan before it does.*`];
  const at = link(
    code(policy.commit.slice(0, 7)),
    `${repository}/blob/${policy.commit}/${instructionsFile}`,
  );
  return [`*Follows* ${file} *of the default branch at* ${at}*.*`];
}

function fileRow(file: PlannedFile, flags: PlanView['flags']): string[] {
  return [
    pathCode(file.path),
    file.operation,
    file.reason ? code(file.reason) : '',
    (flags.get(file.path) ?? []).join(', '),
  ];
}

function toolchain({ manifest: { codex } }: PlanEvidence): string {
  const effort = codex.effort === null ? '' : `, effort ${code(codex.effort)}`;
  return `${code(codex.version)}, model ${code(codex.model)}${effort}`;
}

function normaliseLines(text: string): string {
  return text.replaceAll('\r\n', '\n').trimEnd();
}

function capitalise(text: string): string {
  return text.startsWith('[')
    ? `[${text.charAt(1).toUpperCase()}${text.slice(2)}`
    : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
