import type { Account } from '../accounts.ts';
import { WEB } from '../render/web.ts';
import type { Node } from './context.ts';

/** A user, bot or organisation. The login of a bot has no `[bot]` here, unlike in REST. */
export function accountNode(account: Account): Node {
  const login = account.login.replace(/\[bot\]$/, '');
  const path = account.app ? `/apps/${account.app.slug}` : `/${login}`;
  return {
    __typename: account.type,
    id: account.nodeId,
    databaseId: account.id,
    login,
    name: null,
    url: `${WEB}${path}`,
    resourcePath: path,
    avatarUrl: `https://avatars.githubusercontent.com/u/${account.id}?v=4`,
    ...(account.type === 'User'
      ? {
          status: account.busy
            ? { indicatesLimitedAvailability: true, message: 'Busy', emoji: null }
            : null,
        }
      : {}),
  };
}

/** Whoever did something; null if the account is gone. */
export function actorNode(account: Account | null): Node | null {
  return account && accountNode(account);
}
