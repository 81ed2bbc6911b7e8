/**
 * What a run knows of a pull request, read in one call. Each look answers each question once: code that asks again
 * wants to know what is true now, so GitHub is asked again.
 */

import { instructionsFile } from '../core/policy/instructions.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import type { Comment } from '../ports/comments.ts';
import type { Identity } from '../ports/people.ts';
import type { PullRequest } from '../ports/pull-requests.ts';
import type { DefaultBranchFile } from '../ports/repository.ts';
import type { GitHubClient } from './client.ts';
import {
  readInstructions,
  readPolicy,
  sameOfOneCommit,
  type ToldInstructions,
  textOf,
} from './governing-files.ts';
import { toHeadFacts } from './head-facts.ts';
import { type Facts, isHead, isNotFound, readPullFacts, toComment } from './look-facts.ts';
import { type LookAnswer, lookAnswer, lookQuery, policyAnswer, policyQuery } from './look-query.ts';
import { isUntoldLabel } from './timeline-fields.ts';

/** What the looks of a run are about. */
export interface LookedAt {
  /** The pull request that the run is about, if it is about one. */
  readonly number: number | null;
  readonly policyFile: string;
  /** The workflow file that runs; null if its commit is not known. */
  readonly workflow: { readonly path: string; readonly commit: ObjectId | null };
  /** The label that approves. */
  readonly label: string;
  /** The context of the status. */
  readonly context: string;
}

/** After this time, somebody may have set or removed a label. */
const freshMs = 15_000;

export class Looks {
  readonly #client: GitHubClient;
  readonly #about: LookedAt;
  #number: number | undefined;
  #readAt = 0;
  #facts: Partial<Facts> = {};
  #single = new Map<number, Comment>();
  #page: { readonly comments: readonly Comment[]; readonly at: Date } | undefined;
  #policy: DefaultBranchFile | 'untold' | undefined;
  #instructions: ToldInstructions | 'untold' | undefined;
  #self: Identity | undefined;
  #repository: string | undefined;
  #ran: string | undefined;

  constructor(client: GitHubClient, about: LookedAt) {
    this.#client = client;
    this.#about = about;
  }

  /** The context of the status that the looks tell. */
  get context(): string {
    return this.#about.context;
  }

  /** The action's own account; undefined before the first look. */
  get self(): Identity | undefined {
    return this.#self;
  }

  /** The repository's id in GraphQL; undefined before the first look. */
  get repositoryId(): string | undefined {
    return this.#repository;
  }

  /** The text of the workflow file that runs; undefined if no look told it. */
  get ranWorkflow(): string | undefined {
    return this.#ran;
  }

  /** The answer of the newest look, if it is about this pull request and was not asked before. */
  take<Name extends keyof Facts>(number: number, name: Name): Facts[Name] | undefined {
    if (this.#number !== number) return undefined;
    if (name === 'carried' && performance.now() - this.#readAt > freshMs) return undefined;
    const { [name]: fact, ...rest } = this.#facts;
    this.#facts = rest as Partial<Facts>;
    return fact as Facts[Name] | undefined;
  }

  /** The commit of the base branch that the newest look tells, once. */
  takeTip(ref: string): ObjectId | undefined {
    if (this.#facts.baseTip?.ref !== ref || this.#number === undefined) return undefined;
    return this.take(this.#number, 'baseTip')?.sha;
  }

  /** Whether the repository has the label that the looks are about, by the newest look, once. */
  takeLabelExists(name: string): boolean | undefined {
    if (name !== this.#about.label || this.#number === undefined) return undefined;
    return this.take(this.#number, 'labelExists');
  }

  /** One comment of the newest look, once. */
  takeComment(id: number): Comment | undefined {
    const comment = this.#single.get(id);
    this.#single.delete(id);
    return comment;
  }

  /**
   * The comments of the newest look at this pull request, however often they are asked for. They may be old by now, and
   * people can have edited them: they open nothing.
   * @returns with GitHub's time of that look; undefined if it did not tell all of them
   */
  seenComments(
    number: number,
  ): { readonly comments: readonly Comment[]; readonly at: Date } | undefined {
    return this.#number === number ? this.#page : undefined;
  }

  /** Drops the comments of the newest look, because they are no longer up to date. */
  forgetComments(): void {
    const { comments: _, ...rest } = this.#facts;
    this.#facts = rest;
    this.#single.clear();
  }

  /**
   * The pull request as it is now: from the newest look if nobody has asked it for this yet, otherwise from a new
   * one.
   * @throws Stopped config-invalid if there is no such pull request; permission-missing, api-unavailable
   */
  async readPull(number: number): Promise<PullRequest> {
    const told = this.take(number, 'pull');
    if (told !== undefined) return exists(told, number);
    await this.#look(number);
    return exists(this.take(number, 'pull') ?? null, number);
  }

  /**
   * The policy file of the default branch.
   * @returns `untold` if its text has to be read in another way
   */
  async readPolicy(): Promise<DefaultBranchFile | 'untold'> {
    if (this.#policy !== undefined) return this.#policy;
    const { number } = this.#about;
    if (number !== null) await this.#look(number);
    else {
      const answer = await this.#client.graphql(
        'the policy',
        policyQuery,
        this.#variables(),
        policyAnswer,
        { needs: 'contents: read' },
      );
      this.#keep(answer);
    }
    return this.#policy ?? 'untold';
  }

  /**
   * The file of instructions of this commit, from the look that read the policy.
   * @returns `untold` if it has to be read in another way
   */
  readInstructions(commit: ObjectId): ToldInstructions | 'untold' {
    const told = this.#instructions ?? 'untold';
    return told !== 'untold' && told.commit === commit ? told : 'untold';
  }

  async #look(number: number): Promise<void> {
    let headTold = true;
    const { label, context } = this.#about;
    const answer = await this.#client.graphql(
      'the pull request',
      lookQuery,
      { ...this.#variables(), number, label, context, after: null },
      lookAnswer,
      {
        needs: 'pull-requests: read',
        tolerates: (problem) => {
          if (isHead(problem)) headTold = false;
          return isHead(problem) || isUntoldLabel(problem) || isNotFound(problem);
        },
      },
    );
    this.#keep(answer);
    const pull = answer.repository.pullRequest;
    this.#number = number;
    this.#readAt = performance.now();
    this.#single = new Map();
    this.#page = undefined;
    const labelExists = answer.repository.label !== null;
    if (pull === null || pull.number !== number) {
      this.#facts = { pull: null, labelExists };
      return;
    }
    const comments = pull.comments.nodes.map(toComment);
    const told = comments.filter((one) => one !== undefined);
    for (const comment of told) this.#single.set(comment.id, comment);
    const whole = told.length === comments.length && !pull.comments.pageInfo.hasNextPage;
    this.#page = whole ? { comments: told, at: this.#client.now() } : undefined;
    this.#facts = {
      labelExists,
      ...readPullFacts(pull, answer.repository.isArchived),
      ...(whole ? { comments: told } : {}),
      ...(headTold && !pull.commits.pageInfo.hasNextPage
        ? { head: toHeadFacts(answer.repository, pull, number, context) }
        : {}),
    };
  }

  #variables() {
    const { policyFile, workflow } = this.#about;
    return {
      ...this.#client.repository,
      policyPath: policyFile,
      policy: `HEAD:${policyFile}`,
      instructionsPath: instructionsFile,
      instructions: `HEAD:${instructionsFile}`,
      ran: `${workflow.commit ?? 'HEAD'}:${workflow.path}`,
    };
  }

  #keep({ viewer, repository }: Pick<LookAnswer, 'viewer'> & { repository: RepositoryPart }): void {
    this.#self = viewer;
    this.#repository = repository.id;
    if (this.#about.workflow.commit !== null) this.#ran = textOf(repository.ran);
    this.#policy = sameOfOneCommit('policy', this.#policy, readPolicy(repository));
    this.#instructions = sameOfOneCommit(
      'instructions',
      this.#instructions,
      readInstructions(repository),
    );
  }
}

type RepositoryPart = Pick<
  LookAnswer['repository'],
  'id' | 'defaultBranchRef' | 'policy' | 'instructions' | 'ran'
>;

function exists(pull: PullRequest | null, number: number): PullRequest {
  if (pull !== null) return pull;
  throw new Stopped('config-invalid', `There is no pull request ${number} in this repository.`);
}
