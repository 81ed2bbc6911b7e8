/** The log: foreign text is read by people and obeyed by nobody. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annotation, logLines } from '../../src/report/log.ts';
import { hostileText, hostileTexts } from '../support/hostile.ts';
import '../support/properties.ts';
import { commandsIn, runnerLines } from '../support/runner-log.ts';

const printed = (text: string) => `${logLines(text).join('\n')}\n`;
/** As the toolkit prints it. */
const annotated = (text: string) =>
  `::error title=x::${annotation(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}\n`;

describe('the emulated runner', () => {
  it.each([
    '::add-mask::x',
    '  ::add-mask::x',
    '\u00a0::add-mask::x',
    'text ##[add-mask]x',
    'a\r::add-mask::x',
    '::error file=a,line=1::x',
  ])('obeys %j', (line) => {
    expect(commandsIn(line)).toHaveLength(1);
  });
});

describe('a line of the log', () => {
  it.each(hostileTexts)('is no command: %j', (text) => {
    expect(commandsIn(printed(text))).toEqual([]);
  });

  it('is no command, whatever it holds', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(commandsIn(printed(text))).toEqual([]);
        for (const line of runnerLines(printed(text)).slice(0, -1)) expect(line).toMatch(/^│ /);
        expect(printed(text).replaceAll('\n', '').replaceAll('\t', '')).not.toMatch(
          /[\p{Cc}\p{Bidi_Control}]/u,
        );
      }),
    );
  });
});

describe('an annotation', () => {
  it('is one, whatever it holds', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const commands = commandsIn(annotated(text));
        expect(commands.map(({ name }) => name)).toEqual(['error']);
        expect(commands[0]?.data).toBe(annotation(text));
      }),
    );
  });

  it('that ends a good run is a line, and no command', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(commandsIn(`${annotation(`ignored (ok): ${text}`)}\n`)).toEqual([]);
      }),
    );
  });
});
