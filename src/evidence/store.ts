/** The evidence of a pull request in the artifact store, found by where it comes from, never by its name alone. */

import type {
  ApprovalEvidence,
  DenialEvidence,
  ExecutionEvidence,
  Members,
  PlanEvidence,
  VerificationEvidence,
  WithdrawalEvidence,
} from '../core/records/archive-contents.ts';
import { readJournal } from '../core/records/journal.ts';
import { Stopped } from '../decision.ts';
import type { ArtifactStore, PublishedArtifact, StoredArtifact } from '../ports/artifacts.ts';
import type { RunFacts } from '../ports/repository.ts';
import type { WorkflowRun } from '../ports/run.ts';
import { artifactUrl } from './addresses.ts';
import {
  approval,
  type Context,
  denial,
  type EvidenceName,
  execution,
  type Kind,
  plan,
  type RecordKind,
  verification,
  withdrawal,
} from './kinds.ts';
import type { Provenance } from './provenance.ts';

/** Evidence, and the artifact that it was read from. */
export type WithArtifact<T> = T & {
  readonly artifact: { readonly id: number; readonly digest: string };
  /** The files of the artifact, byte for byte. */
  readonly members: Members;
};

/** All trusted records about one plan, each kind oldest first. */
export interface StoredRecords {
  readonly approvals: readonly WithArtifact<ApprovalEvidence>[];
  readonly verifications: readonly WithArtifact<VerificationEvidence>[];
  readonly denials: readonly WithArtifact<DenialEvidence>[];
  readonly executions: readonly WithArtifact<ExecutionEvidence>[];
  readonly withdrawals: readonly WithArtifact<WithdrawalEvidence>[];
}

/**
 * Look up the runs of at most this many artifacts of one name. Artifacts of forks are recognised without a lookup,
 * unless the policy allows forks.
 */
const maxCandidates = 50;
/** Each plan ends the approvals before it, so the newest few say which labels one can still rest on. */
const maxApprovals = 5;

/** GitHub's list can lag a few seconds. */
const lagPauseMs = 1000;
const lagAttempts = 4;

/** The list has an artifact that cannot be read and has not expired. */
class GoneWhileListed extends Stopped {}

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
   * The newest trusted plan of a pull request; undefined if none was ever published. If the newest one has expired, an
   * older one does not take its place.
   * @throws Stopped plan-expired, provenance-mismatch, digest-mismatch, artifact-invalid, api-unavailable
   */
  async findPlan(pullRequest: number): Promise<WithArtifact<PlanEvidence> | undefined> {
    const candidates = await this.#artifacts.find(this.#artifactName('plan', pullRequest));
    const { trusted, doubt } = await this.#trust(candidates, 1);
    const [newest] = trusted;
    if (newest !== undefined) return this.#read(plan, pullRequest, newest);
    // Untrusted artifacts are passed over, or anybody who can upload under the name could shut the gate.
    if (doubt !== undefined) throw new Stopped('provenance-mismatch', doubt);
    return undefined;
  }

  /**
   * Everything that trusted runs recorded about a plan. Ids of artifacts grow, so what is older than the plan is about
   * another one.
   * @param isComplete says whether something that must be recorded is listed: GitHub's list can lag
   * @throws Stopped as `findPlan`; a record that has expired while its plan is stored is `plan-expired`
   */
  async readRecords(
    of: WithArtifact<PlanEvidence>,
    isComplete?: (listed: readonly StoredArtifact[]) => boolean,
  ): Promise<StoredRecords> {
    return {
      approvals: await this.#readAll(approval, of, isComplete),
      verifications: await this.#readAll(verification, of),
      denials: await this.#readAll(denial, of),
      executions: await this.#readAll(execution, of),
      withdrawals: await this.#readAll(withdrawal, of),
    };
  }

  /** Whether a trusted run recorded an approval before this plan was made: then that is about an earlier plan. */
  async hasEarlierApproval({ artifact, manifest }: WithArtifact<PlanEvidence>): Promise<boolean> {
    const name = this.#artifactName('approval', manifest.pull_request);
    const candidates = (await this.#artifacts.find(name)).filter(({ id }) => id < artifact.id);
    return (await this.#trust(candidates, 1)).trusted.length > 0;
  }

  /**
   * Ids of the labels that earlier approvals on the pull request rest on, whatever those labels are called by now.
   * @throws Stopped as `findPlan`
   */
  async findApprovalLabels(pullRequest: number): Promise<ReadonlySet<string>> {
    const stored = await this.#artifacts.find(this.#artifactName('approval', pullRequest));
    // What has expired can be read by nobody, so it approves nothing.
    const { trusted } = await this.#trust(
      stored.filter(({ expired }) => !expired),
      maxApprovals,
    );
    const ids = new Set<string>();
    for (const genuine of trusted) {
      const evidence = await this.#read(approval, pullRequest, genuine);
      for (const { label } of evidence.approval.label_events) ids.add(label.id);
    }
    return ids;
  }

  /**
   * How many runs of Codex left evidence about this pull request since then, by runs of this repository. A verification
   * counts as one: only its content tells whether a model was called.
   */
  async countCodexRuns(pullRequest: number, since: Date): Promise<number> {
    let runs = 0;
    for (const name of ['plan', 'approval', 'verification', 'denial'] as const) {
      for (const artifact of await this.#artifacts.find(this.#artifactName(name, pullRequest))) {
        const recent =
          artifact.createdAt !== null && Date.parse(artifact.createdAt) > since.getTime();
        if (recent && 'origin' in (await this.#provenance.traceOrigin(artifact))) runs++;
      }
    }
    return runs;
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
   * The journal that an earlier attempt of this run stored with its plan; '' if there is none. The artifact is replaced,
   * and its journal goes on.
   */
  async planJournalOfEarlierAttempt(pullRequest: number): Promise<string> {
    if (this.#run.attempt === 1) return '';
    const earlier = (await this.#artifacts.find(this.#artifactName('plan', pullRequest))).find(
      (artifact) => artifact.run?.id === this.#run.id && !artifact.expired,
    );
    if (earlier === undefined) return '';
    const members = await this.#artifacts.read(earlier);
    const journal = Buffer.from(members.get('journal.jsonl') ?? []).toString('utf8');
    readJournal(journal);
    return journal;
  }

  /**
   * A repeated run replaces its record, and the list can lag behind that: then it has a record that is gone. It is read
   * again for some seconds, since neither the old record nor none at all may stand for the new one.
   */
  async #readAll<E>(
    kind: RecordKind<E>,
    of: WithArtifact<PlanEvidence>,
    isComplete?: (listed: readonly StoredArtifact[]) => boolean,
  ): Promise<readonly WithArtifact<E>[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#readListed(kind, of, isComplete);
      } catch (error) {
        if (!(error instanceof GoneWhileListed)) throw error;
        if (attempt === lagAttempts) throw error;
        await new Promise((resolve) => setTimeout(resolve, lagPauseMs));
      }
    }
  }

  async #readListed<E>(
    kind: RecordKind<E>,
    { planId, artifact, manifest }: WithArtifact<PlanEvidence>,
    isComplete?: (listed: readonly StoredArtifact[]) => boolean,
  ): Promise<readonly WithArtifact<E>[]> {
    const pullRequest = manifest.pull_request;
    const listed = await this.#artifacts.find(
      this.#artifactName(kind.name, pullRequest),
      isComplete,
    );
    const candidates = listed.filter(({ id }) => id > artifact.id);
    const records: WithArtifact<E>[] = [];
    for (const genuine of (await this.#trust(candidates)).trusted) {
      const evidence = await this.#readRecord(kind, pullRequest, genuine);
      if (kind.planOf(evidence) === planId) records.unshift(evidence);
    }
    return records;
  }

  async #readRecord<E>(
    kind: Kind<E>,
    pullRequest: number,
    genuine: Genuine,
  ): Promise<WithArtifact<E>> {
    try {
      return await this.#read(kind, pullRequest, genuine);
    } catch (error) {
      const { id, expired } = genuine.artifact;
      if (expired || !(error instanceof Stopped) || error.reason !== 'plan-expired') throw error;
      throw new GoneWhileListed(
        'api-unavailable',
        `GitHub lists artifact ${id} (${kind.name}), and does not have it.`,
      );
    }
  }

  /**
   * Those that a trusted run made, newest first.
   * @param most so many are enough
   * @throws Stopped limit-exceeded if there are more than anybody can look up: to leave some out could hide an end
   */
  async #trust(
    candidates: readonly StoredArtifact[],
    most = Number.POSITIVE_INFINITY,
  ): Promise<{ readonly trusted: readonly Genuine[]; readonly doubt: string | undefined }> {
    const trusted: Genuine[] = [];
    let doubt: string | undefined;
    let asked = 0;
    for (const artifact of candidates) {
      if (trusted.length >= most) break;
      const traced = await this.#provenance.traceOrigin(artifact);
      if ('origin' in traced && ++asked > maxCandidates) {
        throw new Stopped(
          'limit-exceeded',
          `More than ${maxCandidates} artifacts of one name were uploaded by runs of this repository.`,
        );
      }
      const found = 'origin' in traced ? await this.#provenance.trustRun(traced.origin) : traced;
      if ('run' in found) trusted.push({ artifact, run: found.run });
      else doubt ??= `Artifact ${artifact.id} is not trusted. ${found.why}`;
    }
    return { trusted, doubt };
  }

  async #read<E>(
    kind: Kind<E>,
    pullRequest: number,
    { artifact, run }: Genuine,
  ): Promise<WithArtifact<E>> {
    const { id, digest, expired } = artifact;
    if (expired) throw new Stopped('plan-expired', `Artifact ${id} (${kind.name}) has expired.`);
    if (digest === null) {
      throw new Stopped('digest-mismatch', `The store names no digest of artifact ${id}.`);
    }
    const members = await this.#artifacts.read(artifact);
    const evidence = kind.read(members);
    this.#checkContext(pullRequest, kind.contextOf(evidence), run);
    return { ...evidence, artifact: { id, digest }, members };
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

/**
 * The journal to append to: that of the newest record about the plan which goes on from the plan's own. Two runs at the
 * same time can both go on from one line; the newer artifact counts.
 */
export function newestJournal(
  plan: WithArtifact<PlanEvidence>,
  { approvals, verifications, denials, executions, withdrawals }: StoredRecords,
): string {
  const newest = [...approvals, ...verifications, ...denials, ...executions, ...withdrawals]
    .filter(({ journal }) => journal.startsWith(plan.journal))
    .sort((a, b) => a.artifact.id - b.artifact.id)
    .at(-1);
  return newest?.journal ?? plan.journal;
}
