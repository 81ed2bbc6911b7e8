import { z } from 'zod';
import { type RepositoryRole, roles } from '../core/policy/roles.ts';
import type { Person } from '../core/records/fields.ts';
import { Stopped } from '../decision.ts';
import type { Identity, KnownPerson, People } from '../ports/people.ts';
import type { GitHubClient } from './client.ts';
import type { Looks } from './looks.ts';

const permissionSchema = z.object({
  permission: z.string(),
  role_name: z.string().optional(),
  user: z
    .object({
      id: z.int(),
      permissions: z
        .object({
          pull: z.boolean(),
          triage: z.boolean().optional(),
          push: z.boolean(),
          maintain: z.boolean().optional(),
          admin: z.boolean(),
        })
        .optional(),
    })
    .nullable(),
});

const busySchema = z
  .object({
    databaseId: z.int().nullish(),
    status: z.object({ indicatesLimitedAvailability: z.boolean() }).nullish(),
  })
  .nullable();

/** An answer of GitHub's permission API. */
type PermissionAnswer = z.infer<typeof permissionSchema>;

/** The strongest role that each of the older words can mean. */
const strongest: Readonly<Record<string, RepositoryRole>> = {
  read: 'triage',
  write: 'maintain',
  admin: 'admin',
};

export class GitHubPeople implements People {
  readonly #client: GitHubClient;
  readonly #teams: GitHubClient | undefined;
  readonly #looks: Looks | undefined;
  #self: Identity | undefined;

  /**
   * @param teams a client whose token may read team members; undefined if no `team-token` is given
   * @param looks that tell the action's own account
   */
  constructor(client: GitHubClient, teams?: GitHubClient, looks?: Looks) {
    this.#client = client;
    this.#teams = teams;
    this.#looks = looks;
  }

  /**
   * Asks the permission API at the moment of use. `author_association` proves nothing: members may only read. The
   * account is matched by id, since somebody else can take a login that was given up.
   */
  async readRole(person: {
    readonly id: number;
    readonly login: string;
  }): Promise<RepositoryRole | null> {
    const found = await this.#permission(person.login);
    return found?.user?.id === person.id ? highestRole(found) : null;
  }

  async find(login: string): Promise<KnownPerson | undefined> {
    const found = await this.#permission(login);
    return found?.user ? { id: found.user.id, login, role: highestRole(found) } : undefined;
  }

  #permission(login: string): Promise<PermissionAnswer | undefined> {
    return this.#client.find(
      'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
      { username: login },
      permissionSchema,
    );
  }

  /** @param team `org/slug` */
  async isMember(team: string, login: string): Promise<boolean> {
    const [org, slug] = team.split('/');
    const found = await this.#teamClient().find(
      'GET /orgs/{org}/teams/{team_slug}/memberships/{username}',
      { org, team_slug: slug, username: login },
      z.object({ state: z.string() }),
    );
    if (found === undefined) await this.#checkTeam(team);
    return found?.state === 'active';
  }

  /**
   * GitHub answers the same for who is not in a team, for a team that was renamed or deleted, and for one that the token
   * may not see. Only the first is a "no".
   */
  async #checkTeam(team: string): Promise<void> {
    const [org, slug] = team.split('/');
    const found = await this.#teamClient().find(
      'GET /orgs/{org}/teams/{team_slug}/members',
      { org, team_slug: slug, per_page: 1 },
      z.array(z.unknown()),
    );
    if (found !== undefined) return;
    throw new Stopped(
      'config-invalid',
      `The policy names the team ${team}, and GitHub has no such team, or team-token may not see it.`,
    );
  }

  /** @param team `org/slug` */
  async members(team: string): Promise<readonly Person[]> {
    const [org, slug] = team.split('/');
    const pages = await this.#teamClient().list(
      'GET /orgs/{org}/teams/{team_slug}/members',
      { org, team_slug: slug },
      z.array(z.object({ id: z.int(), login: z.string() })),
      (page) => page,
    );
    return pages.flat();
  }

  async findBusy(people: readonly Person[]): Promise<ReadonlySet<number>> {
    if (people.length === 0) return new Set();
    const names = people.map((_, index) => `u${index}`);
    const query = `query(${names.map((name) => `$${name}: String!`).join(', ')}) {
      ${names.map((name) => `${name}: user(login: $${name}) { databaseId status { indicatesLimitedAvailability } }`).join('\n')}
    }`;
    const answer = await this.#client.graphql(
      'who is busy',
      query,
      Object.fromEntries(people.map(({ login }, index) => [`u${index}`, login])),
      z.record(z.string(), busySchema),
      { tolerates: ({ type }) => type === 'NOT_FOUND' },
    );
    const found = Object.values(answer).filter((one) => one?.status?.indicatesLimitedAvailability);
    return new Set(found.flatMap((one) => one?.databaseId ?? []));
  }

  #teamClient(): GitHubClient {
    if (this.#teams !== undefined) return this.#teams;
    throw new Stopped(
      'config-invalid',
      'The policy names teams: team-token is needed to read them.',
    );
  }

  /** By GraphQL, since `GET /user` fails for the token of a workflow. */
  async self(): Promise<Identity> {
    this.#self ??= this.#looks?.self;
    this.#self ??= (
      await this.#client.graphql(
        'who the token belongs to',
        'query { viewer { login databaseId } }',
        {},
        z.object({ viewer: z.object({ login: z.string(), databaseId: z.int() }) }),
      )
    ).viewer;
    return this.#self;
  }
}

/**
 * The highest base role whose permissions the account has. A custom role of an organisation has any name, so GitHub's
 * flags decide: a role that builds on maintain counts as maintain. `permission` uses older words, in which maintain
 * is write and triage is read; if it says less than the flags, it counts.
 */
export function highestRole({
  permission,
  role_name: roleName = '',
  user,
}: PermissionAnswer): RepositoryRole | null {
  const limit = Object.hasOwn(strongest, permission) ? strongest[permission] : undefined;
  if (limit === undefined) return null;
  const named = (role: string, known: boolean | undefined) => known ?? roleName === role;
  const flags = user?.permissions ?? {
    pull: true,
    push: permission !== 'read',
    admin: permission === 'admin',
  };
  const has: Record<RepositoryRole, boolean> = {
    read: flags.pull,
    triage: flags.push || named('triage', flags.triage),
    write: flags.push,
    maintain: flags.admin || named('maintain', flags.maintain),
    admin: flags.admin,
  };
  // Each role has what the weaker ones have; a gap among the flags ends it.
  const gap = roles.findIndex((role) => !has[role]);
  const held = gap === -1 ? roles.length : gap;
  return roles[Math.min(held - 1, roles.indexOf(limit))] ?? null;
}
