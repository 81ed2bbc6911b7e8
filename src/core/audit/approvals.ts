/** Decides on a recorded approval again, from the plan, the label events and the policy that it records. */

import { checkParity, sameState } from '../plan/scope.ts';
import { hasRole, isRole } from '../policy/roles.ts';
import { findRefusal } from '../policy/rules.ts';
import { canonicalJson } from '../text/json.ts';
import type { Artifact } from './artifact.ts';
import type { PlanStory } from './known-plan.ts';
import type { Ledger } from './ledger.ts';
import { isDecision, samePerson } from './own-line.ts';
import { readPatchedFiles } from './patch.ts';
import { checkArchive, isBot, longestStepMs, time } from './rules.ts';

const hourMs = 3_600_000;

export function checkApproval(
  artifact: Artifact<'approval'>,
  story: PlanStory,
  ledger: Ledger,
): void {
  const { name, evidence } = artifact;
  const { approval } = evidence;
  const { plan, known } = story;
  // Without the plan at least its approvals have to agree.
  const first = story.records.find((one) => one.kind === 'approval')?.evidence.approval;
  const approved = plan?.evidence.manifest ?? first ?? approval;
  const isSame = (key: 'head' | 'base') =>
    canonicalJson(approval[key]) === canonicalJson(approved[key]);
  ledger.check(
    'links',
    approval.plan_sha256 === known.plan &&
      approval.prompt_sha256 === known.prompt &&
      isSame('head') &&
      isSame('base'),
    `${name} names another plan, prompt, head or base than the plan with its id.`,
  );
  if (plan !== null) {
    checkArchive(name, plan, approval.plan_artifact, ledger);
    checkScope(artifact, plan, ledger);
  }
  checkChange(artifact, ledger);
  checkVotes(artifact, story, ledger);
  checkPolicy(artifact, story, ledger);
}

/** The sealed change lies inside the plan, and starts from the planned content. */
function checkScope(
  { name, evidence: { approval }, policy }: Artifact<'approval'>,
  plan: Artifact<'plan'>,
  ledger: Ledger,
): void {
  const parity = checkParity(plan.evidence.plan.files, approval.files);
  const [denial] = parity.denials;
  ledger.check(
    'scope',
    denial === undefined,
    `${name} approved ${JSON.stringify(denial?.path)}, which the plan does not allow: ${denial?.detail}`,
  );
  const planned = new Map(plan.evidence.manifest.files.map((file) => [file.path as string, file]));
  for (const { path, before } of approval.files) {
    const file = planned.get(path);
    const start =
      file === undefined || file.mode === null ? null : { mode: file.mode, blob: file.blob };
    ledger.check(
      'scope',
      sameState(before, start),
      `${name} changes ${JSON.stringify(path)} from another content than was planned.`,
    );
  }
  ledger.check(
    'policy',
    parity.untouched.length === 0 || policy.plans.untouched === 'warn',
    `${name} left a planned file as it was (plans.untouched: deny).`,
  );
}

/** The approval names the files of the sealed change, and their content. */
function checkChange({ name, evidence }: Artifact<'approval'>, ledger: Ledger): void {
  const { approval, change } = evidence;
  const changed = new Set<string>(approval.files.map(({ path }) => path));
  ledger.check(
    'scope',
    changed.size === approval.files.length && changed.size > 0,
    `${name} names no file, or one file twice.`,
  );
  const patched = readPatchedFiles(change);
  const list = (files: readonly { path: string; before: unknown; after: unknown }[]) =>
    canonicalJson(
      files
        .map(({ path, before, after }) => ({ path, before, after }))
        .sort((a, b) => (a.path < b.path ? -1 : 1)),
    );
  ledger.check(
    'patch',
    patched !== undefined && list(patched) === list(approval.files),
    `change.patch of ${name} changes other files than the approval names.`,
  );
  for (const { path, content } of patched ?? []) {
    ledger.check(
      'patch',
      content !== 'another',
      `change.patch of ${name} gives ${JSON.stringify(path)} another content than the approval names.`,
    );
    if (content === 'unknown') {
      ledger.unproven(
        'That a sealed change has the named content where it shows a part of a file, or a binary one: apply change.patch in a clone.',
      );
    }
  }
}

/** Who voted, by which label events, and whether these were in time. */
function checkVotes(
  artifact: Artifact<'approval'>,
  { known, records }: PlanStory,
  ledger: Ledger,
): void {
  const { name, evidence, policy } = artifact;
  const { approval } = evidence;
  const created = time(approval.created_at);
  const { hours, 'review-seconds': seconds } = policy.approvers;
  const readable = time(known.createdAt) + seconds * 1000;
  const same =
    approval.approvers.length === approval.label_events.length &&
    approval.approvers.every((approver, index) => {
      const event = approval.label_events[index];
      return (
        event?.id === approver.label_event.id &&
        event.created_at === approver.label_event.created_at &&
        samePerson(event.actor, approver)
      );
    });
  ledger.check('links', same, `${name} names other approvers than its label events.`);
  checkVoters(artifact, ledger);
  for (const { id, created_at: at } of approval.label_events) {
    const inTime =
      time(at) >= readable &&
      time(at) <= created &&
      created < time(at) + hours * hourMs + longestStepMs;
    ledger.check(
      'times',
      inTime,
      `${name} counts the label event ${id}, which is not from the time in which it could be counted.`,
    );
  }
  const last = approval.label_events.at(-1);
  ledger.check(
    'times',
    time(approval.expires_at) === time(last?.created_at ?? '') + hours * hourMs &&
      created < time(approval.expires_at),
    `${name} ends at another time than its last label event and the policy say.`,
  );
  const counted = new Set(approval.label_events.map(({ id }) => id));
  for (const other of records) {
    if (other.kind !== 'approval' || other.evidence.digest === evidence.digest) continue;
    if (time(other.making.created_at) > created) continue;
    const fresh = approval.label_events.every(
      ({ id, created_at: at }) =>
        !other.evidence.approval.label_events.some((event) => event.id === id) &&
        time(at) > time(other.making.created_at),
    );
    ledger.check('votes', fresh, `${name} counts a label event that ${other.name} had used up.`);
  }
  ledger.check(
    'votes',
    counted.size === approval.label_events.length,
    `${name} counts one label event twice.`,
  );
}

/** Right before the line of the approval, the journal has one line for each approver but the last. */
function checkVoters({ name, evidence, entries }: Artifact<'approval'>, ledger: Ledger): void {
  const { approval, digest } = evidence;
  const before = entries.slice(0, entries.findLastIndex(isDecision));
  const votes = before.slice(before.findLastIndex(({ event }) => event !== 'voted') + 1);
  const digests = { plan_id: approval.plan_id, approval: digest, change: approval.change_sha256 };
  const expected = approval.approvers.slice(0, -1).map(({ id, login, label_event }) => ({
    at: approval.created_at,
    actor: { id, login },
    digests,
    detail: label_event.id,
  }));
  const told = votes.map(({ at, actor, digests, detail }) => ({ at, actor, digests, detail }));
  ledger.check(
    'decisions',
    canonicalJson(told) === canonicalJson(expected),
    `The journal of ${name} names other voters than the record.`,
  );
}

/** The rules of the policy, with the roles that the record has. */
function checkPolicy(
  { name, evidence, policy }: Artifact<'approval'>,
  { plan, known: { participants } }: PlanStory,
  ledger: Ledger,
): void {
  const { approval } = evidence;
  // Of a plan that is missing, at least the files are known that were changed.
  const { files } = plan?.evidence.plan ?? approval;
  const approvers = approval.approvers.map(({ id, login, permission }) => ({
    person: { id, login },
    role: permission,
  }));
  const people = new Set(approvers.map(({ person }) => person.id));
  ledger.check('policy', people.size === approvers.length, `${name} counts one person twice.`);
  for (const { person } of approvers) {
    ledger.check(
      'policy',
      !isBot(person.login),
      `${name} counts the label event of ${person.login}, who is no person.`,
    );
  }
  const roles = approvers.flatMap(({ person, role }) => (isRole(role) ? [{ person, role }] : []));
  const known = roles.length === approvers.length;
  ledger.check('policy', known, `${name} records a permission that GitHub does not have.`);
  const hasTeams = policy.approvers.teams.length > 0;
  const refusals = [
    findRefusal('plan', { files, policyFile: approval.policy.path }, policy),
    ...roles.map(({ person, role }) =>
      // Nobody can ask years later who was in a team, or who wrote the pull request.
      findRefusal('approver', { person, role, inTeam: hasTeams, participants }, policy),
    ),
    findRefusal('approval', { files, approvers: roles }, policy),
  ];
  for (const refusal of refusals) {
    ledger.check(
      'policy',
      refusal === undefined,
      `${name} should have been refused (${refusal?.reason}): ${refusal?.detail}`,
    );
  }
  if (hasTeams) {
    ledger.told('That an approver who is not named was in one of the teams of approvers.teams.');
  }
  if (!policy.approvers.author) {
    ledger.told('That no approver wrote the pull request: the records do not name its author.');
  }
  if (roles.some(({ role }) => hasRole(role, 'triage'))) {
    ledger.told('The permission that each approver had when they set the label.');
  }
}
