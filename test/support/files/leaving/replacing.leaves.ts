import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';

vi.mock('node:fs', () => ({ readFileSync: () => 'replaced' }));

it('replaces a module', () => {
  expect(readFileSync('/dev/null', 'utf8')).toBe('replaced');
});
