import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Token } from './access.ts';
import { type Fault, faultAnswer, type View, WHOLE } from './faults.ts';
import { GitBackend } from './git-server.ts';
import { type GitHub, graphqlQuery, type RecordedRequest } from './github.ts';
import type { GraphQl } from './graphql/index.ts';
import { Rest } from './rest/index.ts';
import { Results } from './results.ts';

/** What a service answers; `body` is sent as it is. */
export interface Reply {
  status: number;
  headers?: Record<string, string | number>;
  body?: Buffer | string | undefined;
}

/** A request, read to its end. */
export interface Request {
  method: string;
  url: URL;
  headers: Record<string, string>;
  raw: Buffer;
  token: Token | null;
  /** Whether an `Authorization` header came with it. */
  authorization: string | null;
  record: RecordedRequest;
  /** Which part of a list it sees. */
  view: View;
}

const MAX_BODY = 1 << 29;

/** The HTTP side: two ports on 127.0.0.1, one for the API and one for the blob storage. */
export class Server {
  readonly #github: GitHub;
  readonly #api: HttpServer;
  readonly #storage: HttpServer;
  readonly #rest: Rest;
  readonly #results: Results;
  #graphql: GraphQl | undefined;
  readonly #git: GitBackend;

  constructor(github: GitHub) {
    this.#github = github;
    this.#rest = new Rest(github);
    this.#results = new Results(github);
    this.#git = new GitBackend(github);
    this.#api = createServer((request, response) => this.#serve(request, response, 'api'));
    this.#storage = createServer((request, response) => this.#serve(request, response, 'storage'));
  }

  async listen(): Promise<void> {
    for (const server of [this.#api, this.#storage]) {
      await new Promise<void>((done, failed) => {
        server.once('error', failed);
        server.listen(0, '127.0.0.1', done);
      });
    }
  }

  get apiUrl(): string {
    return address(this.#api);
  }

  get storageUrl(): string {
    return address(this.#storage);
  }

  unref(): void {
    for (const server of [this.#api, this.#storage]) server.unref();
  }

  async close(): Promise<void> {
    this.#git.close();
    for (const server of [this.#api, this.#storage]) {
      server.closeAllConnections();
      if (server.listening) await new Promise((done) => server.close(done));
    }
  }

  async #serve(
    message: IncomingMessage,
    response: ServerResponse,
    side: 'api' | 'storage',
  ): Promise<void> {
    response.sendDate = false;
    response.setHeader('date', this.#github.clock.now.toUTCString());
    try {
      const request = await this.#read(message, side);
      if (request) await this.#answer(request, response, side);
      else response.destroy();
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#github.violations.push(`${message.method} ${message.url}: ${text}`);
      if (response.headersSent) response.destroy();
      else this.#send(response, json(500, { message: `embedded GitHub: ${text}` }));
    }
  }

  async #read(message: IncomingMessage, side: 'api' | 'storage'): Promise<Request | null> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of message) {
      size += (chunk as Buffer).length;
      if (size > MAX_BODY) return null;
      chunks.push(chunk as Buffer);
    }
    const raw = Buffer.concat(chunks);
    const url = new URL(message.url ?? '/', side === 'api' ? this.apiUrl : this.storageUrl);
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(message.headers)) {
      if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
    }
    const authorization = headers.authorization ?? null;
    const token = authorization === null ? null : this.#token(authorization);
    const method = message.method ?? 'GET';
    const record: RecordedRequest = {
      index: this.#github.requests.length,
      service: side === 'storage' ? 'storage' : serviceOf(url.pathname),
      method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      template: null,
      login: token?.account.login ?? null,
      authorization,
      headers,
      body: parse(raw, headers['content-type'] ?? ''),
      raw,
      status: 0,
      faulty: false,
    };
    this.#github.requests.push(record);
    return { method, url, headers, raw, token, authorization, record, view: WHOLE };
  }

  #token(authorization: string): Token | null {
    const [, scheme = '', value = ''] = /^(\S+)\s+(.+)$/.exec(authorization) ?? [];
    if (/^(bearer|token)$/i.test(scheme)) return this.#github.findToken(value);
    if (!/^basic$/i.test(scheme)) return null;
    const [, password = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(value, 'base64').toString()) ?? [];
    return this.#github.findToken(password);
  }

  async #answer(request: Request, response: ServerResponse, side: 'api' | 'storage') {
    const { record } = request;
    record.template = this.#rest.templateOf(request);
    await this.#github.announce(record);
    const fault = this.#github.faults.meet({
      method: record.method,
      path: record.path,
      search: request.url.search,
      template: record.template,
      query: record.service === 'graphql' ? graphqlCall(record) : null,
    });
    if (fault) {
      record.faulty = true;
      request.view = { lag: fault.lag ?? 0, order: fault.order ?? 'kept' };
      if (fault.delay) await new Promise((done) => setTimeout(done, fault.delay));
      if (
        spoils(fault) &&
        fault.when !== 'after' &&
        fault.garbage !== 'truncated' &&
        !changes(fault)
      ) {
        return this.#spoil(fault, null, request, response);
      }
    }
    if (record.service === 'git') {
      if (fault && spoils(fault)) return this.#spoil(fault, null, request, response);
      return this.#git.serve(request, response);
    }
    if (record.service === 'graphql') this.#graphql ??= await loadGraphQl(this.#github);
    const reply = this.#dispatch(request, side);
    if (fault && spoils(fault)) return this.#spoil(fault, reply, request, response);
    record.status = reply.status;
    this.#send(response, reply);
  }

  #dispatch(request: Request, side: 'api' | 'storage'): Reply {
    if (side === 'storage') return this.#github.blobs.serve(request);
    if (this.#graphql && request.record.service === 'graphql') return this.#graphql.serve(request);
    switch (request.record.service) {
      case 'results':
        return this.#results.serve(request);
      default:
        return this.#rest.serve(request);
    }
  }

  #spoil(fault: Fault, real: Reply | null, request: Request, response: ServerResponse): void {
    if (fault.hang) return;
    if (fault.redirect) {
      const location = fault.redirect(String(real?.headers?.location));
      request.record.status = real?.status ?? 302;
      this.#send(response, { status: 302, ...real, headers: { ...real?.headers, location } });
    } else if (fault.edit) {
      const body = JSON.stringify(fault.edit(JSON.parse(String(real?.body))));
      request.record.status = real?.status ?? 200;
      // The tag is that of the real answer.
      const { etag: _, ...headers } = real?.headers ?? {};
      this.#send(response, { status: 200, ...real, headers, body });
    } else if (fault.drop) {
      response.destroy();
    } else if (fault.status !== undefined) {
      const { status, headers, body } = faultAnswer({ ...fault, status: fault.status });
      request.record.status = status;
      this.#send(response, {
        ...json(status, body),
        headers: { ...json(status, body).headers, ...headers },
      });
    } else if (fault.garbage === 'truncated') {
      const whole = Buffer.from(real?.body ?? '');
      response.writeHead(real?.status ?? 200, { ...real?.headers, 'content-length': whole.length });
      response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => response.destroy());
    } else {
      request.record.status = 200;
      const type = GARBAGE_TYPES[fault.garbage ?? 'malformed'] ?? 'application/json; charset=utf-8';
      this.#send(response, {
        status: 200,
        headers: { 'content-type': type },
        body: fault.garbage === 'empty' ? '' : '<html><body>Unicorn!</body></html>',
      });
    }
  }

  #send(response: ServerResponse, reply: Reply): void {
    const body = Buffer.from(reply.body ?? '');
    response.writeHead(reply.status, {
      date: this.#github.clock.now.toUTCString(),
      server: 'github.com',
      ...reply.headers,
      ...(isEmpty(reply.status) ? {} : { 'content-length': body.length }),
    });
    response.end(isEmpty(reply.status) ? undefined : body);
  }
}

/** GitHub's schema takes half a second to read, and many tests do not need it. */
async function loadGraphQl(github: GitHub): Promise<GraphQl> {
  const { GraphQl } = await import('./graphql/index.ts');
  return new GraphQl(github);
}

/** A JSON reply. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: value === undefined ? undefined : JSON.stringify(value),
  };
}

function isEmpty(status: number): boolean {
  return status === 204 || status === 304;
}

/** Whether it needs the real answer. */
function changes(fault: Fault): boolean {
  return Boolean(fault.edit || fault.redirect);
}

function spoils(fault: Fault): boolean {
  return Boolean(
    fault.hang || fault.drop || changes(fault) || fault.garbage || fault.status !== undefined,
  );
}

const GARBAGE_TYPES: Partial<Record<NonNullable<Fault['garbage']>, string>> = {
  html: 'text/html; charset=utf-8',
  bytes: 'application/octet-stream',
};

function serviceOf(path: string): RecordedRequest['service'] {
  if (path === '/graphql') return 'graphql';
  if (path.startsWith('/twirp/')) return 'results';
  if (/^\/[^/]+\/[^/]+\/(info\/refs|git-upload-pack|git-receive-pack)$/.test(path)) return 'git';
  return 'rest';
}

function parse(raw: Buffer, type: string): unknown {
  if (raw.length === 0 || !/json/.test(type)) return undefined;
  try {
    return JSON.parse(raw.toString());
  } catch {
    return undefined;
  }
}

function address(server: HttpServer): string {
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

function graphqlCall(record: RecordedRequest): string {
  const { variables } = (record.body ?? {}) as { variables?: unknown };
  return `${graphqlQuery(record)}\n${JSON.stringify(variables ?? {})}`;
}
