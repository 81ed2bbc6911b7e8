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
  // Otherwise everybody on the network could read and change the key, the prompt and the guardian's answer.
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw new Stopped(
      'config-invalid',
      `responses-api-endpoint has to begin with https:// unless it is on this machine: ${text}`,
    );
  }
  return url;
}

/** The reason for a run whose key the API does not accept. */
export function keyRefused(endpoint: URL, status: number, message: string): Stopped {
  const said = message === '' ? '' : ` It says: ${message}`;
  return new Stopped('codex-failed', `${endpoint.host} refused the key (${status}).${said}`);
}
