import { z } from 'zod';

/** A time of GitHub's, whatever its offset: RFC 3339 in UTC to the second, so that later times are later texts. */
export const time = z.iso
  .datetime({ offset: true })
  .transform((text) => `${new Date(text).toISOString().slice(0, 19)}Z`);
