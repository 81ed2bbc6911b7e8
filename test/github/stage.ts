/** One pull request at the embedded GitHub, and the adapters as the action uses them, only quicker. */

import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { GitHubClient } from '../../src/github/client.ts';
import { nobody, talkTo } from '../support/api-address.ts';
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
  github: GitHub;
  repo: Repository;
  pull: PullView;
  job: JobRun;
  client: GitHubClient;
  /** What the client says that it waits for. */
  reported: string[];
}

/**
 * To be called once in each file, which gets a GitHub of its own for all its tests, and a repository and a client for each of them.
 * All members are set when a test begins, and not before.
 */
export function openStage(): Stage {
  const stage = {} as Stage;
  beforeAll(async () => {
    stage.github = await startGitHub();
    talkTo(stage.github.apiUrl);
  });
  beforeEach(() => {
    const { github } = stage;
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
    const { github } = stage;
    github.pageLimit = 100;
    github.faults.clear();
    expect(github.violations.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    talkTo(nobody);
    await stage.github?.close();
  });
  return stage;
}
