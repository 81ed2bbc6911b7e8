import { z } from 'zod';
import { objectIdField } from '../core/records/fields.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import type { People } from '../ports/people.ts';
import type {
  BranchRule,
  ClassicProtection,
  Collaborator,
  DefaultBranch,
  OpenPull,
  Ruleset,
  SetUp,
} from '../ports/set-up.ts';
import type { GitHubClient } from './client.ts';
import { highestRole } from './people.ts';
import { encodePath } from './repository.ts';
import {
  branchShape,
  collaboratorsShape,
  describeActor,
  pullsShape,
  rulesetShape,
  rulesShape,
} from './set-up-fields.ts';

/** Each person whose role is asked for costs a call. */
const mostAsked = 100;
/** More open pull requests than this tell nothing new about their age. */
const oldestPulls = 100;

/** Reads how a repository is set up. */
export class GitHubSetUp implements SetUp {
  readonly #client: GitHubClient;
  readonly #people: Pick<People, 'find'>;

  constructor(client: GitHubClient, people: Pick<People, 'find'>) {
    this.#client = client;
    this.#people = people;
  }

  async defaultBranch(): Promise<DefaultBranch> {
    const { default_branch: name, archived } = await this.#client.request(
      'GET /repos/{owner}/{repo}',
      {},
      z.object({ default_branch: z.string().min(1), archived: z.boolean().nullish() }),
    );
    const { object } = await this.#client.request(
      `GET /repos/{owner}/{repo}/git/ref/${encodePath(`heads/${name}`)}`,
      {},
      z.object({ object: z.object({ sha: objectIdField }) }),
      { needs: 'contents: read' },
    );
    return { name, tip: object.sha, isArchived: archived ?? false };
  }

  async workflowState(path: string): Promise<string | undefined> {
    const found = await this.#client.find(
      'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}',
      { workflow_id: path.split('/').at(-1) ?? '' },
      z.object({ state: z.string() }),
    );
    return found?.state;
  }

  async listFolder(path: string, commit: ObjectId): Promise<readonly string[]> {
    const found = await this.#client.find(
      `GET /repos/{owner}/{repo}/contents/${encodePath(path)}`,
      { ref: commit },
      z.union([
        z.array(z.object({ name: z.string(), type: z.string() })),
        z.object({ type: z.string() }),
      ]),
    );
    if (!Array.isArray(found)) return [];
    return found.filter(({ type }) => type === 'file').map(({ name }) => name);
  }

  async readFile(path: string, commit: ObjectId): Promise<string | undefined> {
    const found = await this.#client.find(
      `GET /repos/{owner}/{repo}/contents/${encodePath(path)}`,
      { ref: commit },
      z.union([
        z.object({ type: z.literal('file'), encoding: z.string(), content: z.string() }),
        z.unknown().transform(() => undefined),
      ]),
    );
    if (found === undefined) return undefined;
    if (found.encoding !== 'base64') {
      throw new Stopped('limit-exceeded', `${path} is too large to be read.`);
    }
    return Buffer.from(found.content, 'base64').toString('utf8');
  }

  /**
   * GitHub lists roles only for tokens that may push. Others can ask who can be assigned, and then for the role of
   * each.
   */
  async collaborators(): Promise<readonly Collaborator[]> {
    try {
      return await this.#listCollaborators();
    } catch (error) {
      const refused = ['permission-missing', 'github-refused'];
      if (!(error instanceof Stopped) || !refused.includes(error.reason)) throw error;
      return await this.#askForRoles();
    }
  }

  async #askForRoles(): Promise<readonly Collaborator[]> {
    const pages = await this.#client.list(
      'GET /repos/{owner}/{repo}/assignees',
      {},
      z.array(z.object({ login: z.string(), type: z.string() })),
      (page) => page,
      Math.ceil(mostAsked / 100),
    );
    const found: Collaborator[] = [];
    for (const { login, type } of pages.flat()) {
      const person = type === 'User' ? await this.#people.find(login) : undefined;
      if (person !== undefined) found.push(person);
    }
    return found;
  }

  async #listCollaborators(): Promise<readonly Collaborator[]> {
    const pages = await this.#client.list(
      'GET /repos/{owner}/{repo}/collaborators',
      {},
      collaboratorsShape,
      (page) => page,
    );
    return pages.flat().flatMap(({ id, login, type, role_name, permissions }) => {
      if (type !== undefined && type !== 'User') return [];
      const { admin, push, pull } = permissions ?? { admin: false, push: false, pull: true };
      const permission = admin ? 'admin' : push ? 'write' : pull ? 'read' : 'none';
      const user = { id, ...(permissions === undefined ? {} : { permissions }) };
      return [{ id, login, role: highestRole({ permission, role_name, user }) }];
    });
  }

  async labelExists(name: string): Promise<boolean> {
    const found = await this.#client.find(
      'GET /repos/{owner}/{repo}/labels/{name}',
      { name },
      z.object({ name: z.string() }),
    );
    return found !== undefined;
  }

  async rules(branch: string): Promise<readonly BranchRule[]> {
    const pages = await this.#client.list(
      `GET /repos/{owner}/{repo}/rules/branches/${encodePath(branch)}`,
      {},
      rulesShape,
      (page) => page,
    );
    return pages.flat().map(({ type, parameters, ruleset_id }) => ({
      type,
      parameters: parameters ?? {},
      ruleset: ruleset_id ?? null,
    }));
  }

  async ruleset(id: number): Promise<Ruleset> {
    const found = await this.#client.request(
      'GET /repos/{owner}/{repo}/rulesets/{ruleset_id}',
      { ruleset_id: id },
      rulesetShape,
    );
    return {
      name: found.name,
      bypass: found.bypass_actors?.map(describeActor) ?? null,
      bypassedByToken: ['always', 'exempt'].includes(found.current_user_can_bypass ?? ''),
    };
  }

  async protection(branch: string): Promise<ClassicProtection> {
    const found = await this.#client.request(
      `GET /repos/{owner}/{repo}/branches/${encodePath(branch)}`,
      {},
      branchShape,
      { needs: 'contents: read' },
    );
    const required = found.protection?.required_status_checks;
    const checks = required?.checks?.map(({ context, app_id }) => ({
      context,
      // Minus one means any app.
      app: app_id !== undefined && app_id !== null && app_id > 0 ? app_id : null,
    }));
    const named = new Set(checks?.map(({ context }) => context));
    const others = (required?.contexts ?? []).filter((context) => !named.has(context));
    return {
      isProtected: found.protected,
      checks: [...(checks ?? []), ...others.map((context) => ({ context, app: null }))],
    };
  }

  async retentionDays(): Promise<number> {
    const { days } = await this.#client.request(
      'GET /repos/{owner}/{repo}/actions/permissions/artifact-and-log-retention',
      {},
      z.object({ days: z.int().positive() }),
      { needs: 'administration: read' },
    );
    return days;
  }

  async shortestRetention(): Promise<number | undefined> {
    const { answer } = await this.#client.page(
      'GET /repos/{owner}/{repo}/actions/artifacts',
      {},
      z.object({
        artifacts: z.array(
          z.object({ created_at: z.string().nullable(), expires_at: z.string().nullable() }),
        ),
      }),
      ({ artifacts }) => artifacts,
    );
    const days = answer.artifacts
      .map(
        (one) => (Date.parse(one.expires_at ?? '') - Date.parse(one.created_at ?? '')) / 86_400_000,
      )
      .filter((one) => one > 0);
    return days.length === 0 ? undefined : Math.round(Math.min(...days));
  }

  async openPulls(): Promise<readonly OpenPull[]> {
    const { answer } = await this.#client.page(
      'GET /repos/{owner}/{repo}/pulls',
      { state: 'open', sort: 'created', direction: 'asc' },
      pullsShape,
      (page) => page,
    );
    return answer.slice(0, oldestPulls).map(({ number, created_at, head, base }) => ({
      number,
      createdAt: created_at,
      ownBranch: head.repo?.id === base.repo.id ? head.ref : null,
    }));
  }

  async appId(slug: string): Promise<number | undefined> {
    const found = await this.#client.find(
      'GET /apps/{app_slug}',
      { app_slug: slug },
      z.object({ id: z.int() }).nullable(),
    );
    return found?.id;
  }
}
