import type { Probe } from '../probe.ts';
import { approvers } from './approvers.ts';
import { codeOwners } from './code-owners.ts';
import { codex } from './codex.ts';
import { commitRules } from './commit-rules.ts';
import { disk } from './disk.ts';
import { elevated } from './elevated.ts';
import { git } from './git.ts';
import { label } from './label.ts';
import { namespaces } from './namespaces.ts';
import { policy } from './policy.ts';
import { proxy } from './proxy.ts';
import { requiredStatus } from './required-status.ts';
import { retention } from './retention.ts';
import { toolCache } from './tool-cache.ts';
import { workflowBranch } from './workflow-branch.ts';
import { workflowConcurrency } from './workflow-concurrency.ts';
import { workflowEvents } from './workflow-events.ts';
import { workflowFiles } from './workflow-files.ts';
import { workflowInputs } from './workflow-inputs.ts';
import { workflowPermissions } from './workflow-permissions.ts';
import { workflowPins } from './workflow-pins.ts';
import { workflowState } from './workflow-state.ts';

/** The probes, in the order of the table. A new probe needs a file, and a line here. */
export const probes: readonly Probe[] = [
  workflowBranch,
  workflowState,
  workflowEvents,
  workflowPermissions,
  workflowConcurrency,
  workflowPins,
  workflowInputs,
  workflowFiles,
  policy,
  approvers,
  elevated,
  label,
  requiredStatus,
  codeOwners,
  commitRules,
  namespaces,
  git,
  disk,
  proxy,
  toolCache,
  codex,
  retention,
];
