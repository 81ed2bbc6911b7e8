/** What the owners of a repository tell every agent: a file at the root of the default branch, as guarded as the policy. */

/** https://agents.md; git compares the letters of a name, upper and lower case too. */
export const instructionsFile = 'AGENTS.md';

/** Also the bound of what Codex itself takes of such files. */
export const maxInstructionsKib = 32;
