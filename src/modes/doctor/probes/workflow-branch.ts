import type { JobMode } from '../../../core/set-up/workflow.ts';
import { doubtful, fine, listed, type Probe, wrong } from '../probe.ts';

const working: readonly JobMode[] = ['plan', 'approve', 'verify', 'execute'];

export const workflowBranch: Probe = {
  about: 'Workflow on the default branch',
  why: 'Only a workflow file of the default branch decides: a pull request could change any other.',
  needs: 'permissions: { contents: read }',
  async look({ run, branch, workflows }) {
    const { name } = await branch();
    const found = await workflows();
    const paths = found
      .filter(({ jobs }) =>
        jobs.some(({ steps }) => steps.some(({ mode }) => working.includes(mode))),
      )
      .map(({ path }) => path);
    const ours = `refs/heads/${name}`;
    if (paths.length === 0) {
      const from =
        run.workflowRef === ours ? '' : ` This run has its file from ${run.workflowRef}.`;
      return [
        wrong(
          this,
          `No workflow file of ${name} plans, approves, verifies or executes.${from}`,
          `git switch ${name} && git checkout ${branchOf(run.workflowRef, name)} -- .github/workflows && git commit -m "Add the Codex plan workflow"`,
        ),
      ];
    }
    if (run.workflowRef !== ours) {
      return [
        doubtful(
          this,
          `This run has its file from ${run.workflowRef}; ${name} has ${listed(paths)}, and the lines below are about those.`,
          `gh workflow run ${run.workflow.split('/').at(-1)} --ref ${name}`,
        ),
      ];
    }
    return [fine(this, `${name} has ${listed(paths)}.`)];
  },
};

function branchOf(ref: string, standard: string): string {
  const name = ref.replace(/^refs\/heads\//, '');
  return /^[\w./-]+$/.test(name) && name !== standard ? name : 'YOUR-BRANCH';
}
