/**
 * The embedded GitHub: a stateful GitHub on 127.0.0.1 against which the bundled action runs
 * unmodified, as a process with the environment of a runner.
 *
 * ```ts
 * const github = await startGitHub();
 * const repo = github.createRepository({
 *   files: { 'src/cart.ts': 'export const total = 0;\n' },
 *   collaborators: { alice: 'write', bob: 'write' },
 * });
 * const pull = repo.openPullRequest({ author: 'alice', files: { 'src/tax.ts': '…' } });
 *
 * const request = repo.as('alice').comment(pull.number, '/codex add a test');
 * const run = repo.startRun({ event: request });        // run.env, run.token, run.outputs()
 * // … spawn the action with { PATH, ...run.env, 'INPUT_GITHUB-TOKEN': run.token } …
 * repo.finishRun(run);
 *
 * github.clock.advance({ minutes: 5 });                 // it stands still otherwise
 * const label = repo.as('bob').label(pull.number, 'approved-plan');
 * const approval = repo.startRun({ event: label, workflow: '.github/workflows/codex.yml' });
 *
 * expect(pull.labels).toEqual([]);                      // always the present state
 * expect(github.violations).toEqual([]);
 * await github.close();
 * ```
 *
 * Calls that go wrong: `github.fault({ method: 'POST', path: /\/comments$/, status: 502 })`.
 * A change between two calls: `github.onRequest((request) => …)`. What was called:
 * `github.requests`, `github.writes()`. Artifacts: `repo.artifacts.newest(name)`, `.expire()`,
 * `.corrupt()`, `.replace()`.
 *
 * If GitHub's behaviour is not certain, both ways can be tried: `github.targetRunsNameHead`,
 * `github.runPathsNameRef`, `github.artifactsConflictAcrossAttempts`, `github.pageLimit`,
 * `github.deletedLabels`, `github.eventsNameLabels`, `github.jobsReadMergeQueues`,
 * `github.appsCommentOnLocked`.
 *
 * GraphQL is GitHub's own schema: what it does not allow is a violation, and so is a field that is
 * not served here. Refusals that no permission changes: `repo.rules`, `repo.as('ada').archive()`,
 * `.lock()`, `repo.owner.ipAllowList`, `.samlEnforced`. Lists that lag behind or come in another
 * order: `github.fault({ graphql: /timelineItems/, lag: 1 })`.
 *
 * What it lacks: no reviews or checks, no concurrency groups or waiting runs, no webhooks
 * delivered (a test starts the runs).
 *
 * Every REST request and every answer is checked against GitHub's own description. What does not
 * fit it is a status 500 and an entry in `github.violations`, whoever made the mistake.
 */
export type { Permissions, Token } from './access.ts';
export type { Account, App, Role } from './accounts.ts';
export { type Actor, commentId } from './actor.ts';
export type { Fault, FaultHandle } from './faults.ts';
export type { FileSpec, Files, PushOptions } from './files.ts';
export {
  type GitHub,
  type GitHubOptions,
  graphqlQuery,
  type RecordedRequest,
  startGitHub,
} from './github.ts';
export type { WebhookEvent } from './payloads.ts';
export type { OpenPullRequest, PullView } from './pulls.ts';
export type { Rule } from './ref-updates.ts';
export type { CreateRepository, Repository } from './repository.ts';
export { commandFile, JOB_PERMISSIONS, type JobRun, type StartRun, WORKFLOW } from './runs.ts';
export type { Artifact, Comment, IssueEvent, Label, Run } from './state.ts';
