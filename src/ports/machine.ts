/** Facts about the runner's machine, for mode doctor. Nothing on it is changed. */

export interface Namespaces {
  readonly work: boolean;
  /** What the machine lacks, and what its owner can do about it: one sentence each. */
  readonly missing: readonly string[];
  /** Whether the action switches them on by itself, as on GitHub's own machines. */
  readonly cured: boolean;
}

export interface ToolCache {
  /** Null if the runner has none. */
  readonly folder: string | null;
  /** The tools that the model's commands would get. */
  readonly shown: readonly string[];
  /** Why others are not shown: one sentence each. */
  readonly refused: readonly string[];
  /** Whether every user of the machine can change what is in it. */
  readonly writableByAll: boolean;
}

export interface CodexOffer {
  /** The version that this action was tested with, and that it uses by default. */
  readonly tested: string;
  /** The one that a run would use here. */
  readonly used: string;
  /** Where it comes from: a path, or the registry. */
  readonly from: 'path' | 'registry';
  /** The newest one in the registry; null if it was not asked or does not answer. */
  readonly newest: string | null;
}

export interface Machine {
  /** What `git version` says. */
  gitVersion(): Promise<string>;
  namespaces(): Promise<Namespaces>;
  /** Free bytes of the disk on which workspaces are built. */
  freeDisk(): number;
  /** Names of the variables that lead to a proxy. */
  proxyVariables(): readonly string[];
  toolCache(): ToolCache;
  /** @throws Stopped codex-unavailable, config-invalid, platform-unsupported */
  codex(): Promise<CodexOffer>;
}
