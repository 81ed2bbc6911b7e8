/**
 * The evidence of a pull request in the artifact store. It is trusted for the run that made it, never for its name.
 */

import {
  type ExecutionEvidence,
  type PlanEvidence,
  readExecutionEvidence,
} from '../core/records/archive-contents.ts';
import type { CountedLabelEvent } from '../core/records/fields.ts';
import { readJournal } from '../core/records/journal.ts';
import type { Members } from '../core/records/members.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import type { ArtifactStore, NamedArtifact, PublishedArtifact } from '../ports/artifacts.ts';
import type { WorkflowRun } from '../ports/run.ts';
import { artifactUrl } from './addresses.ts';
import { GenuineArtifacts, type WithArtifact } from './genuine.ts';
import { type EvidenceName, kinds } from './kinds.ts';
import { readUntil } from './lag.ts';
import { findOutdated, type OutdatedPlan, type ShownPlan } from './outdated-plan.ts';
import type { Provenance } from './provenance.ts';
import { type RecordName, readRecords, recordNames, type StoredRecords } from './records.ts';

/** The executions that a run recorded. */
export interface RunExecutions {
  readonly stored: readonly ExecutionEvidence['execution'][];
  /** Whether GitHub lists a record of an execution that has expired. */
  readonly expired: boolean;
}

/** Each plan ends the approvals before it, so the newest few show which labels an approval can still rest on. */
const maxApprovals = 5;

function returnStopped(error: unknown): Stopped {
  if (error instanceof Stopped) return error;
  throw error;
}

export class EvidenceStore {
  readonly #genuine: GenuineArtifacts;
  readonly #artifacts: ArtifactStore;
  readonly #provenance: Provenance;
  readonly #prefix: string;
  readonly #run: WorkflowRun;
  readonly #shown: (pullRequest: number) => ShownPlan | undefined;

  /**
   * @param prefix the first part of each artifact's name
   * @param shown tells the plan that the page shows, as it was seen last
   */
  constructor(
    artifacts: ArtifactStore,
    provenance: Provenance,
    prefix: string,
    run: WorkflowRun,
    shown: (pullRequest: number) => ShownPlan | undefined = () => undefined,
  ) {
    this.#shown = shown;
    this.#genuine = new GenuineArtifacts(artifacts, provenance, prefix, run);
    this.#artifacts = artifacts;
    this.#provenance = provenance;
    this.#prefix = prefix;
    this.#run = run;
  }

  /**
   * The newest trusted plan of a pull request; undefined if none was ever published. If the newest one has expired,
   * an older one does not take its place. An artifact that anybody can upload from a fork is not a plan, and does not
   * hide one.
   * @throws Stopped plan-expired, provenance-mismatch, digest-mismatch, artifact-invalid, api-unavailable
   */
  findPlan(pullRequest: number): Promise<WithArtifact<PlanEvidence> | undefined> {
    return this.#findNewest(pullRequest, (listed) => this.#readTrusted(pullRequest, listed));
  }

  /**
   * The same, for a step that ends if the head has moved since the plan was made.
   * @param head the head of the pull request, as GitHub tells it now
   * @throws Stopped as `findPlan`
   */
  findPlanOfHead(
    pullRequest: number,
    head: ObjectId,
  ): Promise<WithArtifact<PlanEvidence> | OutdatedPlan | undefined> {
    const pull = { number: pullRequest, head };
    return this.#findNewest<WithArtifact<PlanEvidence> | OutdatedPlan>(
      pullRequest,
      async (listed, shown) =>
        (await findOutdated(this.#genuine, listed[0], pull, shown, this.#run)) ??
        this.#readTrusted(pullRequest, listed),
    );
  }

  /** @param read the plan among those that GitHub lists, newest first */
  async #findNewest<P extends { readonly planId: string }>(
    pullRequest: number,
    read: (
      listed: readonly NamedArtifact[],
      shown: ShownPlan | undefined,
    ) => Promise<P | undefined>,
  ): Promise<P | undefined> {
    const shown = this.#shown(pullRequest);
    const expected = shown?.isNew ? shown.planId : undefined;
    const look = async () => read(await this.#genuine.find(['plan'], pullRequest, 'newest'), shown);
    const found = await readUntil(
      () => look().catch(returnStopped),
      (one) => expected === undefined || (!(one instanceof Stopped) && one?.planId === expected),
    );
    if (found instanceof Stopped) throw found;
    return found;
  }

  async #readTrusted(
    pullRequest: number,
    listed: readonly NamedArtifact[],
  ): Promise<WithArtifact<PlanEvidence> | undefined> {
    let { trusted, doubt } = await this.#genuine.trust(listed, 1);
    // A trusted plan can be older than artifacts that anybody may have uploaded.
    if (trusted.length === 0 && listed.length > 0) {
      ({ trusted, doubt } = await this.#genuine.trust(
        await this.#genuine.find(['plan'], pullRequest, 'all'),
        1,
      ));
    }
    const [newest] = trusted;
    if (newest !== undefined) return this.#genuine.read(kinds.plan, pullRequest, newest);
    // Untrusted artifacts are ignored: otherwise anybody who can upload under the name could shut the gate.
    if (doubt !== undefined) throw new Stopped('provenance-mismatch', doubt);
    return undefined;
  }

  /**
   * Everything that trusted runs recorded about a plan. Ids of artifacts grow, so an older artifact than the plan is
   * about another plan.
   * @param only the kinds to read; the lists of the others are empty
   * @throws Stopped as `findPlan`; a record that is gone while its plan is stored is `plan-expired`
   */
  readRecords(
    of: WithArtifact<PlanEvidence>,
    only: readonly RecordName[] = recordNames,
  ): Promise<StoredRecords> {
    return readRecords(this.#genuine, of, only);
  }

  /**
   * The executions that a trusted run recorded and that are still stored. GitHub still lists a record that has
   * expired, but not one that was deleted or never made.
   * @param runId the id of a run that was found to be trusted
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

  /**
   * Whether a trusted run recorded an approval before this plan was made: such an approval is about an earlier plan.
   */
  async hasEarlierApproval({ artifact, manifest }: WithArtifact<PlanEvidence>): Promise<boolean> {
    const listed = await this.#genuine.find(['approval'], manifest.pull_request, 'all');
    const candidates = listed.filter(({ id }) => id < artifact.id);
    return (await this.#genuine.trust(candidates, 1)).trusted.length > 0;
  }

  /**
   * Ids of the labels that earlier approvals on the pull request rest on, whatever the names of those labels are now.
   * @throws Stopped as `findPlan`
   */
  async findApprovalLabels(pullRequest: number): Promise<ReadonlySet<string>> {
    const events = await this.findCountedEvents(pullRequest);
    return new Set(events.map(({ label }) => label.id));
  }

  /**
   * The label events that the newest approvals on the pull request counted, for any plan.
   * @throws Stopped as `findPlan`
   */
  async findCountedEvents(pullRequest: number): Promise<readonly CountedLabelEvent[]> {
    const stored = await this.#genuine.find(['approval'], pullRequest, 'all');
    // Nobody can read an expired approval, so it approves nothing.
    const { trusted } = await this.#genuine.trust(
      stored.filter(({ expired }) => !expired),
      maxApprovals,
    );
    const events: CountedLabelEvent[] = [];
    for (const genuine of trusted) {
      const evidence = await this.#genuine.read(kinds.approval, pullRequest, genuine);
      events.push(...evidence.approval.label_events);
    }
    return events;
  }

  /**
   * Whether any artifact could be a plan of this pull request. An artifact that a fork uploads under the name cannot.
   */
  async mayHavePlan(pullRequest: number): Promise<boolean> {
    for (const reach of ['newest', 'all'] as const) {
      for (const artifact of await this.#genuine.find(['plan'], pullRequest, reach)) {
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
    const artifact = await this.#genuine.publish(name, pullRequest, members);
    return { ...artifact, url: artifactUrl(this.#run, artifact.id) };
  }

  /**
   * The journal that an earlier attempt of this run stored with its plan; '' if there is none. The artifact will be
   * replaced, and its journal is continued.
   */
  async planJournalOfEarlierAttempt(pullRequest: number): Promise<string> {
    if (this.#run.attempt === 1) return '';
    const earlier = (await this.#genuine.find(['plan'], pullRequest, 'all')).find(
      (artifact) => artifact.run?.id === this.#run.id && !artifact.expired,
    );
    if (earlier === undefined) return '';
    const members = await this.#artifacts.read(earlier);
    const journal = Buffer.from(members.get('journal.jsonl') ?? []).toString('utf8');
    readJournal(journal);
    return journal;
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
