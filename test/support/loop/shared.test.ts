import { existsSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { endFile } from '../files/at-end.ts';
import { exampleScript, label } from './loop.ts';
import { shareLoop } from './shared.ts';

it('gives each file the same loop, and plays each state once', async () => {
  const first = await shareLoop('approved');
  await endFile();
  const again = await shareLoop('approved');
  expect(again.loop.repo).toBe(first.loop.repo);
  expect(again.steps.map(({ decision }) => decision)).toEqual(['planned', 'approved']);
  expect(again.steps).toEqual(first.steps);
  for (const { job } of first.steps) expect(existsSync(job.folder)).toBe(true);
  expect(again.loop.pull.labels).toEqual([label]);
  again.states.planned();
  expect(again.loop.pull.labels).toEqual([]);
});

it('gives no file what another one did', async () => {
  const { loop } = await shareLoop('planned');
  const { job } = await loop.approve();
  loop.model.follow({ plan: ['x'] });
  loop.github.fault({ status: 500 });
  loop.github.onRequest(() => {});
  loop.repo.fork('mallory');
  Object.assign(loop.github, { pageLimit: 1 });
  loop.github.clock.advance({ hours: 30 });
  await endFile();

  expect(existsSync(job.folder)).toBe(false);
  const { github, repo, pull, model } = (await shareLoop('fresh')).loop;
  expect({ pageLimit: github.pageLimit, time: github.clock.iso }).toEqual({
    pageLimit: 100,
    time: '2026-03-02T09:00:00Z',
  });
  expect([...github.faults.active, ...github.requests, ...model.calls]).toEqual([]);
  expect(github.repositories).toEqual([repo]);
  expect([...pull.comments, ...pull.labels]).toEqual([]);
  expect(model.present.script).toBe(exampleScript);
});

it('is not closed by a file', async () => {
  const { loop } = await shareLoop('fresh');
  await loop.close();
  expect((await fetch(`${loop.github.apiUrl}/repos/octo/shop`)).status).toBe(200);
});

it('follows the script of a file from each state on, and no longer than the file', async () => {
  const script = { plan: ['x'] };
  const { loop, states } = await shareLoop('planned', script);
  expect(loop.model.present.script).toBe(script);
  states.fresh();
  expect(loop.model.present.script).toBe(script);
  await shareLoop('planned');
  expect(loop.model.present.script).toBe(exampleScript);
});

it('does not return to a state that another file has played', async () => {
  await shareLoop('verified');
  const { states } = await shareLoop('planned');
  expect(() => states.verified()).toThrow('the loop was played to planned, and no further');
});

it('fails the file that did what GitHub does not allow, and no other', async () => {
  const { loop } = await shareLoop('fresh');
  onTestFinished(() => void loop.github.violations.splice(0));
  loop.github.violations.push('x');
  await expect(endFile()).rejects.toThrow('x');
  await shareLoop('fresh');
  await endFile();
});
