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

/** Asked at the moment of use: rights can be taken away at any time. */
export interface People {
  /** Null for no role, an app, or a login that is another account by now. */
  readRole(person: { readonly id: number; readonly login: string }): Promise<RepositoryRole | null>;
  /** Whoever has that login now, for whoever repeats a run: the runner gives no id of theirs. */
  find(login: string): Promise<KnownPerson | undefined>;
  /** @param team `org/slug` */
  isMember(team: string, login: string): Promise<boolean>;
  /** The active members of a team, those of the teams inside it included. */
  members(team: string): Promise<readonly Person[]>;
  /** Of these, the account ids of those who say on GitHub that they are busy. */
  findBusy(people: readonly Person[]): Promise<ReadonlySet<number>>;
  /** The account that this action's own comments are written by. */
  self(): Promise<Identity>;
}
