import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

const server = createServer();
beforeAll(() => {
  server.listen(0, '127.0.0.1');
  vi.stubEnv('OF_A_TEST', 'x');
});
afterAll(() => {
  server.close();
  vi.unstubAllEnvs();
});

it('changes the process for as long as it runs', () => {
  expect(process.env.OF_A_TEST).toBe('x');
});
