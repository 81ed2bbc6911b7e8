/** The workflow run that the action is a step of, and what started it. */

import type { Label } from '../core/life/timeline.ts';
import type { ObjectId } from '../core/text/object-id.ts';

/** The account that caused an event, as the payload names it. */
export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: string;
}

interface TriggerFacts {
  /** The pull request that the event is about; null if it is about none. */
  readonly pullRequest: number | null;
  /** Who caused the event; null if nobody did, or if no mode needs to know. */
  readonly sender: Account | null;
}

/** The facts of the event that modes use. GitHub vouches for them: the runner wrote the payload. */
export type Trigger = TriggerFacts &
  (
    | {
        readonly kind: 'comment';
        readonly action: string;
        readonly commentId: number;
        readonly body: string;
        readonly author: Account;
        /** Id of the account that opened the issue or pull request; null if that account is gone. */
        readonly issueAuthor: number | null;
        readonly sender: Account;
        readonly viaApp: boolean;
      }
    | {
        readonly kind: 'label';
        readonly action: string;
        /** With the name that it had when the event happened. */
        readonly label: Label;
        readonly pullRequest: number;
        readonly headSha: string;
        readonly sender: Account;
        /** When the pull request last changed before the event was sent, RFC 3339 in UTC; null if it is not told. */
        readonly at: string | null;
      }
    | {
        readonly kind: 'pull-request';
        readonly action: string;
        readonly pullRequest: number;
        /** Whether an `edited` pull request has another base branch now. */
        readonly baseChanged: boolean;
        /** The new head and the login of who pushed it; null if the event is no push to the branch. */
        readonly pushed: { readonly head: ObjectId; readonly by: string } | null;
      }
    | {
        readonly kind: 'push';
        /** `refs/heads/main` for example. */
        readonly ref: string;
        /** The commits that the branch was at before and after; all zeros if there was none. */
        readonly before: ObjectId;
        readonly after: ObjectId;
        readonly pusher: string;
      }
    | {
        readonly kind: 'merge-group';
        /** `refs/heads/gh-readonly-queue/main/pr-7-…` */
        readonly headRef: string;
        readonly headSha: ObjectId;
        /** `refs/heads/main` */
        readonly baseRef: string;
      }
    | { readonly kind: 'dispatch'; readonly sender: Account }
    | { readonly kind: 'schedule' | 'other' }
  );

/** The run of the workflow that the action is a step of. */
export interface WorkflowRun {
  readonly id: number;
  readonly attempt: number;
  readonly eventName: string;
  /** Path of the workflow file, and the ref it was taken from. */
  readonly workflow: string;
  readonly workflowRef: string;
  /** The commit that the workflow file was taken from; null if the runner does not say it. */
  readonly workflowSha: ObjectId | null;
  readonly repository: { readonly id: number; readonly owner: string; readonly name: string };
  /** From the payload; null if it has no repository. */
  readonly defaultBranch: string | null;
  readonly actor: string;
  /** Who started this attempt: it can be somebody else than the actor if a run is repeated. */
  readonly triggeringActor: string;
  readonly serverUrl: string;
  readonly trigger: Trigger;
}
