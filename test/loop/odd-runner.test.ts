/** Runners that are set up in another way than GitHub's own: through the bundle, with the real CLI. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Loop, startLoop } from '../support/loop/loop.ts';

let loop: Loop;

beforeAll(async () => {
  loop = await startLoop();
});
afterAll(() => loop.close());

it('a strict umask, another language and time, and no home change nothing', async () => {
  const env = {
    NODE_OPTIONS: '--import data:text/javascript,process.umask(0o077)',
    HOME: undefined,
    TZ: 'Pacific/Kiritimati',
    LANG: 'tr_TR.UTF-8',
    LC_ALL: 'tr_TR.UTF-8',
    GIT_DIR: '/nowhere',
    GIT_CONFIG_GLOBAL: '/nowhere',
  };
  const plan = await loop.plan('add a tax', { env });
  expect(plan, plan.log).toMatchObject({ decision: 'planned', status: 0 });
  const approval = await loop.approve({ env });
  expect(approval, approval.log).toMatchObject({ decision: 'approved', status: 0 });
});
