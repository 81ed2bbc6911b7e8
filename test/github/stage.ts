/** One pull request at the embedded GitHub, and the adapters as the action uses them, only quicker. */

import { afterAll, afterEach, beforeEach, expect, vi } from 'vitest';
import {
  type GitHub,
  type JobRun,
  type PullView,
  type Repository,
  startGitHub,
} from '../support/github/index.ts';

export const label = 'approved-plan';

/** A minute of GitHub's is a few milliseconds here. */
export const timing = { pause: 1, limitPause: 5, patience: 40_000 };

/** What the tests of a file begin with, always the present one. */
export interface Stage {
  readonly github: GitHub;
  repo: Repository;
  pull: PullView;
  job: JobRun;
  client: import('../../src/github/client.ts').GitHubClient;
  /** What the client says that it waits for. */
  reported: string[];
}

/** Sets up a repository and a client before each test. Adapters must be imported after it: the toolkit reads the address once. */
export async function openStage(): Promise<Stage> {
  const github = await startGitHub();
  vi.stubEnv('GITHUB_API_URL', github.apiUrl);
  const { GitHubClient } = await import('../../src/github/client.ts');
  const stage = { github, reported: [] as string[] } as Stage;
  beforeEach(() => {
    const name = `shop-${github.repositories.length}`;
    stage.repo = github.createRepository({
      name,
      collaborators: { alice: 'write', tina: 'triage', ada: 'admin' },
      labels: [label, 'bug'],
    });
    stage.pull = stage.repo.openPullRequest({
      author: 'alice',
      head: 'feature/x',
      files: { 'a.md': 'a\n' },
    });
    const event = stage.repo.as('alice').comment(stage.pull.number, '/codex x');
    stage.job = stage.repo.startRun({ event });
    stage.reported = [];
    stage.client = new GitHubClient(
      stage.job.token,
      { owner: 'octo', name },
      { timing, report: (line) => stage.reported.push(line) },
    );
    github.requests.length = 0;
  });
  afterEach(() => {
    github.pageLimit = 100;
    github.faults.clear();
    expect(github.violations.splice(0)).toEqual([]);
  });
  afterAll(() => github.close());
  return stage;
}
