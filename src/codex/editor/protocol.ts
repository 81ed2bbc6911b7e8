/** The part of the app server's protocol that is used, typed just enough; all of it is checked when it comes in. */
import { z } from 'zod';

/** The thread and the turn that a message is of: some are of none. */
const named = z.object({ id: z.string() });
export const address = z.object({
  threadId: z.string().nullish(),
  turnId: z.string().nullish(),
  thread: named.optional(),
  turn: named.optional(),
});
export type Address = z.infer<typeof address>;

/** What counts names both. */
const addressed = { threadId: z.string(), turnId: z.string() };

const fileUpdate = z.object({
  path: z.string(),
  kind: z.discriminatedUnion('type', [
    z.object({ type: z.literal('add') }),
    z.object({ type: z.literal('delete') }),
    z.object({ type: z.literal('update'), move_path: z.string().nullish() }),
  ]),
});

/** One file of a patch. A move has its old path in `path`, and the new one only in `kind.move_path`. */
export type FileUpdate = z.infer<typeof fileUpdate>;

const fileChangeItem = z.object({
  type: z.literal('fileChange'),
  id: z.string(),
  changes: z.array(fileUpdate),
  status: z.string(),
});

export type FileChangeItem = z.infer<typeof fileChangeItem>;

const commandItem = z.object({
  type: z.literal('commandExecution'),
  id: z.string(),
  command: z.string(),
  status: z.string(),
  exitCode: z.number().nullish(),
  durationMs: z.number().nullish(),
});

const messageItem = z.object({ type: z.literal('agentMessage'), text: z.string() });

export const item = z.discriminatedUnion('type', [fileChangeItem, commandItem, messageItem]);
export type Item = z.infer<typeof item>;

/** Known by their type alone, since a known one must not go by because its form is new. */
export const knownItems: ReadonlySet<string> = new Set(
  item.options.map((option) => option.shape.type.value),
);

export const itemEvent = z.object({ ...addressed, item: z.looseObject({ type: z.string() }) });

export const turnStarted = z.object({ turn: named });

export const turnCompleted = z.object({
  threadId: z.string(),
  turn: z.object({
    id: z.string(),
    status: z.string(),
    error: z.object({ message: z.string() }).nullish(),
  }),
});

export const tokenUsage = z.object({
  ...addressed,
  tokenUsage: z.object({
    total: z.object({
      inputTokens: z.number(),
      cachedInputTokens: z.number(),
      outputTokens: z.number(),
    }),
  }),
});

export const errorEvent = z.object({
  error: z.object({ message: z.string() }),
  willRetry: z.boolean(),
});

export const configWarning = z.object({ summary: z.string(), details: z.string().nullish() });
export const plainWarning = z.object({ message: z.string() });

/** A thread, with the configuration it really has. */
export const threadStarted = z.object({
  thread: named,
  modelProvider: z.string(),
  approvalPolicy: z.unknown(),
  approvalsReviewer: z.string(),
  activePermissionProfile: z.object({ id: z.string() }).nullish(),
  instructionSources: z.array(z.unknown()),
});
export type ThreadStarted = z.infer<typeof threadStarted>;

/** What the machine's administrator demands, as far as it is compared. */
export const requirements = z.object({
  requirements: z
    .object({ featureRequirements: z.record(z.string(), z.boolean()).nullish() })
    .nullish(),
});
export type Requirements = z.infer<typeof requirements>;

export const fileChangeApproval = z.object({
  ...addressed,
  itemId: z.string(),
  grantRoot: z.string().nullish(),
});

export const commandApproval = z.object({
  ...addressed,
  itemId: z.string(),
  command: z.string().nullish(),
  reason: z.string().nullish(),
});

const action = z.looseObject({
  type: z.string(),
  command: z.string().optional(),
  argv: z.array(z.string()).optional(),
  stdin: z.string().optional(),
  files: z.array(z.string()).optional(),
  host: z.string().optional(),
});
export type ReviewedAction = z.infer<typeof action>;

/** `item/autoApprovalReview/started` and `…/completed`. */
export const review = z.object({
  ...addressed,
  reviewId: z.string(),
  targetItemId: z.string().nullish(),
  action,
  review: z.object({
    status: z.enum(['inProgress', 'approved', 'denied', 'timedOut', 'aborted']),
    riskLevel: z.enum(['low', 'medium', 'high', 'critical']).nullish(),
    userAuthorization: z.enum(['unknown', 'low', 'medium', 'high']).nullish(),
    rationale: z.string().nullish(),
  }),
});
export type Review = z.infer<typeof review>;
