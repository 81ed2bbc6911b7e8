/** The least that a job of each mode works with. */

import type { JobMode, JobPermissions } from './workflow.ts';

const later = {
  actions: 'read',
  contents: 'read',
  'pull-requests': 'write',
  statuses: 'write',
} as const;

/** Rights that a mode can do without, if something is left out: see `docs/workflow.md`. */
export const optionalPermissions: readonly string[] = ['issues', 'statuses'];

/** As the examples give them. */
export const neededPermissions: Readonly<Partial<Record<JobMode, JobPermissions>>> = {
  plan: { ...later, issues: 'write' },
  approve: later,
  verify: later,
  execute: { ...later, contents: 'write' },
  refresh: later,
  doctor: { actions: 'read', contents: 'read', issues: 'read', 'pull-requests': 'read' },
  audit: { actions: 'read', contents: 'read', 'pull-requests': 'read' },
};
