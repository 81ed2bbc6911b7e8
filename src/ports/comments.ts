/** The comments of a pull request. */

export interface Comment {
  readonly id: number;
  /** Null if GitHub does not say it: such a comment cannot be minimised. */
  readonly nodeId: string | null;
  readonly url: string;
  readonly body: string;
  readonly authorId: number | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Comments {
  read(id: number): Promise<Comment | undefined>;
  list(pullRequest: number): Promise<readonly Comment[]>;
  create(pullRequest: number, body: string): Promise<Comment>;
  update(id: number, body: string): Promise<void>;
  /** @param body the new text of the comment; without it, the text stays */
  minimise(comment: Comment, body?: string): Promise<void>;
  react(id: number, content: 'eyes' | 'confused'): Promise<void>;
}
