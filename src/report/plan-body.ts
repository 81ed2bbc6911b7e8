/** The parts of a plan comment below its alert. */

import type { PlannedFile, PlanStep } from '../core/plan/plan.ts';
import { instructionsFile } from '../core/policy/instructions.ts';
import type { PlanEvidence } from '../core/records/archive-contents.ts';
import { listNarrowers, listReturned } from '../core/records/narrowing.ts';
import { line, text } from './foreign-text.ts';
import { commitLink, fileLink, runLink } from './links.ts';
import { block, code, link, pathCode, table } from './markdown.ts';
import type { PlanView, StateView } from './plan-view.ts';
import { describeUsage, several, utc } from './words.ts';

type Manifest = PlanEvidence['manifest'];

/**
 * @param approvable whether it says how to approve
 * @param linked whether each file is linked
 */
export function renderPlanBody(view: PlanView, approvable: boolean, linked: boolean): string[] {
  const { evidence, flags } = view;
  const { manifest, plan, prompt } = evidence;
  const repositoryUrl = `${view.serverUrl}/${manifest.repository.full_name}`;
  const files = plan.files.map((file) => {
    const exists = file.operation !== 'create';
    const name =
      linked && exists
        ? fileLink(repositoryUrl, manifest.head.sha, file.path)
        : pathCode(file.path);
    return fileRow(file, name, flags.get(file.path) ?? []);
  });
  return [
    ...describeNarrowing(evidence),
    `${describeRequests(manifest, repositoryUrl)}:`,
    block(prompt),
    `### What will change: ${several(plan.files.length, 'file')}`,
    ...(plan.summary ? [text(plan.summary)] : []),
    table(['', 'File', 'Why', 'Remarks'], files),
    ...(plan.steps.length === 0 ? [] : ['### Steps', plan.steps.map(step).join('\n\n')]),
    '### Before you approve',
    [
      ...plan.risks.map(risk),
      ...plan.commands.map(command),
      ...describeInstructions(evidence, repositoryUrl),
    ].join('\n'),
    'The commit will read:',
    block(view.commitMessage),
    ...(approvable ? howToApprove(view) : []),
    renderEvidence(view, repositoryUrl),
  ].filter((part) => part !== '');
}

export const howToApproveHeading = '### How to approve';

/** Shown only while the plan can be approved. */
export function howToApprove({ evidence: { manifest }, label, command, serverUrl }: StateView) {
  const head = commitLink(`${serverUrl}/${manifest.repository.full_name}`, manifest.head.sha);
  return [
    howToApproveHeading,
    `Set the label ${code(label)} to approve exactly this plan, file by file, on commit ${head}. Only the files above can change. What is written into them is not judged, so review the commit. A push, a newer plan, or removing the label ends the approval.`,
    `To answer instead: ${code(`${command}-revise <what should be different>`)} (then you count as one who asked), ${code(`${command}-without <path>`)}, ${code(`${command}-withdraw`)}.`,
  ];
}

function describeRequests(
  { requests, pull_request: number }: Manifest,
  repositoryUrl: string,
): string {
  return requests
    .map(({ comment_id: comment, requester }, at) => {
      const verb = at === 0 ? 'Requested' : 'revised';
      const where =
        comment === null
          ? 'by a dispatched run'
          : `in ${link('this comment', `${repositoryUrl}/pull/${number}#issuecomment-${comment}`)}`;
      return `${verb} by ${code(requester.login)} ${where}`;
    })
    .join(', ');
}

/**
 * Says what somebody removed from the plan. Only the list of files changes then, so a reader must not take a step as
 * a promise that the struck file is still part of the plan. If one half of a rename was struck, the other half is left.
 */
function describeNarrowing(evidence: PlanEvidence): string[] {
  const { narrows } = evidence.manifest;
  const returned = listReturned(evidence).map((path) => pathCode(path));
  if (narrows === null) {
    return returned.length === 0
      ? []
      : [`*With ${returned.join(', ')} again, which was struck from the plan before*.`];
  }
  const paths = narrows.paths.map((path) => pathCode(path)).join(', ');
  const people = listNarrowers(evidence).map(({ login }) => line(login));
  return [
    `*Without ${paths} (struck by ${people.join(', ')})*. If a file was to be renamed, check that both halves are still here, or none. The steps and all other words are those of the plan before, so they may still mention what was struck.`,
  ];
}

function fileRow(file: PlannedFile, name: string, flags: readonly string[]): string[] {
  return [file.operation, name, file.reason ? line(file.reason) : '', flags.join(', ')];
}

/** Text of a model cannot end the bold title or begin another step. */
function step({ title, detail, paths }: PlanStep, at: number): string {
  const number = `${at + 1}. `;
  const indent = ' '.repeat(number.length);
  const files = paths.length === 0 ? '' : ` (${paths.map((path) => pathCode(path)).join(', ')})`;
  const head = `${number}**${line(title)}**${files}`;
  return detail ? `${head}\n\n${indent}${text(detail, indent)}` : head;
}

function risk(foreign: string): string {
  return `- Risk: ${line(foreign)}`;
}

function command(foreign: string): string {
  return `- Check that Codex names: ${code(foreign)}`;
}

/**
 * Says whose instructions the plan follows, with a link to them. A narrowed plan was not made again: it follows the
 * instructions of the plan before it, and those can come from another commit than its policy.
 */
function describeInstructions(
  { manifest: { base, narrows, policy }, instructions }: PlanEvidence,
  repositoryUrl: string,
): string[] {
  if (instructions.trim() === '') return [];
  const file = code(instructionsFile);
  if (narrows !== null) return [`- *Follows* ${file} *as the plan before it does.*`];
  const at = link(
    code(policy.commit.slice(0, 7)),
    `${repositoryUrl}/blob/${policy.commit}/${instructionsFile}`,
  );
  // The records do not name the default branch. If the plan's base is that commit, the base is a branch that has it.
  const branch =
    base.sha === policy.commit ? `*of* ${code(base.ref)} *at*` : '*of the default branch at*';
  return [`- *Follows* ${file} ${branch} ${at}*.*`];
}

function renderEvidence({ evidence, artifact }: PlanView, repositoryUrl: string): string {
  const { manifest, planId } = evidence;
  const { head, base, run } = manifest;
  const runUrl = `${repositoryUrl}/actions/runs/${run.id}`;
  const rows = [
    ['plan id', code(planId)],
    ['plan', code(manifest.plan_sha256)],
    ['prompt', code(manifest.prompt_sha256)],
    ['head', `${code(head.sha)} (${code(head.ref)})`],
    ['base', `${code(base.sha)} (${code(base.ref)})`],
    [
      'artifact',
      `${link(String(artifact.id), `${runUrl}/artifacts/${artifact.id}`)} ${code(artifact.digest)}`,
    ],
    [
      'run',
      `${runLink(repositoryUrl, run.id, String(run.id))}, attempt ${run.attempt}, ${utc(manifest.created_at)}`,
    ],
    ['Codex', describeToolchain(manifest)],
    ['cost', describeUsage(manifest.usage)],
  ];
  return [
    '<details><summary>Evidence, digests and cost</summary>',
    table(['', ''], rows),
    '</details>',
  ].join('\n\n');
}

function describeToolchain({ codex }: Manifest): string {
  const effort = codex.effort === null ? [] : [`effort ${code(codex.effort)}`];
  const tools =
    codex.tools.length === 0 ? [] : [`tools ${codex.tools.map((tool) => code(tool)).join(' ')}`];
  return [code(codex.version), `model ${code(codex.model)}`, ...effort, ...tools].join(', ');
}
