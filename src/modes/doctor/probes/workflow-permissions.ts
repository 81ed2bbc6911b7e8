import { neededPermissions, optionalPermissions } from '../../../core/set-up/needed-permissions.ts';
import { grants, type JobMode, type WorkflowJob } from '../../../core/set-up/workflow.ts';
import type { CheckLine } from '../../../report/check-table.ts';
import { several } from '../../../report/words.ts';
import { doubtful, fine, listed, type Probe, wrong } from '../probe.ts';

const words = {
  about: 'Permissions of the jobs',
  why: 'Without a permission a run ends with permission-missing; a job that runs a model must not be able to write code.',
};

export const workflowPermissions: Probe = {
  ...words,
  needs: 'permissions: { contents: read }',
  async look({ workflows }) {
    const jobs = (await workflows()).flatMap(({ path, jobs }) =>
      jobs.map((job) => ({ ...job, name: `${path}, job ${job.name}` })),
    );
    const lines = jobs.flatMap(judgeJob);
    if (lines.length > 0) return lines;
    return [
      fine(words, `${several(jobs.length, 'job has what it needs', 'jobs have what they need')}.`),
    ];
  },
};

/** A job with several modes needs the higher level of each right. */
function joinPermissions(modes: readonly JobMode[]): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const mode of modes) {
    for (const [right, level] of Object.entries(neededPermissions[mode] ?? {})) {
      if (joined[right] !== 'write') joined[right] = level;
    }
  }
  return joined;
}

const withModel: readonly JobMode[] = ['plan', 'approve', 'verify'];

function judgeJob({ name, steps, permissions }: WorkflowJob): CheckLine[] {
  const modes = steps.map(({ mode }) => mode);
  const needed = joinPermissions(modes);
  const paste = `permissions: { ${Object.entries(needed)
    .map(([right, level]) => `${right}: ${level}`)
    .join(', ')} }`;
  if (permissions === null) {
    return [
      doubtful(
        words,
        `${name} names no permissions, so a setting of the repository decides.`,
        paste,
      ),
    ];
  }
  const ownToken = steps.every((step) => (step.with['github-token'] ?? '') !== '');
  const missing = Object.entries(needed)
    // Another token has other permissions; the artifacts are read with it, too.
    .filter(([right, level]) => !ownToken && !grants(permissions, right, level))
    .map(([right]) => right);
  const broken = missing.filter(
    (right) =>
      !optionalPermissions.includes(right) || (right === 'statuses' && modes.includes('refresh')),
  );
  const lines: CheckLine[] = [];
  if (broken.length > 0) lines.push(wrong(words, `${name} lacks ${listed(broken)}.`, paste));
  else if (missing.length > 0) {
    lines.push(doubtful(words, `${name} works without ${listed(missing)}, and shows less.`, paste));
  }
  if (modes.some((mode) => withModel.includes(mode)) && grants(permissions, 'contents', 'write')) {
    lines.push(wrong(words, `${name} runs a model and may write code (contents: write).`, paste));
  }
  return lines;
}
