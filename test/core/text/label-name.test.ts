import { describe, expect, it } from 'vitest';
import { sameLabel } from '../../../src/core/text/label-name.ts';

describe('sameLabel', () => {
  it('folds ASCII alone, as GitHub does', () => {
    expect(sameLabel('Approved-Plan', 'approved-plan')).toBe(true);
    expect(sameLabel('approved-plan ', 'approved-plan')).toBe(false);
    expect(sameLabel('É', 'é')).toBe(false);
    expect(sameLabel('\u212a', 'k')).toBe(false);
  });
});
