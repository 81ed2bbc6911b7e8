/** A workflow that gives its command, its label and its artifacts other names than the usual ones. */
import { expect, it } from 'vitest';
import { shareLoop } from '../support/loop/shared.ts';

it('goes through the whole loop under other names', async () => {
  const { loop } = await shareLoop('fresh');
  const label = 'Ship it! 🚢';
  const inputs = { command: '/Plan_it', label, 'artifact-prefix': 'acme.v2' };
  const as = (login: string) => loop.repo.as(login);
  const step = (...[mode, event]: Parameters<typeof loop.step>) =>
    loop.step(mode, event, { inputs });

  expect(await step('plan', as('alice').comment(1, '/codex add a tax'))).toMatchObject({
    decision: 'ignored',
    reason: 'not-a-command',
  });
  expect(await step('plan', as('alice').comment(1, '/plan_IT add a tax'))).toMatchObject({
    decision: 'planned',
  });
  const comment = loop.pull.comments.at(-1)?.body ?? '';
  expect(comment).toContain(`set the label \`${label}\``);
  expect(comment).toContain('`/Plan_it-withdraw`');
  loop.github.clock.advance({ minutes: 1 });
  const other = await step('approve', as('bob').label(1, 'approved-plan'));
  expect(other).toMatchObject({ decision: 'ignored', reason: 'other-label' });
  const approved = await step('approve', as('bob').label(1, label));
  expect(approved).toMatchObject({ decision: 'approved' });
  const { verify, execute } = loop;
  expect(await verify({ inputs })).toMatchObject({ decision: 'verified' });
  expect(await execute({ inputs })).toMatchObject({ decision: 'executed' });
  expect(loop.pull.labels).toEqual(['approved-plan']);
  expect(
    loop.repo.artifacts
      .list()
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual([
    'acme.v2-approval-1',
    'acme.v2-execution-1',
    'acme.v2-plan-1',
    'acme.v2-verification-1',
  ]);
  const contexts = loop.repo.statuses.map(({ context }) => context);
  expect([...new Set(contexts)]).toEqual(['acme.v2-plan']);
  expect(loop.github.violations).toEqual([]);
});
