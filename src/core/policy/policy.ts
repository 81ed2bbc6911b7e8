/** What the policy of a repository may say, and how it answers questions. */
import { z } from 'zod';
import { Stopped } from '../../decision.ts';
import { defaultTemplate, templateProblem } from '../plan/commit-message.ts';
import { type DriftWay, driftWays } from '../records/verification.ts';
import { findInvisible } from '../text/characters.ts';
import { coversEverything, matchesAny } from '../text/globs.ts';
import { canonicalJson } from '../text/json.ts';
import { fold } from '../text/paths.ts';
import { codexSection, findStuck } from './codex-settings.ts';
import { defaultDenied, defaultElevated, defaultPolicyFile } from './default-paths.ts';
import { leaves } from './leaves.ts';
import { type Problem, readPolicyFile } from './policy-file.ts';
import { above0, distinct, flag, globs, mapping, oneOf, section, whole } from './schema-words.ts';

/** When verify asks the model for the plan again: if what it was made from has changed, each time, or not at all. */
export const regenerateWays = ['when-changed', 'always', 'never'] as const;
export type Regenerate = (typeof regenerateWays)[number];

/** The roles of a repository that may ask or approve; not `read`, because everybody has it in a public one. */
export const permissions = ['triage', 'write', 'maintain', 'admin'] as const;

const permission = oneOf(permissions);

/**
 * Every form of login that GitHub has ever given out: old ones begin or end with a hyphen or have two in a row, and
 * an enterprise that manages its users ends each login with an underscore and its short code.
 */
const login = /^(?=.{1,39}$)[a-z\d-]+(?:_[a-z\d]+)?$/i;
const aLogin = 'the login of a GitHub account';
const users = distinct(login, aLogin);
const teams = distinct(
  /^(?:[a-z\d-]{1,39}\/)?[a-z\d_][a-z\d_.-]{0,99}$/i,
  'a team, as its slug or organisation/slug',
);

const aReason = 'null or a reason of 1 to 500 characters';
const reason = z
  .string(aReason)
  .trim()
  .min(1, aReason)
  .max(500, aReason)
  .refine((text) => findInvisible(text) === undefined, `${aReason} that can be seen`);

const message = z.string('a text').check(({ value, issues }) => {
  const expected = templateProblem(value);
  if (expected !== undefined) issues.push({ code: 'custom', input: value, message: expected });
});

/** Logins in lower case, since that is how GitHub compares them. */
const slackIds = mapping(
  z.string().regex(login),
  z.string().regex(/^[UW][A-Z0-9]{1,20}$/, 'a member id of Slack, like U012AB3CD'),
  { name: `like ${aLogin}`, value: 'member ids of Slack' },
)
  .transform((people) =>
    Object.entries(people).map(([name, id]) => [name.toLowerCase(), id] as const),
  )
  .refine(
    (people) => new Set(people.map(([name]) => name)).size === people.length,
    'a mapping without repetitions',
  )
  .transform((people): Readonly<Record<string, string>> => Object.fromEntries(people));

/** The whole policy file. */
export const policySchema = section({
  version: z.literal(1, '1').default(1),
  paused: reason.nullable().default(null),
  workflows: z
    .array(
      z
        .string()
        .regex(/^\.github\/workflows\/[^/\p{Cc}]+\.ya?ml$/u, 'like .github/workflows/plan.yml'),
      'a list of workflow files',
    )
    .default([]),
  requesters: section({ permission: permission.default('write') }).prefault({}),
  approvers: section({
    permission: permission.default('write'),
    users: users.default([]),
    teams: teams.default([]),
    count: whole(1, 10).default(1),
    self: flag.default(false),
    author: flag.default(false),
    hours: above0(8760, 'hours').default(24),
    'review-seconds': whole(0, 86_400).default(10),
  })
    .refine(({ users, teams, count }) => !users.length || teams.length || users.length >= count, {
      path: ['count'],
      error: 'no more than the users who may approve',
    })
    .prefault({}),
  rotate: section({
    ask: whole(0, 10).default(0),
    as: oneOf(['assignee', 'reviewer']).default('assignee'),
  }).prefault({}),
  notify: section({ people: slackIds.prefault({}) }).prefault({}),
  forks: flag.default(false),
  plans: section({
    drafts: flag.default(true),
    untouched: oneOf(['warn', 'deny']).default('warn'),
  }).prefault({}),
  paths: section({
    deny: globs.default(defaultDenied),
    elevated: section({
      permission: permission.default('maintain'),
      paths: globs.default(defaultElevated),
    }).prefault({}),
  }).prefault({}),
  drift: oneOf(driftWays).default('anchored'),
  // Unset, it depends on how two plans are compared: see `driftGate`.
  regenerate: oneOf(regenerateWays).optional(),
  instructions: oneOf(['default-branch', 'none']).default('default-branch'),
  status: section({ open: oneOf(['pending', 'success']).default('pending') }).prefault({}),
  limits: section({
    files: whole(1, 1000).default(200),
    'prompt-kib': whole(1, 64).default(32),
    runs: whole(1, 1000).default(20),
  }).prefault({}),
  codex: codexSection,
  execute: section({
    'verification-minutes': above0(1440, 'minutes').default(15),
    message: message.default(defaultTemplate),
  }).prefault({}),
  tests: z
    .array(
      section({
        paths: z.preprocess(
          (paths) => (typeof paths === 'string' ? [paths] : paths),
          globs.min(1, 'a glob or a list of globs'),
        ),
        run: z.string('a command').trim().min(1, 'a command'),
      }),
      'a list of paths with the command to run for them',
    )
    .default([]),
});

/** The rules of a repository, as its default branch states them; the keys are those of the file. */
export type Policy = z.infer<typeof policySchema>;

/** The policy of a repository without a policy file. */
export const defaultPolicy: Policy = policySchema.parse({});

/** A policy, and which of its keys the file states. */
export interface ParsedPolicy {
  readonly policy: Policy;
  /** Keys that lead to a value, `approvers.hours` for example. */
  readonly stated: ReadonlySet<string>;
}

/**
 * @param text of the policy file, YAML 1.2
 * @throws Stopped config-invalid, with the line and what is expected there
 */
export function parsePolicyFile(text: string): ParsedPolicy {
  const { policy, stated } = readPolicyFile(text, policySchema, findProblem);
  return { policy, stated: new Set(leaves(stated as object)) };
}

/**
 * The policy of a record, for an audit that makes its decisions again.
 * @param recorded the value under `policy` in `policy.json`
 * @throws Stopped artifact-invalid if it is not exactly a policy with all its keys
 */
export function readRecordedPolicy(recorded: unknown): Policy {
  const parsed = policySchema.safeParse(recorded);
  if (parsed.success && canonicalJson(parsed.data) === canonicalJson(recorded)) return parsed.data;
  throw new Stopped('artifact-invalid', 'policy.json is not a whole policy.');
}

/**
 * What is wrong with a policy of the right form: nothing could ever be changed under it, or it contradicts itself.
 */
function findProblem(policy: Policy): Problem | undefined {
  const { approvers, rotate, paths } = policy;
  const everything = paths.deny.findIndex((glob) => coversEverything(glob));
  if (everything !== -1) {
    const says = `Under paths.deny: ${paths.deny[everything]} no plan could ever be approved; name what is to be guarded.`;
    return { path: ['paths', 'deny', everything], says };
  }
  // Without a list there are as many candidates as people who can write.
  if (rotate.ask > 0 && approvers.users.length + approvers.teams.length === 0) {
    const says =
      'With rotate.ask above 0, approvers.users or approvers.teams must say who can be asked.';
    return { path: ['rotate', 'ask'], says };
  }
  return findStuck(policy.codex);
}

/** Whether no label can approve a change of `path`. The policy file is always protected, whatever it says itself. */
export function isDenied(policy: Policy, path: string, policyFile = defaultPolicyFile): boolean {
  return matchesAny(policy.paths.deny, path) || `${fold(path)}/`.startsWith(`${fold(policyFile)}/`);
}

/**
 * How verify decides on drift. An input overrides the policy. An exact comparison needs a second plan, so `exact`
 * asks the model each time, unless `regenerate` says otherwise.
 */
export function driftGate(
  policy: Policy,
  inputs: { readonly drift?: DriftWay | undefined; readonly regenerate?: Regenerate | undefined },
): { readonly drift: DriftWay; readonly regenerate: Regenerate } {
  const drift = inputs.drift ?? policy.drift;
  const asked = inputs.regenerate ?? policy.regenerate;
  return { drift, regenerate: asked ?? (drift === 'exact' ? 'always' : 'when-changed') };
}

/** Whether a change of `path` needs an approver with the role of `paths.elevated`. */
export function isElevated(policy: Policy, path: string): boolean {
  return matchesAny(policy.paths.elevated.paths, path);
}
