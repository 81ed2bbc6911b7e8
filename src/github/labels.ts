import { z } from 'zod';
import type { LabelEvent } from '../core/life/labelling.ts';
import { sameLabel } from '../core/text/label-name.ts';
import { Stopped } from '../decision.ts';
import type { Labels } from '../ports/labels.ts';
import type { GitHubClient } from './client.ts';
import { Unprocessable } from './refusals.ts';
import { time } from './time.ts';

const anything = z.unknown();
const labelsSchema = z.array(z.object({ name: z.string() }));

const eventSchema = z
  .object({
    id: z.int().positive(),
    event: z.string(),
    actor: z.object({ id: z.int(), login: z.string(), type: z.string() }).nullish(),
    label: z.object({ name: z.string() }).nullish(),
    created_at: time,
    performed_via_github_app: z.unknown().optional(),
  })
  // Passed over, the end of an approval might not be seen.
  .refine((event) => !isLabelling(event) || event.label, { path: ['label'] });

function isLabelling({ event }: { readonly event: string }): boolean {
  return event === 'labeled' || event === 'unlabeled';
}

/** What puts other commits under a pull request, or under the ones that it has. */
const exchanges = new Set([
  'head_ref_force_pushed',
  'base_ref_changed',
  'automatic_base_change_succeeded',
]);

export class GitHubLabels implements Labels {
  readonly #client: GitHubClient;

  constructor(client: GitHubClient) {
    this.#client = client;
  }

  /**
   * Done only where GitHub names the labels that are left: a 404 says that the label is not set, and the same of
   * whatever the token may not see.
   */
  async remove(pullRequest: number, label: string): Promise<void> {
    const left =
      (await this.#client.find(
        'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}',
        { issue_number: pullRequest, name: label },
        labelsSchema,
      )) ?? (await this.#of(pullRequest));
    if (left.some(({ name }) => sameLabel(name, label))) {
      throw new Stopped('api-unavailable', `GitHub leaves the label ${label} on.`);
    }
  }

  async #of(pullRequest: number): Promise<z.infer<typeof labelsSchema>> {
    const { labels } = await this.#client.request(
      'GET /repos/{owner}/{repo}/pulls/{pull_number}',
      { pull_number: pullRequest },
      z.object({ labels: labelsSchema }),
    );
    return labels;
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

  /**
   * Who set and took off the label and when, oldest first: the presence of a label says neither. A push that only adds
   * commits has no event here; but to have the old head back after one, somebody has to force it.
   */
  async history(pullRequest: number, label: string): Promise<readonly LabelEvent[]> {
    const pages = await this.#client.list(
      'GET /repos/{owner}/{repo}/issues/{issue_number}/events',
      { issue_number: pullRequest },
      z.array(eventSchema),
      (page) => page,
    );
    const events = pages
      .flat()
      .sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at) || a.id - b.id);
    const exchanged = events.findLastIndex(({ event }) => exchanges.has(event));
    return events.flatMap((event, index) =>
      isLabelling(event) && sameLabel(event.label?.name ?? '', label)
        ? {
            id: event.id,
            set: event.event === 'labeled',
            actor: event.actor ?? null,
            at: event.created_at,
            viaApp: Boolean(event.performed_via_github_app),
            current: index > exchanged,
          }
        : [],
    );
  }
}
