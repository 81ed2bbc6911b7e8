/** What a run tells people while it works, and what it leaves for later steps. */

import type { Members } from '../core/records/members.ts';

/** Foreign text is escaped by the log itself. */
export interface Log {
  /** Begins the next part of the story; the lines after it belong to it. The title is in words of the action. */
  step(title: string): void;
  /** A line for people who follow the run. */
  progress(line: string): void;
  /** A line that somebody should look at. */
  warn(line: string): void;
  /** Markdown for the job summary. */
  summarise(markdown: string): void;
}

/**
 * Writes files that outputs point to, so that later steps can read them.
 * @returns the absolute path of the folder with them
 */
export type KeepForLaterSteps = (name: string, members: Members) => Promise<string>;

/**
 * Looks for secrets in content that the run is about to publish packed or encoded.
 * @param what the place that it would go to, for the message
 * @throws Stopped secret-detected
 */
export type RefuseSecrets = (what: string, content: string | Uint8Array) => void;

/** Evidence in folders on a disk. */
export interface FoundFolders {
  readonly artifacts: readonly EvidenceFolder[];
  /** One sentence for each thing that belongs to no artifact. */
  readonly strange: readonly string[];
}

/** One folder of files. */
export interface EvidenceFolder {
  /** Below the folder that was named, with its own name first. */
  readonly name: string;
  readonly members: Members;
}

/**
 * Reads every artifact below a folder: each folder that holds a file of checksums is one.
 * @throws Stopped config-invalid if it cannot be read
 */
export type ReadEvidenceFolders = (folder: string) => FoundFolders;

/** GitHub's clock, because the clock of a runner proves nothing. */
export interface Clock {
  now(): Date;
}
