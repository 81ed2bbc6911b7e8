/** What GitHub may have deleted without a trace. */
import { describe, expect, it } from 'vitest';
import { findForgotten } from '../../src/evidence/retention.ts';

const clock = { now: () => new Date('2026-06-01T00:00:00Z') };
const day = (text: string) => `2026-${text}T00:00:00Z`;
const kept = (createdAt: string | null, expiresAt: string | null) => ({ createdAt, expiresAt });

describe('what GitHub may have forgotten', () => {
  it('is older than the longest retention', () => {
    expect(findForgotten([kept(day('05-01'), day('05-31'))], clock)).toBe(day('05-01'));
    expect(findForgotten([kept(day('05-25'), day('06-24'))], clock)).toBe(day('05-02'));
    const both = [kept(day('05-25'), day('06-24')), kept(day('05-26'), day('05-27'))];
    expect(findForgotten(both, clock)).toBe(day('05-02'));
  });

  it('is older than everything that GitHub still lists', () => {
    const old = kept(day('01-01'), day('01-31'));
    expect(findForgotten([kept(day('05-25'), day('06-24')), old], clock)).toBe(day('01-01'));
  });

  it('is nothing if GitHub lists nothing, or does not say the times', () => {
    const known = kept(day('05-01'), day('05-31'));
    expect(findForgotten([], clock)).toBeNull();
    expect(findForgotten([known, kept(null, day('05-31'))], clock)).toBeNull();
    expect(findForgotten([known, kept(day('05-01'), null)], clock)).toBeNull();
  });
});
