/** Assigns a pull request to people, or asks for their review. */

export interface Asking {
  /**
   * @returns the logins of those whom GitHub did not take
   * @throws Stopped permission-missing, github-refused, api-unavailable
   */
  ask(
    pullRequest: number,
    as: 'assignee' | 'reviewer',
    logins: readonly string[],
  ): Promise<readonly string[]>;
  /** Whoever is not asked any more, or never was, is no error. */
  release(
    pullRequest: number,
    as: 'assignee' | 'reviewer',
    logins: readonly string[],
  ): Promise<void>;
}
