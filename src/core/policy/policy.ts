import { z } from 'zod';
import { driftWays } from '../records/verification.ts';
import { matchesAny } from '../text/globs.ts';
import { fold } from '../text/paths.ts';
import { codexSection, findStuck } from './codex-settings.ts';
import { readPolicyFile } from './policy-file.ts';
import { above0, distinct, flag, globs, oneOf, section, whole } from './schema-words.ts';

/** Where the policy is read from, on the default branch, unless the input `policy-file` says otherwise. */
export const defaultPolicyFile = '.github/codex-plan.yml';

/** The roles of a repository that may ask or approve; `read` is nobody's merit in a public one. */
export const permissions = ['triage', 'write', 'maintain', 'admin'] as const;
export type Permission = (typeof permissions)[number];

const permission = oneOf(permissions);

// An enterprise that manages its users ends each login with an underscore and its short code.
const login = /^(?=.{1,39}$)[a-z\d](?:-?[a-z\d])*(?:_[a-z\d]+)?$/i;
const users = distinct(login, 'the login of a GitHub account');
const teams = distinct(
  /^(?:[a-z\d](?:-?[a-z\d]){0,38}\/)?[a-z\d_][a-z\d_.-]{0,99}$/i,
  'a team, as its slug or organisation/slug',
);

const schema = section({
  version: z.literal(1, '1').default(1),
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
  forks: flag.default(false),
  paths: section({
    deny: globs.default(['.github/workflows/**', defaultPolicyFile]),
    elevated: section({
      permission: permission.default('maintain'),
      paths: globs.default([
        '.github/**',
        '**/CODEOWNERS',
        '**/AGENTS.md',
        '**/.codex/**',
        '**/package.json',
        '**/*lock*',
        'go.sum',
      ]),
    }).prefault({}),
  }).prefault({}),
  drift: oneOf(driftWays).default('anchored'),
  limits: section({
    files: whole(1, 1000).default(200),
    'prompt-kib': whole(1, 64).default(32),
  }).prefault({}),
  codex: codexSection,
  execute: section({
    'verification-minutes': above0(1440, 'minutes').default(15),
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
export type Policy = z.infer<typeof schema>;

/** What holds where a repository has no policy file. */
export const defaultPolicy: Policy = schema.parse({});

/**
 * @param text of the policy file, YAML 1.2
 * @throws Fault config-invalid, with the line and what is expected there
 */
export function parsePolicy(text: string): Policy {
  return readPolicyFile(text, schema, ({ codex }) => findStuck(codex));
}

/** Whether no label can approve a change of `path`: the policy never guards itself by what it says itself. */
export function isDenied(policy: Policy, path: string, policyFile = defaultPolicyFile): boolean {
  return matchesAny(policy.paths.deny, path) || fold(policyFile) === fold(path);
}

/** Whether a change of `path` needs an approver with the role of `paths.elevated`. */
export function isElevated(policy: Policy, path: string): boolean {
  return matchesAny(policy.paths.elevated.paths, path);
}

/** The commands of `tests` that a change of these paths calls for, each once, in the order of the policy. */
export function impactedTests(policy: Policy, paths: readonly string[]): string[] {
  const runs = policy.tests
    .filter((test) => paths.some((path) => matchesAny(test.paths, path)))
    .map((test) => test.run);
  return [...new Set(runs)];
}
