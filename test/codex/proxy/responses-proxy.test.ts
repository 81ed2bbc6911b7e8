import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type ProxyOptions, ResponsesProxy } from '../../../src/codex/proxy/responses-proxy.ts';
import { KEY, onRamDisk } from '../setting.ts';

const { folder } = onRamDisk;

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = (response: ServerResponse, n: number) => void;

const streamed: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'set-cookie': 'a=b' });
  response.write('event: response.created\ndata: {"response":{"model":"gpt-5.5-2026"}}\n\n');
  response.end('event: response.completed\ndata: {}\n\n');
};

/** A proxy in front of an API that answers as told. */
async function proxied(
  answer: Answer,
  changes: Partial<ProxyOptions> = {},
  path = '/v1/responses',
) {
  const received: Received[] = [];
  const api = createServer(async (incoming, response) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    const { method, url, headers } = incoming;
    received.push({ method, url, headers, body });
    answer(response, received.length);
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const endpoint = new URL(`http://127.0.0.1:${(api.address() as AddressInfo).port}${path}`);
  const refusals: string[] = [];
  const proxy = new ResponsesProxy({
    endpoint,
    apiKey: KEY,
    onKeyRefused: (status, message) => refusals.push(`${status} ${message}`),
    ...changes,
  });
  const socketPath = join(folder(), 's');
  await proxy.listen(socketPath);
  onTestFinished(async () => {
    await proxy.close();
    api.closeAllConnections();
    api.close();
  });
  const ask = (options: { method?: string; path?: string; headers?: object; body?: string } = {}) =>
    new Promise<{ status: number; headers: IncomingMessage['headers']; body: string }>(
      (resolve, reject) => {
        const headers = { authorization: `Bearer ${proxy.token}`, ...options.headers };
        const sent = request(
          { socketPath, method: 'POST', path: '/v1/responses', ...options, headers },
          async (response) => {
            let body = '';
            try {
              for await (const chunk of response) body += chunk;
            } catch {
              body += ' (cut)';
            }
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
          },
        );
        sent.on('error', reject);
        sent.end(options.body ?? asking());
      },
    );
  /** Asks; the returned function ends the sender, and waits until its connection is closed. */
  const cutOff = () => {
    const headers = { authorization: `Bearer ${proxy.token}` };
    const sent = request({ socketPath, method: 'POST', path: '/v1/responses', headers });
    sent.on('error', () => {});
    sent.end(asking());
    return async () => {
      sent.destroy();
      await new Promise((resolve) => setTimeout(resolve, 50));
    };
  };
  return { proxy, ask, cutOff, endpoint, received, refusals };
}

/** A request like Codex's. */
const asking = (more: object = {}) =>
  JSON.stringify({ model: 'gpt-5.5', input: [], store: false, ...more });

describe('the proxy', () => {
  it('forwards a request with the key, and streams the answer back', async () => {
    const { ask, received, proxy } = await proxied(streamed);
    const { status, body, headers } = await ask({
      headers: {
        originator: 'codex_exec',
        'x-codex-turn-metadata': '{}',
        accept: 'text/event-stream',
      },
    });
    expect(status).toBe(200);
    expect(body).toContain('response.completed');
    expect(headers['set-cookie']).toBeUndefined();
    expect(received[0]).toMatchObject({
      method: 'POST',
      url: '/v1/responses',
      body: asking(),
      headers: {
        authorization: `Bearer ${KEY}`,
        originator: 'codex_exec',
        'x-codex-turn-metadata': '{}',
        accept: 'text/event-stream',
      },
    });
    expect(proxy.askedModel).toBe('gpt-5.5');
    expect(proxy.answeredModel).toBe('gpt-5.5-2026');
  });

  it("never hands on the run's token, a cookie or whatever else was sent", async () => {
    const { ask, received, proxy } = await proxied(streamed);
    await ask({
      headers: { cookie: 'a=b', 'x-forwarded-for': '1', 'api-key': 'mine', host: 'evil' },
    });
    const sent = JSON.stringify(received[0]?.headers);
    expect(sent).not.toMatch(/cookie|forwarded|mine|evil/);
    expect(sent).not.toContain(proxy.token);
  });

  it('keeps the query of an endpoint, and gives it the key in both headers', async () => {
    const path = '/openai/responses?api-version=2026-01-01';
    const { ask, received } = await proxied(streamed, {}, path);
    await ask();
    expect(received[0]).toMatchObject({
      url: path,
      headers: { authorization: `Bearer ${KEY}`, 'api-key': KEY },
    });
  });

  it.each([
    ['another method', { method: 'GET' }, 404],
    ['another path', { path: '/v1/files' }, 404],
    ['another path that begins alike', { path: '/v1/responses/1/cancel' }, 404],
    ['a query', { path: '/v1/responses?x=1' }, 404],
    ['no token', { headers: { authorization: '' } }, 403],
    ['another token', { headers: { authorization: `Bearer ${'0'.repeat(64)}` } }, 403],
    ['no JSON', { body: 'x' }, 400],
    ['a list', { body: '[]' }, 400],
    ['a request without end', { body: 'x'.repeat(33 * 1024 * 1024) }, 413],
  ])('answers %s itself', async (_, options, status) => {
    const { ask, received } = await proxied(streamed);
    const answer = await ask(options).catch(() => ({ status: 413 }));
    expect(answer.status).toBe(status);
    expect(received).toEqual([]);
  });

  it('reaches this machine itself, and another through the proxy of the runner', async () => {
    const elsewhere = await proxied(streamed);
    vi.stubEnv('HTTP_PROXY', elsewhere.endpoint.origin);
    vi.stubEnv('NO_PROXY', '');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { ask, received } = await proxied(streamed);
    await ask();
    expect(received).toHaveLength(1);
    expect(elsewhere.received).toEqual([]);
    for (const endpoint of ['http://localhost:1/v1', 'http://[::1]:1/v1', 'http://127.9:1/v1']) {
      const nobody = await proxied(streamed, { endpoint: new URL(endpoint) });
      expect((await nobody.ask()).status, endpoint).toBe(502);
    }
    expect(elsewhere.received).toEqual([]);
    // Not a name that begins with `127.`: GitHub's toolkit takes it for this machine.
    for (const endpoint of [
      'http://api.test/v1',
      'http://127-0-0-1.test/',
      'http://localhost.test',
    ]) {
      const far = await proxied(streamed, { endpoint: new URL(endpoint) });
      expect((await far.ask()).status, endpoint).toBe(200);
    }
    expect(elsewhere.received).toHaveLength(3);
  });

  it('follows no redirect', async () => {
    const { ask, received } = await proxied((response) => {
      response.writeHead(307, { location: '/elsewhere' });
      response.end();
    });
    expect((await ask()).status).toBe(502);
    expect(received).toHaveLength(1);
  });

  it('tells of a refused key at once, without the key', async () => {
    const { ask, refusals } = await proxied((response) => {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: `Incorrect API key: ${KEY}` } }));
    });
    expect((await ask()).status).toBe(401);
    expect(refusals).toEqual(['401 Incorrect API key: ***']);
  });

  it('sends no key if there is none', async () => {
    const answer: Answer = (response) => {
      response.writeHead(403, { 'content-type': 'application/json' });
      response.end('{"error":{"message":"Who are you?"}}');
    };
    const { ask, received, refusals } = await proxied(answer, { apiKey: '' });
    await ask();
    expect(JSON.stringify(received[0]?.headers)).not.toMatch(/authorization|api-key/);
    expect(refusals).toEqual(['403 Who are you?']);
  });

  it('passes other errors through', async () => {
    const { ask, refusals } = await proxied((response) => {
      response.writeHead(503, { 'x-request-id': 'r' });
      response.end('busy');
    });
    expect(await ask()).toMatchObject({
      status: 503,
      body: 'busy',
      headers: { 'x-request-id': 'r' },
    });
    expect(refusals).toEqual([]);
  });

  it('waits if the API asks to, a few times', async () => {
    const { ask, received } = await proxied((response) => {
      response.writeHead(429, { 'retry-after': '0' });
      response.end('slow');
    });
    expect((await ask()).status).toBe(429);
    expect(received).toHaveLength(6);
  });

  it.each(['86400', '-1', 'Wed, 21 Oct 2026 07:28:00 GMT'])(
    'does not wait for %s',
    async (retryAfter) => {
      const { ask, received } = await proxied((response) => {
        response.writeHead(429, { 'retry-after': retryAfter });
        response.end('slow');
      });
      expect((await ask()).status).toBe(429);
      expect(received).toHaveLength(1);
    },
  );

  it('cuts its answer if the API cuts it', async () => {
    const { ask } = await proxied((response) => {
      response.writeHead(200);
      response.write('half');
      setTimeout(() => response.destroy(), 20);
    });
    expect((await ask()).body).toBe('half (cut)');
  });

  it('says so if there is nobody', async () => {
    const { ask } = await proxied(streamed, {
      endpoint: new URL('http://127.0.0.1:1/v1/responses'),
    });
    expect(await ask()).toMatchObject({
      status: 502,
      body: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe("the guardian's answer", () => {
  const guardian = asking({
    model: 'codex-auto-review',
    text: { format: { schema: { properties: { risk_level: {}, outcome: {} } } } },
  });

  it('is held until it has been ruled on, and can be replaced', async () => {
    const { ask, proxy } = await proxied(streamed);
    let rulings = 0;
    proxy.guardianRuling = async () => (rulings++ === 0 ? 'replaced' : null);
    expect((await ask({ body: guardian })).body).toBe('replaced');
    expect((await ask({ body: guardian })).body).toContain('response.completed');
    expect(proxy.askedModel).toBeNull();
  });

  it('alone is held', async () => {
    const { ask, proxy } = await proxied(streamed);
    proxy.guardianRuling = async () => 'replaced';
    expect((await ask()).body).toContain('response.completed');
  });

  it('is not given if the ruling fails', async () => {
    const { ask, proxy } = await proxied(streamed);
    proxy.guardianRuling = () => Promise.reject(new Error('gone'));
    expect((await ask({ body: guardian })).status).toBe(502);
  });
});

describe('what a request may ask for', () => {
  const local = [
    { type: 'function', name: 'f', parameters: { properties: { image_url: { type: 'string' } } } },
    { type: 'custom', name: 'c' },
  ];
  const inItem = (tools: object[]) => ({
    input: [{ type: 'additional_tools', role: 'developer', tools }],
  });
  const message = (part: object) => ({ input: [{ type: 'message', content: [part] }] });

  it.each([
    ['tools of Codex', { tools: local }],
    ['none', { tools: null }],
    ['tools of Codex in the input', inItem([{ type: 'namespace', name: 'n', tools: local }])],
    ['a picture', message({ type: 'input_image', image_url: 'data:image/png;base64,AA==' })],
    ['text that looks like more', message({ type: 'input_text', text: '{"tools":["mcp"]}' })],
    ['text', { input: 'hello' }],
  ])('is %s', async (_, more) => {
    const { ask, received } = await proxied(streamed);
    expect((await ask({ body: asking(more) })).status).toBe(200);
    expect(received).toHaveLength(1);
  });

  const remote = { type: 'mcp', server_label: 'x', server_url: 'https://evil.example/mcp' };
  const search = { type: 'web_search' };
  it.each([
    ['a remote server', { tools: [...local, remote] }, /tool mcp/],
    ['a hosted tool', { tools: [search] }, /tool web_search/],
    ['one in the input', inItem([...local, search]), /tool web_search/],
    ['one in a group', inItem([{ type: 'namespace', tools: [search] }]), /tool web_search/],
    [
      'one in a group in a group',
      { tools: [{ type: 'namespace', tools: [{ type: 'namespace', tools: [search] }] }] },
      /tool web_search/,
    ],
    ['a tool without a type', { tools: [{}] }, /tool undefined/],
    ['no tool at all', { tools: [null] }, /tool undefined/],
    ['tools that are no list', { tools: search }, /no list/],
    [
      'a picture that is an address',
      message({ type: 'input_image', image_url: 'https://evil.example/?d=secret' }),
      /image_url/,
    ],
    ['one in another form', message({ image_url: { url: 'https://evil.example/' } }), /image_url/],
    ['a file that is an address', message({ file_url: 'HTTPS://evil.example/' }), /file_url/],
    ['a stored file', message({ type: 'input_file', file_id: 'file-1' }), /file/],
    ['to be kept', { store: true }, /stored/],
    ['nothing about that', { store: undefined }, /stored/],
    ['to go on alone', { background: true }, /background/],
    ['a conversation', { conversation: 'conv_1' }, /conversation/],
    ['an earlier answer', { previous_response_id: 'resp_1' }, /previous_response_id/],
    ['a stored prompt', { prompt: { id: 'pmpt_1' } }, /prompt/],
    ['no model', { model: undefined }, /no model/],
    ['a list of models', { model: ['gpt-5.5'] }, /no model/],
  ])('is not %s', async (_, more, why) => {
    const { ask, received, proxy } = await proxied(streamed);
    const told: string[] = [];
    proxy.onObjection = (objection) => told.push(objection);
    expect(await ask({ body: asking(more) })).toMatchObject({
      status: 400,
      body: expect.stringMatching(why),
    });
    expect(received).toEqual([]);
    expect(told).toEqual([expect.stringMatching(why)]);
  });

  it('is looked at however deep it lies', async () => {
    const { ask, received } = await proxied(streamed);
    const deep = 100_000;
    const input = `${'['.repeat(deep)}{"image_url":"https://evil.example/"}${']'.repeat(deep)}`;
    const body = `{"model":"m","store":false,"input":${input}}`;
    expect((await ask({ body })).status).toBe(400);
    expect(received).toEqual([]);
  });

  it('leaves as it was looked at, if a key is there twice', async () => {
    const { ask, received } = await proxied(streamed);
    const twice = `{"model":"m","store":false,"tools":[${JSON.stringify(remote)}],"tools":[]}`;
    expect((await ask({ body: twice })).status).toBe(200);
    expect(received[0]?.body).toBe('{"model":"m","store":false,"tools":[]}');
  });

  it('is one model, whoever asks, the guardian aside', async () => {
    const { ask, received, proxy } = await proxied(streamed);
    const told: string[] = [];
    proxy.onObjection = (objection) => told.push(objection);
    const statuses: number[] = [];
    for (const body of [asking(), asking({ model: 'gpt-6-astra' }), asking()]) {
      statuses.push((await ask({ body })).status);
    }
    expect(statuses).toEqual([200, 400, 200]);
    expect(received).toHaveLength(2);
    expect(told).toEqual([expect.stringContaining('it asks gpt-6-astra, and this run gpt-5.5')]);
    expect(proxy.askedModel).toBe('gpt-5.5');
  });

  it('is told of a few times, and refused for ever', async () => {
    const { ask, proxy } = await proxied(streamed);
    let told = 0;
    proxy.onObjection = () => told++;
    for (let i = 0; i < 25; i++) {
      expect((await ask({ body: asking({ background: true }) })).status).toBe(400);
    }
    expect(told).toBe(20);
  });
});

describe('a request', () => {
  it('waits until it is admitted', async () => {
    const gate = Promise.withResolvers<boolean>();
    const { ask, received } = await proxied(streamed, { admit: () => gate.promise });
    const answer = ask();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(received).toEqual([]);
    gate.resolve(true);
    expect((await answer).status).toBe(200);
  });

  it('whose sender is gone by the time it is admitted never leaves', async () => {
    const gate = Promise.withResolvers<boolean>();
    const asked = Promise.withResolvers<void>();
    const admit = () => {
      asked.resolve();
      return gate.promise;
    };
    const { cutOff, received, proxy } = await proxied(streamed, { admit });
    const cut = cutOff();
    await asked.promise;
    await cut();
    gate.resolve(true);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(received).toEqual([]);
    expect(proxy.askedModel).toBeNull();
  });

  it('whose sender is gone is not sent a second time after the API asked to wait', async () => {
    const sent = Promise.withResolvers<void>();
    const wait: Answer = (response) => {
      response.writeHead(429, { 'retry-after': '1' });
      response.end('{}');
      sent.resolve();
    };
    const { cutOff, received } = await proxied(wait);
    const cut = cutOff();
    await sent.promise;
    await new Promise((resolve) => setTimeout(resolve, 200));
    await cut();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(received).toHaveLength(1);
  });

  it('that is not admitted never leaves', async () => {
    const { ask, received } = await proxied(streamed, { admit: async () => false });
    expect((await ask()).status).toBe(403);
    expect(received).toEqual([]);
  });
});
