/** How the runner reaches other hosts, as GitHub's toolkit reads its variables, and so every other action does. */

type Environment = Readonly<Record<string, string | undefined>>;

/** For a program that is started, in place of the variables themselves. */
export interface CompanyProxy {
  /** The address of the proxy for https and for http, with a scheme; undefined if there is none. */
  readonly https: string | undefined;
  readonly http: string | undefined;
  /** Hosts that are reached directly, without ports; empty for none. */
  readonly exceptions: readonly string[];
}

/**
 * An empty variable is none, an address may lack its scheme, `*` is an exception for all, and an exception may name the
 * port, of which 443 counts. curl and npm each read one or the other of these in another way.
 * https://github.com/actions/toolkit/blob/main/packages/http-client/src/proxy.ts
 */
export function readCompanyProxy(env: Environment): CompanyProxy {
  const named = (env.no_proxy || env.NO_PROXY || '').split(',').map((one) => one.trim());
  if (named.includes('*')) return { https: undefined, http: undefined, exceptions: [] };
  return {
    https: withScheme(env.https_proxy || env.HTTPS_PROXY),
    http: withScheme(env.http_proxy || env.HTTP_PROXY),
    exceptions: named
      .map((one) => one.replace(/:443$/, ''))
      // What is left with a port is another service on the host; a colon alone is part of an address.
      .filter((one) => one !== '' && !/^[^:]*:\d+$/.test(one)),
  };
}

const addresses = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'];

/**
 * Adds the scheme to addresses that lack it, for the toolkit: it takes `proxy.example:3128` for an address of the scheme
 * `proxy.example`, and everything else on the machine takes it for what it is.
 */
export function completeProxyAddresses(env: NodeJS.ProcessEnv): void {
  for (const name of addresses) {
    const whole = withScheme(env[name]);
    if (whole !== undefined) env[name] = whole;
  }
}

function withScheme(address: string | undefined): string | undefined {
  if (!address) return undefined;
  return /^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `http://${address}`;
}
