/** The evidence of a pull request in the artifact store, found by where it comes from, never by its name alone. */

import {
  type ApprovalEvidence,
  type Members,
  type PlanEvidence,
  readApprovalEvidence,
  readPlanEvidence,
  readVerificationEvidence,
  type VerificationEvidence,
} from '../core/records/archive-contents.ts';
import type { RunRef } from '../core/records/fields.ts';
import { readJournal } from '../core/records/journal.ts';
import { Stopped, type StopReason } from '../decision.ts';
import type { ArtifactStore, PublishedArtifact, StoredArtifact } from '../ports/artifacts.ts';
import type { RunFacts } from '../ports/repository.ts';
import type { WorkflowRun } from '../ports/run.ts';
import { artifactUrl } from './addresses.ts';
import type { Provenance } from './provenance.ts';

/** Evidence, and the artifact that it was read from. */
export type WithArtifact<T> = T & {
  readonly artifact: { readonly id: number; readonly digest: string };
};

/** What each record says it is about. */
interface Context {
  readonly repository: { readonly id: number };
  readonly pull_request: number;
  readonly run: RunRef;
}

/** One kind of evidence that later steps read. */
interface Kind<E> {
  /** Part of the artifact's name. */
  readonly name: string;
  /** How a run stops if the newest artifact has expired. */
  readonly expired: StopReason;
  read(members: Members): E;
  contextOf(evidence: E): Context;
}

const plan: Kind<PlanEvidence> = {
  name: 'plan',
  expired: 'plan-expired',
  read: readPlanEvidence,
  contextOf: ({ manifest }) => manifest,
};

const approval: Kind<ApprovalEvidence> = {
  name: 'approval',
  expired: 'approval-expired',
  read: readApprovalEvidence,
  contextOf: (evidence) => evidence.approval,
};

const verification: Kind<VerificationEvidence> = {
  name: 'verification',
  expired: 'verification-missing',
  read: readVerificationEvidence,
  contextOf: (evidence) => evidence.verification,
};

/** What can be published; an execution is for auditors alone. */
export type EvidenceName = 'plan' | 'approval' | 'verification' | 'execution';

/**
 * Look up the runs of at most this many artifacts of one name. Artifacts of forks are recognised without a lookup,
 * unless the policy allows forks.
 */
const maxCandidates = 50;

interface Genuine {
  readonly artifact: StoredArtifact;
  readonly run: RunFacts;
}

export class EvidenceStore {
  readonly #artifacts: ArtifactStore;
  readonly #provenance: Provenance;
  readonly #prefix: string;
  readonly #run: WorkflowRun;

  /** @param prefix the first part of each artifact's name */
  constructor(artifacts: ArtifactStore, provenance: Provenance, prefix: string, run: WorkflowRun) {
    this.#artifacts = artifacts;
    this.#provenance = provenance;
    this.#prefix = prefix;
    this.#run = run;
  }

  /**
   * The newest genuine plan of a pull request; undefined if none was ever published.
   * @throws Stopped plan-expired, provenance-mismatch, digest-mismatch, artifact-invalid, api-unavailable
   */
  findPlan(pullRequest: number): Promise<WithArtifact<PlanEvidence> | undefined> {
    return this.#find(plan, pullRequest);
  }

  /** As `findPlan`; an artifact that is gone is `approval-expired`. */
  findApproval(pullRequest: number): Promise<WithArtifact<ApprovalEvidence> | undefined> {
    return this.#find(approval, pullRequest);
  }

  /** As `findPlan`; an artifact that is gone is `verification-missing`. */
  findVerification(pullRequest: number): Promise<WithArtifact<VerificationEvidence> | undefined> {
    return this.#find(verification, pullRequest);
  }

  /** Whether any artifact could be a plan of this pull request: what a fork uploads under the name cannot. */
  async mayHavePlan(pullRequest: number): Promise<boolean> {
    for (const artifact of await this.#artifacts.find(this.#artifactName('plan', pullRequest))) {
      if ('origin' in (await this.#provenance.traceOrigin(artifact))) return true;
    }
    return false;
  }

  /** Stores evidence; what an earlier attempt of this run stored under the name is replaced. */
  async publish(
    name: EvidenceName,
    pullRequest: number,
    members: Members,
  ): Promise<PublishedArtifact & { readonly url: string }> {
    const artifact = await this.#artifacts.publish(this.#artifactName(name, pullRequest), members);
    return { ...artifact, url: artifactUrl(this.#run, artifact.id) };
  }

  /**
   * The journal to append to: the one an earlier attempt of this run stored, if it extends `before`; otherwise
   * `before`, since the run was about another plan then.
   * @param before the journal of the evidence that this step rests on; '' for a plan
   */
  async journalOfEarlierAttempt(
    name: EvidenceName,
    pullRequest: number,
    before: string,
  ): Promise<string> {
    if (this.#run.attempt === 1) return before;
    const earlier = (await this.#artifacts.find(this.#artifactName(name, pullRequest))).find(
      (artifact) => artifact.run?.id === this.#run.id && !artifact.expired,
    );
    if (earlier === undefined) return before;
    const members = await this.#artifacts.read(earlier);
    const journal = Buffer.from(members.get('journal.jsonl') ?? []).toString('utf8');
    readJournal(journal);
    return journal.startsWith(before) ? journal : before;
  }

  async #find<E>(kind: Kind<E>, pullRequest: number): Promise<WithArtifact<E> | undefined> {
    const found = await this.#newestGenuine(this.#artifactName(kind.name, pullRequest));
    if (found === undefined) return undefined;
    const { id, digest, expired } = found.artifact;
    if (expired) throw new Stopped(kind.expired, `Artifact ${id} has expired.`);
    if (digest === null) {
      throw new Stopped('digest-mismatch', `The store names no digest of artifact ${id}.`);
    }
    const evidence = kind.read(await this.#read(found.artifact, kind.expired));
    this.#checkContext(pullRequest, kind.contextOf(evidence), found.run);
    return { ...evidence, artifact: { id, digest } };
  }

  /**
   * The newest artifact of that name that a trusted run made. Others are passed over. Otherwise anybody who can upload
   * under the name could shut the gate; if there are only others, that is said. If the newest one has expired, an older
   * one does not take its place.
   */
  async #newestGenuine(name: string): Promise<Genuine | undefined> {
    const candidates = await this.#artifacts.find(name);
    let doubt: string | undefined;
    let asked = 0;
    for (const artifact of candidates) {
      const traced = await this.#provenance.traceOrigin(artifact);
      if ('origin' in traced && ++asked > maxCandidates) break;
      const trusted = 'origin' in traced ? await this.#provenance.trustRun(traced.origin) : traced;
      if ('run' in trusted) return { artifact, run: trusted.run };
      doubt ??= `Artifact ${artifact.id} is not believed. ${trusted.why}`;
    }
    if (doubt !== undefined) throw new Stopped('provenance-mismatch', doubt);
    return undefined;
  }

  async #read(artifact: StoredArtifact, expired: StopReason): Promise<Members> {
    try {
      return await this.#artifacts.read(artifact);
    } catch (error) {
      if (error instanceof Stopped && error.reason === 'plan-expired') {
        throw new Stopped(expired, error.message, { cause: error });
      }
      throw error;
    }
  }

  /** Genuine evidence of one pull request must not be used for another one. */
  #checkContext(pullRequest: number, context: Context, run: RunFacts): void {
    if (context.repository.id !== this.#run.repository.id || context.pull_request !== pullRequest) {
      throw new Stopped('provenance-mismatch', 'The evidence is about another pull request.');
    }
    if (context.run.id !== run.id) {
      throw new Stopped(
        'provenance-mismatch',
        'The evidence names another run than the one that made it.',
      );
    }
  }

  #artifactName(name: string, pullRequest: number): string {
    return `${this.#prefix}-${name}-${pullRequest}`;
  }
}
