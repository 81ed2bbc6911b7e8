/** GitHub's list of artifacts: the newest page of all of them, which usually says enough, or the lists of single names. */

import { z } from 'zod';
import type { NamedArtifact, SearchReach } from '../ports/artifacts.ts';
import type { GitHubClient } from './client.ts';
import { time } from './time.ts';

const artifactSchema = z.object({
  id: z.int().positive(),
  name: z.string(),
  digest: z.string().nullish(),
  expired: z.boolean(),
  created_at: time.nullish(),
  expires_at: time.nullish(),
  workflow_run: z
    .object({
      id: z.int().positive(),
      repository_id: z.int().nullish(),
      head_repository_id: z.int().nullish(),
    })
    .nullish(),
});

const pageSchema = z.object({
  total_count: z.int().nullish(),
  artifacts: z.array(artifactSchema),
});

type Page = z.infer<typeof pageSchema>;

/**
 * Newest first. One call if the newest page goes back far enough, which its ids and its total tell; otherwise one
 * more for each name. Asked again, each call has the tag of the last answer, and costs nothing until its list has
 * changed.
 */
export async function listArtifacts(
  client: GitHubClient,
  names: readonly string[],
  reach: SearchReach,
): Promise<readonly NamedArtifact[]> {
  const { answer } = await client.page(
    'GET /repos/{owner}/{repo}/actions/artifacts',
    { page: 1 },
    pageSchema,
    (page) => page.artifacts,
  );
  const wanted = new Set(names);
  const among = (listed: readonly NamedArtifact[]) => listed.filter(({ name }) => wanted.has(name));
  const newest = answer.artifacts.map(toArtifact);
  if (isEnough(answer, newest, among(newest), reach)) return among(newest);
  const found: NamedArtifact[] = [];
  for (const name of names) found.push(...(await listOf(client, name)));
  return among(found).sort((a, b) => b.id - a.id);
}

async function listOf(client: GitHubClient, name: string): Promise<readonly NamedArtifact[]> {
  const pages = await client.list(
    'GET /repos/{owner}/{repo}/actions/artifacts',
    { name },
    pageSchema,
    (page) => page.artifacts,
  );
  return newestFirst(pages);
}

/** Those of one run. */
export async function listArtifactsOfRun(
  client: GitHubClient,
  runId: number,
): Promise<readonly NamedArtifact[]> {
  const pages = await client.list(
    'GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts',
    { run_id: runId },
    pageSchema,
    (page) => page.artifacts,
  );
  return newestFirst(pages);
}

/**
 * GitHub does not document the order of its list, so the page itself has to show it: if the ids decrease from entry
 * to entry, it has all artifacts down to its last one.
 */
function isEnough(
  { total_count: total }: Page,
  newest: readonly NamedArtifact[],
  found: readonly NamedArtifact[],
  reach: SearchReach,
): boolean {
  const falling = newest.every(
    (one, index) => index === 0 || one.id < (newest[index - 1]?.id ?? 0),
  );
  if (!falling) return false;
  if (total != null && total <= newest.length) return true;
  const last = newest.at(-1);
  if (reach === 'all' || last === undefined) return false;
  if (reach === 'newest') return found.length > 0;
  if ('newerThan' in reach) return last.id <= reach.newerThan;
  return last.createdAt !== null && Date.parse(last.createdAt) < reach.since.getTime();
}

function newestFirst(pages: readonly Page[]): readonly NamedArtifact[] {
  return pages
    .flatMap((page) => page.artifacts)
    .map(toArtifact)
    .sort((a, b) => b.id - a.id);
}

function toArtifact({
  id,
  name,
  digest,
  expired,
  created_at,
  expires_at,
  workflow_run: run,
}: z.infer<typeof artifactSchema>): NamedArtifact {
  return {
    id,
    name,
    digest: digest ?? null,
    expired,
    createdAt: created_at ?? null,
    expiresAt: expires_at ?? null,
    run: run
      ? {
          id: run.id,
          repositoryId: run.repository_id ?? null,
          headRepositoryId: run.head_repository_id ?? null,
        }
      : null,
  };
}
