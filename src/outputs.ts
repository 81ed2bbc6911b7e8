import { toMatrix } from './core/policy/impacted-tests.ts';
import { explain } from './decision.ts';
import type { Facts, Outcome, PullRequestFacts } from './ports/outcome.ts';

/** A list that becomes an output is whole or empty, so that a later step that puts it into `env` can always start. */
const mostEntries = 100;
const mostBytes = 64 * 1024;

/**
 * Every output by its name, as closed values: enumerations, digests, numbers, JSON, and paths and addresses of the
 * action.
 */
export function toOutputs(
  mode: string,
  outcome: Outcome,
  facts: Facts,
): Readonly<Record<string, unknown>> {
  const { decision } = outcome;
  const several = facts.pullRequests;
  const outputs = {
    decision,
    'reason-code': outcome.reason,
    notify: facts.notify ?? 'none',
    ...toSingleOutputs(decision, several === undefined ? facts : {}),
    // The one file is about all of them.
    'notification-path': facts.notificationPath ?? null,
  };
  return {
    ...outputs,
    result: {
      schema: 'codex-plan-result/v1',
      mode,
      ...outputs,
      ...(several === undefined
        ? {}
        : {
            pull_requests: several.map(toPullRequest),
            left_pull_requests: facts.leftPullRequests ?? [],
          }),
      detail: describe(outcome),
    },
  };
}

function toSingleOutputs(decision: string, facts: Facts): Readonly<Record<string, unknown>> {
  return {
    state: facts.state ?? null,
    'plan-id': facts.planId ?? null,
    'plan-sha256': facts.planSha256 ?? null,
    'prompt-sha256': facts.promptSha256 ?? null,
    ...toList('files', facts.files),
    'artifact-id': facts.artifactId ?? null,
    'artifact-url': facts.artifactUrl ?? null,
    'comment-url': facts.commentUrl ?? null,
    'pull-request': facts.pullRequest ?? null,
    'head-sha': facts.headSha ?? null,
    approved: decision === 'approved',
    approver: facts.approver ?? null,
    ...toList('denied-files', facts.deniedFiles),
    verified: decision === 'verified',
    // Also if this run repeats a drift that an earlier one found.
    drift: facts.drift ?? decision === 'drifted',
    'drift-diff': facts.driftDiff ?? null,
    'evidence-path': facts.evidencePath ?? null,
    ...toList(
      'impacted-tests',
      facts.impactedTests?.map(({ run }) => run),
    ),
    'has-tests': (facts.impactedTests ?? []).length > 0,
    'test-matrix': toMatrix(facts.impactedTests ?? []),
    'commit-sha': facts.commitSha ?? null,
    tokens: facts.tokens ?? { input: 0, cached: 0, output: 0 },
  };
}

/** The list under its name, or nothing of it; the number of its entries beside it in either case. */
function toList(name: string, list: readonly string[] = []): Readonly<Record<string, unknown>> {
  const fits = list.length <= mostEntries && Buffer.byteLength(JSON.stringify(list)) <= mostBytes;
  return { [name]: fits ? list : [], [`${name}-count`]: list.length };
}

function toPullRequest({ reason, ...facts }: PullRequestFacts): Readonly<Record<string, unknown>> {
  return {
    'pull-request': facts.pullRequest,
    'reason-code': reason,
    state: facts.state ?? null,
    notify: facts.notify ?? 'none',
    'plan-id': facts.planId ?? null,
    'head-sha': facts.headSha ?? null,
  };
}

/** In words of the action only: the sentence about this case can hold a model's or GitHub's, and is in the log. */
function describe({ decision, reason }: Outcome): string {
  return reason === 'ok' ? `The run ended as ${decision}.` : explain(reason).what;
}
