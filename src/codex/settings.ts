/**
 * How Codex asks before it acts, and who answers: the part of the policy file that concerns Codex, in Codex's own words.
 */
import { Fault } from '../decision.ts';

/** Codex's policies: which actions make it stop and ask. */
export type ApprovalPolicy =
  | 'untrusted'
  | 'on-request'
  | 'never'
  | { readonly granular: GranularApprovals };

export interface GranularApprovals {
  readonly sandbox_approval: boolean;
  readonly rules: boolean;
  readonly mcp_elicitations: boolean;
  readonly request_permissions: boolean;
  readonly skill_approval: boolean;
}

/** `guardian_subagent` is the older name of `auto_review`. */
export type Reviewer = 'user' | 'auto_review' | 'guardian_subagent';

export interface ApprovalSettings {
  readonly approvalPolicy: ApprovalPolicy;
  readonly reviewer: Reviewer;
  /** `after-run`: Codex may write in its workspace, and the change is judged as a whole when it is done. */
  readonly enforcement: 'before-write' | 'after-run';
  /** What happens where the machine's administrator forbids one of the settings. */
  readonly onOverride: 'fail' | 'warn';
}

export const defaultSettings: ApprovalSettings = {
  approvalPolicy: 'on-request',
  reviewer: 'user',
  enforcement: 'before-write',
  onOverride: 'fail',
};

export function reviewedByGuardian(settings: ApprovalSettings): boolean {
  return settings.reviewer !== 'user';
}

/**
 * Refuses, before any model is called, settings under which nothing could ever be changed: under `before-write` every
 * change is a patch that asks first.
 */
export function checkSettings(settings: ApprovalSettings): void {
  const { approvalPolicy, reviewer, enforcement } = settings;
  if (enforcement === 'after-run') return;
  if (approvalPolicy === 'never') {
    throw nothingCouldChange('codex.approvals.policy: never', 'no file change can be asked for');
  }
  if (typeof approvalPolicy === 'object' && !approvalPolicy.granular.sandbox_approval) {
    throw nothingCouldChange(
      'codex.approvals.policy: granular.sandbox_approval: false',
      'every file change is refused',
    );
  }
  if (approvalPolicy === 'untrusted' && reviewer === 'user') {
    throw nothingCouldChange(
      'codex.approvals.policy: untrusted with reviewer: user',
      'every command asks, and nobody is there to answer',
    );
  }
}

function nothingCouldChange(setting: string, why: string): Fault {
  return new Fault(
    'config-invalid',
    `Under ${setting} nothing could ever be changed: ${why}. Use on-request, or enforcement: after-run.`,
  );
}
