import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../../src/core/plan/command.ts';
import { anyCharacter } from '../../support/any-character.ts';
import { expectLinear } from '../../support/growth.ts';
import { runs } from '../../support/properties.ts';

const parse = (body: string) => parseCommand(body, '/codex');

describe('parseCommand', () => {
  it.each([
    ['/codex fix it', ' fix it'],
    ['/Codex fix it', ' fix it'],
    ['/CODEX\nfix it', '\nfix it'],
    ['/codex\r\nfix it', '\r\nfix it'],
    ['/codex\tfix it', '\tfix it'],
    ['/codex\u00a0fix it', '\u00a0fix it'],
    ['/codex\u3000fix it', '\u3000fix it'],
    ['/codex\u0085fix it', '\u0085fix it'],
    ['\ufeff/codex fix it', ' fix it'],
    ['\u200f/codex fix it', ' fix it'],
    ['\u200e\u200e/codex\u200f fix it', ' fix it'],
    ['/codex\u061c\nfix it', '\nfix it'],
    ['/codex \u200ffix it', ' \u200ffix it'],
    ['/codex /codex x', ' /codex x'],
    ['/codex -revise x', ' -revise x'],
    ['/codex help', ' help'],
  ])('takes %j for a request', (body, text) => {
    expect(parse(body)).toEqual({ verb: 'plan', text });
  });

  it.each([
    ['/codex-revise use a map', 'revise', ' use a map'],
    ['/Codex-Revise\u00a0use a map', 'revise', '\u00a0use a map'],
    ['/codex-revise', 'revise', ''],
    ['/codex-revise \n', 'revise', ''],
    ['/codex-WITHOUT a.ts b.ts', 'without', ' a.ts b.ts'],
    ['/codex-withdraw', 'withdraw', ''],
    ['/codex-withdraw, sorry', undefined, ''],
    ['/codex-withdraw not needed', 'withdraw', ' not needed'],
    ['/codex-help', 'help', ''],
    ['\u200f/codex-help\u200e', 'help', ''],
    ['/codex-revise\u200f use a map', 'revise', ' use a map'],
    ['/codex\u200f', 'help', ''],
    ['/codex', 'help', ''],
    ['/Codex \u00a0\n', 'help', ''],
  ])('takes %j for %s', (body, verb, text) => {
    const command = parse(body);
    expect(command?.verb).toBe(verb ?? 'unknown');
    if (verb !== undefined) expect(command).toEqual({ verb, text });
  });

  it.each([
    ['/codex-', ''],
    ['/codex-undo x', 'undo'],
    ['/codex--revise x', '-revise'],
    ['/codex-revіse x', 'revіse'],
    ['/codex-plan x', 'plan'],
    ['/codex-unknown', 'unknown'],
    [`/codex-${'x'.repeat(5000)}`, 'x'.repeat(40)],
  ])('knows no verb in %j', (body, name) => {
    expect(parse(body)).toMatchObject({ verb: 'unknown', name });
  });

  it.each([
    '',
    '/code',
    '/codexfoo',
    '/codexfoo fix it',
    '/codex.fix',
    '/codex\u2014revise x',
    '/codex\u200bfix',
    ' /codex fix',
    '\n/codex fix',
    '> /codex fix',
    '`/codex fix`',
    '```\n/codex fix\n```',
    'please /codex fix',
    '\ufeff\ufeff/codex fix',
    '⁄codex fix',
    '/соdex fix',
  ])('takes %j for no command', (body) => {
    expect(parse(body)).toBeUndefined();
  });

  it('takes the word of the input as it is', () => {
    expect(parseCommand('/a.b x', '/a.b')).toEqual({ verb: 'plan', text: ' x' });
    expect(parseCommand('/axb x', '/a.b')).toBeUndefined();
    expect(parseCommand('/my-plan-revise x', '/my-plan')).toMatchObject({ verb: 'revise' });
    // The sign of the unit kelvin becomes a k in lower case, but is none.
    expect(parseCommand('/ask x', '/as\u212a')).toBeUndefined();
    expect(parseCommand('/as\u212a x', '/ask')).toBeUndefined();
  });

  it('never throws, and hands on all that follows the command', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (rest) => {
        const command = parse(`/codex${rest}`);
        const shown = rest.replace(/^[\u200e\u200f\u061c]*/, '');
        if (command?.verb === 'plan') expect(command.text).toBe(shown);
        expect(parse(`/codex ${rest}`)?.verb).toMatch(/^(?:plan|help)$/);
      }),
      { numRuns: runs(1000) },
    );
  });

  it.each(['-', ' ', 'x', '-revise', '\u3000'])(
    'takes time that grows with the text: %j',
    (unit) => {
      expectLinear((size) => `/codex-${unit.repeat(size / unit.length)}x`, parse, 100_000);
    },
  );
});
