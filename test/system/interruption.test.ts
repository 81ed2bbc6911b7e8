import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';

const { href } = new URL('../../src/system/interruption.ts', import.meta.url);

/** A process with a task that ends when it is stopped. It says what happens. */
async function signalled(script: string, signals: readonly NodeJS.Signals[]) {
  const program = `
    import { setTimeout as sleep } from 'node:timers/promises';
    const { interruptible } = await import(${JSON.stringify(href)});
    const say = (text) => console.log(text);
    let end = () => {};
    const stopped = new Promise((resolve) => { end = resolve; });
    // Without anything to wait for, the process would end.
    const alive = setTimeout(() => {}, 20_000);
    stopped.then(() => clearTimeout(alive));
    const interrupted = () => new Error('interrupted');
    ${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  let asked = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    // Each is sent once the process says that it is ready for it.
    for (; asked < signals.length && said.split('ready').length > asked + 1; asked++) {
      child.kill(signals[asked]);
    }
  });
  const [code, signal] = await once(child, 'close');
  return { code, signal, said: said.split('\n').filter(Boolean) };
}

const task = `
  const stop = () => { say('stop'); end(); };
  const task = async () => { say('ready'); await stopped; return 'done'; };
  await interruptible(stop, interrupted, task).then(say, ({ message }) => say(message));
  say('ready');
  await sleep(500);
  say('the end');`;

describe('a process that is asked to end', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'stops its task by %s, goes on to its end, and has no good end',
    async (signal) => {
      const { code, said } = await signalled(task, [signal]);
      expect(said).toEqual(['ready', 'stop', 'interrupted', 'ready', 'the end']);
      expect(code).toBe(0);
    },
  );

  it('goes on when it is asked again', async () => {
    const { code, said } = await signalled(task, ['SIGINT', 'SIGTERM']);
    expect(said.slice(0, 4)).toEqual(['ready', 'stop', 'interrupted', 'ready']);
    expect([code, said.at(-1)]).toEqual([0, 'the end']);
  });

  it('ends at once when the task is over', async () => {
    const over = `
      await interruptible(() => say('stop'), interrupted, async () => {});
      await interruptible(() => say('stop'), interrupted, async () => { throw 1; }).catch(() => {});
      say('ready');
      await sleep(20_000);`;
    expect(await signalled(over, ['SIGINT'])).toEqual({
      code: null,
      signal: 'SIGINT',
      said: ['ready'],
    });
  });

  it('fails with the error of the task, if it has one', async () => {
    const failing = `
      const task = async () => { say('ready'); await stopped; throw new Error('of the task'); };
      await interruptible(() => end(), interrupted, task).catch(({ message }) => say(message));`;
    expect((await signalled(failing, ['SIGINT'])).said).toEqual(['ready', 'of the task']);
  });
});
