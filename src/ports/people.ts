/** Who somebody is and what they may do in the repository. */

import type { RepositoryRole } from '../core/policy/roles.ts';
import type { Person } from '../core/records/fields.ts';

export interface Identity {
  readonly login: string;
  readonly databaseId: number;
}

/** Somebody with the role that they have now. */
export interface KnownPerson extends Person {
  readonly role: RepositoryRole | null;
}

/** Asked at the moment of use: people can lose their rights at any time. */
export interface People {
  /** Null for no role, for an app, and for a login that now belongs to another account. */
  readRole(person: { readonly id: number; readonly login: string }): Promise<RepositoryRole | null>;
  /**
   * The person who has this login now. Used for people who repeat a run, because the runner does not tell their id.
   */
  find(login: string): Promise<KnownPerson | undefined>;
  /** @param team `org/slug` */
  isMember(team: string, login: string): Promise<boolean>;
  /** The active members of a team, those of the teams inside it included. */
  members(team: string): Promise<readonly Person[]>;
  /** Of these, the account ids of those who say on GitHub that they are busy. */
  findBusy(people: readonly Person[]): Promise<ReadonlySet<number>>;
  /** The account that writes this action's comments. */
  self(): Promise<Identity>;
}
