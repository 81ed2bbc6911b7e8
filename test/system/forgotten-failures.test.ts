import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const subject = new URL('../../src/system/forgotten-failures.ts', import.meta.url).href;

/** In a process that Vitest does not watch: its own listener would take each failure for one of the test. */
function play(body: string): string {
  const script = `
    import { setImmediate as turn } from 'node:timers/promises';
    import { watchUnhandledRejections } from '${subject}';
    const watch = watchUnhandledRejections();
    ${body}`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

describe('a failure that no code waits for', () => {
  it('is thrown when it is asked for, the first of them', () => {
    const said = play(`
      Promise.reject(new Error('one'));
      await turn();
      Promise.reject(new Error('two'));
      await turn();
      try { watch.check(); } catch (error) { console.log(error.message); }`);
    expect(said).toBe('one\n');
  });

  it('is none if it is waited for', () => {
    const said = play(`
      await Promise.reject(new Error('one')).catch(() => {});
      await turn();
      watch.check();
      console.log('none');`);
    expect(said).toBe('none\n');
  });

  it('is none if some code waits for it later', () => {
    const said = play(`
      const late = Promise.reject(new Error('one'));
      await turn();
      await late.catch(() => {});
      await turn();
      watch.check();
      console.log('none');`);
    expect(said).toBe('none\n');
  });

  it('ends the process again after the watch', () => {
    const unwatched = `
      watch.end();
      Promise.reject(new Error('one'));
      await turn();`;
    expect(() => play(unwatched)).toThrow(/Error: one/);
  });
});
