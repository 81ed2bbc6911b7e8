/** Every mode stores its records here. A record counts, whatever becomes of the run that stored it. */

import { warnOf } from '../core/first-error.ts';
import type { Members } from '../core/records/members.ts';
import { Stopped } from '../decision.ts';
import type { PublishedArtifact } from '../ports/artifacts.ts';
import type { Report } from '../ports/outcome.ts';
import type { KeepForLaterSteps, Log } from '../ports/runner.ts';
import type { EvidenceName } from './kinds.ts';
import type { EvidenceStore } from './store.ts';

export interface StoreTools {
  readonly evidence: Pick<EvidenceStore, 'publish'>;
  readonly keepForLaterSteps: KeepForLaterSteps;
  readonly report: Report;
  readonly log: Pick<Log, 'warn'>;
}

export interface StoredRecord {
  readonly artifact: PublishedArtifact;
  /** The address of the artifact, for people. */
  readonly artifactUrl: string;
  /** The folder with the files, for later steps; null if they could not be kept. */
  readonly folder: string | null;
}

/** What to store, and under which name. */
export interface RecordToStore {
  readonly name: EvidenceName;
  readonly pullRequest: number;
  readonly members: Members;
  /** Further files that later steps can read. */
  readonly alsoKept?: Members;
}

/**
 * Stores a record that later steps go on with: a plan, an approval, a verification, or an execution.
 *
 * The files for later steps are kept first. If the disk is full, the run fails, and then no such record may be there:
 * the run would say that there is no plan, and the record would be one.
 * @returns what the outputs say already
 * @throws Stopped secret-detected, api-unavailable, permission-missing, and what the runner's disk throws
 */
export async function storeRecord(
  { evidence, keepForLaterSteps, report }: StoreTools,
  record: RecordToStore,
): Promise<StoredRecord> {
  const { name, pullRequest, members } = record;
  const folder = await keepForLaterSteps(name, filesToKeep(record));
  const { url, ...artifact } = await evidence.publish(name, pullRequest, members);
  report.note({ artifactId: artifact.id, artifactUrl: url, evidencePath: folder });
  return { artifact, artifactUrl: url, folder };
}

/**
 * Stores a record that ends something: a denial, a drift, a withdrawal, or an execution that was stopped.
 *
 * It is stored first, so that a full disk cannot keep an approval alive that is over. If the files cannot be kept for
 * later steps afterwards, that is a warning, and the outputs name no folder.
 * @returns what the outputs say already
 * @throws Stopped secret-detected, api-unavailable, permission-missing
 */
export async function storeEnd(
  { evidence, keepForLaterSteps, report, log }: StoreTools,
  record: RecordToStore,
): Promise<StoredRecord> {
  const { name, pullRequest, members } = record;
  const { url, ...artifact } = await evidence.publish(name, pullRequest, members);
  // An earlier record of this run may have noted its folder.
  report.note({ artifactId: artifact.id, artifactUrl: url, evidencePath: '' });
  const folder = await tryToKeep(keepForLaterSteps, log, record);
  if (folder !== null) report.note({ evidencePath: folder });
  return { artifact, artifactUrl: url, folder };
}

/** @throws Stopped secret-detected: people must learn of it. Every other failure is a warning. */
async function tryToKeep(
  keepForLaterSteps: KeepForLaterSteps,
  log: Pick<Log, 'warn'>,
  record: RecordToStore,
): Promise<string | null> {
  try {
    return await keepForLaterSteps(record.name, filesToKeep(record));
  } catch (error) {
    if (error instanceof Stopped && error.reason === 'secret-detected') throw error;
    warnOf(error, { failed: 'The files could not be kept for later steps.', log });
    return null;
  }
}

function filesToKeep({ members, alsoKept = new Map() }: RecordToStore): Members {
  return new Map([...alsoKept, ...members]);
}
