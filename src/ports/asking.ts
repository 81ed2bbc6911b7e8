/** Assigns a pull request to people, or asks for their review. */

export interface Asking {
  /**
   * @returns the logins that GitHub did not accept
   * @throws Stopped permission-missing, github-refused, api-unavailable
   */
  ask(
    pullRequest: number,
    as: 'assignee' | 'reviewer',
    logins: readonly string[],
  ): Promise<readonly string[]>;
  /** A person who is no longer asked, or never was, is not an error. */
  release(
    pullRequest: number,
    as: 'assignee' | 'reviewer',
    logins: readonly string[],
  ): Promise<void>;
}
