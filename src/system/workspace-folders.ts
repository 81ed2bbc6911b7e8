/**
 * Where the repository of a workspace lies: beside the folder that Codex can write, never in it. A repository that
 * boxed code can write is a way out of the box, because git runs what a repository's configuration names.
 * @param workspace absolute path of the folder that Codex works in
 */
export function repositoryOf(workspace: string): string {
  return `${workspace}.git`;
}
