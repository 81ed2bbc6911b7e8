/** Requests and answers of the Responses API, as the proxy reads and passes them. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A rate limit is counted by the minute. */
const LONGEST_WAIT_SECONDS = 60;
const MOST_WAITS = 5;

/** Headers of Codex that the API may want to see; its credentials are not among them. */
const FORWARDED_HEADERS =
  /^(accept|content-type|user-agent|originator|version|openai-(beta|organization|project)|session[_-]id|thread[_-]id|conversation[_-]id|x-client-request-id|x-codex-.*|x-openai-.*)$/;
const WITHHELD_HEADERS =
  /^(connection|keep-alive|transfer-encoding|upgrade|trailer|te|proxy-.*|set-cookie|content-length|alt-svc)$/;

/** How long the API asks to wait; null if it does not ask, or if waiting would not help. */
export function waitSeconds(
  { statusCode, headers }: IncomingMessage,
  attempt: number,
): number | null {
  if (statusCode !== 429 || attempt >= MOST_WAITS) return null;
  const asked = Number(headers['retry-after'] ?? Number.NaN);
  if (Number.isNaN(asked)) return null;
  return asked >= 0 && asked <= LONGEST_WAIT_SECONDS ? asked : null;
}

/** Azure's endpoints expect the key in another header; an endpoint without a key gets none. */
export function credentials(endpoint: URL, apiKey: string): Record<string, string> {
  if (apiKey === '') return {};
  const bearer = { authorization: `Bearer ${apiKey}` };
  return isOpenAi(endpoint) ? bearer : { ...bearer, 'api-key': apiKey };
}

function isOpenAi(endpoint: URL): boolean {
  return endpoint.hostname === 'openai.com' || endpoint.hostname.endsWith('.openai.com');
}

/** The guardian asks for an assessment, with this schema; nobody else does. */
export function isGuardian(asked: Record<string, unknown>): boolean {
  const schema = (asked as { text?: { format?: { schema?: { properties?: object } } } }).text
    ?.format?.schema?.properties;
  return schema !== undefined && 'risk_level' in schema;
}

/** The headers of Codex that are sent to the API. */
export function forwardedHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (FORWARDED_HEADERS.test(name) && typeof value === 'string') headers[name] = value;
  }
  return headers;
}

/** The headers of the API that are sent to Codex. */
export function answerHeaders(upstream: IncomingMessage): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(upstream.headers)) {
    if (value !== undefined && !WITHHELD_HEADERS.test(name)) headers[name] = value;
  }
  return headers;
}

/** An answer of the proxy itself. */
export function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message, type: 'proxy', code: null } }));
}

/** The error message of an API; '' if it does not have the documented form. */
export function errorMessage(body: Buffer): string {
  const parsed = parse(body) as { error?: { message?: unknown } } | null;
  const message = parsed?.error?.message;
  return typeof message === 'string' ? message : '';
}

/** Null if it is no JSON object. */
export function parse(body: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Null if there is more than the limit. */
export async function readAll(stream: IncomingMessage, limit: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += (chunk as Buffer).length;
    if (size > limit) return null;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** What went wrong, for people. */
export function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
