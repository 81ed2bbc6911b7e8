/** The variables that name a proxy, read as every other action reads them. */
import { getProxyUrl } from '@actions/http-client';
import { afterEach, expect, it, vi } from 'vitest';
import { completeProxyAddresses, readCompanyProxy } from '../../src/system/company-proxy.ts';

afterEach(() => void vi.unstubAllEnvs());

const host = 'api.company.example';

it.each<[object, string | undefined]>([
  [{ HTTPS_PROXY: 'http://p.example:1' }, 'http://p.example:1'],
  [{ HTTPS_PROXY: 'p.example:1' }, 'http://p.example:1'],
  [{ https_proxy: '', HTTPS_PROXY: 'http://p.example:1' }, 'http://p.example:1'],
  [{ https_proxy: 'http://q.example:1', HTTPS_PROXY: 'http://p.example:1' }, 'http://q.example:1'],
  [{ HTTPS_PROXY: 'http://us%40er:p%3Ass@p.example:1' }, 'http://us%40er:p%3Ass@p.example:1'],
  [{ HTTPS_PROXY: 'http://p.example:1', NO_PROXY: '*' }, undefined],
  [{ HTTPS_PROXY: 'http://p.example:1', NO_PROXY: 'x, *' }, undefined],
  [{ HTTPS_PROXY: 'http://p.example:1', NO_PROXY: `x, ${host}` }, undefined],
  [{ HTTPS_PROXY: 'http://p.example:1', NO_PROXY: `${host}:443` }, undefined],
  [{ HTTPS_PROXY: 'http://p.example:1', NO_PROXY: `${host}:8443` }, 'http://p.example:1'],
  [{ HTTPS_PROXY: 'http://p.example:1', no_proxy: '', NO_PROXY: host }, undefined],
  [{ HTTPS_PROXY: 'http://p.example:1', no_proxy: 'x', NO_PROXY: host }, 'http://p.example:1'],
  [{ HTTPS_PROXY: '' }, undefined],
  [{ ALL_PROXY: 'http://p.example:1', HTTP_PROXY: 'http://p.example:1' }, undefined],
])('leads where the toolkit goes: %j', (env, expected) => {
  for (const name of ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'no_proxy', 'NO_PROXY']) {
    vi.stubEnv(name, '');
  }
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  completeProxyAddresses(process.env);
  const toolkit = getProxyUrl(`https://${host}/`);
  expect(toolkit.replace(/\/$/, '')).toBe(expected ?? '');
  const { https, exceptions } = readCompanyProxy(env as Record<string, string>);
  expect(exceptions.includes(host) ? undefined : https).toBe(expected);
});

it('tells an address from a name with a port', () => {
  const env = { NO_PROXY: '::1, [::2], 10.0.0.1:443, 10.0.0.2:80,, .b.example:443 ' };
  expect(readCompanyProxy(env).exceptions).toEqual(['::1', '[::2]', '10.0.0.1', '.b.example']);
});

it('is one for http, too', () => {
  const env = { HTTP_PROXY: 'p.example', http_proxy: 'socks5://q.example' };
  expect(readCompanyProxy(env).http).toBe('socks5://q.example');
  expect(readCompanyProxy({ HTTP_PROXY: 'p.example' }).http).toBe('http://p.example');
});
