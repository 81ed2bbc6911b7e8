/** The repository: its default branch, its files, its workflow runs. */

/** What GitHub says about a workflow run. */
export interface RunFacts {
  readonly id: number;
  readonly event: string;
  /** The workflow file, with `@ref` behind it in some answers. */
  readonly path: string;
  readonly headBranch: string | null;
  readonly headSha: string;
  readonly repositoryId: number;
  readonly headRepositoryId: number | null;
  /** The reusable workflows that it called. */
  readonly called: readonly {
    readonly path: string;
    readonly sha: string;
    readonly ref: string | null;
  }[];
}

export interface Repository {
  defaultBranch(): Promise<string>;
  /** Undefined where the commit has no such file. By id: a tag can have the name of a branch. */
  readFile(path: string, commit: string): Promise<{ blob: string; text: string } | undefined>;
  run(id: number): Promise<RunFacts | undefined>;
}
