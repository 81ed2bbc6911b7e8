import { z } from 'zod';
import { Stopped } from '../decision.ts';
import type { Comment, Comments } from '../ports/comments.ts';
import type { GitHubClient } from './client.ts';
import type { Looks } from './looks.ts';
import { Unanswered } from './refusals.ts';
import { time } from './time.ts';

/** Longer than a request takes with all its repetitions. */
const writtenLatelyMs = 120_000;

const commentSchema = z.object({
  id: z.int().positive(),
  node_id: z.string().nullish(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: z.object({ id: z.int(), login: z.string() }).nullable(),
  created_at: time,
  updated_at: time,
});

export class GitHubComments implements Comments {
  readonly #client: GitHubClient;
  readonly #looks: Looks | undefined;

  /** @param looks that comments are taken from if one has them */
  constructor(client: GitHubClient, looks?: Looks) {
    this.#client = client;
    this.#looks = looks;
  }

  async read(id: number): Promise<Comment | undefined> {
    const told = this.#looks?.takeComment(id);
    if (told !== undefined) return told;
    const found = await this.#client.find(
      'GET /repos/{owner}/{repo}/issues/comments/{comment_id}',
      { comment_id: id },
      commentSchema,
    );
    return found && toComment(found);
  }

  async list(pullRequest: number): Promise<readonly Comment[]> {
    return this.#looks?.take(pullRequest, 'comments') ?? this.#list(pullRequest, {});
  }

  async #list(pullRequest: number, filter: object): Promise<readonly Comment[]> {
    const pages = await this.#client.list(
      'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
      { issue_number: pullRequest, ...filter },
      z.array(commentSchema),
      (page) => page,
    );
    return pages.flat().map(toComment);
  }

  /**
   * If the answer to a new comment was lost, the comment is looked for, and written again only if it does not exist.
   */
  async create(pullRequest: number, body: string): Promise<Comment> {
    try {
      return await this.#create(pullRequest, body);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      await this.#client.rest();
      return (await this.#findWritten(pullRequest, body)) ?? this.#create(pullRequest, body);
    }
  }

  /** Found by its text, which nobody else can know before it is written. GitHub may change line ends. */
  async #findWritten(pullRequest: number, body: string): Promise<Comment | undefined> {
    const lines = (text: string) => text.replace(/\r\n/g, '\n').trim();
    const since = new Date(this.#client.now().getTime() - writtenLatelyMs).toISOString();
    const found = await this.#list(pullRequest, { since });
    return found.findLast((one) => lines(one.body) === lines(body) && one.createdAt >= since);
  }

  async #create(pullRequest: number, body: string): Promise<Comment> {
    const created = await this.#client.request(
      'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
      { issue_number: pullRequest, body },
      commentSchema,
    );
    return toComment(created);
  }

  async update(id: number, body: string): Promise<void> {
    this.#looks?.forgetComments();
    await this.#client.request(
      'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
      { comment_id: id, body },
      commentSchema,
      // The same text again changes nothing.
      { repeatable: true },
    );
  }

  /** In one call also if the body changes. */
  async minimise(comment: Comment, body?: string): Promise<void> {
    if (comment.nodeId === null) {
      throw new Stopped('api-unavailable', `GitHub names no node of comment ${comment.id}.`);
    }
    const minimise =
      'minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { clientMutationId }';
    if (body === undefined) {
      await this.#client.graphql(
        'the minimising of the comment',
        `mutation($id: ID!) { ${minimise} }`,
        { id: comment.nodeId },
        z.object({ minimizeComment: z.unknown() }),
        { repeatable: true },
      );
      return;
    }
    this.#looks?.forgetComments();
    await this.#client.graphql(
      'the minimising of the comment',
      `mutation($id: ID!, $body: String!) { updateIssueComment(input: { id: $id, body: $body }) { clientMutationId } ${minimise} }`,
      { id: comment.nodeId, body },
      z.object({ updateIssueComment: z.unknown(), minimizeComment: z.unknown() }),
      { repeatable: true },
    );
  }

  async react(id: number, content: 'eyes' | 'confused'): Promise<void> {
    await this.#client.request(
      'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
      { comment_id: id, content },
      z.unknown(),
      { repeatable: true },
    );
  }
}

function toComment(raw: z.infer<typeof commentSchema>): Comment {
  return {
    id: raw.id,
    nodeId: raw.node_id ?? null,
    url: raw.html_url,
    body: raw.body ?? '',
    authorId: raw.user?.id ?? null,
    createdAt: raw.created_at,
    updatedAt: raw.updated_at,
  };
}
