import { statusContext } from '../../../core/life/status.ts';
import type { BranchRule, RequiredCheck } from '../../../ports/set-up.ts';
import type { CheckLine } from '../../../report/check-table.ts';
import type { DoctorFacts } from '../facts.ts';
import {
  appToken,
  doubtful,
  expression,
  fine,
  glance,
  listed,
  type Probe,
  unseen,
  wrong,
} from '../probe.ts';

const words = {
  about: 'Required status',
  why: 'As long as the status is not required, a pull request can be merged although its plan was denied or drifted.',
};
const bypass = {
  about: 'Who can go past the rule',
  why: 'Whoever is on the bypass list can merge whatever the status says.',
};
/** GitHub's own app: every workflow of every branch can set a status as this app. */
const actionsApp = 'github-actions';

export const requiredStatus: Probe = {
  ...words,
  needs: 'permissions: { contents: read }',
  async look(facts) {
    const context = statusContext(facts.artifactPrefix);
    const { name: branch } = await facts.branch();
    const rules = await facts.setUp.rules(branch);
    const classic = await glance(() => facts.setUp.protection(branch));
    const found = rules.flatMap((rule) =>
      rule.type === 'required_status_checks'
        ? readChecks(rule.parameters).map((check) => ({ ...check, ruleset: rule.ruleset }))
        : [],
    );
    const all: readonly RequiredCheck[] = [
      ...found,
      ...('seen' in classic ? classic.seen.checks : []),
    ];
    const ours = all.filter((check) => check.context === context);
    if (ours.length === 0) {
      const partly = 'unseen' in classic ? ' A classic branch protection could not be seen.' : '';
      return [
        doubtful(
          words,
          `${branch} does not require ${context}.${partly}`,
          ruleFor(facts, branch, context),
        ),
      ];
    }
    const rulesets = new Set(
      found.filter((one) => one.context === context).map(({ ruleset }) => ruleset),
    );
    return [
      await judge(facts, ours, context),
      ...(await findMissingRefresh(facts, context)),
      ...(await findMissingGroup(facts, rules, context)),
      ...(await findBypass(
        facts,
        [...rulesets].filter((id) => id !== null),
      )),
    ];
  },
};

function readChecks(parameters: Readonly<Record<string, unknown>>): RequiredCheck[] {
  const { required_status_checks: list } = parameters;
  return (Array.isArray(list) ? list : []).flatMap((one: unknown) => {
    const { context, integration_id: app } = (one ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof context !== 'string') return [];
    return [{ context, app: typeof app === 'number' && app > 0 ? app : null }];
  });
}

function ruleFor({ run }: DoctorFacts, branch: string, context: string): string {
  const { owner, name } = run.repository;
  const rule = {
    name: context,
    target: 'branch',
    enforcement: 'active',
    conditions: { ref_name: { include: [`refs/heads/${branch}`], exclude: [] } },
    rules: [
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: false,
          required_status_checks: [{ context }],
        },
      },
    ],
  };
  return `gh api -X POST repos/${owner}/${name}/rulesets --input - <<< '${JSON.stringify(rule)}'`;
}

/** A signpost if others can set the status; a lock if only an app of the repository's owners can. */
async function judge(
  facts: DoctorFacts,
  checks: readonly RequiredCheck[],
  context: string,
): Promise<CheckLine> {
  const { setUp } = facts;
  const actions = await glance(() => setUp.appId(actionsApp));
  const general = 'seen' in actions ? actions.seen : undefined;
  const own = checks.find(({ app }) => app !== null && app !== general);
  const paste = `{ "context": "${context}", "integration_id": ID-OF-YOUR-APP } # and its token as github-token in every job`;
  if (own === undefined) {
    const from = checks.some(({ app }) => app !== null)
      ? 'expected from GitHub Actions, which is every workflow of every branch'
      : 'expected from anybody';
    return doubtful(
      words,
      `${context} is required, ${from}: a signpost, since whoever can write can set it. It is a lock only with an app of your own.`,
      paste,
    );
  }
  const bare = (await facts.workflows()).flatMap(({ path, jobs }) =>
    jobs
      .filter(({ steps }) =>
        steps.some(
          (step) => step.mode !== 'doctor' && step.mode !== 'audit' && !step.with['github-token'],
        ),
      )
      .map(({ name }) => `${path}, job ${name}`),
  );
  if (bare.length > 0) {
    return wrong(
      words,
      `${context} is required from app ${own.app}, and ${listed(bare)} sets it with the job's own token, which does not count.`,
      `github-token: ${expression('steps.app.outputs.token')}`,
    );
  }
  return fine(words, `${context} is required from app ${own.app}: a lock.`);
}

async function findMissingRefresh(
  { workflows }: DoctorFacts,
  context: string,
): Promise<readonly CheckLine[]> {
  const steps = (await workflows()).flatMap(({ jobs }) => jobs.flatMap((job) => job.steps));
  if (steps.some(({ mode }) => mode === 'refresh')) return [];
  return [
    wrong(
      words,
      `${context} is required, and no job runs refresh: a pull request without a plan never gets it.`,
      'mode: refresh',
    ),
  ];
}

/** A merge queue tests a separate commit. Only an event of the queue names it. */
async function findMissingGroup(
  { branch, workflows }: DoctorFacts,
  rules: readonly BranchRule[],
  context: string,
): Promise<readonly CheckLine[]> {
  if (!rules.some(({ type }) => type === 'merge_queue')) return [];
  const refreshing = (await workflows()).filter(({ jobs }) =>
    jobs.some(({ steps }) => steps.some(({ mode }) => mode === 'refresh')),
  );
  if (refreshing.some(({ events }) => 'merge_group' in events)) return [];
  const { name } = await branch();
  return [
    wrong(
      words,
      `${name} has a merge queue and requires ${context}, but no job refreshes on merge_group: the queue waits for the status and never gets it.`,
      'on: { merge_group: } # in the workflow file whose job has mode: refresh',
    ),
  ];
}

async function findBypass(
  { setUp }: DoctorFacts,
  rulesets: readonly number[],
): Promise<readonly CheckLine[]> {
  const lines: CheckLine[] = [];
  for (const id of rulesets) {
    const found = await glance(() => setUp.ruleset(id));
    const needs = appToken('administration: read');
    if ('unseen' in found) {
      lines.push(unseen({ ...bypass, needs }, found.unseen));
      continue;
    }
    const { bypass: actors, name } = found.seen;
    lines.push(
      actors === null
        ? doubtful(bypass, `Who can go past ${name} is not shown to this token.`, needs)
        : actors.length === 0
          ? fine(bypass, `Nobody can go past ${name}.`)
          : doubtful(bypass, `${listed(actors)} can go past ${name}.`, '"bypass_actors": []'),
    );
  }
  return lines;
}
