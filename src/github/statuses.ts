import { z } from 'zod';
import { maxDescription } from '../core/life/status.ts';
import type { CommitStatus, Statuses } from '../ports/statuses.ts';
import type { GitHubClient } from './client.ts';
import { statusFields, statusSchema } from './graphql-fields.ts';

const states = {
  ERROR: 'error',
  FAILURE: 'failure',
  PENDING: 'pending',
  SUCCESS: 'success',
} as const;

const answerSchema = z.object({
  repository: z.object({
    object: z.object({
      status: z
        .object({
          context: statusSchema.nullable(),
        })
        .nullable(),
    }),
  }),
});

const query = `query($owner: String!, $name: String!, $commit: GitObjectID!, $context: String!) {
  repository(owner: $owner, name: $name) {
    object(oid: $commit) {
      ... on Commit { status { context(name: $context) { ${statusFields} } } }
    }
  }
}`;

export class GitHubStatuses implements Statuses {
  readonly #client: GitHubClient;

  constructor(client: GitHubClient) {
    this.#client = client;
  }

  /** By GraphQL, which has the newest of a context: REST's list has up to 1,000 of each. */
  async read(commit: string, context: string): Promise<CommitStatus | undefined> {
    const { repository } = await this.#client.graphql(
      'the status of the commit',
      query,
      { ...this.#client.repository, commit, context },
      answerSchema,
      { needs: 'statuses: read' },
    );
    const found = repository.object.status?.context;
    return found ? readStatus(context, found) : undefined;
  }

  /** Setting it twice gives the same status, so a lost answer does no harm. */
  async set(commit: string, { context, state, description, url }: CommitStatus): Promise<void> {
    await this.#client.request(
      'POST /repos/{owner}/{repo}/statuses/{sha}',
      {
        sha: commit,
        context,
        state,
        description: shorten(description),
        ...(url === null ? {} : { target_url: url }),
      },
      z.object({ state: z.literal(state), context: z.literal(context) }),
      { repeatable: true },
    );
  }
}

/** A status as GraphQL tells it. */
export function readStatus(context: string, found: z.infer<typeof statusSchema>): CommitStatus {
  const { state, description, targetUrl: url } = found;
  return { context, state: states[state], description: description ?? '', url };
}

/** Counted as JavaScript does, so that characters outside of the basic plane count twice, whatever GitHub does. */
function shorten(description: string): string {
  if (description.length <= maxDescription) return description;
  let kept = '';
  for (const character of description) {
    if (kept.length + character.length >= maxDescription) break;
    kept += character;
  }
  return `${kept}…`;
}
