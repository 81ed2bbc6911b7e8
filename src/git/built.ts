/** What a workspace is made of. */
import type { NonEmpty } from '../core/lists.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import type { Fetched } from './objects.ts';
import type { Limits } from './work-tree.ts';

export interface Built extends Fetched {
  /** Codex reaches only this and `repository`, and writes only to this. */
  readonly directory: string;
  readonly commit: ObjectId;
  /** The head that was merged. */
  readonly head: ObjectId;
  readonly mergeBases: NonEmpty<ObjectId>;
  readonly limits?: Limits;
}
