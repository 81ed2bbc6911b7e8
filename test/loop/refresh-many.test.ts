/** A repository with 300 open pull requests, 20 of them with a plan, and the allowance of a job's token. */
import { afterAll, expect, it } from 'vitest';
import { WORKFLOW } from '../support/github/index.ts';
import { type Loop, type StepInLoop, startLoop } from '../support/loop/loop.ts';

let loop: Loop;
afterAll(() => loop.close());

const counted = ({ requests }: StepInLoop) => {
  const asked = new Set(requests);
  return loop.github.counted().filter((one) => asked.has(one)).length;
};
const many = ({ outputs }: StepInLoop) => JSON.parse(outputs.result ?? '{}');

it('are told within the allowance', { timeout: 900_000 }, async () => {
  loop = await startLoop({ scripted: true });
  const planned = 20;
  const open = 300;
  for (let n = 2; n <= open; n++) {
    loop.repo.openPullRequest({ author: 'frank', files: { [`notes/${n}.md`]: `${n}\n` } });
  }
  for (let number = 1; number <= planned; number++) {
    const event = loop.repo.as('alice').comment(number, '/codex add a tax');
    expect(await loop.step('plan', event)).toMatchObject({ decision: 'planned' });
  }
  for (let number = planned + 1; number <= open; number++) {
    loop.repo.statuses.push({
      id: 1_000_000 + number,
      sha: loop.repo.pull(number).head.sha,
      state: 'success',
      context: 'codex-plan',
      description: 'No Codex plan.',
      targetUrl: null,
      creator: loop.github.user('github-actions[bot]'),
      createdAt: loop.github.clock.iso,
    });
  }
  loop.github.clock.advance({ hours: 1 });

  const push = loop.repo.as('bob').pushed('main', { 'src/other.ts': 'export {};\n' });
  const untouched = await loop.step('refresh', push);
  expect(untouched).toMatchObject({ decision: 'refreshed', status: 0 });
  expect(many(untouched)).toMatchObject({ pull_requests: [], left_pull_requests: [] });
  expect(counted(untouched)).toBeLessThan(400);

  loop.github.clock.advance({ hours: 1 });
  const touching = loop.repo.as('bob').pushed('main', { 'src/cart.ts': 'export {};\n' });
  const touched = await loop.step('refresh', touching);
  expect(touched).toMatchObject({ decision: 'refreshed', status: 0 });
  expect(many(touched).pull_requests).toHaveLength(planned);
  expect(many(touched).left_pull_requests).toEqual([]);
  expect(counted(touched)).toBeLessThan(750);

  loop.github.clock.advance({ hours: 1 });
  const nightly = await loop.step('refresh', loop.repo.as('carol').schedule(WORKFLOW));
  expect(nightly).toMatchObject({ decision: 'refreshed', status: 0 });
  expect(many(nightly).left_pull_requests).toEqual([]);
  expect(counted(nightly)).toBeLessThan(750);
});
