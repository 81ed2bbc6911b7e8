import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeRamFolder } from '../ram-disk.ts';
import type { Permissions, Token } from './access.ts';
import { type Account, type App, account, type Team } from './accounts.ts';
import { Clock } from './clock.ts';
import { conversationPage } from './conversation.ts';
import { type Fault, type FaultHandle, Faults } from './faults.ts';
import { commitFiles, type Files } from './files.ts';
import { Ids, nodeId } from './ids.ts';
import { type CreateRepository, Repository } from './repository.ts';
import { WORKFLOW } from './runs.ts';
import { Server } from './server.ts';
import { BlobStore } from './storage.ts';

/** What {@link startGitHub} takes. */
export interface GitHubOptions {
  /** The time of the clock at the start. */
  now?: string | Date;
  /** Folder for repositories and jobs. Default: `node_modules/.cache` here, and the RAM disk for what can be there. */
  root?: string;
  /** Leaves the folder in place on `close()`. */
  keep?: boolean;
  /** Requests in an hour of the clock that the jobs of one repository have. Default 1,000. */
  rateLimit?: number;
}

/** A request that reached the embedded GitHub, with its answer. */
export interface RecordedRequest {
  index: number;
  service: 'rest' | 'graphql' | 'results' | 'storage' | 'git' | 'none';
  method: string;
  /** Path, still encoded. */
  path: string;
  query: Record<string, string>;
  /** GitHub's template of the path (`/repos/{owner}/{repo}`); null if it has none. */
  template: string | null;
  /** Login that the token acts as; null without a token. */
  login: string | null;
  /** The `Authorization` header as it was sent; null without one. */
  authorization: string | null;
  headers: Record<string, string>;
  /** The JSON body; undefined if it is none. */
  body: unknown;
  /** The bytes of the body. */
  raw: Buffer;
  /** Status of the answer; 0 while there is none, or if the connection was dropped. */
  status: number;
  /** Whether a fault spoilt it. */
  faulty: boolean;
}

/** How much of a token's hour is used and allowed, and when (in seconds since 1970) the next one begins. */
export interface Rate {
  used: number;
  limit: number;
  reset: number;
}

/** What a repository gets in its first commit for each of its workflow files. */
const WORKFLOW_FILE = 'name: Codex\non: issue_comment\njobs: {}\n';

/** A stateful GitHub on 127.0.0.1; {@link startGitHub} makes one. */
export class GitHub {
  readonly clock: Clock;
  readonly ids = new Ids();
  readonly folder: string;
  /** For repositories, and for the jobs that can have it: on the RAM disk if there is one, else within `folder`. */
  readonly quickFolder: string;
  readonly faults = new Faults();
  readonly blobs: BlobStore;
  /** Everything that reached it, oldest first. */
  readonly requests: RecordedRequest[] = [];
  /** What somebody, the embedded GitHub included, did against GitHub's description. */
  readonly violations: string[] = [];
  /**
   * Whether an upload conflicts with one of the same name from an earlier attempt of the run,
   * and not only with one of the same attempt.
   */
  artifactsConflictAcrossAttempts = false;
  /**
   * Whether a `pull_request_target` run names the pull request's branch, commit and repository
   * as its head. When false, it names the default branch.
   */
  targetRunsNameHead = true;
  /** The largest number of entries on a page of a list, however many are asked for. Another page may follow. */
  pageLimit = 100;
  /** Whether a run's `path` ends in `@` and the ref; some of GitHub's answers do. */
  runPathsNameRef = false;
  /**
   * What GraphQL says of an event's label that was deleted since: `told` as the event itself keeps it, or `untold`,
   * which is an error in place of the event, since GitHub's schema has no null there.
   */
  deletedLabels: 'told' | 'untold' = 'told';
  /** How REST's events name a label that was renamed since. */
  eventsNameLabels: 'then' | 'today' = 'then';
  /** Whether a job's token may read the merge queue; public reports differ. */
  jobsReadMergeQueues = true;
  /** Whether a job's token learns that a pull request is in a queue; there are no public reports. */
  jobsSeeQueued = true;
  /** Whether an app's token may comment if the conversation is locked. */
  appsCommentOnLocked = false;
  readonly rateLimit: number;
  readonly #accounts = new Map<string, Account>();
  readonly #repositories = new Map<string, Repository>();
  readonly #tokens = new Map<string, Token>();
  readonly #spent = new Map<string, number>();
  readonly #listeners: ((request: RecordedRequest) => void | Promise<void>)[] = [];
  readonly #server: Server;
  readonly #keep: boolean;
  /** The app whose tokens jobs get: `github-actions[bot]`. */
  readonly actions: App;

  constructor(options: GitHubOptions) {
    this.clock = new Clock(options.now);
    this.rateLimit = options.rateLimit ?? 1_000;
    this.#keep = options.keep ?? false;
    const root = resolve(options.root ?? join('node_modules', '.cache', 'codex-plan'));
    mkdirSync(root, { recursive: true });
    this.folder = mkdtempSync(join(root, 'github-'));
    const chosen = options.root !== undefined || this.#keep;
    this.quickFolder = (chosen ? undefined : makeRamFolder()) ?? this.folder;
    this.blobs = new BlobStore(this);
    const github = this.#add(account(9919, 'github', 'Organization'));
    this.actions = this.createApp({
      slug: 'github-actions',
      name: 'GitHub Actions',
      id: 15368,
      botId: 41898282,
      owner: github,
    });
    this.#server = new Server(this);
  }

  /** Starts listening. */
  async listen(): Promise<this> {
    await this.#server.listen();
    return this;
  }

  /** Root of the REST API, of GraphQL (`/graphql`), of the results service and of git. */
  get apiUrl(): string {
    return this.#server.apiUrl;
  }

  /** Root of the blob storage: another origin, as at GitHub. */
  get storageUrl(): string {
    return this.#server.storageUrl;
  }

  /** The state that no other class sees, for code that brings an earlier state back. */
  get unseen(): readonly object[] {
    return [this.#accounts, this.#repositories, this.#spent, this.#listeners, this.faults.active];
  }

  #add(value: Account): Account {
    this.#accounts.set(value.login.toLowerCase(), value);
    return value;
  }

  /** The account of a login; null if there is none. */
  findAccount(login: string): Account | null {
    return this.#accounts.get(login.toLowerCase()) ?? null;
  }

  /** All accounts. */
  get accounts(): Account[] {
    return [...this.#accounts.values()];
  }

  /** The user of a login, created if it is new; `…[bot]` belongs to an app. */
  user(login: string): Account {
    const known = this.findAccount(login);
    if (known) return known;
    if (login.endsWith('[bot]')) return this.createApp({ slug: login.slice(0, -5) }).account;
    return this.#add(account(this.ids.next('account'), login, 'User'));
  }

  /** A bot whose login does not end in `[bot]`, as `Copilot` is. */
  bot(login: string): Account {
    return this.findAccount(login) ?? this.#add(account(this.ids.next('account'), login, 'Bot'));
  }

  /** The organisation of a login, created if it is new. */
  organization(login: string): Account {
    return (
      this.findAccount(login) ?? this.#add(account(this.ids.next('account'), login, 'Organization'))
    );
  }

  /** Renames an account: the login is free again for somebody else, the id stays. */
  renameAccount(login: string, to: string): Account {
    const value = this.user(login);
    this.#accounts.delete(login.toLowerCase());
    value.login = to;
    for (const repository of this.#repositories.values()) {
      const role = repository.roles.get(login.toLowerCase());
      repository.roles.delete(login.toLowerCase());
      if (role) repository.roles.set(to.toLowerCase(), role);
    }
    return this.#add(value);
  }

  /** The account that a commit's mail address belongs to. */
  accountByEmail(email: string): Account | null {
    const [, id] = /^(\d+)\+.*@users\.noreply\.github\.com$/.exec(email) ?? [];
    if (!id) return null;
    return [...this.#accounts.values()].find((each) => each.id === Number(id)) ?? null;
  }

  /** Registers a GitHub App; its bot is `slug[bot]`. */
  createApp(options: {
    slug: string;
    name?: string;
    id?: number;
    botId?: number;
    owner?: Account;
  }): App {
    const id = options.id ?? this.ids.next('app');
    const botId = options.botId ?? this.ids.next('account');
    const bot = this.#add(account(botId, `${options.slug}[bot]`, 'Bot'));
    const app: App = {
      id,
      slug: options.slug,
      name: options.name ?? options.slug,
      nodeId: nodeId('A', id),
      owner: options.owner ?? this.user('app-maker'),
      account: bot,
    };
    bot.app = app;
    return app;
  }

  /** Makes a team; its members become members of the organisation. */
  createTeam(options: {
    organization: string;
    slug: string;
    members: readonly string[];
    pending?: readonly string[];
    /** The parent of this team: members of this team are also members of the parent. */
    parent?: Team;
  }): Team {
    const organization = this.organization(options.organization);
    const team: Team = {
      id: this.ids.next('team'),
      slug: options.slug,
      members: new Map(),
      children: [],
    };
    options.parent?.children.push(team);
    for (const login of options.members) {
      organization.members.add(this.user(login).login.toLowerCase());
      team.members.set(login.toLowerCase(), { role: 'member', state: 'active' });
    }
    for (const login of options.pending ?? []) {
      team.members.set(this.user(login).login.toLowerCase(), { role: 'member', state: 'pending' });
    }
    organization.teams.set(team.slug, team);
    return team;
  }

  /** Makes a token. `actions` and `app` tokens act as their app's bot, `user` ones as a person. */
  createToken(
    options:
      | { kind: 'actions'; repository: Repository; permissions: Permissions }
      | { kind: 'app'; app: App; repository?: Repository; permissions: Permissions }
      | { kind: 'user'; login: string; scopes: readonly string[] }
      | { kind: 'user'; login: string; permissions: Permissions },
  ): Token {
    const app =
      options.kind === 'actions' ? this.actions : options.kind === 'app' ? options.app : null;
    const prefix = options.kind === 'user' ? 'ghp' : 'ghs';
    const token: Token = {
      value: `${prefix}_embedded${String(this.ids.next('token')).padStart(28, '0')}`,
      kind: options.kind,
      account: options.kind === 'user' ? this.user(options.login) : (app ?? this.actions).account,
      app,
      permissions: 'permissions' in options ? options.permissions : {},
      scopes: 'scopes' in options ? options.scopes : null,
      repository: 'repository' in options ? (options.repository ?? null) : null,
      revoked: false,
      authorisedForSaml: false,
    };
    this.#tokens.set(token.value, token);
    return token;
  }

  /** The token of a value, revoked or not; null if it was never given out. */
  findToken(value: string): Token | null {
    return this.#tokens.get(value) ?? null;
  }

  /**
   * Counts a request against the limit of a token's hour, which all jobs of a repository share.
   * REST and GraphQL have a limit each.
   */
  spend(token: Token | null, resource: 'core' | 'graphql' = 'core'): Rate {
    const { key, used, ...rate } = this.#rate(token, resource);
    this.#spent.set(key, used + 1);
    return { ...rate, used: used + 1 };
  }

  /** How many of its requests in this hour a token has used. */
  spent(token: Token | null, resource: 'core' | 'graphql' = 'core'): Rate {
    return this.#rate(token, resource);
  }

  #rate(token: Token | null, resource: 'core' | 'graphql'): Rate & { key: string } {
    const limit = token?.kind === 'actions' ? this.rateLimit : token ? 5_000 : 60;
    const hour = Math.floor(this.clock.now.getTime() / 3_600_000);
    const owner = token?.kind === 'actions' ? token.repository?.id : token?.account.id;
    const key = `${resource} ${token?.kind} ${owner} ${hour}`;
    return { key, used: this.#spent.get(key) ?? 0, limit, reset: (hour + 1) * 3_600 };
  }

  /** Makes a repository with a first commit. */
  createRepository(options: CreateRepository = {}): Repository {
    const login = options.owner ?? 'octo';
    const owner = this.findAccount(login) ?? this.organization(login);
    const repository = new Repository(this, owner, null, options);
    this.addRepository(repository);
    const files: Files = { 'README.md': `# ${repository.name}\n` };
    for (const path of options.workflows ?? [WORKFLOW]) files[path] = WORKFLOW_FILE;
    const sha = commitFiles(
      repository,
      owner,
      repository.defaultBranch,
      { ...files, ...options.files },
      { message: 'Begin' },
    );
    repository.moveBranch(repository.defaultBranch, sha, null, owner);
    return repository;
  }

  /** Makes a repository reachable. */
  addRepository(repository: Repository): void {
    const key = repository.fullName.toLowerCase();
    if (this.#repositories.has(key)) throw new Error(`${repository.fullName} exists`);
    this.#repositories.set(key, repository);
  }

  /** Makes a repository unreachable. */
  removeRepository(repository: Repository): void {
    this.#repositories.delete(repository.fullName.toLowerCase());
  }

  /** The repository of an owner and name, regardless of case; null if there is none. */
  findRepository(owner: string, name: string): Repository | null {
    return this.#repositories.get(`${owner}/${name}`.toLowerCase()) ?? null;
  }

  /** All repositories. */
  get repositories(): Repository[] {
    return [...this.#repositories.values()];
  }

  /** Makes calls go wrong. */
  fault(fault: Fault): FaultHandle {
    return this.faults.add(fault);
  }

  /**
   * Calls back after a request has arrived and before it is served, so that a test can change
   * the state between two calls. The returned function ends that.
   */
  onRequest(listener: (request: RecordedRequest) => void | Promise<void>): () => void {
    this.#listeners.push(listener);
    return () => {
      this.#listeners.splice(this.#listeners.indexOf(listener), 1);
    };
  }

  /** Tells the listeners of a request. */
  async announce(request: RecordedRequest): Promise<void> {
    for (const listener of [...this.#listeners]) await listener(request);
  }

  /** Requests that count against an allowance: of REST and GraphQL all that were answered but 304. */
  counted(): RecordedRequest[] {
    return this.requests.filter(
      ({ service, status }) =>
        (service === 'rest' || service === 'graphql') && status !== 304 && status !== 0,
    );
  }

  /** Requests that may change something: all REST ones but GET, and GraphQL mutations. */
  writes(): RecordedRequest[] {
    return this.requests.filter((request) => {
      if (request.service === 'rest') return request.method !== 'GET';
      return request.service === 'graphql' && /^\s*mutation\b/.test(graphqlQuery(request));
    });
  }

  /** A self-contained page of a conversation; from the first repository if none is given. */
  conversationHtml(number: number, repository = this.repositories[0]): string {
    if (!repository) throw new Error('no repository');
    return conversationPage(repository, repository.issue(number));
  }

  /** Its servers keep this process no longer from its end. */
  unref(): void {
    this.#server.unref();
  }

  /** Ends every connection and process and removes the folder. */
  async close(): Promise<void> {
    await this.#server.close();
    if (this.#keep) return;
    for (const folder of [this.folder, this.quickFolder]) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** The query of a GraphQL request. */
export function graphqlQuery(request: RecordedRequest): string {
  return String((request.body as { query?: unknown } | undefined)?.query ?? '');
}

/** Starts an embedded GitHub. */
export function startGitHub(options: GitHubOptions = {}): Promise<GitHub> {
  return new GitHub(options).listen();
}
