/** The smallest permissions with which a job of each mode works. */

import type { JobMode, JobPermissions } from './workflow.ts';

const later = {
  actions: 'read',
  contents: 'read',
  'pull-requests': 'write',
  statuses: 'write',
} as const;

/** Permissions that a mode can work without, if it leaves something out: see `docs/workflow.md`. */
export const optionalPermissions: readonly string[] = ['issues', 'statuses'];

/** The same as in the examples. */
export const neededPermissions: Readonly<Partial<Record<JobMode, JobPermissions>>> = {
  plan: { ...later, issues: 'write' },
  approve: later,
  verify: later,
  execute: { ...later, contents: 'write' },
  refresh: later,
  doctor: { actions: 'read', contents: 'read', issues: 'read', 'pull-requests': 'read' },
  audit: { actions: 'read', contents: 'read', 'pull-requests': 'read' },
};
