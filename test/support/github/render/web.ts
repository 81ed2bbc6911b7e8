/** Where people look at things: GitHub's pages, not its API. */
export const WEB = 'https://github.com';
