import { z } from 'zod';
import type { RepositoryRole } from '../core/policy/roles.ts';
import { Stopped } from '../decision.ts';
import type { Identity, KnownPerson, People } from '../ports/people.ts';
import type { GitHubClient } from './client.ts';

const permissionSchema = z.object({
  permission: z.string(),
  role_name: z.string().optional(),
  user: z.object({ id: z.int() }).nullable(),
});

const roles: readonly RepositoryRole[] = ['read', 'write', 'admin'];

export class GitHubPeople implements People {
  readonly #client: GitHubClient;
  readonly #teams: GitHubClient | undefined;
  #self: Identity | undefined;

  /** @param teams a client whose token may read team members; absent where no `team-token` is given */
  constructor(client: GitHubClient, teams?: GitHubClient) {
    this.#client = client;
    this.#teams = teams;
  }

  /**
   * Asks the permission API at the moment of use. `author_association` proves nothing: members may only read.
   * The account is matched by id, since a login can be given up and taken by somebody else.
   */
  async roleOf(person: {
    readonly id: number;
    readonly login: string;
  }): Promise<RepositoryRole | null> {
    const found = await this.#permission(person.login);
    return found?.user?.id === person.id ? strongestRole(found) : null;
  }

  async find(login: string): Promise<KnownPerson | undefined> {
    const found = await this.#permission(login);
    return found?.user ? { id: found.user.id, login, role: strongestRole(found) } : undefined;
  }

  #permission(login: string): Promise<z.infer<typeof permissionSchema> | undefined> {
    return this.#client.find(
      'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
      { username: login },
      permissionSchema,
    );
  }

  /** @param team `org/slug` */
  async isMember(team: string, login: string): Promise<boolean> {
    if (this.#teams === undefined) {
      throw new Stopped(
        'config-invalid',
        'The policy names teams: team-token is needed to read them.',
      );
    }
    const [org, slug] = team.split('/');
    const found = await this.#teams.find(
      'GET /orgs/{org}/teams/{team_slug}/memberships/{username}',
      { org, team_slug: slug, username: login },
      z.object({ state: z.string() }),
    );
    return found?.state === 'active';
  }

  /** By GraphQL, since `GET /user` fails for the token of a workflow. */
  async self(): Promise<Identity> {
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
 * `permission` is the old vocabulary, in which maintain is write and triage is read; `role_name` is finer, but a
 * custom role has a name of its own.
 */
function strongestRole({
  permission,
  role_name: roleName = '',
}: z.infer<typeof permissionSchema>): RepositoryRole | null {
  if (permission === 'write' && roleName === 'maintain') return 'maintain';
  if (permission === 'read' && roleName === 'triage') return 'triage';
  return roles.find((role) => role === permission) ?? null;
}
