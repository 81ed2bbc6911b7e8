import { type Access, demandRepositoryAccess } from '../access.ts';
import { demandAllowed } from '../blocks.ts';
import { HttpError } from '../http-error.ts';
import type { Repository } from '../repository.ts';
import { accountNode } from './accounts.ts';
import { type Context, GraphQlError, type Node, refusing, unknownNode } from './context.ts';
import { findNode } from './nodes.ts';
import { repositoryNode } from './repositories.ts';

/** The fields of `Query` that are served. */
export const queries: Node = {
  viewer: (_: object, { token }: Context) => ({
    ...accountNode(token.account),
    // Only here does GraphQL write the login of a bot as REST does.
    login: token.account.login,
    __typename: 'User',
  }),
  rateLimit: (_: object, { github, token }: Context) => {
    const { used, limit, reset } = github.spent(token, 'graphql');
    const resetAt = new Date(reset * 1000).toISOString();
    return { cost: 1, limit, used, remaining: Math.max(0, limit - used), nodeCount: 0, resetAt };
  },
  repository: ({ owner, name }: { owner: string; name: string }, context: Context) => {
    const repository = context.github.findRepository(owner, name);
    if (!repository || !mayRead(context, repository)) {
      throw new GraphQlError(
        'NOT_FOUND',
        `Could not resolve to a Repository with the name '${owner}/${name}'.`,
      );
    }
    refusing(() => demandAllowed(context.token, repository, false));
    return repositoryNode(repository);
  },
  user: ({ login }: { login: string }, { github }: Context) => {
    const account = github.findAccount(login);
    if (account?.type !== 'User') {
      throw new GraphQlError(
        'NOT_FOUND',
        `Could not resolve to a User with the login of '${login}'.`,
      );
    }
    return accountNode(account);
  },
  node: ({ id }: { id: string }, context: Context) => {
    const found = findNode(context, id);
    if (!found) throw unknownNode(id);
    return found;
  },
  nodes: ({ ids }: { ids: readonly string[] }, context: Context) =>
    ids.map((id) => findNode(context, id) ?? unknownNode(id)),
};

const READ: Access = { needs: [], publicRead: true };

/** What a token may not see is left out. */
export function mayRead(context: Context, repository: Repository): boolean {
  try {
    demandRepositoryAccess(context.token, repository, READ);
    return true;
  } catch (error) {
    if (error instanceof HttpError) return false;
    throw error;
  }
}
