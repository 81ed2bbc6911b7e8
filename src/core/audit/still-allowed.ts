/** Whether an approval was still allowed by the policy under which it was verified or carried out. */

import { isRole } from '../policy/roles.ts';
import { findRefusal } from '../policy/rules.ts';
import type { ApproverNow } from '../records/fields.ts';
import { canonicalJson } from '../text/json.ts';
import type { Artifact } from './artifact.ts';
import type { GrantedApproval } from './granted.ts';
import type { PlanStory } from './known-plan.ts';
import type { Ledger } from './ledger.ts';
import { isBot, time } from './rules.ts';

const hourMs = 3_600_000;

/**
 * @param artifact the later record, with the policy of its time
 * @param toleranceMs how long the step may have worked after it looked
 */
export function checkStillAllowed(
  artifact: Artifact<'verification' | 'execution'>,
  approval: GrantedApproval,
  { plan, known: { participants } }: PlanStory,
  toleranceMs: number,
  ledger: Ledger,
): void {
  const { name, policy, making } = artifact;
  const approved = approval.artifact?.evidence.approval;
  const now = readApproversNow(artifact);
  const sameIds = canonicalJson(now.map(({ id }) => id)) === canonicalJson(approval.approvers);
  ledger.check('links', sameIds, `${name} names other approvers than its approval.`);
  const { files } = plan?.evidence.plan ?? approved ?? { files: [] };
  // GitHub was asked again for each permission, and for the login: an account can get another one.
  const people = now.flatMap(({ id, login, permission }) =>
    isRole(permission) ? [{ person: { id, login }, role: permission }] : [],
  );
  const known = people.length === now.length;
  ledger.check('policy', known, `${name} records a permission that GitHub does not have.`);
  for (const [index, { id, login }] of now.entries()) {
    ledger.check(
      'policy',
      !isBot(login),
      `${name} rests on the word of ${login}, who is no person.`,
    );
    const before = approved?.approvers[index];
    if (before?.id === id && before.login !== login) {
      ledger.told(`That ${before.login} is the account that ${name} calls ${login}.`);
    }
  }
  // Nobody can ask years later who was in a team.
  const inTeam = policy.approvers.teams.length > 0;
  const refusals = [
    findRefusal('plan', { files, policyFile: making.policy.path }, policy),
    ...people.map((one) => findRefusal('approver', { ...one, inTeam, participants }, policy)),
    findRefusal('approval', { files, approvers: people }, policy),
  ];
  for (const refusal of refusals) {
    ledger.check(
      'policy',
      refusal === undefined,
      `${name} should have been refused by the policy of that time (${refusal?.reason}): ${refusal?.detail}`,
    );
  }
  ledger.told(
    'The permission that each approver still had when their approval was verified and carried out.',
  );
  // Hours from an input belong to the workflow, so they stay.
  const records = approval.artifact === null ? [artifact] : [approval.artifact, artifact];
  if (records.some(({ sources }) => sources['approvers.hours'] === 'input')) return;
  const granted = labelledAt(approval);
  const { hours } = policy.approvers;
  ledger.check(
    'times',
    time(making.created_at) < granted + hours * hourMs + toleranceMs,
    `${name} rests on a label that was older than the ${hours} hours of its policy (approvers.hours).`,
  );
}

/** When the label was set. Of an approval that is missing, that is known only to be before its line. */
function labelledAt({ artifact, createdAt }: GrantedApproval): number {
  if (artifact === null) return time(createdAt);
  const { evidence, policy } = artifact;
  return time(evidence.approval.expires_at) - policy.approvers.hours * hourMs;
}

function readApproversNow(
  artifact: Artifact<'verification' | 'execution'>,
): readonly ApproverNow[] {
  return artifact.kind === 'verification'
    ? artifact.evidence.verification.approvers
    : artifact.evidence.execution.approvers;
}
