/** The one address that the proxy sends requests to, and the key with them. */
import { Stopped } from '../../decision.ts';

const OPENAI_ENDPOINT = 'https://api.openai.com/v1/responses';

/** As URL writes hosts: in lower case, numbers in full. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

export function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK.test(hostname);
}

/**
 * The address that requests are POSTed to.
 * @param given the input, null for OpenAI's own
 * @throws Stopped config-invalid
 */
export function parseEndpoint(given: string | null): URL {
  const text = given ?? OPENAI_ENDPOINT;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new Stopped('config-invalid', `responses-api-endpoint is not an http(s) URL: ${text}`);
  }
  // The key, the prompt and the answer of the guardian would go over the network for everybody to read and change.
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw new Stopped(
      'config-invalid',
      `responses-api-endpoint has to begin with https:// unless it is on this machine: ${text}`,
    );
  }
  return url;
}

/** For a run whose key the API does not take. */
export function keyRefused(endpoint: URL, status: number, message: string): Stopped {
  const said = message === '' ? '' : ` It says: ${message}`;
  return new Stopped('codex-failed', `${endpoint.host} refused the key (${status}).${said}`);
}
