/**
 * What the owners of a repository tell every agent: a file at the root of the default branch, protected like the
 * policy.
 */

/** See https://agents.md. In git the name is case-sensitive. */
export const instructionsFile = 'AGENTS.md';

/** Codex itself reads no more of such files, either. */
export const maxInstructionsKib = 32;
