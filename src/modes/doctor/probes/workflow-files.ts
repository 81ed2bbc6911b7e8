import type { JobMode, Workflow } from '../../../core/set-up/workflow.ts';
import { fine, type Probe, wrong } from '../probe.ts';

const words = {
  about: 'Evidence of other workflow files',
  why: 'A run trusts what its own workflow file made, and what the policy lists under workflows.',
};

const makers: readonly JobMode[] = ['plan', 'approve', 'verify'];
const readers: readonly JobMode[] = ['approve', 'verify', 'execute', 'refresh'];

export const workflowFiles: Probe = {
  ...words,
  needs: 'permissions: { contents: read }',
  async look({ policy, workflows }) {
    const found = await workflows();
    const trusted = (await policy.read()).workflows;
    const has = (modes: readonly JobMode[]) => (one: Workflow) =>
      one.jobs.some(({ steps }) => steps.some(({ mode }) => modes.includes(mode)));
    const making = found.filter(has(makers)).map(({ path }) => path);
    const missing = found
      .filter(has(readers))
      .flatMap(({ path }) => making.filter((maker) => maker !== path && !trusted.includes(maker)));
    if (missing.length > 0) {
      const paths = [...new Set(missing)];
      return [
        wrong(
          words,
          `${paths.join(', ')} makes evidence that another workflow file does not trust.`,
          `workflows: [${paths.map((path) => `'${path}'`).join(', ')}]`,
        ),
      ];
    }
    return [fine(words, making.length > 1 ? 'The policy lists them.' : 'One file does it all.')];
  },
};
