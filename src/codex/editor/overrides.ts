/**
 * The configuration stack: what the policy asks of Codex, and what is left of it under the requirements of the
 * machine's administrator. Codex replaces a forbidden setting by an allowed one and at most warns about it. Here it
 * ends the run before any model is called, or is recorded, as the policy says.
 */
import { isDeepStrictEqual } from 'node:util';
import { type CodexSettings, checkCodexSettings } from '../../core/policy/codex-settings.ts';
import { Stopped } from '../../decision.ts';
import { GATE } from '../configuration.ts';
import type { Requirements, ThreadStarted } from './protocol.ts';

/**
 * Compares the settings with the thread as Codex made it.
 * @returns what differs, each in one sentence, if the policy accepts that
 * @throws Stopped config-invalid if it does not, or if the gate would not hold or nothing could be changed
 */
export function checkOverrides(
  settings: CodexSettings,
  thread: ThreadStarted,
  { requirements }: Requirements,
): string[] {
  demandGate(thread);
  const { approvals } = settings;
  const differences: string[] = [];
  if (!isDeepStrictEqual(approvals.policy, thread.approvalPolicy)) {
    differences.push(difference('policy', approvals.policy, thread.approvalPolicy));
  }
  if (approvals.reviewer !== thread.approvalsReviewer) {
    differences.push(difference('reviewer', approvals.reviewer, thread.approvalsReviewer));
  }
  // Codex still lets the guardian review.
  if (
    approvals.reviewer !== 'user' &&
    requirements?.featureRequirements?.guardian_approval === false
  ) {
    differences.push("The machine's administrator forbids the guardian, and the policy sets it.");
  }
  if (differences.length === 0) return [];
  if (settings.onOverride === 'fail') {
    const advice = 'Change codex.approvals, or set codex.on-override: warn.';
    throw new Stopped('config-invalid', [...differences, advice].join(' '));
  }
  checkCodexSettings({ ...settings, approvals: effective(thread) });
  return differences;
}

/** Nobody may override what the gate relies on. */
function demandGate(thread: ThreadStarted): void {
  const profile = thread.activePermissionProfile?.id;
  if (profile !== GATE || thread.modelProvider !== GATE) {
    throw new Stopped(
      'config-invalid',
      `The machine's administrator replaces the permission profile (${profile ?? 'none'}) or the model provider (${thread.modelProvider}) that the gate rests on.`,
    );
  }
  if (thread.instructionSources.length > 0) {
    throw new Stopped(
      'codex-failed',
      `Codex takes instructions from the workspace: ${JSON.stringify(thread.instructionSources)}`,
    );
  }
}

function effective(thread: ThreadStarted): CodexSettings['approvals'] {
  return {
    policy: thread.approvalPolicy as CodexSettings['approvals']['policy'],
    reviewer: thread.approvalsReviewer === 'user' ? 'user' : 'auto_review',
  };
}

function difference(key: string, wanted: unknown, found: unknown): string {
  return `codex.approvals.${key} is ${show(wanted)}, and the machine's administrator makes it ${show(found)}.`;
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
