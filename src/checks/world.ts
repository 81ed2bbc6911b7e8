import type { Policy } from '../core/policy/policy.ts';
import type { Members } from '../core/records/archive-contents.ts';
import type { RunRef } from '../core/records/fields.ts';
import type { ArtifactStore } from '../ports/artifacts.ts';
import type { Comments } from '../ports/comments.ts';
import type { Labels } from '../ports/labels.ts';
import type { Findings } from '../ports/outcome.ts';
import type { People } from '../ports/people.ts';
import type { PullRequests } from '../ports/pull-requests.ts';
import type { Repository } from '../ports/repository.ts';
import type { WorkflowRun } from '../ports/run.ts';
import type { Workspaces } from '../ports/workspaces.ts';

/** What every mode is given: the run it is part of, the ports to the world, and where its findings go. */
export interface World {
  readonly run: WorkflowRun;
  readonly repository: Repository;
  readonly pullRequests: PullRequests;
  readonly people: People;
  readonly labels: Labels;
  readonly comments: Comments;
  readonly artifacts: ArtifactStore;
  readonly workspaces: Workspaces;
  /** Written to as soon as something is known, so that a failure reports it too. */
  readonly findings: Findings;
  /** GitHub's clock, RFC 3339 to the second. */
  now(): Date;
  /** The policy of the default branch, read when it is first asked for. */
  policy(): Promise<Policy>;
  /** Path of the policy file; no label approves a change of it. */
  readonly policyFile: string;
  /**
   * Starts what takes a while and waits for nothing here: to find or install Codex, to load the artifact service. What
   * fails of it fails again where it is needed.
   */
  prepare(): void;
  /** A line for the log; foreign text is escaped behind it. */
  progress(line: string): void;
  /** A line for the log that needs an eye. */
  warn(line: string): void;
  /** Markdown for the job summary. */
  summarise(markdown: string): void;
  /** Writes files that outputs point to into a folder of that name; returns its absolute path. */
  keep(name: string, members: Members): Promise<string>;
  /**
   * Looks for secrets in what leaves the run inside of something else, packed or encoded.
   * @throws Stopped secret-detected
   */
  withhold(what: string, content: string | Uint8Array): void;
}

export function runRef({ id, attempt, workflow }: WorkflowRun): RunRef {
  return { id, attempt, workflow };
}

/** RFC 3339 without fractions, as GitHub writes times. */
export function timestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

export function artifactUrl(
  { run }: World,
  artifact: { readonly id: number },
  runId = run.id,
): string {
  const { owner, name } = run.repository;
  return `${run.serverUrl}/${owner}/${name}/actions/runs/${runId}/artifacts/${artifact.id}`;
}
