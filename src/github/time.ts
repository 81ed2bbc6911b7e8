import { z } from 'zod';

/**
 * A time from GitHub, whatever its offset is, as RFC 3339 in UTC to the second, so that times can be compared as
 * texts.
 */
export const time = z.iso
  .datetime({ offset: true })
  .transform((text) => `${new Date(text).toISOString().slice(0, 19)}Z`);
