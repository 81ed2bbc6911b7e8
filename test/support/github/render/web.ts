/** Addresses of GitHub's pages, for people; not of its API. */
export const WEB = 'https://github.com';
