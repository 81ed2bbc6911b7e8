import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { boxUser, handOver, letRead } from '../../../src/codex/box/box-user.ts';
import { createPlanner } from '../../../src/codex/planner/planner.ts';
import { repositoryOf } from '../../../src/system/workspace-folders.ts';
import { type ModelCall, outputs, run } from '../../support/model/index.ts';
import { onDisk, PLAN } from '../setting.ts';

const { folder, repository, setting } = onDisk;

const isRoot = process.getuid?.() === 0;

const given = (changes: Partial<Parameters<typeof handOver>[0]> = {}) => {
  const workspace = repository();
  return {
    own: [],
    workspace,
    writable: true,
    repository: repositoryOf(workspace),
    shown: [],
    temporary: folder(),
    ...changes,
  };
};

describe('the user of the box', () => {
  it('is never root', async () => {
    expect(boxUser === null).toBe(!isRoot);
    const { options, model } = await setting({
      plan: [run('id -u; cat /proc/self/uid_map'), PLAN],
    });
    const planner = createPlanner({ ...options, enforcement: 'before-write' });
    await planner.propose({
      workspace: repository(),
      prompt: 'Plan\n',
      anchor: null,
      purpose: 'plan',
      instructions: null,
      struck: [],
    });
    const [seen = ''] = outputs(model.calls[1] as ModelCall);
    const own = isRoot ? 65_534 : process.getuid?.();
    expect(seen).toContain(`\n${own}\n`);
  });

  describe.skipIf(!isRoot)('if the action is root', () => {
    it('is given the workspace, not its repository, and nothing that a link leads to', async () => {
      const elsewhere = join(folder(), 'file');
      writeFileSync(elsewhere, 'x');
      const all = given();
      mkdirSync(join(all.workspace, 'deep/er'), { recursive: true });
      symlinkSync(elsewhere, join(all.workspace, 'deep/link'));
      await handOver(all);
      const owner = (path: string) => statSync(path).uid;
      expect(owner(all.workspace)).toBe(65_534);
      expect(owner(join(all.workspace, 'deep/er'))).toBe(65_534);
      expect(owner(join(all.repository, 'HEAD'))).toBe(0);
      expect(owner(elsewhere)).toBe(0);
    });

    it('reads a repository that only root could read', async () => {
      const all = given();
      chmodSync(all.repository, 0o700);
      chmodSync(join(all.repository, 'HEAD'), 0o600);
      await handOver(all);
      expect(statSync(all.repository).mode & 0o777).toBe(0o705);
      expect(statSync(join(all.repository, 'HEAD')).mode & 0o777).toBe(0o604);
    });

    it('is not given a workspace that it only reads, and can read all of it', async () => {
      const all = given({ writable: false });
      await handOver(all);
      expect(statSync(join(all.workspace, 'a.txt')).uid).toBe(0);
      const modeOf = (path: string) => statSync(path).mode & 0o777;
      chmodSync(join(all.repository, 'HEAD'), 0o600);
      chmodSync(all.workspace, 0o700);
      chmodSync(join(all.workspace, 'a.txt'), 0o600);
      await letRead(all);
      expect([modeOf(all.workspace), modeOf(join(all.workspace, 'a.txt'))]).toEqual([0o705, 0o604]);
      expect(modeOf(join(all.repository, 'HEAD'))).toBe(0o604);
    });

    it('passes through the private folders of the action, and through no other', async () => {
      const temporary = folder();
      const inside = join(temporary, 'a/b');
      mkdirSync(inside, { recursive: true });
      for (const path of [temporary, join(temporary, 'a')]) chmodSync(path, 0o700);
      await handOver(given({ temporary, shown: [join(inside, 'c')] }));
      writeFileSync(join(inside, 'c'), '');
      await handOver(given({ temporary, shown: [join(inside, 'c')] }));
      expect(statSync(temporary).mode & 0o777).toBe(0o711);
      expect(statSync(join(temporary, 'a')).mode & 0o777).toBe(0o711);

      const foreign = folder();
      writeFileSync(join(foreign, 'c'), '');
      chmodSync(foreign, 0o700);
      await expect(handOver(given({ shown: [join(foreign, 'c')] }))).rejects.toMatchObject({
        reason: 'sandbox-unavailable',
        message: expect.stringContaining(`cannot pass through ${foreign}`),
      });
      expect(statSync(foreign).mode & 0o777).toBe(0o700);
    });
  });
});
