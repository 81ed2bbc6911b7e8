import { z } from 'zod';
import type { Label, LabelChange } from '../core/life/timeline.ts';
import type { LabelEventDetails, PullRequestLog, Timeline } from '../ports/timeline.ts';
import type { GitHubClient } from './client.ts';
import { readAllPages } from './graphql-fields.ts';
import type { Looks } from './looks.ts';
import { RestEvents, restEventSchema } from './rest-events.ts';
import {
  isUntoldLabel,
  readCarried,
  readEvents,
  timelineFields,
  timelineShape,
  toLog,
} from './timeline-fields.ts';

/** If a label changed more often than this, nobody can follow the pull request any more. */
const maxPages = 20;

const answerSchema = z.object({
  repository: z.object({ pullRequest: z.object(timelineShape) }),
});

const query = `query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      ${timelineFields}
    }
  }
}`;

/** GraphQL's timeline: it can leave out the events that strangers can add, and it tells the id of a label. */
export class GitHubTimeline implements Timeline {
  readonly #client: GitHubClient;
  readonly #looks: Looks | undefined;

  /** @param looks that the log is taken from if one has it */
  constructor(client: GitHubClient, looks?: Looks) {
    this.#client = client;
    this.#looks = looks;
  }

  async read(pullRequest: number): Promise<PullRequestLog> {
    const told = this.#looks?.take(pullRequest, 'log');
    if (told !== undefined) return told;
    let carried: readonly Label[] = [];
    const events = await readAllPages(maxPages, async (after) => {
      const page = await this.#page(pullRequest, after);
      carried = readCarried(page.carried);
      return { nodes: readEvents(page), pageInfo: page.events.pageInfo };
    });
    return toLog(events, carried);
  }

  async #page(number: number, after: string | null) {
    const { repository } = await this.#client.graphql(
      'the event log of the pull request',
      query,
      { ...this.#client.repository, number, after },
      answerSchema,
      {
        needs: 'pull-requests: read',
        tolerates: isUntoldLabel,
      },
    );
    return repository.pullRequest;
  }

  readDetails(
    pullRequest: number,
    events: readonly Pick<LabelChange, 'id' | 'at'>[],
  ): Promise<ReadonlyMap<string, LabelEventDetails>> {
    const read = (page: number) =>
      this.#client.page(
        'GET /repos/{owner}/{repo}/issues/{issue_number}/events',
        { issue_number: pullRequest, page },
        z.array(restEventSchema),
        (list) => list,
      );
    return new RestEvents(read).find(events);
  }
}
