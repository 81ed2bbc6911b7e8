import type { CheckLine } from '../../../report/check-table.ts';
import { fine, listed, type Probe, wrong } from '../probe.ts';

/** Why GitHub starts no run, by its own name for it. */
const reasons: Readonly<Record<string, string>> = {
  disabled_manually: 'somebody disabled it',
  disabled_inactivity: 'GitHub disabled it after 60 days without a commit',
  disabled_fork: 'GitHub disables the workflows of a fork',
};

export const workflowState: Probe = {
  about: 'Whether the workflow runs',
  why: 'GitHub starts no run of a workflow that is disabled, and no run in an archived repository: a comment or a label then has no effect.',
  needs: 'permissions: { actions: read }',
  async look({ branch, run, setUp, workflows }) {
    const { isArchived } = await branch();
    const repository = `${run.repository.owner}/${run.repository.name}`;
    if (isArchived) {
      return [wrong(this, 'The repository is archived.', `gh repo unarchive ${repository} --yes`)];
    }
    const paths = (await workflows()).map(({ path }) => path);
    const lines: CheckLine[] = [];
    for (const path of paths) {
      const state = await setUp.workflowState(path);
      // GitHub does not know a file before its first run.
      if (state === undefined || state === 'active') continue;
      const found = `${path} is disabled: ${reasons[state] ?? state}.`;
      lines.push(wrong(this, found, `gh workflow enable ${path.split('/').at(-1)}`));
    }
    if (lines.length > 0) return lines;
    return [fine(this, `${listed(paths) || 'There is none'}.`)];
  },
};
