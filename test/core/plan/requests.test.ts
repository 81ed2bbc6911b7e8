import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freezePrompt } from '../../../src/core/plan/prompt.ts';
import { joinRequests, type NamedRequest, splitRequests } from '../../../src/core/plan/requests.ts';
import { sha256 } from '../../../src/core/text/digest.ts';
import { runs } from '../../support/properties.ts';

const named = (requests: readonly NamedRequest[]) =>
  requests.map(({ login, text }) => ({ login, sha256: sha256(text) }));
const split = (requests: readonly NamedRequest[], prompt = joinRequests(requests)) =>
  splitRequests(prompt, named(requests));

const ada = { login: 'ada', text: 'add a tax' };
const bob = { login: 'bob', text: 'and a test' };

describe('the requests of a plan', () => {
  it('are one prompt: a single one is its own', () => {
    expect(joinRequests([ada])).toBe('add a tax');
    expect(joinRequests([ada, bob])).toBe(
      'Request 1 of 2 by ada\nadd a tax\n\nRequest 2 of 2 by bob\nand a test',
    );
  });

  it('make a prompt that is normalised as they are', () => {
    const prompt = joinRequests([ada, bob]);
    expect(freezePrompt(prompt, 1)).toBe(prompt);
  });

  /** Texts that look like what stands between two requests. */
  const text = fc
    .array(
      fc.constantFrom('a', '\n', '\n\n', 'Request 1 of 2 by ada\n', 'Request 2 of 2 by bob\n', 'é'),
      { minLength: 1, maxLength: 6 },
    )
    .map((parts) => parts.join(''));
  const requests = fc.array(fc.record({ login: fc.constantFrom('ada', 'bob'), text }), {
    minLength: 1,
    maxLength: 4,
  });

  it('are taken apart as they were put together, whatever they hold', () => {
    fc.assert(
      fc.property(requests, (all) => {
        expect(split(all)).toEqual(all.map((one) => one.text));
      }),
      { numRuns: runs(1000) },
    );
  });

  it.each<[string, string]>([
    ['another text', 'Request 1 of 2 by ada\nadd taxes\n\nRequest 2 of 2 by bob\nand a test'],
    ['another person', 'Request 1 of 2 by eve\nadd a tax\n\nRequest 2 of 2 by bob\nand a test'],
    [
      'another last person',
      'Request 1 of 2 by ada\nadd a tax\n\nRequest 2 of 2 by eve\nand a test',
    ],
    ['another order', joinRequests([bob, ada])],
    ['one more', joinRequests([ada, bob, ada])],
    ['one less', joinRequests([ada])],
    ['something after them', `${joinRequests([ada, bob])}.`],
    ['nothing', ''],
  ])('are not found in a prompt with %s', (_, prompt) => {
    expect(split([ada, bob], prompt)).toBeUndefined();
  });

  it('are not one of another text', () => {
    expect(split([ada], 'add taxes')).toBeUndefined();
  });
});
