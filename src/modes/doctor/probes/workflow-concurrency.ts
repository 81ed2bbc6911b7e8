import { several } from '../../../report/words.ts';
import { doubtful, expression, fine, type Probe } from '../probe.ts';

const words = {
  about: 'Concurrency of the jobs',
  why: 'Two runs for one pull request at the same time cost a model run each; a group of the whole workflow lets any comment cancel a run that waits.',
};

export const workflowConcurrency: Probe = {
  ...words,
  needs: 'permissions: { contents: read }',
  async look({ workflows }) {
    const jobs = (await workflows()).flatMap(({ path, jobs }) =>
      jobs
        .filter(({ steps }) => steps.some(({ mode }) => loop.has(mode)))
        .map(({ name, concurrency }) => ({ name: `${path}, job ${name}`, concurrency })),
    );
    const lines = jobs
      .filter(({ concurrency }) => concurrency !== 'job')
      .map(({ name, concurrency }) =>
        doubtful(
          words,
          concurrency === 'none'
            ? `${name} has no group.`
            : `${name} has the group of the whole workflow.`,
          `concurrency: { group: 'codex-plan-${expression(number)}', cancel-in-progress: false, queue: max }`,
        ),
      );
    return lines.length > 0
      ? lines
      : [
          fine(
            words,
            `${several(jobs.length, 'job has', 'jobs have')} a group for each pull request.`,
          ),
        ];
  },
};

const loop = new Set(['plan', 'approve', 'verify', 'execute']);

const number = 'github.event.issue.number || github.event.pull_request.number';
