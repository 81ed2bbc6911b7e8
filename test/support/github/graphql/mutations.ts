import { demandAllowed } from '../blocks.ts';
import { demandWritable, moveRefs } from '../ref-updates.ts';
import type { Comment, Issue, Label } from '../state.ts';
import { commentNode } from './comments.ts';
import { type Context, forbidden, type Node, refusing, unknownNode } from './context.ts';
import { find } from './nodes.ts';
import { pullNode } from './pulls.ts';
import { mayWrite } from './repositories.ts';

/** Why a comment can be minimised, as the mutation takes it. */
const CLASSIFIERS: Record<string, string> = {
  ABUSE: 'abuse',
  DUPLICATE: 'duplicate',
  LOW_QUALITY: 'low-quality',
  OFF_TOPIC: 'off-topic',
  OUTDATED: 'outdated',
  RESOLVED: 'resolved',
  SPAM: 'spam',
};

interface Input {
  clientMutationId?: string | null;
}

/** The fields of `Mutation` that are served. */
export const mutations: Node = {
  minimizeComment: ({ input }: { input: Input & { subjectId: string; classifier: string } }, c) =>
    minimize(c, 'MinimizeComment', input, CLASSIFIERS[input.classifier] ?? 'outdated'),
  unminimizeComment: ({ input }: { input: Input & { subjectId: string } }, c) =>
    minimize(c, 'UnminimizeComment', input, null),
  updateIssueComment: ({ input }: { input: Input & { id: string; body: string } }, context) => {
    const { comment } = findComment(context, input.id);
    refusing(() => demandAllowed(context.token, comment.issue.repository, true));
    demandMinimize(context, 'UpdateIssueComment', comment);
    if (input.body !== comment.body) {
      comment.updatedAt = context.github.clock.iso;
      comment.editor = context.token.account;
    }
    comment.body = input.body;
    return { clientMutationId: input.clientMutationId ?? null, issueComment: commentNode(comment) };
  },
  updateRefs: ({ input }: { input: Input & UpdateRefs }, context) => {
    const repository = context.github.repositories.find(
      (each) => each.nodeId === input.repositoryId,
    );
    if (!repository) throw unknownNode(input.repositoryId);
    if (!mayWrite(context, repository, ['contents'])) throw forbidden();
    refusing(() => {
      demandAllowed(context.token, repository, true);
      for (const { name } of input.refUpdates) demandWritable(name);
      moveRefs(
        repository,
        input.refUpdates.map(({ name, beforeOid, afterOid, force }) => ({
          ref: name,
          before: beforeOid ?? undefined,
          after: afterOid,
          force: force === true,
        })),
        context.token.account,
      );
    });
    return { clientMutationId: input.clientMutationId ?? null };
  },
  addLabelsToLabelable: ({ input }: { input: Input & Labelling }, context) => {
    const { issue, labels } = readLabelling(context, input);
    const { account, app } = context.token;
    for (const label of labels) issue.repository.addLabel(issue, label, account, app);
    return { clientMutationId: input.clientMutationId ?? null, labelable: pullNode(issue) };
  },
  removeLabelsFromLabelable: ({ input }: { input: Input & Labelling }, context) => {
    const { issue, labels } = readLabelling(context, input);
    const { account, app } = context.token;
    for (const label of labels) issue.repository.removeLabel(issue, label, account, app);
    return { clientMutationId: input.clientMutationId ?? null, labelable: pullNode(issue) };
  },
} satisfies Record<string, (args: never, context: Context) => Node>;

interface UpdateRefs {
  repositoryId: string;
  refUpdates: readonly {
    name: string;
    beforeOid?: string | null;
    afterOid: string;
    force?: boolean | null;
  }[];
}

interface Labelling {
  labelableId: string;
  labelIds: readonly string[];
}

function readLabelling(context: Context, input: Labelling): { issue: Issue; labels: Label[] } {
  const found = find(context, input.labelableId);
  if (found?.kind !== 'pull') throw unknownNode(input.labelableId);
  const { issue } = found;
  const { repository } = issue;
  if (!mayWrite(context, repository, ['issues', 'pull-requests'])) throw forbidden();
  refusing(() => demandAllowed(context.token, repository, true));
  const labels = input.labelIds.map((id) => {
    const label = repository.labels.find((each) => each.nodeId === id);
    if (!label) throw unknownNode(id);
    return label;
  });
  return { issue, labels };
}

function minimize(
  context: Context,
  name: string,
  input: Input & { subjectId: string },
  reason: string | null,
): Node {
  const { comment } = findComment(context, input.subjectId);
  refusing(() => demandAllowed(context.token, comment.issue.repository, true));
  demandMinimize(context, name, comment);
  comment.minimized = reason;
  const key = reason === null ? 'unminimizedComment' : 'minimizedComment';
  return { clientMutationId: input.clientMutationId ?? null, [key]: commentNode(comment) };
}

function findComment(context: Context, id: string) {
  const found = find(context, id);
  if (found?.kind !== 'comment') throw unknownNode(id);
  return found;
}

function demandMinimize({ token }: Context, name: string, comment: Comment): void {
  const { repository } = comment.issue;
  if (token.kind === 'user') {
    if (['write', 'maintain', 'admin'].includes(repository.roleOf(token.account.login))) return;
    throw forbidden(
      `${token.account.login} does not have the correct permissions to execute \`${name}\``,
    );
  }
  const here = token.repository === null || token.repository === repository;
  const { issues, 'pull-requests': pulls } = token.permissions;
  if (!here || (issues !== 'write' && pulls !== 'write')) throw forbidden();
}
