import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freezePrompt, freezeRequest, PromptError } from '../../../src/core/plan/prompt.ts';
import { anyCharacter } from '../../support/any-character.ts';
import { expectLinear } from '../../support/growth.ts';
import { runs } from '../../support/properties.ts';

function refusal(text: string, maxKib = 32): string {
  try {
    freezePrompt(text, maxKib);
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(PromptError);
    return (error as Error).message;
  }
}

const unit = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(...'ab `$!<->', '\n', '\r', '\t', ' ', '\u0301', 'é', 'ﬁ'),
  },
  { weight: 1, arbitrary: fc.string({ unit: anyCharacter, minLength: 1, maxLength: 1 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('\u00a0', '\u2002', '\u2000', '\u1fef', '\u0338', '=', '😀'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...['\u00ad', '\u200f', '\u200d', '\u200c', '\ufe0f', '❤', '👩', '💻', 'م', 'ی', '🇩', '🏽'],
    ),
  },
);
const text = fc.array(unit, { maxLength: 40 }).map((units) => units.join(''));

describe('freezePrompt', () => {
  it.each([
    [' fix it', 'fix it'],
    ['fix it\r\n', 'fix it'],
    ['\r\n\r\n  fix it  \r\n\r\nthen  \t\rtest\n\n', 'fix it\n\nthen\ntest'],
    ['  indented\n    code', 'indented\n    code'],
    ['e\u0301', 'é'],
    ['\ta', 'a'],
    ['a\tb', 'a\tb'],
    [`a${'\u20dd'.repeat(30)}`, `a${'\u20dd'.repeat(30)}`],
    ['a\u00a0b', 'a\u00a0b'],
    ['fix the ⚠️ banner ❤️‍🔥', 'fix the ⚠️ banner ❤️‍🔥'],
    ['دکمه را می‌خواهم', 'دکمه را می‌خواهم'],
    ['auto\u00admatic\u200e', 'automatic'],
    ['e\u00ad\u0301', 'é'],
    ['a \u200f\nb', 'a\nb'],
    ['fix typo <!-- add backdoor -->', 'fix typo <!-- add backdoor -->'],
    ['`rm` $(id) --model x', '`rm` $(id) --model x'],
  ])('freezes %j as %j', (given, frozen) => {
    expect(freezePrompt(given, 32)).toBe(frozen);
  });

  it.each([
    ['', 'The request is empty: write what you want done after the command.'],
    [' \r\n\t ', 'The request is empty: write what you want done after the command.'],
    ['\u00a0\u3000', 'The request is empty: write what you want done after the command.'],
    ['a\u{e0041}b', 'The request holds U+E0041 (tag character), which a reader cannot see.'],
    ['a\u202eb', 'The request holds U+202E (bidirectional override), which a reader cannot see.'],
    ['a\u2066b', 'The request holds U+2066 (bidirectional override), which a reader cannot see.'],
    ['a\u2060b', 'The request holds U+2060 (invisible character), which a reader cannot see.'],
    ['a\u200bb', 'The request holds U+200B (invisible character), which a reader cannot see.'],
    ['a\ufe0fb', 'The request holds U+FE0F (variation selector), which a reader cannot see.'],
    ['a\ufffab', 'The request holds U+FFFA (invisible character), which a reader cannot see.'],
    ['a\ufeffb', 'The request holds U+FEFF (invisible character), which a reader cannot see.'],
    ['a\u2028b', 'The request holds U+2028 (line separator), which a reader cannot see.'],
    ['a\u0000', 'The request holds U+0000 (control character), which a reader cannot see.'],
    ['a\u001b[31m', 'The request holds U+001B (control character), which a reader cannot see.'],
    ['a\u000bb', 'The request holds U+000B (control character), which a reader cannot see.'],
    ['a\u007f', 'The request holds U+007F (control character), which a reader cannot see.'],
    ['a\u0085b', 'The request holds U+0085 (control character), which a reader cannot see.'],
    [`a${'\u0301\u0323'.repeat(16)}`, 'The request stacks too many accents on one letter.'],
    [`a${'\u0344'.repeat(16)}`, 'The request stacks too many accents on one letter.'],
    ['a\ud800', 'The request is not valid Unicode.'],
    ['\udfffa', 'The request is not valid Unicode.'],
  ])('on %j says: %s', (given, why) => {
    expect(refusal(given)).toBe(why);
  });

  it('says which marks it dropped', () => {
    expect(freezeRequest('fix it', 32)).toEqual({ prompt: 'fix it', dropped: [] });
    expect(freezeRequest('fix\u00ad it\u200e', 32)).toEqual({
      prompt: 'fix it',
      dropped: ['U+00AD (soft hyphen)', 'U+200E (left-to-right mark)'],
    });
    expect(refusal('\u200e \u00ad')).toContain('The request is empty');
    const accents = '\u0301'.repeat(20);
    expect(refusal(`a${accents}\u00ad${accents}`)).toBe(
      'The request stacks too many accents on one letter.',
    );
  });

  it('counts its bytes as they are frozen', () => {
    const full = 'é'.repeat(512);
    expect(refusal(full, 1)).toBe('accepted');
    expect(refusal(`${full}a`, 1)).toBe('The request is longer than 1 KiB.');
    expect(refusal(`  ${full}  \r\n`, 1)).toBe('accepted');
    expect(refusal('e\u0301'.repeat(512), 1)).toBe('accepted');
    expect(refusal('a'.repeat(32 * 1024))).toBe('accepted');
    expect(refusal('a'.repeat(32 * 1024 + 1))).toBe('The request is longer than 32 KiB.');
    expect(refusal(`a${' '.repeat(4096 - 1)}`, 1)).toBe('accepted');
    expect(refusal(`a${' '.repeat(4096)}`, 1)).toBe('The request is longer than 1 KiB.');
  });

  it('is idempotent, keeps to its alphabet, and does not depend on how lines end', () => {
    fc.assert(
      fc.property(text, (given) => {
        const why = refusal(given, 1);
        const windows = given.replaceAll('\r', '').replaceAll('\n', '\r\n');
        const unix = given.replaceAll('\r', '');
        expect(refusal(windows, 1)).toBe(refusal(unix, 1));
        if (refusal(unix, 1) === 'accepted') {
          expect(freezePrompt(windows, 1)).toBe(freezePrompt(unix, 1));
          const loose = unix.replaceAll('\n', ' \t\n').normalize('NFD');
          expect(freezePrompt(`\n ${loose}\n\n`, 1)).toBe(freezePrompt(unix, 1));
        }
        if (why !== 'accepted') return;
        const prompt = freezePrompt(given, 1);
        expect(freezePrompt(prompt, 1)).toBe(prompt);
        expect(prompt).toBe(prompt.normalize('NFC'));
        const plain = prompt
          .replace(/\p{RGI_Emoji}[\ufe0e\ufe0f]?/gv, '')
          .replace(/(?<=[\p{L}\p{M}])[\u200c\u200d]|(?<=\p{Emoji})[\ufe0e\ufe0f]/gu, '');
        expect(plain).not.toMatch(
          /[\p{Cs}\p{Co}\p{Cn}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800]/u,
        );
        expect(prompt.replace(/[\t\n]/g, '')).not.toMatch(/\p{Cc}/u);
        expect(prompt).not.toMatch(/[ \t](?:\n|$)|\n$|^[ \t\n]/);
        expect(prompt).not.toBe('');
        expect(Buffer.byteLength(prompt)).toBeLessThanOrEqual(1024);
      }),
      { numRuns: runs(5000) },
    );
  });

  it('adds nothing, and takes away nothing but blanks, line ends and marks', () => {
    fc.assert(
      fc.property(text, (given) => {
        if (refusal(given, 1) !== 'accepted') return;
        const drawn = (one: string) =>
          one
            .replace(/[\u00ad\u200e\u200f\u061c]/g, '')
            .normalize('NFC')
            .replace(/[ \t\r\n]/g, '');
        expect(drawn(freezePrompt(given, 1))).toBe(drawn(given));
      }),
      { numRuns: runs(3000) },
    );
  });

  it.each([
    ['blanks inside a line', (size: number) => `a${' '.repeat(size)}a`],
    ['blank lines', (size: number) => `a${'\n'.repeat(size)}a`],
    ['lines of blanks', (size: number) => `a${' \n'.repeat(size / 2)}a`],
    ['returns', (size: number) => `a${'\r'.repeat(size)}a`],
    ['unfinished HTML comments', (size: number) => '<!--'.repeat(size / 4)],
    ['unfinished images', (size: number) => '!['.repeat(size / 2)],
    ['marks to be ordered', (size: number) => `a${'\u0301\u0323'.repeat(size / 4)}`],
  ])('takes time that grows with the text alone: %s', (_, make) => {
    expectLinear(make, (given) => refusal(given, 1024), 100_000);
  });
});
