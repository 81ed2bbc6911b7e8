import { describe, expect, it } from 'vitest';
import { randomName } from '../../src/system/random-name.ts';

describe('a random name', () => {
  it('is a random UUID, another one each time', () => {
    const names = Array.from({ length: 200 }, randomName);
    const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    for (const name of names) expect(name).toMatch(form);
    expect(new Set(names).size).toBe(200);
    // Each digit that is free takes each value.
    for (const place of [0, 7, 9, 15, 20, 35]) {
      expect(new Set(names.map((name) => name[place])).size).toBe(16);
    }
  });
});
