/** A repository that is set up well, at the embedded GitHub, and mode doctor with the adapters as the action uses them. */

import { readFileSync } from 'node:fs';
import { Authority } from '../../../src/checks/authority.ts';
import type { Members } from '../../../src/core/records/members.ts';
import { Stopped } from '../../../src/decision.ts';
import { RepositoryPolicy } from '../../../src/evidence/policy.ts';
import { GitHubClient } from '../../../src/github/client.ts';
import { readWorkflowRun } from '../../../src/github/event.ts';
import { GitHubPeople } from '../../../src/github/people.ts';
import { GitHubRepository } from '../../../src/github/repository.ts';
import { GitHubSetUp } from '../../../src/github/set-up.ts';
import { doctor } from '../../../src/modes/doctor/doctor.ts';
import type { Tools } from '../../../src/modes/tools.ts';
import type { Machine } from '../../../src/ports/machine.ts';
import type { CheckLine } from '../../../src/report/check-table.ts';
import { loadExpressions } from '../../../src/system/linear-expressions.ts';
import { talkTo } from '../../support/api-address.ts';
import type {
  CreateRepository,
  GitHub,
  Permissions,
  RecordedRequest,
  Repository,
} from '../../support/github/index.ts';
import { WORKFLOW } from '../../support/github/index.ts';

/** The example that users copy, with a commit id in the place of the zeros and the token of an app in every job. */
export const workflowFile = readFileSync(
  new URL('../../../examples/codex-plan.yml', import.meta.url),
  'utf8',
).replaceAll('0'.repeat(40), 'a'.repeat(40));

/** The same, with the token of an app in each job. */
export const workflowWithApp = workflowFile.replaceAll(
  /^( +)mode: (\w+)$/gm,
  `$1mode: $2\n$1github-token: \${{ steps.app.outputs.token }}`,
);

/** A machine that has all that is needed. */
export const goodMachine: Machine = {
  gitVersion: async () => 'git version 2.47.3',
  namespaces: async () => ({ work: true, missing: [], cured: false }),
  freeDisk: () => 20 * 1024 ** 3,
  proxyVariables: () => [],
  toolCache: () => ({
    folder: '/opt/hostedtoolcache',
    shown: ['node/24.1.0/x64'],
    refused: [],
    writableByAll: true,
  }),
  codex: async () => ({ tested: '1.2.3', used: '1.2.3', from: 'registry', newest: '1.2.3' }),
};

export interface SetUpGiven {
  readonly repository?: CreateRepository;
  readonly permissions?: Permissions;
  readonly teamToken?: string;
  readonly machine?: Partial<Machine>;
  /** The branch that the workflow is started on. */
  readonly ref?: string;
  readonly prepare?: (repo: Repository) => void;
}

export interface Examined {
  readonly decision: string;
  readonly reason: string;
  readonly detail: string;
  readonly lines: readonly CheckLine[];
  /** The lines about that, in order. */
  about(what: string): readonly CheckLine[];
  readonly record: Readonly<Record<string, unknown>>;
  readonly summary: string;
  readonly log: readonly string[];
  readonly requests: readonly RecordedRequest[];
}

export const policyFile = '.github/codex-plan.yml';
export const owners = { '.github/CODEOWNERS': '/.github/ @octo/keepers\n' };
/** All that doctor can look at. */
export const allRights: Permissions = {
  actions: 'read',
  administration: 'write',
  contents: 'write',
  'pull-requests': 'read',
};

/** Three people who can approve, an app of the owners, its status required, and the rules that guard `.github/`. */
export function createGoodRepository(github: GitHub, more: CreateRepository = {}): Repository {
  const { files, collaborators, ...rest } = more;
  const repo = github.createRepository({
    labels: ['approved-plan'],
    collaborators: collaborators ?? { alice: 'maintain', bob: 'maintain', carol: 'maintain' },
    files: { [WORKFLOW]: workflowWithApp, ...owners, ...files },
    ...rest,
  });
  return repo;
}

export function requireStatus(repo: Repository, app: number | null, more: object = {}): void {
  const check = { context: 'codex-plan', ...(app === null ? {} : { integration_id: app }) };
  repo.rulesets.push({
    id: 100 + repo.rulesets.length,
    name: 'Codex plan',
    branch: /^main$/,
    rules: [
      {
        type: 'required_status_checks',
        parameters: {
          required_status_checks: [check],
          strict_required_status_checks_policy: false,
        },
      },
    ],
    bypass: [],
    ...more,
  });
}

export function requireOwners(repo: Repository): void {
  repo.rulesets.push({
    id: 200,
    name: 'Owners',
    branch: /^main$/,
    rules: [
      {
        type: 'pull_request',
        parameters: {
          require_code_owner_review: true,
          dismiss_stale_reviews_on_push: false,
          require_last_push_approval: false,
          required_approving_review_count: 1,
          required_review_thread_resolution: false,
        },
      },
    ],
  });
}

/** Runs doctor on a repository. */
export async function examine(
  github: GitHub,
  repo: Repository,
  given: SetUpGiven = {},
): Promise<Examined> {
  talkTo(github.apiUrl);
  const ref = given.ref ?? 'main';
  const event = repo.as(repo.roles.keys().next().value ?? 'ada').dispatch(WORKFLOW, { ref });
  const job = repo.startRun({ event, permissions: given.permissions ?? allRights });
  const name = { owner: repo.owner.login, name: repo.name };
  const timing = { pause: 1, limitPause: 5, patience: 1_000 };
  const client = new GitHubClient(job.token, name, { timing });
  const teams =
    given.teamToken === undefined ? undefined : new GitHubClient(given.teamToken, name, { timing });
  const run = readWorkflowRun(job.env);
  const people = new GitHubPeople(client, teams);
  const policy = new RepositoryPolicy(new GitHubRepository(client), run, policyFile, {});
  const log: string[] = [];
  let summary = '';
  let kept: Members = new Map();
  const tools: Partial<Tools> = {
    run,
    policy,
    people,
    authority: new Authority(people, policy, run),
    setUp: new GitHubSetUp(client, people),
    expressions: loadExpressions,
    machine: { ...goodMachine, ...given.machine },
    clock: client,
    report: { note: () => {} },
    log: {
      step: () => {},
      progress: (line) => void log.push(line),
      warn: (line) => void log.push(line),
      summarise: (text) => {
        summary += text;
      },
    },
    keepForLaterSteps: async (_, members) => {
      kept = members;
      return '/kept';
    },
  };
  const before = github.requests.length;
  const mode = doctor.prepare((input) => (input === 'github-token' ? job.token : ''));
  const outcome = await mode.run(tools as Tools).then(
    (result) => ({ ...result, reason: 'ok' }),
    (error: unknown) => {
      if (!(error instanceof Stopped)) throw error;
      return { decision: error.decision, reason: error.reason, detail: error.message };
    },
  );
  const text = Buffer.from(kept.get('doctor.json') ?? new Uint8Array()).toString();
  const record = JSON.parse(text) as { readonly lines: readonly CheckLine[] };
  return {
    ...outcome,
    lines: record.lines,
    about: (what) => record.lines.filter((line) => line.about === what),
    record: { ...record },
    summary,
    log,
    requests: github.requests.slice(before),
  };
}
