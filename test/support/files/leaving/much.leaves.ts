import { createServer } from 'node:http';
import { it, vi } from 'vitest';

it('passes', () => {
  process.env.OF_A_TEST = 'x';
  process.umask(process.umask() ^ 0o20);
  process.exitCode = 1;
  process.on('SIGUSR2', () => {});
  process.stdout.write = () => true;
  vi.useFakeTimers();
  createServer().listen(0, '127.0.0.1').unref();
});
