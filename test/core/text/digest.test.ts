import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSha256, sha256, shortDigest } from '../../../src/core/text/digest.ts';
import { anyCharacter } from '../../support/any-character.ts';

const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe('sha256', () => {
  it('hashes the bytes, text as UTF-8', () => {
    expect(sha256('')).toBe(empty);
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        expect(sha256(text)).toBe(sha256(Buffer.from(text)));
        expect(sha256(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
      }),
    );
  });
});

describe('parseSha256', () => {
  it('accepts a digest in full', () => {
    expect(parseSha256(empty)).toBe(empty);
  });

  it.each([
    '',
    empty.slice(1),
    `${empty}0`,
    `${empty}\n`,
    empty.toUpperCase(),
    empty.slice(0, 12),
    `sha256:${empty}`,
    `g${empty.slice(1)}`,
  ])('accepts nothing else: %j', (text) => {
    expect(parseSha256(text)).toBeUndefined();
  });
});

describe('shortDigest', () => {
  it('is what people are shown', () => {
    expect(shortDigest(sha256(''))).toBe('e3b0c44298fc');
  });
});
