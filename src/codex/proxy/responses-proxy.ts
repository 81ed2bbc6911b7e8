/**
 * The Responses proxy: the only thing that Codex reaches, and the only place that has the API key. It listens on a
 * unix socket in a private folder, asks for the token of the run, and forwards `POST …/v1/responses` to one address,
 * for one model; so neither the model, nor Codex, nor a command that a reviewer let out of the sandbox ever has the
 * key or another host.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  Agent as HttpAgent,
  type IncomingMessage,
  request as requestHttp,
  type ServerResponse,
} from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { getProxyUrl } from '@actions/http-client';
import { isLoopback } from './endpoint.ts';
import {
  answerHeaders,
  credentials,
  errorMessage,
  forwardedHeaders,
  isGuardian,
  parse,
  readAll,
  refuse,
  text,
  waitSeconds,
} from './messages.ts';
import { objectionTo } from './request-rules.ts';
import { ResponseObserver } from './response-stream.ts';

const MIB = 1024 * 1024;
/** A whole conversation with its command output; Codex compacts long before. */
const REQUEST_BYTES = 32 * MIB;
/** The guardian's answer is a few lines of JSON. */
const HELD_BYTES = 4 * MIB;
const ERROR_BYTES = 64 * 1024;
/** Somebody who is refused can try again as long as the run lasts. */
const MOST_OBJECTIONS = 20;

export interface ProxyOptions {
  /** The full URL that is POSTed to. */
  readonly endpoint: URL;
  readonly apiKey: string;
  /** Called for each request before it is sent. If it answers false, the request is refused. */
  readonly admit?: () => Promise<boolean>;
  /** Called when the API refuses the key: retrying only costs time. */
  readonly onKeyRefused: (status: number, message: string) => void;
}

/**
 * Rules on the guardian's answer once it is there, before Codex sees it; a returned answer takes the place of the
 * guardian's own.
 */
export type GuardianRuling = () => Promise<string | null>;

/**
 * The proxy on the way to the endpoint, by the rules of GitHub's toolkit, which all other requests go by: Node itself
 * takes an address without a scheme for none, and `NO_PROXY=company.example` not for the hosts below it.
 */
function companyProxy(endpoint: URL): { readonly proxyEnv?: NodeJS.ProcessEnv } {
  // An address on this machine is reached directly, whatever NO_PROXY says: through a proxy it would be another
  // endpoint.
  const proxy = isLoopback(endpoint) ? '' : getProxyUrl(endpoint.href);
  return proxy === '' ? {} : { proxyEnv: { HTTPS_PROXY: proxy, HTTP_PROXY: proxy } };
}

export class ResponsesProxy {
  /** Without a ruling, the guardian's answers go through like any other. */
  guardianRuling: GuardianRuling | null = null;
  /** Told why a request was refused; the text is foreign. */
  onObjection: (objection: string) => void = () => {};
  /** The token that Codex must show. It belongs to this run, and is of no use anywhere else. */
  readonly token = randomBytes(32).toString('hex');
  /**
   * The model that Codex asked for first, outside the guardian's calls: no command had run before. No other model is
   * called, since the evidence names this one.
   */
  askedModel: string | null = null;
  /** The model that answered it, as the API names it. */
  answeredModel: string | null = null;
  readonly #options: ProxyOptions;
  #objections = 0;
  readonly #server = createServer((request, response) => this.#serve(request, response));
  readonly #agent: HttpAgent;

  constructor(options: ProxyOptions) {
    this.#options = options;
    const { protocol } = options.endpoint;
    const agentOptions = { keepAlive: true, ...companyProxy(options.endpoint) };
    this.#agent =
      protocol === 'https:' ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
  }

  listen(socket: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(socket, resolve);
    });
  }

  close(): Promise<void> {
    this.#agent.destroy();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    response.on('error', () => {});
    this.#answer(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else refuse(response, 502, `the endpoint cannot be reached: ${text(error)}`);
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#hasToken(request)) return refuse(response, 403, 'the token of the run is missing');
    if (request.method !== 'POST' || request.url !== '/v1/responses') {
      return refuse(response, 404, 'only the Responses API is forwarded');
    }
    const body = await readAll(request, REQUEST_BYTES);
    if (body === null) return refuse(response, 413, 'the request is too large');
    const asked = parse(body);
    if (asked === null) return refuse(response, 400, 'the request is not a JSON object');
    if (this.#options.admit && !(await this.#options.admit())) {
      return refuse(response, 403, 'there is no sandbox');
    }
    // The sender may have ended while it waited: nobody would read an answer that is paid for.
    if (response.destroyed) return;

    const guardian = isGuardian(asked);
    const objection = objectionTo(asked) ?? (guardian ? null : this.#otherModel(asked.model));
    if (objection !== null) return this.#object(objection, response);
    // Sends the checked value and not the original bytes: readers differ on a key that is there twice.
    const checked = Buffer.from(JSON.stringify(asked));
    const upstream = await this.#forwardPatiently(request, checked, response);
    const status = upstream.statusCode ?? 502;
    if (status >= 300) return this.#passError(upstream, status, response);
    if (guardian && this.guardianRuling !== null) {
      return this.#hold(this.guardianRuling, upstream, response);
    }
    const observer = new ResponseObserver();
    response.writeHead(status, answerHeaders(upstream));
    for await (const chunk of upstream) {
      observer.push(chunk as Buffer);
      if (!guardian) this.answeredModel ??= observer.model;
      if (!response.write(chunk)) await once(response, 'drain');
    }
    response.end();
  }

  #otherModel(model: unknown): string | null {
    this.askedModel ??= String(model);
    return model === this.askedModel ? null : `it asks ${model}, and this run ${this.askedModel}`;
  }

  #object(objection: string, response: ServerResponse): void {
    const said = `A request to the model was refused: ${objection.slice(0, 200)}.`;
    if (this.#objections++ < MOST_OBJECTIONS) this.onObjection(said);
    refuse(response, 400, said);
  }

  #hasToken(request: IncomingMessage): boolean {
    const shown = Buffer.from(request.headers.authorization ?? '');
    const expected = Buffer.from(`Bearer ${this.token}`);
    return shown.length === expected.length && timingSafeEqual(shown, expected);
  }

  /** Codex does not wait when a provider like this one asks for it, so the proxy waits. */
  async #forwardPatiently(
    request: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
  ): Promise<IncomingMessage> {
    for (let attempt = 0; ; attempt++) {
      const upstream = await this.#forward(request, body, response);
      const wait = waitSeconds(upstream, attempt);
      if (wait === null || response.destroyed) return upstream;
      upstream.resume();
      await sleep(wait * 1000);
      if (response.destroyed) return upstream;
    }
  }

  #forward(
    request: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
  ): Promise<IncomingMessage> {
    const { endpoint, apiKey } = this.#options;
    const headers = {
      ...credentials(endpoint, apiKey),
      ...forwardedHeaders(request),
      'content-length': `${body.length}`,
    };
    const send = endpoint.protocol === 'https:' ? requestHttps : requestHttp;
    return new Promise((resolve, reject) => {
      // Redirects are not followed by this client: the key goes to one address.
      const sent = send(endpoint, { method: 'POST', headers, agent: this.#agent }, resolve);
      sent.on('error', reject);
      response.on('close', () => sent.destroy());
      sent.end(body);
    });
  }

  async #passError(upstream: IncomingMessage, status: number, response: ServerResponse) {
    const body = (await readAll(upstream, ERROR_BYTES)) ?? Buffer.alloc(0);
    if (status < 400) return refuse(response, 502, 'the endpoint redirects, which is not followed');
    if (status === 401 || status === 403) {
      this.#options.onKeyRefused(status, this.#withoutKey(errorMessage(body)));
    }
    response.writeHead(status, answerHeaders(upstream));
    response.end(body);
  }

  /** An API's error message may quote the key. */
  #withoutKey(message: string): string {
    const { apiKey } = this.#options;
    const clean = apiKey === '' ? message : message.replaceAll(apiKey, '***');
    return clean.slice(0, 300);
  }

  /** Reads the guardian's whole answer, and lets it go only when the gate has looked at the item under review. */
  async #hold(
    rule: GuardianRuling,
    upstream: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const answer = await readAll(upstream, HELD_BYTES);
    if (answer === null) return refuse(response, 502, 'the answer of the guardian is too large');
    const replaced = await rule();
    response.writeHead(200, answerHeaders(upstream));
    response.end(replaced ?? answer);
  }
}
