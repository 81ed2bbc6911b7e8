/** The one way in which a mode stores what it records. */

import type { Members } from '../core/records/members.ts';
import type { PublishedArtifact } from '../ports/artifacts.ts';
import type { Report } from '../ports/outcome.ts';
import type { KeepForLaterSteps } from '../ports/runner.ts';
import type { EvidenceName } from './kinds.ts';
import type { EvidenceStore } from './store.ts';

export interface StoreRooms {
  readonly evidence: Pick<EvidenceStore, 'publish'>;
  readonly keepForLaterSteps: KeepForLaterSteps;
  readonly report: Report;
}

export interface StoredRecord {
  readonly artifact: PublishedArtifact;
  /** The address of the artifact, for people. */
  readonly artifactUrl: string;
  /** The folder with the files, for later steps. */
  readonly folder: string;
}

/**
 * Stores a record as evidence, keeps its files for later steps, and notes the outputs that say where both are.
 *
 * The files are kept first. If the disk is full, the run fails, and then nothing may be stored: a record counts, whatever
 * became of its run. The run would say that there is no plan, or that the plan is denied, and the record the opposite.
 * @param members the files of the record
 * @param alsoKept further files that later steps can read
 * @throws Stopped secret-detected, api-unavailable, permission-missing, and what the runner's disk throws
 */
export async function storeRecord(
  { evidence, keepForLaterSteps, report }: StoreRooms,
  name: EvidenceName,
  pullRequest: number,
  members: Members,
  alsoKept: Members = new Map(),
): Promise<StoredRecord> {
  const folder = await keepForLaterSteps(name, new Map([...alsoKept, ...members]));
  const { url, ...artifact } = await evidence.publish(name, pullRequest, members);
  report.note({ artifactId: artifact.id, artifactUrl: url, evidencePath: folder });
  return { artifact, artifactUrl: url, folder };
}
