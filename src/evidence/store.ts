/** The evidence of a pull request in the artifact store, found by where it comes from, never by its name alone. */

import {
  type ApprovalEvidence,
  type DenialEvidence,
  type ExecutionEvidence,
  type PlanEvidence,
  readExecutionEvidence,
  type VerificationEvidence,
  type WithdrawalEvidence,
} from '../core/records/archive-contents.ts';
import type { CountedLabelEvent } from '../core/records/fields.ts';
import { readJournal } from '../core/records/journal.ts';
import type { Members } from '../core/records/members.ts';
import { Stopped } from '../decision.ts';
import type {
  ArtifactOrigin,
  ArtifactStore,
  NamedArtifact,
  PublishedArtifact,
  Reach,
  StoredArtifact,
} from '../ports/artifacts.ts';
import type { RunFacts } from '../ports/repository.ts';
import type { WorkflowRun } from '../ports/run.ts';
import { artifactUrl } from './addresses.ts';
import {
  artifactName,
  type Context,
  type EvidenceName,
  type Kind,
  kinds,
  type RecordKind,
} from './kinds.ts';
import { readUntil } from './lag.ts';
import type { Provenance } from './provenance.ts';

/** Evidence, and the artifact that it was read from. */
export type WithArtifact<T> = T & {
  readonly artifact: { readonly id: number; readonly digest: string };
  /** The files of the artifact, byte for byte. */
  readonly members: Members;
};

/** The kinds of records about a plan. */
export type RecordName = Exclude<EvidenceName, 'plan'>;

const recordNames: readonly RecordName[] = [
  'approval',
  'verification',
  'denial',
  'execution',
  'withdrawal',
];

/** All trusted records about one plan, each kind oldest first. */
export interface StoredRecords {
  readonly approvals: readonly WithArtifact<ApprovalEvidence>[];
  readonly verifications: readonly WithArtifact<VerificationEvidence>[];
  readonly denials: readonly WithArtifact<DenialEvidence>[];
  readonly executions: readonly WithArtifact<ExecutionEvidence>[];
  readonly withdrawals: readonly WithArtifact<WithdrawalEvidence>[];
}

/** What a run recorded of executions. */
export interface RunExecutions {
  readonly stored: readonly ExecutionEvidence['execution'][];
  /** Whether GitHub lists one that has expired. */
  readonly expired: boolean;
}

/**
 * Look up at most this many runs for artifacts of one name. Artifacts of forks are recognised without a lookup, unless
 * the policy allows forks. No list of GitHub's can take the place of the lookup: lists lag, and a trusted run that is
 * not yet listed would pass for an untrusted one, with the denial that it recorded.
 */
const maxRuns = 50;
/** Each plan ends the approvals before it, so the newest few say which labels one can still rest on. */
const maxApprovals = 5;

/** The list has an artifact that cannot be read and has not expired. */
class GoneWhileListed extends Stopped {}

function returnGone(error: unknown): GoneWhileListed {
  if (error instanceof GoneWhileListed) return error;
  throw error;
}

interface Genuine {
  readonly artifact: StoredArtifact;
  readonly run: RunFacts;
}

export class EvidenceStore {
  readonly #artifacts: ArtifactStore;
  readonly #provenance: Provenance;
  readonly #prefix: string;
  readonly #run: WorkflowRun;
  /** What this run has stored itself, by name: it must be listed before anything is decided on a list. */
  readonly #stored = new Map<string, number>();

  /** @param prefix the first part of each artifact's name */
  constructor(artifacts: ArtifactStore, provenance: Provenance, prefix: string, run: WorkflowRun) {
    this.#artifacts = artifacts;
    this.#provenance = provenance;
    this.#prefix = prefix;
    this.#run = run;
  }

  /**
   * The newest trusted plan of a pull request; undefined if none was ever published. If the newest one has expired, an
   * older one does not take its place. What anybody can have uploaded from a fork is no plan, and in nobody's way.
   * @throws Stopped plan-expired, provenance-mismatch, digest-mismatch, artifact-invalid, api-unavailable
   */
  async findPlan(pullRequest: number): Promise<WithArtifact<PlanEvidence> | undefined> {
    const listed = await this.#find(['plan'], pullRequest, 'newest');
    let { trusted, doubt } = await this.#trust(listed, 1);
    // Behind those that anybody may have uploaded there can be a trusted one.
    if (trusted.length === 0 && listed.length > 0) {
      ({ trusted, doubt } = await this.#trust(await this.#find(['plan'], pullRequest, 'all'), 1));
    }
    const [newest] = trusted;
    if (newest !== undefined) return this.#read(kinds.plan, pullRequest, newest);
    // Untrusted artifacts are passed over, or anybody who can upload under the name could shut the gate.
    if (doubt !== undefined) throw new Stopped('provenance-mismatch', doubt);
    return undefined;
  }

  /**
   * Everything that trusted runs recorded about a plan. Ids of artifacts grow, so what is older than the plan is about
   * another one.
   * @param only the kinds that are to be read; of the others nothing is told
   * @throws Stopped as `findPlan`; a record that is gone while its plan is stored is `plan-expired`
   */
  async readRecords(
    of: WithArtifact<PlanEvidence>,
    only: readonly RecordName[] = recordNames,
  ): Promise<StoredRecords> {
    // A repeated run replaces its record, and the list can lag behind that: then it has a record that is gone. Neither
    // the old record nor none at all may be taken for the new one.
    const found = await readUntil(
      () => this.#readListed(of, only).catch(returnGone),
      (one) => !(one instanceof GoneWhileListed),
    );
    if (found instanceof GoneWhileListed) throw found;
    return found;
  }

  /**
   * The executions that a trusted run recorded, as far as they are still stored. GitHub goes on listing what has expired,
   * and lists nothing of what was deleted or never made.
   * @param runId of a run that is trusted already
   * @throws Stopped provenance-mismatch, digest-mismatch, artifact-invalid, api-unavailable
   */
  async findExecutions(runId: number): Promise<RunExecutions> {
    const ofRun = await this.#artifacts.findOfRun(runId);
    const name = new RegExp(`^${escapeRegExp(this.#prefix)}-execution-[1-9]\\d*$`);
    const listed = ofRun.filter((one) => name.test(one.name));
    const stored: ExecutionEvidence['execution'][] = [];
    for (const artifact of listed.filter(({ expired }) => !expired)) {
      const { execution } = readExecutionEvidence(await this.#artifacts.read(artifact));
      if (execution.repository.id !== this.#run.repository.id || execution.run.id !== runId) {
        throw new Stopped(
          'provenance-mismatch',
          'The record of an execution names another run than the one that made it.',
        );
      }
      stored.push(execution);
    }
    return { stored, expired: listed.some(({ expired }) => expired) };
  }

  /** Whether a trusted run recorded an approval before this plan was made: then that is about an earlier plan. */
  async hasEarlierApproval({ artifact, manifest }: WithArtifact<PlanEvidence>): Promise<boolean> {
    const listed = await this.#find(['approval'], manifest.pull_request, 'all');
    const candidates = listed.filter(({ id }) => id < artifact.id);
    return (await this.#trust(candidates, 1)).trusted.length > 0;
  }

  /**
   * Ids of the labels that earlier approvals on the pull request rest on, whatever those labels are called by now.
   * @throws Stopped as `findPlan`
   */
  async findApprovalLabels(pullRequest: number): Promise<ReadonlySet<string>> {
    const events = await this.findCountedEvents(pullRequest);
    return new Set(events.map(({ label }) => label.id));
  }

  /**
   * The label events that the newest approvals on the pull request counted, of whatever plan.
   * @throws Stopped as `findPlan`
   */
  async findCountedEvents(pullRequest: number): Promise<readonly CountedLabelEvent[]> {
    const stored = await this.#find(['approval'], pullRequest, 'all');
    // What has expired can be read by nobody, so it approves nothing.
    const { trusted } = await this.#trust(
      stored.filter(({ expired }) => !expired),
      maxApprovals,
    );
    const events: CountedLabelEvent[] = [];
    for (const genuine of trusted) {
      const evidence = await this.#read(kinds.approval, pullRequest, genuine);
      events.push(...evidence.approval.label_events);
    }
    return events;
  }

  /** Whether any artifact could be a plan of this pull request: what a fork uploads under the name cannot. */
  async mayHavePlan(pullRequest: number): Promise<boolean> {
    for (const reach of ['newest', 'all'] as const) {
      for (const artifact of await this.#find(['plan'], pullRequest, reach)) {
        if (await this.#provenance.isOwn(artifact)) return true;
      }
    }
    return false;
  }

  /** Stores evidence; what an earlier attempt of this run stored under the name is replaced. */
  async publish(
    name: EvidenceName,
    pullRequest: number,
    members: Members,
  ): Promise<PublishedArtifact & { readonly url: string }> {
    const artifactName = this.#artifactName(name, pullRequest);
    const artifact = await this.#artifacts.publish(artifactName, members);
    this.#stored.set(artifactName, artifact.id);
    return { ...artifact, url: artifactUrl(this.#run, artifact.id) };
  }

  /**
   * The journal that an earlier attempt of this run stored with its plan; '' if there is none. The artifact is replaced,
   * and its journal goes on.
   */
  async planJournalOfEarlierAttempt(pullRequest: number): Promise<string> {
    if (this.#run.attempt === 1) return '';
    const earlier = (await this.#find(['plan'], pullRequest, 'all')).find(
      (artifact) => artifact.run?.id === this.#run.id && !artifact.expired,
    );
    if (earlier === undefined) return '';
    const members = await this.#artifacts.read(earlier);
    const journal = Buffer.from(members.get('journal.jsonl') ?? []).toString('utf8');
    readJournal(journal);
    return journal;
  }

  async #readListed(
    of: WithArtifact<PlanEvidence>,
    only: readonly RecordName[],
  ): Promise<StoredRecords> {
    const listed = await this.#find(only, of.manifest.pull_request, { newerThan: of.artifact.id });
    return {
      approvals: await this.#readAll(kinds.approval, of, listed),
      verifications: await this.#readAll(kinds.verification, of, listed),
      denials: await this.#readAll(kinds.denial, of, listed),
      executions: await this.#readAll(kinds.execution, of, listed),
      withdrawals: await this.#readAll(kinds.withdrawal, of, listed),
    };
  }

  async #readAll<E>(
    kind: RecordKind<E>,
    { planId, artifact, manifest }: WithArtifact<PlanEvidence>,
    listed: readonly NamedArtifact[],
  ): Promise<readonly WithArtifact<E>[]> {
    const pullRequest = manifest.pull_request;
    const own = this.#artifactName(kind.name, pullRequest);
    const candidates = listed.filter(({ id, name }) => name === own && id > artifact.id);
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
   * @returns with them, why the first of the others is not trusted, if a run of this repository made it
   * @throws Stopped limit-exceeded if more runs made them than can be looked up: to leave some out could hide an end
   */
  async #trust(
    candidates: readonly NamedArtifact[],
    most = Number.POSITIVE_INFINITY,
  ): Promise<{ readonly trusted: readonly Genuine[]; readonly doubt: string | undefined }> {
    const trusted: Genuine[] = [];
    let doubt: string | undefined;
    // A job can upload hundreds of artifacts, and its run is looked up once.
    const asked = new Map<number, ReturnType<Provenance['trustRun']>>();
    const lookUp = (origin: ArtifactOrigin, name: string) => {
      const known = asked.get(origin.id);
      if (known === undefined && asked.size === maxRuns) {
        throw new Stopped(
          'limit-exceeded',
          `More than ${maxRuns} runs left an artifact with the name ${name}. Ask for a new plan, or delete those that are not of the action.`,
        );
      }
      const found = known ?? this.#provenance.trustRun(origin);
      asked.set(origin.id, found);
      return found;
    };
    for (const artifact of candidates) {
      if (trusted.length >= most) break;
      const traced = await this.#provenance.traceOrigin(artifact);
      const found = 'origin' in traced ? await lookUp(traced.origin, artifact.name) : traced;
      if ('run' in found) trusted.push({ artifact, run: found.run });
      else if (!found.foreign) doubt ??= `Artifact ${artifact.id} is not trusted. ${found.why}`;
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

  /** Artifacts of these kinds, newest first. GitHub's list can lag behind what this run stored a moment ago. */
  #find(
    kinds: readonly EvidenceName[],
    pullRequest: number,
    reach: Reach,
  ): Promise<readonly NamedArtifact[]> {
    const names = kinds.map((name) => this.#artifactName(name, pullRequest));
    const own = names.map((name) => this.#stored.get(name)).filter((id) => id !== undefined);
    return this.#artifacts.find(names, reach, (listed) =>
      own.every((stored) => listed.some(({ id }) => id === stored)),
    );
  }

  #artifactName(name: EvidenceName, pullRequest: number): string {
    return artifactName(this.#prefix, name, pullRequest);
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

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
