import { z } from 'zod';
import type { Label } from '../core/life/timeline.ts';
import { Stopped } from '../decision.ts';
import type { LabelRemoval, LabelsById } from '../ports/labels-by-id.ts';
import type { GitHubClient } from './client.ts';
import { labelSchema } from './graphql-fields.ts';

const restLabel = z.object({ node_id: z.string().min(1), name: z.string() });

/** GitHub allows a pull request as many labels. */
const labels = z.object({
  totalCount: z.int(),
  nodes: z.array(labelSchema),
});

const stateSchema = z.object({
  node: z.object({ id: z.string() }).nullable(),
  repository: z.object({ pullRequest: z.object({ id: z.string().min(1), labels }) }),
});

const read = `query($owner: String!, $name: String!, $number: Int!, $label: ID!) {
  node(id: $label) { ... on Label { id } }
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) { id labels(first: 100) { totalCount nodes { id name } } }
  }
}`;

const removal = `mutation($pull: ID!, $label: ID!) {
  removeLabelsFromLabelable(input: { labelableId: $pull, labelIds: [$label] }) {
    labelable { labels(first: 100) { totalCount nodes { id name } } }
  }
}`;

const needs = 'pull-requests: write';

/** By id, so that nobody can put another label in the place of this one by renaming both. */
export class GitHubLabelsById implements LabelsById {
  readonly #client: GitHubClient;

  constructor(client: GitHubClient) {
    this.#client = client;
  }

  async find(name: string): Promise<Label | undefined> {
    const found = await this.#client.find(
      'GET /repos/{owner}/{repo}/labels/{name}',
      { name },
      restLabel,
    );
    return found && { id: found.node_id, name: found.name };
  }

  async remove(pullRequest: number, label: string): Promise<LabelRemoval> {
    const { node, repository } = await this.#client.graphql(
      'the labels of the pull request',
      read,
      { ...this.#client.repository, number: pullRequest, label },
      stateSchema,
      // GitHub says so of a label that was deleted.
      { needs, tolerates: ({ type, path }) => type === 'NOT_FOUND' && path?.join('.') === 'node' },
    );
    const { id, labels: before } = repository.pullRequest;
    if (!isListed(before, label)) return node === null ? 'gone' : 'absent';
    const { removeLabelsFromLabelable: removed } = await this.#client.graphql(
      'the removal of the label',
      removal,
      { pull: id, label },
      z.object({ removeLabelsFromLabelable: z.object({ labelable: z.object({ labels }) }) }),
      { needs, repeatable: true },
    );
    if (isListed(removed.labelable.labels, label)) {
      throw new Stopped('api-unavailable', 'GitHub does not remove the label.');
    }
    return 'removed';
  }
}

/** A list that is not whole says nothing about what it lacks. */
function isListed({ nodes, totalCount }: z.infer<typeof labels>, label: string): boolean {
  if (nodes.some(({ id }) => id === label)) return true;
  if (nodes.length >= totalCount) return false;
  throw new Stopped('api-unavailable', 'GitHub does not tell all labels of the pull request.');
}
