import { z } from 'zod';
import type { Label } from '../core/life/timeline.ts';
import { Stopped } from '../decision.ts';
import type { LabelRemoval, Labels } from '../ports/labels.ts';
import type { GitHubClient } from './client.ts';
import type { Looks } from './looks.ts';
import { Unprocessable } from './refusals.ts';

const anything = z.unknown();
const labelsSchema = z.array(z.object({ node_id: z.string().min(1), name: z.string() }));

/** How often a label is looked for under another name: somebody may rename it while it is being removed. */
const attempts = 4;

export class GitHubLabels implements Labels {
  readonly #client: GitHubClient;
  readonly #looks: Looks | undefined;

  /** @param looks that labels are taken from if one has them */
  constructor(client: GitHubClient, looks?: Looks) {
    this.#client = client;
    this.#looks = looks;
  }

  /**
   * REST removes a label by its name, and anybody with triage permission can rename labels in between. So only an
   * answer that lists the remaining labels, without the id, proves the removal. A 404 means that the pull request has
   * no label of that name, or that the token may not see it.
   */
  async remove(pullRequest: number, label: Label): Promise<LabelRemoval> {
    let result: LabelRemoval = 'absent';
    let name: string | undefined = label.name;
    for (let attempt = 1; attempt <= attempts && name !== undefined; attempt++) {
      const answer: readonly Label[] | undefined = await this.#removeNamed(pullRequest, name);
      if (answer !== undefined) result = 'removed';
      const left: readonly Label[] = answer ?? (await this.#readCarried(pullRequest));
      name = left.find(({ id }) => id === label.id)?.name;
    }
    if (name === undefined) return result;
    throw new Stopped('api-unavailable', `GitHub does not remove the label ${name}.`);
  }

  /** @returns the labels that are left; undefined if none of that name was there */
  async #removeNamed(pullRequest: number, name: string): Promise<readonly Label[] | undefined> {
    const left = await this.#client.find(
      'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}',
      { issue_number: pullRequest, name },
      labelsSchema,
    );
    return left?.map(toLabel);
  }

  async carried(pullRequest: number): Promise<readonly Label[]> {
    return this.#looks?.take(pullRequest, 'carried') ?? this.#readCarried(pullRequest);
  }

  async #readCarried(pullRequest: number): Promise<readonly Label[]> {
    const { labels } = await this.#client.request(
      'GET /repos/{owner}/{repo}/pulls/{pull_number}',
      { pull_number: pullRequest },
      z.object({ labels: labelsSchema }),
    );
    return labels.map(toLabel);
  }

  async ensure(label: string): Promise<void> {
    if (this.#looks?.takeLabelExists(label) ?? (await this.#exists(label))) return;
    try {
      await this.#client.request(
        'POST /repos/{owner}/{repo}/labels',
        { name: label, color: '0e8a16', description: 'Approves the plan that Codex proposed' },
        anything,
        { repeatable: true },
      );
    } catch (error) {
      // Somebody else created it in between, or we did, and the answer was lost.
      if (!(error instanceof Unprocessable)) throw error;
    }
  }

  async #exists(name: string): Promise<boolean> {
    const found = await this.#client.find(
      'GET /repos/{owner}/{repo}/labels/{name}',
      { name },
      anything,
    );
    return found !== undefined;
  }
}

function toLabel({ node_id: id, name }: z.infer<typeof labelsSchema>[number]): Label {
  return { id, name };
}
