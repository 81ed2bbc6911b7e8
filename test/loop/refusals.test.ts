/** GitHub says no, or not now: what becomes of the run, and of the label. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Permissions, WORKFLOW } from '../support/github/index.ts';
import { type Loop, label } from '../support/loop/loop.ts';
import { shareLoop } from '../support/loop/shared.ts';
import type { States } from '../support/loop/states.ts';
import { startProxy } from '../support/proxy.ts';

let loop: Loop;
let states: States;

beforeAll(async () => {
  ({ loop, states } = await shareLoop('planned'));
});
afterEach(() => {
  loop.github.faults.clear();
  expect(loop.github.violations).toEqual([]);
  states.planned();
});

const secondary = 'You have exceeded a secondary rate limit. Please wait a few minutes.';
const primary = 'API rate limit exceeded for installation ID 41898282.';

describe('a rate limit', () => {
  it('is waited for, whoever meets it', async () => {
    const limit = { status: 403, message: secondary, retryAfter: 1 };
    const rest = loop.github.fault({ method: 'POST', path: /\/comments$/, ...limit });
    const graphql = loop.github.fault({ path: '/graphql', ...limit });
    const step = await loop.plan();
    expect(step).toMatchObject({ decision: 'planned', status: 0 });
    expect([rest.hits, graphql.hits]).toEqual([1, 1]);
    expect(step.log).toContain(
      `GitHub takes no more requests for now ("${secondary}"): waiting 1 s.`,
    );
  });

  it('that lasts too long ends the run with the time, and leaves the label', async () => {
    const reset = Date.parse(loop.github.clock.iso) / 1000 + 3000;
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) };
    loop.github.fault({ graphql: /policyPath/, status: 403, message: primary, headers, times: 9 });
    const step = await loop.approve();
    expect(step).toMatchObject({ decision: 'failed', reason: 'api-unavailable' });
    const again = new Date((reset + 1) * 1000).toISOString().slice(0, 19);
    expect(step.log).toContain(`${primary}". Run the job again after ${again}Z.`);
    expect(loop.pull.labels).toEqual([label]);
  });
});

describe('a refusal', () => {
  it('is told in GitHub’s words, and leaves the label', async () => {
    loop.repo.owner.ipAllowList = true;
    const step = await loop.approve();
    loop.repo.owner.ipAllowList = false;
    expect(step).toMatchObject({ decision: 'denied', reason: 'github-refused' });
    expect(step.log).toContain('has an IP allow list enabled');
    expect(loop.pull.labels).toEqual([label]);
  });

  it('that is known beforehand costs no model', async () => {
    const calls = loop.model.callsOf('edit').length;
    loop.repo.as('carol').lock(1);
    const step = await loop.approve();
    loop.repo.as('carol').unlock(1);
    expect(step).toMatchObject({ decision: 'denied', reason: 'github-refused' });
    expect(loop.pull.labels).toEqual([label]);
    expect(loop.model.callsOf('edit')).toHaveLength(calls);
  });
});

describe('a permission that a job lacks', () => {
  const all: Permissions = {
    actions: 'read',
    contents: 'read',
    issues: 'write',
    'pull-requests': 'write',
  };
  const without = (name: string): Permissions => ({ ...all, [name]: 'none' });

  it('is named by a plan', async () => {
    const request = loop.repo.as('alice').comment(1, '/codex add a tax');
    const planned = await loop.step('plan', request, { permissions: without('pull-requests') });
    expect(planned).toMatchObject({ reason: 'permission-missing', status: 1 });
    expect(planned.log).toMatch(/Give the job permissions: .*pull-requests: write/);
  });

  it('is named by an approval, which keeps the label for another try', async () => {
    loop.github.clock.advance({ minutes: 1 });
    const labelled = loop.repo.as('bob').label(1, label);
    const approved = await loop.step('approve', labelled, { permissions: without('actions') });
    expect(approved).toMatchObject({ reason: 'permission-missing', status: 1 });
    expect(approved.log).toMatch(/Give the job permissions: actions: read/);
    expect(loop.pull.labels).toEqual([label]);
  });
});

describe('behind a company’s proxy', () => {
  it('evidence is read through it, from where it alone knows the way to', async () => {
    const { storageUrl } = loop.github;
    const proxy = await startProxy(storageUrl);
    const stop = loop.github.fault({
      path: /\/artifacts\/\d+\/zip$/,
      times: 99,
      redirect: (location) => location.replace(storageUrl, 'http://storage.company.example'),
    });
    // Without a scheme, as curl takes it, too.
    const http_proxy = proxy.url.replace('http://127.0.0.1', 'localhost');
    const env = { http_proxy, no_proxy: '127.0.0.1' };
    const event = loop.repo.as('carol').dispatch(WORKFLOW);
    const inputs = { 'pull-request': '1', 'openai-api-key': '' };
    const step = await loop.step('refresh', event, { env, inputs });
    expect(step).toMatchObject({ decision: 'refreshed', status: 0 });
    expect(stop.hits).toBeGreaterThan(0);
    expect(proxy.asked.join('\n')).toContain('storage.company.example');
    expect(proxy.authorizations).toEqual([]);
    await proxy.close();
  });
});
