import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';

const helper = new URL('after-process.ts', import.meta.url).href;

it.each([
  ['by itself', ''],
  ['by a signal', 'process.kill(process.pid, "SIGKILL"); await new Promise(() => {});'],
])('folders go with the process that ends %s, and not before', async (_, end) => {
  const folder = mkdtempSync(join(tmpdir(), "it's gone "));
  writeFileSync(join(folder, 'a'), '');
  const program = `
    import { existsSync } from 'node:fs';
    import { removeAfterThisProcess } from ${JSON.stringify(helper)};
    await removeAfterThisProcess([${JSON.stringify(folder)}]);
    await new Promise((done) => setTimeout(done, 50));
    console.log(existsSync(${JSON.stringify(folder)}));
    ${end}`;
  const said = await new Promise((resolve) => {
    const args = ['--input-type=module', '-e', program];
    execFile(process.execPath, args, (_error, stdout) => resolve(stdout));
  });
  expect(said).toBe('true\n');
  await vi.waitFor(() => expect(existsSync(folder)).toBe(false), { timeout: 60_000 });
});
