import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { folder } from '../setting.ts';

const SOURCE = join(import.meta.dirname, '../../../src/codex/proxy/responses-proxy.ts');
const HOST = 'api.company.example';
/** Node keeps here what it has compiled: a request takes half the time then. */
const COMPILED = join(import.meta.dirname, '../../../node_modules/.cache/codex-plan/compiled');

/**
 * Requests through the proxy, each with variables of its own, in another process: Node reads a company's CA when it starts.
 * A line of input is a request, and a line of output is its answer.
 */
const ASK = `
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { ResponsesProxy } from ${JSON.stringify(SOURCE)};
const endpoint = new URL('https://${HOST}/v1/responses');
const before = { ...process.env };
async function ask({ socketPath, env }) {
  process.env = { ...before, ...env };
  const proxy = new ResponsesProxy({ endpoint, apiKey: 'sk-key', onKeyRefused: () => {} });
  await proxy.listen(socketPath);
  const headers = { authorization: 'Bearer ' + proxy.token };
  const options = { socketPath, path: '/v1/responses', method: 'POST', headers };
  const response = await new Promise((resolve, reject) => {
    const sent = request(options, resolve).on('error', reject);
    sent.end(JSON.stringify({ model: 'gpt-5.5', store: false, input: [] }));
  });
  let text = '';
  for await (const chunk of response) text += chunk;
  await proxy.close();
  return response.statusCode + ' ' + text;
}
for await (const line of createInterface(process.stdin)) {
  console.log(JSON.stringify(await ask(JSON.parse(line))));
}
`;

/** Where the authority of the company is: its certificate and its key. */
let authority: string;
beforeAll(() => {
  authority = mkdtempSync(join(tmpdir(), 'company-'));
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const names = ['-subj', '/CN=company', '-addext', `subjectAltName=DNS:${HOST}`];
  const files = ['-out', 'ca.pem', '-keyout', 'key.pem'];
  const args = [...request, '-nodes', '-days', '2', ...files, ...names];
  execFileSync('openssl', args, { cwd: authority, stdio: 'pipe' });
});
afterAll(() => rmSync(authority, { recursive: true }));

/** A company: its own authority for certificates, and a proxy that is the one way to the API. */
async function company() {
  const [certificate, key] = [join(authority, 'ca.pem'), join(authority, 'key.pem')];
  const api = createHttps(
    { cert: readFileSync(certificate), key: readFileSync(key) },
    (_, response) => response.end('from the API'),
  );
  const asked: string[] = [];
  const proxy = createHttp().on('connect', (connection, client) => {
    asked.push(connection.url ?? '');
    const { port } = api.address() as AddressInfo;
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  for (const server of [api, proxy]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
  }
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return { address, asked, socket: join(folder(), 's') };
}

type Variables = Readonly<Record<string, string>>;

/** A process that asks, one request after another. */
function startAsking(extra: Variables) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', ASK], {
    env: { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: COMPILED, ...extra },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    ask: async (socketPath: string, env: Variables): Promise<string> => {
      child.stdin.write(`${JSON.stringify({ socketPath, env })}\n`);
      return JSON.parse((await answers.next()).value ?? '');
    },
    end: async () => {
      child.stdin.end();
      await once(child, 'close');
    },
  };
}

/** With the CA of the company, for all tests but one. */
let trusting: ReturnType<typeof startAsking>;
beforeAll(() => {
  trusting = startAsking({ NODE_EXTRA_CA_CERTS: join(authority, 'ca.pem') });
});
afterAll(() => trusting.end());

describe('in the network of a company, a request of Codex', () => {
  it.each(['HTTPS_PROXY', 'https_proxy'])(
    'goes through the proxy that %s names, and trusts the CA that Node is told of',
    async (variable) => {
      const { address, asked, socket } = await company();
      expect(await trusting.ask(socket, { [variable]: address })).toBe('200 from the API');
      expect(asked).toEqual([`${HOST}:443`]);
    },
  );

  it('does not go there without that CA', async () => {
    const { address, socket } = await company();
    const wary = startAsking({});
    onTestFinished(wary.end);
    expect(await wary.ask(socket, { HTTPS_PROXY: address })).toMatch(/^502 .*certificate/);
  });

  it.each([HOST, 'company.example', '.company.example', `elsewhere.example, ${HOST}:443`, '*'])(
    'does not go through the proxy if NO_PROXY says %s',
    async (exceptions) => {
      const { address, asked, socket } = await company();
      const env = { HTTPS_PROXY: address, NO_PROXY: exceptions };
      expect(await trusting.ask(socket, env)).toMatch(/^502 /);
      expect(asked).toEqual([]);
    },
  );

  it.each([
    ['without a scheme', (address: string) => ({ HTTPS_PROXY: address.slice('http://'.length) })],
    ['beside an empty variable', (address: string) => ({ https_proxy: '', HTTPS_PROXY: address })],
    [
      'with a name and a password',
      (address: string) => ({ HTTPS_PROXY: address.replace('//', '//us%40er:p%3Ass@') }),
    ],
    [
      'for other exceptions',
      (address: string) => ({ HTTPS_PROXY: address, NO_PROXY: `${HOST}:8443,pany.example` }),
    ],
  ])('goes through a proxy that is named %s', async (_, variables) => {
    const { address, asked, socket } = await company();
    const env: Variables = variables(address);
    expect(await trusting.ask(socket, env)).toBe('200 from the API');
    expect(asked).toEqual([`${HOST}:443`]);
  });
});
