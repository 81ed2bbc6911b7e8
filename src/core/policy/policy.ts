import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { Stopped } from '../../decision.ts';
import { driftWays } from '../records/verification.ts';
import { checkGlob, GlobError, matchesAny } from '../text/globs.ts';
import { fold } from '../text/paths.ts';
import { findStuck } from './codex-settings.ts';

/** Where the policy is read from, on the default branch, unless the input `policy-file` says otherwise. */
export const defaultPolicyFile = '.github/codex-plan.yml';

/** The roles of a repository that may ask or approve; `read` is nobody's merit in a public one. */
export const permissions = ['triage', 'write', 'maintain', 'admin'] as const;
export type Permission = (typeof permissions)[number];

// Each message says what is expected and completes "… must be".

function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys' ? orList(Object.keys(shape)) : 'a mapping of keys to values',
  });
}

function oneOf<const Values extends readonly string[]>(values: Values) {
  return z.enum(values, orList(values));
}

function whole(from: number, to: number) {
  const expected = `a whole number from ${from} to ${to}`;
  return z.int(expected).min(from, expected).max(to, expected);
}

function above0(to: number, unit: string) {
  const expected = `a number of ${unit} above 0 and at most ${to}`;
  return z.number(expected).positive(expected).max(to, expected);
}

const flag = z.boolean('true or false');
const permission = oneOf(permissions);

function distinct(pattern: RegExp, expected: string) {
  return z
    .array(
      z.string(expected).regex(pattern, expected).toLowerCase(),
      `a list, each item ${expected}`,
    )
    .refine((names) => new Set(names).size === names.length, 'a list without repetitions');
}

// An enterprise that manages its users ends each login with an underscore and its short code.
const login = /^(?=.{1,39}$)[a-z\d](?:-?[a-z\d])*(?:_[a-z\d]+)?$/i;
const users = distinct(login, 'the login of a GitHub account');
const teams = distinct(
  /^(?:[a-z\d](?:-?[a-z\d]){0,38}\/)?[a-z\d_][a-z\d_.-]{0,99}$/i,
  'a team, as its slug or organisation/slug',
);

const glob = z.string('a path or glob in quotes').check(({ value, issues }) => {
  try {
    checkGlob(value);
  } catch (error) {
    if (!(error instanceof GlobError)) throw error;
    issues.push({
      code: 'custom',
      input: value,
      message: `a glob of paths in the repository (${error.message.replace(/\.$/, '')})`,
    });
  }
});
const globs = z.array(glob, 'a list of globs');

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
const profileName = z.string().regex(/^[a-z\d][a-z\d_-]{0,63}$/i);

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
  codex: section({
    enforcement: enforcement.default('before-write'),
    approvals: section({
      policy: approvalPolicy.default('on-request'),
      reviewer: reviewer.default('user'),
    }).prefault({}),
    profiles: z
      .record(
        profileName,
        section({
          enforcement: enforcement.optional(),
          approvals: section({
            policy: approvalPolicy.optional(),
            reviewer: reviewer.optional(),
          }).optional(),
          'on-override': onOverride.optional(),
        }),
        {
          error: ({ code }) =>
            code === 'invalid_key'
              ? 'named in letters, digits, - and _'
              : 'a mapping of names to settings',
        },
      )
      .default({}),
    'on-override': onOverride.default('fail'),
  }).prefault({}),
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

const maxKib = 64;

/**
 * @param text of the policy file, YAML 1.2
 * @throws Stopped config-invalid, naming the line and what is expected there
 */
export function parsePolicy(text: string): Policy {
  if (Buffer.byteLength(text) > maxKib * 1024) throw invalid(`It is larger than ${maxKib} KiB.`);
  const lines = new LineCounter();
  const document = readYaml(text, lines);
  const lineOf = (node: unknown) => lines.linePos((node as Node | null)?.range?.[0] ?? 0).line;
  visit(document, {
    Alias: (_, alias) => {
      throw invalid('Write the value out instead of an alias (*).', lineOf(alias));
    },
    Pair: (_, { key }) => {
      if (isScalar(key) && typeof key.value === 'string' && key.value !== '__proto__') return;
      throw invalid('A key must be a plain word.', lineOf(key));
    },
  });
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 0 }) ?? {});
  const problem = parsed.success
    ? findStuck(parsed.data)
    : describeIssue(deepest(parsed.error.issues[0] as z.core.$ZodIssue));
  if (problem !== undefined) throw invalid(problem.says, lineOf(locate(document, problem.path)));
  return parsed.data as Policy;
}

function readYaml(text: string, lineCounter: LineCounter) {
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    strict: true,
    uniqueKeys: true,
    prettyErrors: false,
    lineCounter,
  });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem === undefined) return document;
  const [reason] = problem.message.split(/[;\n]/, 1);
  throw invalid(`It is not valid YAML: ${reason}.`, lineCounter.linePos(problem.pos[0]).line);
}

function describeIssue(issue: z.core.$ZodIssue): { path: PropertyKey[]; says: string } {
  const name = issue.path.length === 0 ? 'The policy file' : keyName(issue.path);
  if (issue.code !== 'unrecognized_keys') {
    return { path: issue.path, says: `${name} must be ${issue.message}.` };
  }
  const path = [...issue.path, issue.keys[0] as string];
  return { path, says: `There is no key ${keyName(path)}; expected is ${issue.message}.` };
}

/** Where every alternative fails, the one that was meant is the one that got furthest. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  const inner = issue.code === 'invalid_union' ? issue.errors.flat() : [];
  const furthest = inner
    .map((one) => deepest({ ...one, path: [...issue.path, ...one.path] }))
    .sort((a, b) => b.path.length - a.path.length)[0];
  const names = furthest?.code === 'unrecognized_keys' ? 1 : 0;
  return furthest !== undefined && furthest.path.length + names > issue.path.length
    ? furthest
    : issue;
}

/** The key that the issue is about, or the item of a list; where it is missing, what it is missing from. */
function locate(document: Document, path: readonly PropertyKey[]): unknown {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const name = path[length - 1];
    const node = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && key.value === name)?.key
      : document.getIn(path.slice(0, length), true);
    if (node !== undefined) return node;
  }
  return document.contents;
}

/** `approvers.users[1]` */
function keyName(path: readonly PropertyKey[]): string {
  return path
    .map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at > 0 ? '.' : ''}${String(key)}`))
    .join('');
}

function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function invalid(says: string, line?: number): Stopped {
  return new Stopped('config-invalid', `Policy file${line ? `, line ${line}` : ''}: ${says}`);
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
