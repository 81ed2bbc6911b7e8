import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepingLog, oneLine, RunLog } from '../../src/codex/run-log.ts';
import { CodexStopped } from '../../src/decision.ts';
import { anyCharacter } from '../support/any-character.ts';

const noon = () => new Date('2026-11-21T12:00:00.000Z');

describe('the run log', () => {
  it('is one line a fact, each with its time', () => {
    const log = new RunLog(noon);
    log.add('message: first');
    log.add('message: second');
    expect(log.text()).toBe(
      '2026-11-21T12:00:00.000Z message: first\n2026-11-21T12:00:00.000Z message: second\n',
    );
  });

  it('cannot be given a line that is not its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        const log = new RunLog(noon);
        log.add(`message: ${text}`);
        expect(log.text().split('\n')).toHaveLength(2);
        expect(log.text().slice(0, -1)).not.toMatch(
          /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u3164\u202a-\u202e]/u,
        );
      }),
    );
  });

  it('says where it was cut, and ends there', () => {
    const log = new RunLog(noon);
    for (let i = 0; i < 2_000; i++) log.add('x'.repeat(1_000));
    const lines = log.text().trimEnd().split('\n');
    expect(lines.at(-1)).toMatch(/the log was cut here/);
    expect(lines.filter((line) => line.includes('cut here'))).toHaveLength(1);
    expect(Buffer.byteLength(log.text())).toBeLessThanOrEqual(1024 * 1024);
  });

  it('shortens a fact that is too long', () => {
    expect(oneLine('y'.repeat(10_000))).toBe(`${'y'.repeat(4_000)}… (10000 characters)`);
  });
});

describe('foreign text on one line', () => {
  it.each([
    ['a\nb', 'a\\nb'],
    ['a\rb', 'a\\u{d}b'],
    ['a\tb', 'a\\u{9}b'],
    ['a\\nb', 'a\\\\nb'],
    ['\u001b[31mred', '\\u{1b}[31mred'],
    ['a\u202eb', 'a\\u{202e}b'],
    ['a\u2028b', 'a\\u{2028}b'],
    ['a\u{e0041}b', 'a\\u{e0041}b'],
    ['a\u3164b', 'a\\u{3164}b'],
    ['a\u2800b', 'a\\u{2800}b'],
    ['a\ufe0fb', 'a\\u{fe0f}b'],
    ['a\u00adb', 'a\\u{ad}b'],
    [`a${' '.repeat(600)}b`, 'a\\u{20*600}b'],
    ['a \u{1f469}\u200d\u{1f680} b', 'a \u{1f469}\u200d\u{1f680} b'],
    ['a\ud800b', 'a\ufffdb'],
    ['größe 計画 🙂', 'größe 計画 🙂'],
  ])('%j is %j', (text, shown) => {
    expect(oneLine(text)).toBe(shown);
  });
});

describe('a step of Codex that fails', () => {
  const failing = (error: unknown) => {
    const log = new RunLog(noon);
    log.add('it began');
    return keepingLog(log, () => Promise.reject(error)).catch((caught: unknown) => caught);
  };

  // Only this error says that Codex worked: boxed code may have taken what is lacking.
  it('because the machine lacks something has the log, as every other stop', async () => {
    const full = Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' });
    const error = await failing(full);
    expect(error).toBeInstanceOf(CodexStopped);
    expect(error).toMatchObject({
      reason: 'platform-unsupported',
      log: expect.stringContaining('it began'),
    });
  });

  // What Codex did, and what it was refused, would be lost with the log.
  it('by a mistake of ours has the log, too', async () => {
    const mistake = new TypeError('x');
    const error = await failing(mistake);
    expect(error).toBeInstanceOf(CodexStopped);
    expect(error).toMatchObject({
      reason: 'internal',
      message: 'x',
      cause: mistake,
      log: expect.stringContaining('it began'),
    });
  });
});
