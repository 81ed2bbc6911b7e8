import { z } from 'zod';
import type { Asking } from '../ports/asking.ts';
import type { GitHubClient } from './client.ts';

const people = z.array(z.object({ login: z.string() }));
const routes = {
  assignee: { path: '/repos/{owner}/{repo}/issues/{number}/assignees', key: 'assignees' },
  reviewer: {
    path: '/repos/{owner}/{repo}/pulls/{number}/requested_reviewers',
    key: 'reviewers',
  },
} as const;

export class GitHubAsking implements Asking {
  readonly #client: GitHubClient;

  constructor(client: GitHubClient) {
    this.#client = client;
  }

  /** Asking twice does no harm. GitHub silently leaves out people whom it cannot assign. */
  async ask(
    pullRequest: number,
    as: 'assignee' | 'reviewer',
    logins: readonly string[],
  ): Promise<readonly string[]> {
    const { path, key } = routes[as];
    const answer = await this.#client.request(
      `POST ${path}`,
      { number: pullRequest, [key]: logins },
      z.object({ assignees: people.nullish(), requested_reviewers: people.nullish() }),
      { repeatable: true, needs: 'pull-requests: write' },
    );
    const taken = (as === 'assignee' ? answer.assignees : answer.requested_reviewers) ?? [];
    const asked = new Set(taken.map(({ login }) => login.toLowerCase()));
    return logins.filter((login) => !asked.has(login.toLowerCase()));
  }

  async release(
    pullRequest: number,
    as: 'assignee' | 'reviewer',
    logins: readonly string[],
  ): Promise<void> {
    const { path, key } = routes[as];
    const parameters = { number: pullRequest, [key]: logins };
    await this.#client.request(`DELETE ${path}`, parameters, z.unknown(), {
      needs: 'pull-requests: write',
    });
  }
}
