import type { Token } from './access.ts';
import { HttpError } from './http-error.ts';
import type { Repository } from './repository.ts';

/**
 * Refuses what no permission of the token would allow, in GitHub's own words: an archived repository
 * accepts no writes, an IP allow list keeps runners out, and SAML asks for an authorised token.
 */
export function demandAllowed(token: Token | null, repository: Repository, writes: boolean): void {
  const { owner } = repository;
  if (owner.ipAllowList) {
    throw new HttpError(
      403,
      `Although you appear to have the correct authorization credentials, the \`${owner.login}\` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.`,
    );
  }
  if (owner.samlEnforced && token?.kind === 'user' && !token.authorisedForSaml) {
    const url = `https://github.com/orgs/${owner.login}/sso?authorization_request=A`;
    throw new HttpError(
      403,
      'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.',
      {},
      { 'x-github-sso': `required; url=${url}` },
    );
  }
  if (repository.archived && writes) {
    throw new HttpError(403, 'Repository was archived so is read-only.');
  }
}
