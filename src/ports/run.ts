/** The workflow run that the action is a step of, and what started it. */

/** The account behind an event, as the payload names it. */
export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: string;
}

/** What started the workflow, as far as a mode acts on it. GitHub vouches for it: the runner wrote the payload. */
export type Trigger =
  | {
      readonly kind: 'comment';
      readonly action: string;
      /** Null where the comment stands on an issue. */
      readonly pullRequest: number | null;
      readonly commentId: number;
      readonly body: string;
      readonly author: Account;
      readonly sender: Account;
      readonly viaApp: boolean;
    }
  | {
      readonly kind: 'label';
      readonly action: string;
      readonly label: string;
      readonly pullRequest: number;
      readonly headSha: string;
      readonly sender: Account;
    }
  | { readonly kind: 'pull-request'; readonly action: string; readonly pullRequest: number }
  | { readonly kind: 'dispatch'; readonly sender: Account }
  | { readonly kind: 'schedule' }
  | { readonly kind: 'other' };

/** The run of the workflow that the action is a step of. */
export interface WorkflowRun {
  readonly id: number;
  readonly attempt: number;
  readonly eventName: string;
  /** Path of the workflow file, and the ref it was taken from. */
  readonly workflow: string;
  readonly workflowRef: string;
  /** The commit that the workflow file was taken from. */
  readonly workflowSha: string;
  readonly repository: { readonly id: number; readonly owner: string; readonly name: string };
  /** From the payload; null where it has no repository. */
  readonly defaultBranch: string | null;
  readonly actor: string;
  /** Who started this attempt: somebody else than the actor where a run is repeated. */
  readonly triggeringActor: string;
  readonly serverUrl: string;
  readonly trigger: Trigger;
}
