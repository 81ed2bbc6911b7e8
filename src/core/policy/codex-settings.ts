/** The section `codex` of the policy file: what it may hold, and which settings follow from it. */
import { z } from 'zod';
import { Stopped } from '../../decision.ts';
import type { Problem } from './policy-file.ts';
import { flag, mapping, oneOf, orList, section } from './schema-words.ts';

const granular = section({
  sandbox_approval: flag,
  rules: flag,
  mcp_elicitations: flag,
  request_permissions: flag.default(false),
  skill_approval: flag.default(false),
});
const approvalPolicies = ['on-request', 'untrusted', 'never'] as const;
const approvalPolicy = z.union([oneOf(approvalPolicies), section({ granular })], {
  error: `${orList(approvalPolicies)}, or granular with its categories`,
});
const reviewer = oneOf(['user', 'auto_review', 'guardian_subagent']).transform((name) =>
  // The guardian's old name, which Codex still accepts.
  name === 'guardian_subagent' ? 'auto_review' : name,
);
const enforcement = oneOf(['before-write', 'after-run']);
const onOverride = oneOf(['fail', 'warn']);

const profile = section({
  enforcement: enforcement.optional(),
  approvals: section({
    policy: approvalPolicy.optional(),
    reviewer: reviewer.optional(),
  }).optional(),
  'on-override': onOverride.optional(),
});

export const codexSection = section({
  enforcement: enforcement.default('before-write'),
  approvals: section({
    policy: approvalPolicy.default('on-request'),
    reviewer: reviewer.default('user'),
  }).prefault({}),
  profiles: mapping(z.string().regex(/^[a-z\d][a-z\d_-]{0,63}$/i), profile, {
    name: 'in letters, digits, - and _',
    value: 'settings',
  }).default({}),
  'on-override': onOverride.default('fail'),
  tools: flag.default(true),
}).prefault({});

/** The section as it was read, with its defaults. */
export type CodexPolicy = z.infer<typeof codexSection>;

/** How Codex asks for permission while it carries out a plan, and who answers. */
export interface CodexSettings {
  /** The profile that was asked for; null for the policy's own settings. */
  readonly profile: string | null;
  readonly enforcement: CodexPolicy['enforcement'];
  readonly approvals: Readonly<CodexPolicy['approvals']>;
  readonly onOverride: CodexPolicy['on-override'];
  /** Whether the model's commands get the tools that the job set up. */
  readonly tools: boolean;
}

/**
 * The policy's settings; those of the profile replace them.
 * @throws Stopped config-invalid if the policy has no such profile
 */
export function codexSettings(
  { codex }: { readonly codex: CodexPolicy },
  profile?: string,
): CodexSettings {
  const chosen = profile ? findProfile(codex.profiles, profile) : {};
  return {
    profile: profile || null,
    enforcement: chosen.enforcement ?? codex.enforcement,
    approvals: {
      policy: chosen.approvals?.policy ?? codex.approvals.policy,
      reviewer: chosen.approvals?.reviewer ?? codex.approvals.reviewer,
    },
    onOverride: chosen['on-override'] ?? codex['on-override'],
    tools: codex.tools,
  };
}

function findProfile(
  profiles: CodexPolicy['profiles'],
  name: string,
): CodexPolicy['profiles'][string] {
  const found = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (found !== undefined) return found;
  const names = Object.keys(profiles).join(', ') || 'none';
  throw new Stopped(
    'config-invalid',
    `The policy file has no codex.profiles entry named ${JSON.stringify(name)}; it has ${names}.`,
  );
}

/**
 * Why nothing could ever be changed under the policy's own settings, and the most specific key that says so. A
 * profile is checked when it is used, by `checkCodexSettings`.
 */
export function findStuck(codex: CodexPolicy): Problem | undefined {
  const says = whyStuck(codexSettings({ codex }));
  const path = ['codex', 'approvals', 'policy', 'granular', 'sandbox_approval'];
  return says === undefined ? undefined : { path, says };
}

/**
 * @returns one sentence for each thing that the settings silently leave out
 * @throws Stopped config-invalid if nothing could ever be changed
 */
export function checkCodexSettings(settings: CodexSettings): string[] {
  const stuck = whyStuck(settings);
  if (stuck !== undefined) throw new Stopped('config-invalid', stuck);
  return [...silentCategories(settings), ...silentGuardian(settings)];
}

function whyStuck({ profile, approvals: { policy, reviewer } }: CodexSettings): string | undefined {
  const key = keyOf(profile);
  if (policy === 'never') {
    return `Under ${key}.policy: never Codex asks for no change, so none is ever made; set it to on-request.`;
  }
  if (typeof policy === 'object' && !policy.granular.sandbox_approval) {
    return `Under ${key}.policy.granular.sandbox_approval: false Codex refuses every change itself; set it to true.`;
  }
  if (policy === 'untrusted' && reviewer === 'user') {
    return `Under ${key}.policy: untrusted with reviewer: user even reading a file is refused; set policy to on-request.`;
  }
  return undefined;
}

/**
 * Codex silently rejects requests of a category that is off, and requests of one category can only be answered by a
 * person.
 */
function silentCategories({ profile, approvals: { policy, reviewer } }: CodexSettings): string[] {
  if (typeof policy !== 'object') return [];
  const { granular } = policy;
  const key = `${keyOf(profile)}.policy.granular`;
  const off = (['rules', 'mcp_elicitations', 'skill_approval'] as const).filter(
    (category) => !granular[category],
  );
  return [
    ...(reviewer === 'auto_review' && off.length > 0
      ? [
          `The guardian never sees requests of the kinds that ${key} turns off: ${off.join(', ')}; set them to true to have them reviewed.`,
        ]
      : []),
    ...(granular.request_permissions
      ? [
          `${key}.request_permissions is true, but such a request goes to a person, and in a workflow run it is denied.`,
        ]
      : []),
  ];
}

function silentGuardian({ profile, enforcement, approvals }: CodexSettings): string[] {
  if (approvals.reviewer !== 'auto_review') return [];
  if (approvals.policy === 'untrusted') {
    return [
      `Under ${keyOf(profile)}.policy: untrusted Codex asks the gate for each command and not the guardian, and the gate refuses it; set it to on-request.`,
    ];
  }
  if (enforcement !== 'after-run') return [];
  return [
    `With codex.enforcement: after-run Codex writes in its workspace without asking, so the guardian (${keyOf(profile)}.reviewer: auto_review) sees only what would leave it; set enforcement to before-write to have every change reviewed.`,
  ];
}

function keyOf(profile: string | null): string {
  return profile === null ? 'codex.approvals' : `codex.profiles.${profile}.approvals`;
}
