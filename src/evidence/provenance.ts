/** Which workflow runs are trusted: those whose workflow file belongs to the default branch. */

import { Stopped } from '../decision.ts';
import type { ArtifactOrigin, StoredArtifact } from '../ports/artifacts.ts';
import type { PullRequests } from '../ports/pull-requests.ts';
import type { Repository, RunFacts } from '../ports/repository.ts';
import type { WorkflowRun } from '../ports/run.ts';
import type { Log } from '../ports/runner.ts';
import { readDefaultBranch } from './default-branch.ts';
import type { PolicySource } from './policy.ts';
import { hasFilesOf, isTrustedPath } from './workflow-files.ts';

/** Events for which GitHub takes the workflow file from the default branch, whatever the pull request contains. */
const defaultBranchEvents = new Set([
  'issue_comment',
  'pull_request_target',
  'schedule',
  'workflow_dispatch',
]);

/** Why something is not trusted, in one sentence. */
interface Doubt {
  readonly why: string;
  /** Anybody could have made it, so it means nothing, and is not even a reason for doubt. */
  readonly foreign?: true;
}

export class Provenance {
  readonly #repository: Repository;
  readonly #pullRequests: Pick<PullRequests, 'read' | 'baseTip'>;
  readonly #run: WorkflowRun;
  readonly #policy: PolicySource;
  readonly #log: Pick<Log, 'warn'>;
  readonly #runs = new Map<number, Promise<RunFacts | undefined>>();

  constructor(
    repository: Repository,
    pullRequests: Pick<PullRequests, 'read' | 'baseTip'>,
    run: WorkflowRun,
    policy: PolicySource,
    log: Pick<Log, 'warn'>,
  ) {
    this.#repository = repository;
    this.#pullRequests = pullRequests;
    this.#run = run;
    this.#policy = policy;
    this.#log = log;
  }

  /**
   * To be called before any decision: the workflow file that runs must be that of the default branch. Otherwise a
   * pull request could rewrite the gate that it has to pass.
   * @throws Stopped workflow-untrusted, unsupported-event
   */
  async checkTrustedRun(): Promise<void> {
    const run = this.#run;
    const branch = await this.defaultBranch();
    if (defaultBranchEvents.has(run.eventName)) {
      if (run.workflowRef === `refs/heads/${branch}`) return;
      throw new Stopped(
        'workflow-untrusted',
        'The workflow file was not taken from the default branch.',
      );
    }
    if (run.eventName !== 'pull_request') {
      throw new Stopped(
        'unsupported-event',
        'The event is not one whose workflow file can be trusted.',
      );
    }
    await this.#checkPullRequestRun(branch);
  }

  /** `pull_request` runs the pull request's own copy of the file: accepted if that is, by blob, the default branch's. */
  async #checkPullRequestRun(branch: string): Promise<void> {
    const { trigger, workflow, workflowSha } = this.#run;
    const number = trigger.pullRequest;
    const pull = number === null ? undefined : await this.#pullRequests.read(number);
    if (pull?.baseRef !== branch) {
      throw new Stopped(
        'workflow-untrusted',
        'The pull request does not go to the default branch.',
      );
    }
    // Read before other calls are started: a promise that fails while nobody waits for it ends the process.
    const tip = await this.#pullRequests.baseTip(branch);
    const [ran, owned] = await Promise.all([
      workflowSha === null ? undefined : this.#repository.readFile(workflow, workflowSha),
      this.#repository.readFile(workflow, tip),
    ]);
    if (ran === undefined || ran.blob !== owned?.blob) {
      throw new Stopped(
        'workflow-untrusted',
        'The pull request has its own copy of the workflow file.',
      );
    }
    this.#log.warn(
      'pull_request runs the copy of the workflow in the pull request, so later runs do not trust the evidence of this one; use pull_request_target.',
    );
  }

  /** The run that an artifact comes from, as the store says; or why the run need not be looked up. Costs no call. */
  async traceOrigin({
    run: origin,
  }: StoredArtifact): Promise<{ readonly origin: ArtifactOrigin } | Doubt> {
    const own = this.#run.repository.id;
    if (origin === null) return { why: 'No run made it.' };
    const { repositoryId, headRepositoryId } = origin;
    if (repositoryId !== null && repositoryId !== own) {
      return ofAnother;
    }
    if (
      headRepositoryId !== null &&
      headRepositoryId !== own &&
      !(await this.#policy.read()).forks
    ) {
      return forAnother;
    }
    return { origin };
  }

  /**
   * The run that made an artifact, or why it is not trusted. A name proves nothing: any workflow of any fork can
   * upload under it. The conclusion proves nothing either: it is null in the same run, and a later job may fail.
   */
  async trustRun(origin: ArtifactOrigin): Promise<{ readonly run: RunFacts } | Doubt> {
    const own = this.#run.repository.id;
    const self = this.#ownRun(origin);
    if (self !== undefined) return { run: self };
    const run = await this.#readRun(origin.id);
    // Deleting a run deletes its artifacts, so this should not happen. Skipping the artifact would let an older one be
    // used in its place.
    if (run === undefined) {
      throw new Stopped(
        'api-unavailable',
        `GitHub has no run ${origin.id}, which made an artifact.`,
      );
    }
    if (run.repositoryId !== own) return ofAnother;
    const { forks, workflows } = await this.#policy.read();
    const local = (origin.headRepositoryId ?? own) === own && run.headRepositoryId === own;
    if (!local && !(run.event === 'pull_request_target' && forks)) return forAnother;
    if (!isTrustedPath(run.path, [this.#run.workflow, ...workflows])) {
      return { why: 'Another workflow file made it.' };
    }
    if (!(await this.#ranDefaultBranch(run))) return { why: 'Another event or branch made it.' };
    return { run };
  }

  /**
   * Whether a run of this repository made it, trusted or not: what anybody can upload from a fork counts for nothing.
   * Costs a call only for an artifact of a fork, if the policy allows forks.
   */
  async isOwn(artifact: StoredArtifact): Promise<boolean> {
    const traced = await this.traceOrigin(artifact);
    if (!('origin' in traced)) return false;
    const { headRepositoryId } = traced.origin;
    if (headRepositoryId === null || headRepositoryId === this.#run.repository.id) return true;
    return !('foreign' in (await this.trustRun(traced.origin)));
  }

  /** Whether the store says that a run of this repository made an artifact, and not for a fork. */
  isLocal({ repositoryId, headRepositoryId }: ArtifactOrigin): boolean {
    const own = this.#run.repository.id;
    return repositoryId === own && headRepositoryId === own;
  }

  /**
   * The facts of this run itself. Only GitHub can say whether it is for a fork; if the store has said so, no call is
   * needed.
   */
  #ownRun(origin: ArtifactOrigin): RunFacts | undefined {
    const { id, repository, eventName, workflow, workflowSha } = this.#run;
    if (origin.id !== id || !this.isLocal(origin) || workflowSha === null) return undefined;
    return {
      id,
      event: eventName,
      path: workflow,
      headBranch: null,
      headSha: workflowSha,
      repositoryId: repository.id,
      headRepositoryId: repository.id,
      attempt: this.#run.attempt,
      createdAt: null,
      called: [],
    };
  }

  /** Whether GitHub still tells of a run: it deletes old ones. */
  async hasRun(id: number): Promise<boolean> {
    return id === this.#run.id || (await this.#readRun(id)) !== undefined;
  }

  /** Whether a run is trusted of which only the id is known. A run that GitHub does not have is not. */
  async isTrustedRun(id: number): Promise<boolean> {
    if ((await this.#readRun(id)) === undefined) return false;
    const own = this.#run.repository.id;
    return 'run' in (await this.trustRun({ id, repositoryId: own, headRepositoryId: null }));
  }

  /** Remembers the answers: the facts of a run that decide anything do not change during this run. */
  #readRun(id: number): Promise<RunFacts | undefined> {
    const known = this.#runs.get(id) ?? this.#repository.run(id);
    this.#runs.set(id, known);
    return known;
  }

  /**
   * Whether the run took its workflow file from the default branch. A `pull_request` run can only know this about
   * itself: it used the file of a test merge that nobody can name later, and the base of that merge may have been
   * another branch with another file.
   */
  async #ranDefaultBranch(run: RunFacts): Promise<boolean> {
    if (run.id === this.#run.id) return true;
    // It always uses the file of the default branch, although the run names the branch and commit of the pull
    // request.
    if (run.event === 'pull_request_target') return true;
    const branch = await this.defaultBranch();
    if (!defaultBranchEvents.has(run.event) || run.headBranch !== branch) return false;
    return run.event !== 'workflow_dispatch' || this.#hasTodaysFiles(run, branch);
  }

  async #hasTodaysFiles(run: RunFacts, branch: string): Promise<boolean> {
    const { workflowSha, workflowRef, repository } = this.#run;
    if (run.headSha === workflowSha && workflowRef === `refs/heads/${branch}`) return true;
    const tip = await this.#pullRequests.baseTip(branch);
    return hasFilesOf(tip, run, this.#repository, repository);
  }

  /** The name of the default branch. */
  defaultBranch(): Promise<string> {
    return readDefaultBranch(this.#run, this.#repository);
  }
}

const ofAnother: Doubt = { why: 'A run of another repository made it.', foreign: true };
const forAnother: Doubt = { why: 'A run for another repository made it.', foreign: true };
