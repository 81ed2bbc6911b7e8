/** The paths that the policy protects by default. */

/** Where the policy is read from, on the default branch, unless the input `policy-file` says otherwise. */
export const defaultPolicyFile = '.github/codex-plan.yml';

/** No label can approve a change of these: a workflow decides who may approve. */
export const defaultDenied = ['.github/workflows/**', defaultPolicyFile];

/**
 * Files that run, or decide what runs, on a developer's or a runner's machine although nobody calls them: settings of
 * agents and of git hooks, owners, and the files that say which code of other people is installed. Lock files by
 * their exact names: a pattern like `*lock*` would also match `src/block.ts`.
 */
export const defaultElevated = [
  '.github/**',
  '**/CODEOWNERS',
  '**/AGENTS.md',
  '**/AGENTS.override.md',
  '**/CLAUDE.md',
  '**/.mcp.json',
  '**/.agents/**',
  '**/.codex/**',
  '.husky/**',
  '.githooks/**',
  'lefthook.yml',
  '.pre-commit-config.yaml',
  '**/package.json',
  '**/{package-lock.json,npm-shrinkwrap.json,yarn.lock,pnpm-lock.yaml}',
  '**/{bun.lock,bun.lockb,deno.lock}',
  '**/{go.sum,go.work.sum}',
  '**/{Cargo.lock,flake.lock,devbox.lock}',
  '**/{poetry.lock,uv.lock,pdm.lock,Pipfile.lock,pixi.lock,conda-lock.yml}',
  '**/{pylock.toml,pylock.*.toml}',
  '**/{Gemfile.lock,gems.locked,composer.lock}',
  '**/{gradle.lockfile,buildscript-gradle.lockfile,MODULE.bazel.lock}',
  '**/{packages.lock.json,paket.lock,conan.lock}',
  '**/{Podfile.lock,Package.resolved,Cartfile.resolved,pubspec.lock}',
  '**/{mix.lock,rebar.lock,stack.yaml.lock,cabal.project.freeze}',
  '**/{.terraform.lock.hcl,Chart.lock}',
];
