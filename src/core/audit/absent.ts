/**
 * What GitHub no longer stores, and which missing files that explains. GitHub deletes an artifact after its retention,
 * and lists it as expired for a while; later it deletes the run, too, and lists nothing. Somebody who deletes an
 * artifact by hand leaves no such trace, so what nothing here explains stays a finding. An absent artifact
 * explains only a line of its own kind and time. So nobody can use it to hide another artifact: that one would have
 * expired, too.
 * Source: https://docs.github.com/en/actions/how-tos/manage-workflow-runs/remove-workflow-artifacts
 */

import type { JournalEntry } from '../records/journal.ts';
import { type Artifact, artifactKinds, type Kind } from './artifact.ts';
import { findOwnLine, isDecision, isOfKind } from './own-line.ts';
import { longestExecutionMs, time } from './rules.ts';

/** An artifact of a trusted run that GitHub lists and no longer stores. All of it is GitHub's word. */
export interface AbsentArtifact {
  /** As the findings call it. */
  readonly name: string;
  /** By its name: nobody can see what it held. */
  readonly kind: Kind;
  readonly id: number;
  readonly digest: string | null;
  /** The run that made it, with its newest attempt. */
  readonly run: {
    readonly id: number;
    readonly attempt: number;
    readonly createdAt: string | null;
  };
  readonly createdAt: string | null;
}

export interface Absent {
  readonly artifacts: readonly AbsentArtifact[];
  /** GitHub can have deleted what was made before this time, and lists nothing that is as old; null if it lists all. */
  readonly forgottenBefore: string | null;
}

/** For files that nobody vouches for: then nothing explains that one is missing. */
export const nothingAbsent: Absent = { artifacts: [], forgottenBefore: null };

/** GitHub gives both times, but two of its servers can differ a little. */
export const skewMs = 10_000;

/** A line of a journal whose artifact is missing. */
interface Missing {
  readonly line: string;
  readonly entry: JournalEntry;
  readonly kind: Kind;
  /** The smallest id of an artifact that repeats the line: its own artifact was made before. */
  before: number;
  /** The archives that records name as the one of this line. */
  readonly named: { readonly id: number; readonly digest: string }[];
}

/** Which lines miss their artifact because GitHub no longer stores it. An absent artifact explains one line only. */
export class Absences {
  readonly #absent: Absent;
  readonly #found = new Map<AbsentArtifact, Missing>();
  readonly #why = new Map<string, string>();

  constructor(artifacts: readonly Artifact[], absent: Absent) {
    this.#absent = absent;
    const { forgottenBefore } = absent;
    if (absent.artifacts.length === 0 && forgottenBefore === null) return;
    const missing = listMissing(artifacts).sort((a, b) => time(b.entry.at) - time(a.entry.at));
    this.#assign(missing);
    this.#explainReplaced(missing);
    for (const { line, entry } of missing) {
      if (this.#why.has(line) || forgottenBefore === null) continue;
      if (time(entry.at) >= time(forgottenBefore)) continue;
      this.#why.set(line, this.whyForgotten);
    }
  }

  /**
   * @param line of a journal, byte for byte
   * @returns why its artifact is missing, as a clause; undefined if nothing explains it
   */
  explain(line: string | undefined): string | undefined {
    return line === undefined ? undefined : this.#why.get(line);
  }

  get forgottenBefore(): string | null {
    return this.#absent.forgottenBefore;
  }

  /** Why something from before that time is missing, as a clause. */
  get whyForgotten(): string {
    return `GitHub stores and lists nothing from before ${this.forgottenBefore}`;
  }

  /** Absent artifacts that no line stands for: each can be the newest of its plan. */
  get unnamed(): readonly AbsentArtifact[] {
    return this.#absent.artifacts.filter((one) => !this.#found.has(one));
  }

  /** Absent executions, each with its line if a journal has it. */
  get executions(): readonly { artifact: AbsentArtifact; entry: JournalEntry | undefined }[] {
    return this.#absent.artifacts
      .filter(({ kind }) => kind === 'execution')
      .map((artifact) => ({ artifact, entry: this.#found.get(artifact)?.entry }));
  }

  /**
   * Each line takes the newest artifact that fits, newest line first: so no artifact is taken that only an older line
   * can have.
   */
  #assign(missing: readonly Missing[]): void {
    const free = new Set(this.#absent.artifacts.toSorted((a, b) => b.id - a.id));
    for (const one of missing) {
      const found = [...free].find((artifact) => fits(artifact, one));
      if (found === undefined) continue;
      free.delete(found);
      this.#found.set(found, one);
      this.#why.set(one.line, `GitHub no longer stores ${found.name}`);
    }
  }

  /** A run that is attempted again replaces its artifact, and the line of an earlier attempt stays in the journals. */
  #explainReplaced(missing: readonly Missing[]): void {
    for (const { name, kind, run, createdAt } of this.#absent.artifacts) {
      if (run.createdAt === null || createdAt === null) continue;
      const [begin, end] = [time(run.createdAt) - skewMs, time(createdAt)];
      const ofRun = missing.filter(
        (one) =>
          one.kind === kind &&
          !this.#why.has(one.line) &&
          time(one.entry.at) >= begin &&
          time(one.entry.at) <= end,
      );
      for (const { line } of ofRun.slice(0, run.attempt - 1)) {
        this.#why.set(
          line,
          `a later attempt of run ${run.id} replaced it by ${name}, which GitHub no longer stores`,
        );
      }
    }
  }
}

/** Whether the artifact can be the one that the line stands for. */
function fits(artifact: AbsentArtifact, { entry, kind, before, named }: Missing): boolean {
  const { id, digest, createdAt, run } = artifact;
  if (artifact.kind !== kind || id >= before || createdAt === null) return false;
  const stored = time(createdAt) - time(entry.at);
  const isOlder = stored < -skewMs;
  const isOlderRun = run.createdAt !== null && time(entry.at) + skewMs < time(run.createdAt);
  if (isOlder || isOlderRun) return false;
  // A record is stored right after its line was written. If another record names the archive, a slow upload is no reason
  // for doubt.
  if (named.length === 0) return stored <= longestExecutionMs;
  return named.every((one) => one.id === id && (digest === null || one.digest === digest));
}

function listMissing(artifacts: readonly Artifact[]): Missing[] {
  const own = new Set(artifacts.map(ownLine));
  const missing = new Map<string, Missing>();
  for (const artifact of artifacts) {
    const { entries, lines, stored } = artifact;
    const named = findNamed(artifact);
    for (const [index, entry] of entries.entries()) {
      const line = lines[index];
      const kind = kindOf(entry);
      if (line === undefined || kind === undefined || own.has(line)) continue;
      const known = missing.get(line) ?? { line, entry, kind, before: Infinity, named: [] };
      missing.set(line, known);
      known.before = Math.min(known.before, stored?.id ?? Infinity);
      if (named?.index === index) known.named.push(named.archive);
    }
  }
  return [...missing.values()];
}

/** The line that stands for the artifact, byte for byte. */
export function ownLine(artifact: Artifact): string | undefined {
  const own = findOwnLine(artifact);
  return own && artifact.lines[artifact.entries.indexOf(own)];
}

/** The kind of artifact that a line stands for. An execution that was stopped is a denial in the journal. */
function kindOf(entry: JournalEntry): Kind | undefined {
  if (!isDecision(entry)) return undefined;
  return artifactKinds.find(
    (kind) =>
      isOfKind(entry, kind) && (entry.event !== 'denied' || `${kind}.json` in entry.digests),
  );
}

/** The archive that a record names, with the place of its line in the journal of the record. */
function findNamed(artifact: Artifact) {
  const { entries } = artifact;
  if (artifact.kind === 'approval') {
    const index = entries.findLastIndex((entry) => isOfKind(entry, 'plan'));
    return { index, archive: artifact.evidence.approval.plan_artifact };
  }
  if (artifact.kind === 'verification') {
    const { approval_sha256, approval_artifact: archive } = artifact.evidence.verification;
    return { index: findApproved(artifact, approval_sha256), archive };
  }
  if (artifact.kind === 'execution') {
    const { approval_sha256, verification_artifact: archive } = artifact.evidence.execution;
    const index = entries.findLastIndex(
      (entry) => isOfKind(entry, 'verification') && entry.digests.approval === approval_sha256,
    );
    return { index, archive };
  }
  return undefined;
}

/** The place of the line of an approval in a journal; -1 if the journal has none. */
export function findApproved({ entries }: Pick<Artifact, 'entries'>, digest: string): number {
  return entries.findIndex(
    ({ event, digests }) => event === 'approved' && digests.approval === digest,
  );
}
