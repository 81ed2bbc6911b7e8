import { approve } from './approve/approve.ts';
import { audit } from './audit/audit.ts';
import { doctor } from './doctor/doctor.ts';
import { execute } from './execute/execute.ts';
import type { Mode } from './mode.ts';
import { plan } from './plan/plan.ts';
import { refresh } from './refresh/refresh.ts';
import { verify } from './verify/verify.ts';

/**
 * Every mode by its name. A new mode needs a folder, and a line here. Other lists of modes are made from this one, or
 * compared with it in a test.
 */
export const modes = { plan, approve, verify, execute, refresh, doctor, audit } satisfies Record<
  string,
  Mode
>;

export type ModeName = keyof typeof modes;

export const modeNames = Object.keys(modes) as readonly ModeName[];
