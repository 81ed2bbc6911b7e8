/** A plan in memory, and what runs have recorded about it. */

import { type Approval, approvalJson } from '../../src/core/records/approval.ts';
import {
  type ApprovalEvidence,
  type PlanEvidence,
  readApprovalEvidence,
  readPlanEvidence,
} from '../../src/core/records/archive-contents.ts';
import type { DenialRecord } from '../../src/core/records/denial.ts';
import type { Execution } from '../../src/core/records/execution.ts';
import { appendToJournal, type JournalFact } from '../../src/core/records/journal.ts';
import type { Members } from '../../src/core/records/members.ts';
import {
  packApproval,
  packDenial,
  packExecution,
  packVerification,
  packWithdrawal,
} from '../../src/core/records/pack.ts';
import type { Verification } from '../../src/core/records/verification.ts';
import type { Withdrawal } from '../../src/core/records/withdrawal.ts';
import { type Sha256, sha256 } from '../../src/core/text/digest.ts';
import type { WithArtifact } from '../../src/evidence/genuine.ts';
import type {
  ArtifactOrigin,
  ArtifactStore,
  SearchReach,
  StoredArtifact,
} from '../../src/ports/artifacts.ts';
import {
  approval,
  contents,
  denial,
  execution,
  fact,
  making,
  planArtifact,
  policyRecord,
  verification,
  withdrawal,
} from '../core/samples.ts';

type Named = StoredArtifact & { readonly name: string };

/** A store that keeps everything, and records how it was used. */
export class MemoryArtifacts implements ArtifactStore {
  /** Oldest first. */
  readonly stored: { readonly artifact: Named; readonly members: Members }[] = [];
  /** Ids, in the order in which they were read. */
  readonly reads: number[] = [];
  /** How far each search reached. */
  readonly reaches: SearchReach[] = [];
  /** How often the list was read. */
  looks = 0;
  /** So many of a name are on the page that a search for the newest reads. */
  newestPage = Number.POSITIVE_INFINITY;
  /** How many times an artifact with this id is not listed yet. */
  readonly lag = new Map<number, number>();
  #nextId: number;

  constructor(firstId = 41) {
    this.#nextId = firstId;
  }

  /** Stores an artifact as a run left it: by default the run that the records name. */
  put(
    name: string,
    members: Members,
    {
      run,
      ...change
    }: Partial<Omit<StoredArtifact, 'run'>> & { run?: Partial<ArtifactOrigin> } = {},
  ): number {
    const id = this.#nextId++;
    const origin = { id: making.run.id, repositoryId: 7, headRepositoryId: 7, ...run };
    this.stored.push({
      artifact: {
        id,
        name,
        digest: `sha256:${sha256(String(id))}`,
        expired: false,
        createdAt: null,
        expiresAt: null,
        run: origin,
        ...change,
      },
      members,
    });
    return id;
  }

  async publish(name: string, members: Members) {
    const id = this.put(name, members);
    return { id, digest: `sha256:${sha256(String(id))}` };
  }

  /** Like the adapter: it lists again while something is missing, and gives up after some tries. */
  async find(
    names: readonly string[],
    reach: SearchReach,
    isComplete: Parameters<ArtifactStore['find']>[2] = () => true,
  ) {
    this.reaches.push(reach);
    const most = reach === 'newest' ? this.newestPage : Number.POSITIVE_INFINITY;
    const look = () => {
      this.looks++;
      return this.#listed((one) => names.includes(one.name)).slice(0, most);
    };
    let listed = look();
    for (let again = 1; again < 10 && !isComplete(listed); again++) listed = look();
    return listed;
  }

  async findOfRun(runId: number) {
    return this.#listed((one) => one.run?.id === runId);
  }

  async read({ id }: StoredArtifact): Promise<Members> {
    this.reads.push(id);
    const found = this.stored.find(({ artifact }) => artifact.id === id);
    if (found === undefined) throw new Error(`There is no artifact ${id}.`);
    return found.members;
  }

  #listed(isWanted: (artifact: Named) => boolean): Named[] {
    return this.stored
      .map(({ artifact }) => artifact)
      .filter(isWanted)
      .filter(({ id }) => {
        const left = this.lag.get(id) ?? 0;
        this.lag.set(id, left - 1);
        return left <= 0;
      })
      .reverse();
  }
}

type Stored = NonNullable<Parameters<MemoryArtifacts['put']>[2]>;

/** A plan of pull request 12, and records about it in the order in which they are made. */
export class Story {
  readonly artifacts = new MemoryArtifacts();
  readonly plan: WithArtifact<PlanEvidence>;
  /** The journal so far. */
  journal: string;

  constructor() {
    const members = planArtifact();
    const evidence = readPlanEvidence(members);
    const id = this.artifacts.put('codex-plan-12', members);
    this.plan = { ...evidence, artifact: { id, digest: `sha256:${sha256(String(id))}` }, members };
    this.journal = contents['journal.jsonl'];
  }

  /** @returns the approval as it is read back */
  approve(change: Partial<Approval> = {}, stored: Stored = {}): ApprovalEvidence {
    const { plan } = this;
    const record: Approval = {
      ...approval,
      plan_id: plan.planId,
      plan_sha256: plan.manifest.plan_sha256,
      prompt_sha256: plan.manifest.prompt_sha256,
      plan_artifact: plan.artifact,
      ...change,
    };
    this.#tell('approved', sha256(approvalJson(record)));
    const members = packApproval(record, {
      'change.patch': 'diff --git a/a.txt b/a.txt\n',
      'run.log': '',
      ...this.#common(),
    });
    this.artifacts.put('codex-approval-12', members, stored);
    return readApprovalEvidence(members);
  }

  verify(of: Sha256, change: Partial<Verification> = {}, stored: Stored = {}): number {
    const record: Verification = {
      ...verification,
      plan_id: this.plan.planId,
      approval_sha256: of,
      result: 'verified',
      regenerated: null,
      basis: 'same-tree',
      ...change,
    };
    this.#tell(record.result, of);
    const members = packVerification(record, {
      'run.log': '',
      ...this.#common(),
      ...(record.result === 'drifted' ? { 'drift.diff': '-a\n+b\n' } : {}),
    });
    return this.artifacts.put('codex-verification-12', members, stored);
  }

  deny(change: Partial<DenialRecord> = {}, stored: Stored = {}): number {
    const record: DenialRecord = { ...denial, plan_id: this.plan.planId, ...change };
    this.#tell('denied');
    const members = packDenial(record, { 'run.log': '', ...this.#common() });
    return this.artifacts.put('codex-denial-12', members, stored);
  }

  execute(of: Sha256, change: Partial<Execution> = {}, stored: Stored = {}): number {
    const record = { ...execution, plan_id: this.plan.planId, approval_sha256: of, ...change };
    this.#tell('executed', of);
    return this.artifacts.put('codex-execution-12', packExecution(record, this.#common()), stored);
  }

  withdraw(change: Partial<Withdrawal> = {}, stored: Stored = {}): number {
    const record = { ...withdrawal, plan_id: this.plan.planId, ...change };
    this.#tell('withdrawn');
    const members = packWithdrawal(record, this.#common());
    return this.artifacts.put('codex-withdrawal-12', members, stored);
  }

  #tell(event: JournalFact['event'], about?: Sha256): void {
    const digests = { plan_id: this.plan.planId, ...(about && { approval: about }) };
    this.journal = appendToJournal(this.journal, { ...fact, event, digests });
  }

  #common() {
    return { 'journal.jsonl': this.journal, 'policy.json': policyRecord };
  }
}
