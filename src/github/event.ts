import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { objectIdField } from '../core/records/fields.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import { Stopped, stoppedByMachine } from '../decision.ts';
import type { Trigger, WorkflowRun } from '../ports/run.ts';
import { time } from './time.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const account = z.object({ id: z.int(), login: z.string(), type: z.string() });
const app = z.unknown().optional();

const commentPayload = z.object({
  action: z.string(),
  issue: z.object({
    number: z.int().positive(),
    pull_request: z.object({}).nullish(),
    user: z.object({ id: z.int() }).nullish(),
  }),
  comment: z.object({
    id: z.int().positive(),
    body: z.string().nullable(),
    user: account,
    performed_via_github_app: app,
  }),
  sender: account,
});

const labelPayload = z.object({
  label: z.object({ name: z.string(), node_id: z.string().min(1) }),
  pull_request: z.object({
    number: z.int().positive(),
    head: z.object({ sha: z.string() }),
    updated_at: time.nullish().catch(null),
  }),
  sender: account,
});

const pullRequestPayload = z.object({
  action: z.string(),
  pull_request: z.object({ number: z.int().positive() }),
  changes: z.object({ base: z.unknown().optional() }).nullish(),
  // For the readers of the page alone, so a payload without them is no fault.
  after: objectIdField.nullish().catch(null),
  sender: account.nullish().catch(null),
});

const pushPayload = z.object({
  ref: z.string(),
  before: objectIdField,
  after: objectIdField,
  pusher: z.object({ name: z.string() }),
});

const mergeGroupPayload = z.object({
  merge_group: z.object({ head_ref: z.string(), head_sha: objectIdField, base_ref: z.string() }),
});

const repositoryPayload = z.object({
  repository: z.object({ id: z.int(), default_branch: z.string().min(1).optional() }).optional(),
});

/**
 * @throws Stopped internal if a variable of the runner or the event file is missing, unsupported-event for a payload of
 *   another form, workflow-untrusted for a workflow file of another repository, platform-unsupported on GitHub Enterprise
 *   Server
 */
export function readWorkflowRun(env: Environment): WorkflowRun {
  const payload = readPayload(variable(env, 'GITHUB_EVENT_PATH'));
  const { repository } = check(repositoryPayload, payload);
  const [owner = '', name = ''] = variable(env, 'GITHUB_REPOSITORY').split('/');
  const id =
    env.GITHUB_REPOSITORY_ID || !repository ? positive(env, 'GITHUB_REPOSITORY_ID') : repository.id;
  if (repository !== undefined && repository.id !== id) {
    throw new Stopped('internal', 'The payload is about another repository than the run.');
  }
  const workflowRef = variable(env, 'GITHUB_WORKFLOW_REF');
  const eventName = variable(env, 'GITHUB_EVENT_NAME');
  const actor = variable(env, 'GITHUB_ACTOR');
  return {
    id: positive(env, 'GITHUB_RUN_ID'),
    attempt: env.GITHUB_RUN_ATTEMPT ? positive(env, 'GITHUB_RUN_ATTEMPT') : 1,
    eventName,
    ...splitWorkflowRef(workflowRef, `${owner}/${name}`),
    workflowSha: workflowSha(env, eventName),
    repository: { id, owner, name },
    defaultBranch: repository?.default_branch ?? null,
    actor,
    triggeringActor: env.GITHUB_TRIGGERING_ACTOR || actor,
    serverUrl: serverUrl(env),
    trigger: readTrigger(eventName, payload),
  };
}

function readTrigger(eventName: string, payload: unknown): Trigger {
  switch (eventName) {
    case 'issue_comment': {
      const { action, issue, comment, sender } = check(commentPayload, payload);
      return {
        kind: 'comment',
        action,
        pullRequest: issue.pull_request ? issue.number : null,
        commentId: comment.id,
        body: comment.body ?? '',
        author: comment.user,
        issueAuthor: issue.user?.id ?? null,
        sender,
        viaApp: Boolean(comment.performed_via_github_app),
      };
    }
    case 'pull_request':
    case 'pull_request_target': {
      const {
        action,
        pull_request: pull,
        changes,
        after,
        sender: pusher,
      } = check(pullRequestPayload, payload);
      // Parsed strictly: a label event that cannot be read must fail, and not be ignored like another event.
      if (action !== 'labeled' && action !== 'unlabeled') {
        const baseChanged = Boolean(changes?.base);
        const isPush = action === 'synchronize' && after != null && pusher != null;
        const pushed = isPush ? { head: after, by: pusher.login } : null;
        return {
          kind: 'pull-request',
          action,
          pullRequest: pull.number,
          sender: null,
          baseChanged,
          pushed,
        };
      }
      const { label, pull_request, sender } = check(labelPayload, payload);
      return {
        kind: 'label',
        action,
        label: { id: label.node_id, name: label.name },
        pullRequest: pull_request.number,
        headSha: pull_request.head.sha,
        sender,
        at: pull_request.updated_at ?? null,
      };
    }
    case 'workflow_dispatch':
      return {
        kind: 'dispatch',
        pullRequest: null,
        sender: check(z.object({ sender: account }), payload).sender,
      };
    case 'push': {
      const { ref, before, after, pusher } = check(pushPayload, payload);
      const { name } = pusher;
      return { kind: 'push', pullRequest: null, sender: null, ref, before, after, pusher: name };
    }
    case 'merge_group': {
      const { merge_group: group } = check(mergeGroupPayload, payload);
      return {
        kind: 'merge-group',
        pullRequest: null,
        sender: null,
        headRef: group.head_ref,
        headSha: group.head_sha,
        baseRef: group.base_ref,
      };
    }
    case 'schedule':
      return { kind: 'schedule', pullRequest: null, sender: null };
    default:
      return { kind: 'other', pullRequest: null, sender: null };
  }
}

/** Older runners do not say it; on `pull_request`, whose file is the test merge's, it is the commit of the run. */
function workflowSha(env: Environment, eventName: string): ObjectId | null {
  const known = eventName === 'pull_request' ? env.GITHUB_SHA : undefined;
  return objectIdField.safeParse(env.GITHUB_WORKFLOW_SHA || known).data ?? null;
}

/** `owner/repo/.github/workflows/file.yml@refs/heads/main` */
function splitWorkflowRef(text: string, repository: string) {
  const at = text.includes('@refs/') ? text.indexOf('@refs/') : text.indexOf('@');
  const path = text.slice(0, at);
  const prefix = `${repository}/`;
  if (at === -1 || !path.toLowerCase().startsWith(prefix.toLowerCase())) {
    throw new Stopped('workflow-untrusted', 'The workflow file belongs to another repository.');
  }
  return { workflow: path.slice(prefix.length), workflowRef: text.slice(at + 1) };
}

/** GitHub Enterprise Server lacks parts that the evidence needs. */
function serverUrl(env: Environment): string {
  const url = env.GITHUB_SERVER_URL ?? 'https://github.com';
  const { hostname } = URL.canParse(url) ? new URL(url) : { hostname: '' };
  if (hostname === 'github.com' || hostname.endsWith('.ghe.com')) return url;
  throw new Stopped('platform-unsupported', 'The server is neither github.com nor GHE.com.');
}

function readPayload(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const detail = 'The event file cannot be read.';
    throw stoppedByMachine(cause) ?? new Stopped('internal', detail, { cause });
  }
}

function check<T>(schema: z.ZodType<T>, payload: unknown): T {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new Stopped('unsupported-event', `The event payload is not as documented at "${where}".`);
}

function variable(env: Environment, name: string): string {
  const value = env[name];
  if (value) return value;
  throw new Stopped('internal', `The variable ${name} of the runner is not set.`);
}

function positive(env: Environment, name: string): number {
  const value = Number(variable(env, name));
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Stopped('internal', `The variable ${name} of the runner is not a number.`);
}
