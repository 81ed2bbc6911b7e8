import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hang, type ModelCall, outputs, run, startModel } from '../../support/model/index.ts';
import { commandLines, onDisk, PLAN } from '../setting.ts';

const { folder, repository } = onDisk;

const ACTION = join(import.meta.dirname, '../action.ts');
const NOBODY = 65534;

function action(args: readonly string[], user: { uid?: number; gid?: number } = {}) {
  return spawn(process.execPath, [ACTION, ...args], {
    env: { PATH: process.env.PATH, SECRET_OF_THE_ACTION: 'canary' },
    stdio: ['ignore', 'pipe', 'inherit'],
    ...user,
  });
}

async function output(child: ReturnType<typeof action>): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout ?? []) text += chunk;
  return text.trim();
}

/** Root alone can become somebody else, and that one has to reach this checkout: in root's own home nobody does. */
function reachesCheckout(uid: number): boolean {
  if (process.getuid?.() !== 0) return false;
  const look = ['-e', 'require("node:fs").accessSync(process.argv[1])', import.meta.filename];
  return spawnSync(process.execPath, look, { uid, gid: uid, stdio: 'ignore' }).status === 0;
}

describe('the box', () => {
  it.skipIf(!reachesCheckout(NOBODY))(
    'holds for an ordinary user as it does for root',
    async () => {
      const look = 'id -u; env; cat /proc/*/environ; echo x > /workspace/x; ls / /proc | wc -l';
      const model = await startModel({ plan: [run(look), PLAN] });
      onTestFinished(() => model.close());
      const [workspace, temporary] = [repository(), folder()];
      execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, workspace]);
      chownSync(temporary, NOBODY, NOBODY);
      const child = action([model.endpoint, workspace, temporary], { uid: NOBODY, gid: NOBODY });
      expect(await output(child)).toBe(PLAN);
      const [seen = ''] = outputs(model.calls[1] as ModelCall);
      expect(seen).toContain(`${NOBODY}\n`);
      expect(seen).toContain('Read-only file system');
      expect(seen).not.toMatch(/canary|CODEX_GATE_TOKEN|sk-of/);
      expect(readdirSync(temporary)).toEqual([]);
    },
  );

  it('ends with the action, however that ends', async () => {
    const model = await startModel({ plan: [hang] });
    onTestFinished(() => model.close());
    const temporary = folder();
    const child = action([model.endpoint, repository(), temporary]);
    const mine = () => commandLines().filter((line) => line.includes(`${temporary}/codex-`));
    while (model.calls.length === 0) await sleep(20);
    expect(mine().length).toBeGreaterThan(0);
    child.kill('SIGKILL');
    await expect.poll(mine, { timeout: 60_000 }).toEqual([]);
  });
});
