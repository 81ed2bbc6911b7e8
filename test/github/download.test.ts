/** Artifacts come from another host: through a company's proxy where there is one, and without the token. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GitHubArtifacts } from '../../src/github/artifacts.ts';
import { download } from '../../src/github/download.ts';
import { type CompanyProxy, startProxy } from '../support/proxy.ts';
import { openStage } from './stage.ts';

const stage = openStage();

const content = Buffer.from('the content');
const maxBytes = 100;
let proxy: CompanyProxy;

beforeEach(async () => {
  proxy = await startProxy(stage.github.storageUrl);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await proxy.close();
});

const read = (location: string) => download(location, 'Artifact 1', { maxBytes, pause: 1 });

/** An artifact in the embedded GitHub's storage, and its signed address. */
function stored(bytes = content): string {
  const { blobs } = stage.github;
  return blobs.sign(
    blobs.expose(() => bytes),
    'r',
  );
}

/** The same address under a name that only the proxy knows. */
function behindProxy(scheme: 'http' | 'https' = 'http'): string {
  const { pathname, search } = new URL(stored());
  return `${scheme}://storage.company.example${pathname}${search}`;
}

describe('a download', () => {
  it.each(['http_proxy', 'HTTP_PROXY'])('goes through the proxy that %s names', async (name) => {
    vi.stubEnv(name, proxy.url);
    expect(Buffer.from(await read(behindProxy()))).toEqual(content);
    expect(proxy.asked).toHaveLength(1);
    expect(proxy.authorizations).toEqual([]);
  });

  it('goes through the proxy for the addresses of https, by CONNECT', async () => {
    vi.stubEnv('https_proxy', proxy.url);
    await expect(read(behindProxy('https'))).rejects.toMatchObject({ reason: 'api-unavailable' });
    expect(proxy.asked).toContain('CONNECT storage.company.example:443');
  });

  it('goes past it if NO_PROXY says so', async () => {
    vi.stubEnv('http_proxy', proxy.url);
    vi.stubEnv('no_proxy', 'elsewhere.example,company.example');
    await expect(read(behindProxy())).rejects.toMatchObject({ reason: 'api-unavailable' });
    expect(proxy.asked).toEqual([]);
  });

  it('carries no token', async () => {
    expect(Buffer.from(await read(stored()))).toEqual(content);
    expect(stage.github.requests.at(-1)).toMatchObject({ service: 'storage', authorization: null });
  });

  it('is tried again in trouble, and given up', async () => {
    stage.github.fault({ status: 503, times: 2 });
    expect(Buffer.from(await read(stored()))).toEqual(content);
    stage.github.fault({ drop: true });
    expect(Buffer.from(await read(stored()))).toEqual(content);
    const fault = stage.github.fault({ status: 503, times: 9 });
    await expect(read(stored())).rejects.toMatchObject({ reason: 'api-unavailable' });
    expect(fault.hits).toBe(3);
  });

  it.each([408, 429])('is tried again if the store has no time: %i', async (status) => {
    stage.github.fault({ status, times: 2 });
    expect(Buffer.from(await read(stored()))).toEqual(content);
  });

  it('is not tried again if it is refused', async () => {
    const fault = stage.github.fault({ status: 403, times: 9 });
    await expect(read(stored())).rejects.toMatchObject({ reason: 'api-unavailable' });
    expect(fault.hits).toBe(1);
  });

  it('ends if it is too large', async () => {
    await expect(read(stored(Buffer.alloc(maxBytes + 1)))).rejects.toMatchObject({
      reason: 'artifact-invalid',
    });
    expect(await read(stored(Buffer.alloc(maxBytes)))).toHaveLength(maxBytes);
  });
});

describe('the list of artifacts', () => {
  const store = () =>
    new GitHubArtifacts(stage.client, stage.job.temp, stage.job, 1, { pause: 1, attempts: 5 });
  const add = () => stage.repo.artifacts.add({ name: 'x', run: stage.job.run, content });
  const ids = (listed: readonly { id: number }[]) => listed.map(({ id }) => id);

  it('is read again until it has what must be there', async () => {
    const [old, late] = [add(), add()];
    stage.github.fault({ path: /artifacts/, lag: 1, times: 3 });
    const found = await store().find(['x'], 'all', (listed) =>
      listed.some(({ id }) => id === late.id),
    );
    expect(ids(found)).toEqual([late.id, old.id]);
    expect(stage.github.requests.map(({ status }) => status)).toEqual([200, 304, 304, 200]);
    expect(stage.github.counted()).toHaveLength(2);
  });

  it('is what it is, if nothing must be there, or what must be never comes', async () => {
    const only = add();
    expect(ids(await store().find(['x'], 'all'))).toEqual([only.id]);
    expect(stage.github.requests).toHaveLength(1);
    expect(ids(await store().find(['x'], 'all', () => false))).toEqual([only.id]);
    expect(stage.github.requests).toHaveLength(6);
  });
});
