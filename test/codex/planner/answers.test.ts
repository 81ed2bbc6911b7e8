import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cut, hang, noQuota, refuse } from '../../support/model/index.ts';
import { once } from '../../support/once.ts';
import { expectNoneLeft, KEY, PLAN } from '../setting.ts';
import { propose } from './propose.ts';

const PROSE = 'I would rather not.';

describe('an answer of the model', () => {
  /** One run: an error, a request to wait, and then prose. */
  const late = once(async () => {
    const wait = refuse(429, 'Rate limit reached', { 'retry-after': '1' });
    const { proposal, model } = await propose({ plan: [refuse(500), wait, PROSE] });
    const began = performance.now();
    const { answer } = await proposal();
    return { answer, calls: model.calls.length, seconds: (performance.now() - began) / 1000 };
  });

  it('may come after an error that passes', async () => {
    expect(await late()).toMatchObject({ answer: PROSE, calls: 3 });
  });

  it('may come after the API asked to wait', async () => {
    const { answer, calls, seconds } = await late();
    expect({ answer, calls }).toEqual({ answer: PROSE, calls: 3 });
    expect(seconds).toBeGreaterThan(1);
  });

  it('is given back when it is prose: somebody else judges it', async () => {
    expect((await late()).answer).toBe(PROSE);
  });

  it('is not waited for if the account has no money left', async () => {
    const { proposal, model } = await propose({ plan: () => noQuota });
    await expect(proposal()).rejects.toMatchObject({
      reason: 'codex-failed',
      message: expect.stringContaining('Quota'),
    });
    expect(model.calls).toHaveLength(1);
  });

  it('that says nothing is a failure', async () => {
    const { proposal } = await propose({ plan: [[]] });
    await expect(proposal()).rejects.toMatchObject({ reason: 'codex-failed' });
  });

  it.each([401, 403])('that refuses the key (%i) ends the run at once', async (status) => {
    const { proposal, model } = await propose({
      plan: () => refuse(status, `Incorrect API key provided: ${KEY}`),
    });
    await expect(proposal()).rejects.toMatchObject({
      reason: 'codex-failed',
      message: expect.stringMatching(/refused the key .*Incorrect API key provided: \*\*\*/),
    });
    expect(model.calls.length).toBeLessThan(4);
  });

  it('that never comes is a timeout, with nothing left behind', async () => {
    const { proposal, options } = await propose({ plan: [hang] }, { timeoutMs: 2_500 });
    await expect(proposal()).rejects.toMatchObject({ reason: 'codex-timeout' });
    await expectNoneLeft(options.temporary);
    expect(readdirSync(options.temporary)).toEqual([]);
  });

  it('that fails for good is a failure, once Codex has given up', async () => {
    const failing = [
      [refuse(500), ''],
      [refuse(429, 'slow', { 'retry-after': '0' }), ''],
      [cut, 'stream'],
    ] as const;
    const runs = failing.map(async ([failure, said]) => {
      const { proposal, model } = await propose({ plan: () => failure }, { timeoutMs: 240_000 });
      await expect(proposal()).rejects.toMatchObject({
        reason: 'codex-failed',
        message: expect.stringContaining(said),
      });
      expect(model.calls.length).toBeGreaterThan(4);
    });
    await Promise.all(runs);
  });

  it('to a request that the API calls wrong is a failure that says why', async () => {
    const { proposal } = await propose({ plan: () => refuse(400, 'The model `x` does not exist') });
    await expect(proposal()).rejects.toMatchObject({
      reason: 'codex-failed',
      message: expect.stringContaining('The model `x` does not exist'),
    });
  });
});

it('a missing key is a wrong configuration', async () => {
  const { proposal, model } = await propose({ plan: [PLAN] }, { apiKey: '', endpoint: null });
  await expect(proposal()).rejects.toMatchObject({ reason: 'config-invalid' });
  expect(model.calls).toEqual([]);
});

it.each([
  'ftp://x/v1/responses',
  'nonsense',
  'https://user:pass@host/v1/responses',
  'http://host/v1/responses',
  'http://127.0.0.1.example/v1/responses',
  'http://localhost.example/v1/responses',
  'http://10.0.0.1/v1/responses',
])('the endpoint %s is a wrong configuration', async (endpoint) => {
  const { proposal } = await propose({}, { endpoint });
  await expect(proposal()).rejects.toMatchObject({ reason: 'config-invalid' });
});
