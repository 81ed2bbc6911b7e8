import { z } from 'zod';
import type { LabelEvent, Labels } from '../modes/ports.ts';
import { sameLabel } from '../plan/labels.ts';
import { type GitHubClient, Unprocessable } from './client.ts';

const anything = z.unknown();

const eventSchema = z.array(
  z.object({
    id: z.int().positive(),
    event: z.string(),
    actor: z.object({ id: z.int(), login: z.string(), type: z.string() }).nullish(),
    label: z.object({ name: z.string() }).optional(),
    created_at: z.iso.datetime(),
    performed_via_github_app: z.unknown().optional(),
  }),
);

export class GitHubLabels implements Labels {
  readonly #client: GitHubClient;

  constructor(client: GitHubClient) {
    this.#client = client;
  }

  /** A label that is not set is as good as one that was taken off. */
  async remove(pullRequest: number, label: string): Promise<void> {
    await this.#client.find(
      'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}',
      { issue_number: pullRequest, name: label },
      anything,
    );
  }

  async ensure(label: string): Promise<void> {
    const found = await this.#client.find(
      'GET /repos/{owner}/{repo}/labels/{name}',
      { name: label },
      anything,
    );
    if (found !== undefined) return;
    try {
      await this.#client.request(
        'POST /repos/{owner}/{repo}/labels',
        { name: label, color: '0e8a16', description: 'Approves the plan that Codex proposed' },
        anything,
      );
    } catch (error) {
      // Somebody else created it in between.
      if (!(error instanceof Unprocessable)) throw error;
    }
  }

  /** Who set and took off the label and when, oldest first: the presence of a label says neither. */
  async history(pullRequest: number, label: string): Promise<readonly LabelEvent[]> {
    const pages = await this.#client.list(
      'GET /repos/{owner}/{repo}/issues/{issue_number}/events',
      { issue_number: pullRequest },
      eventSchema,
      (page) => page,
    );
    return pages
      .flat()
      .filter((event) => event.event === 'labeled' || event.event === 'unlabeled')
      .filter((event) => sameLabel(event.label?.name ?? '', label))
      .map((event) => ({
        id: event.id,
        set: event.event === 'labeled',
        actor: event.actor ?? null,
        at: event.created_at,
        viaApp: Boolean(event.performed_via_github_app),
      }))
      .sort((a, b) => a.at.localeCompare(b.at, 'en') || a.id - b.id);
  }
}
