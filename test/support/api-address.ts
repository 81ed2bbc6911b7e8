import { defaults } from '@actions/github/lib/utils';

/**
 * Makes every client that is created after it talk to this API. The toolkit reads `GITHUB_API_URL` once, when it is loaded; a
 * process that talks to one embedded GitHub after another would keep the address of the first.
 */
export function talkTo(apiUrl: string): void {
  defaults.baseUrl = apiUrl;
}

/** An address at which nobody answers: for code that must not talk to the GitHub of earlier tests. */
export const nobody = 'http://127.0.0.1:9';
