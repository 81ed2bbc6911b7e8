import { defaultPolicyFile } from '../../../core/policy/default-paths.ts';
import { defaultInputs } from '../../../input-forms.ts';
import { fine, listed, type Probe, wrong } from '../probe.ts';

const words = {
  about: 'Same names in every job',
  why: 'All jobs must use the same label, command, artifact prefix and policy file. Otherwise one job does not find what another one made.',
};

/** Inputs that must be the same in every job, with their defaults. */
const shared = {
  label: defaultInputs.label,
  command: defaultInputs.command,
  'artifact-prefix': defaultInputs.artifactPrefix,
  'policy-file': defaultPolicyFile,
} as const;

export const workflowInputs: Probe = {
  ...words,
  needs: 'permissions: { contents: read }',
  async look({ workflows }) {
    const steps = (await workflows()).flatMap(({ jobs }) => jobs.flatMap((job) => job.steps));
    const lines = Object.entries(shared).flatMap(([name, standard]) => {
      const values = [...new Set(steps.map((step) => step.with[name]?.trim() || standard))];
      if (values.length < 2) return [];
      const found = `The input ${name} is ${listed(values)} in different jobs.`;
      return [wrong(words, found, `${name}: ${values[0]}`)];
    });
    return lines.length > 0 ? lines : [fine(words, 'All jobs use the same names.')];
  },
};
