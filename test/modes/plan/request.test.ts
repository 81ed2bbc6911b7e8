import { describe, expect, it } from 'vitest';
import { readRequest } from '../../../src/modes/plan/request.ts';
import type { Trigger } from '../../../src/ports/run.ts';
import { reasonOf } from '../../support/reason.ts';
import { buildTools, triggers } from '../../support/tools.ts';

const requester = { id: 1, login: 'mona' };
const inputs = { command: '/codex' };

const read = (trigger: Trigger, more: object = {}) =>
  readRequest(buildTools({ run: { trigger } }), { ...inputs, ...more });
const comment = (body: string, more: object = {}): Trigger => ({
  ...triggers.comment,
  body,
  ...more,
});
const reason = (trigger: Trigger, more: object = {}) => reasonOf(async () => read(trigger, more));

describe('a request', () => {
  it('is a comment of the person whom the event names', () => {
    expect(read(comment('/codex greet everybody'))).toEqual({
      verb: 'plan',
      pullRequest: 12,
      commentId: 77,
      requester,
      text: ' greet everybody',
    });
  });

  it.each(['revise', 'without', 'withdraw', 'help'])(
    'that is said about a plan names its comment and the author of the pull request: %s',
    (verb) => {
      expect(read(comment(`/codex-${verb} x`))).toEqual({
        verb,
        pullRequest: 12,
        commentId: 77,
        author: 9,
        requester,
        text: ' x',
      });
    },
  );

  it.each(['/codex-withdraw', '/codex-without src/a.ts', '/codex-help', '-withdraw', ''])(
    'that is dispatched is never a command, whatever it reads like: %j',
    (prompt) => {
      const request = read(triggers.dispatch, { pullRequest: 12, prompt });
      expect(request).toEqual({
        verb: 'plan',
        pullRequest: 12,
        commentId: null,
        requester,
        text: prompt,
      });
    },
  );

  it.each<[string, Trigger, object, string]>([
    ['an edited comment', comment('/codex x', { action: 'edited' }), {}, 'unsupported-event'],
    ['on an issue', comment('/codex x', { pullRequest: null }), {}, 'unsupported-event'],
    ['by an app', comment('/codex x', { viaApp: true }), {}, 'bot-denied'],
    [
      'of somebody else',
      comment('/codex x', { author: { id: 2, login: 'x', type: 'User' } }),
      {},
      'actor-denied',
    ],
    ['another comment', comment('Nice.'), {}, 'not-a-command'],
    ['a label', triggers.label, {}, 'unsupported-event'],
    ['a dispatch without a prompt', triggers.dispatch, { pullRequest: 12 }, 'config-invalid'],
    ['a dispatch about nothing', triggers.dispatch, { prompt: 'x' }, 'config-invalid'],
  ])('is none: %s', async (_, trigger, more, expected) => {
    expect(await reason(trigger, more)).toBe(expected);
  });
});
