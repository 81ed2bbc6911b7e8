/**
 * Settings of zod, which it reads when a schema is made: so this is imported before everything that makes one. A run
 * reads most forms once, and compiling a function for each takes longer than reading without.
 */
import { z } from 'zod';

z.config({ jitless: true });
