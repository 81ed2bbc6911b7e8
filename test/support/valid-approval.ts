import {
  checkStillValid,
  findPlanLife,
  requireApproved,
  type ValidApproval,
} from '../../src/checks/approval.ts';
import { label, request, set } from './labels.ts';
import { Story } from './story.ts';
import { buildTools, pullRequest } from './tools.ts';

const full = Object.assign(new Error('write'), { code: 'ENOSPC' });

/** A plan that was approved and still is, and tools of a runner that has no room for what later steps read. */
export async function approvedWithoutRoom() {
  const story = new Story();
  story.approve();
  const tools = buildTools({
    artifacts: story.artifacts,
    timeline: { read: async () => ({ events: [set], carried: [label] }) },
    comments: [request],
    roles: { hubot: 'write' },
    now: '2026-01-02T04:10:00Z',
  });
  const life = await findPlanLife(tools, pullRequest);
  const approved: ValidApproval = await checkStillValid(tools, await requireApproved(tools, life));
  const before = story.artifacts.stored.length;
  return {
    full,
    approved,
    tools: { ...tools, keepForLaterSteps: () => Promise.reject(full) },
    /** The names of what was stored since then. */
    stored: () => story.artifacts.stored.slice(before).map(({ artifact }) => artifact.name),
  };
}
