/** What the probes look at. What several of them need is asked for once. */

import { parseWorkflow, type Workflow } from '../../core/set-up/workflow.ts';
import type { DefaultBranch } from '../../ports/set-up.ts';
import type { Uses } from '../tools.ts';

export type DoctorTools = Uses<
  'run' | 'policy' | 'people' | 'authority' | 'setUp' | 'machine' | 'expressions' | 'clock'
>;

export interface DoctorFacts extends DoctorTools {
  /** The names that the jobs use. */
  readonly label: string;
  readonly artifactPrefix: string;
  branch(): Promise<DefaultBranch>;
  /** The workflow files of the default branch that run this action. */
  workflows(): Promise<readonly Workflow[]>;
}

const folder = '.github/workflows';
/** More workflow files than these are not read. */
const mostFiles = 60;

export function gatherFacts(
  tools: DoctorTools,
  { label, artifactPrefix }: Pick<DoctorFacts, 'label' | 'artifactPrefix'>,
): DoctorFacts {
  const { setUp } = tools;
  const branch = once(() => setUp.defaultBranch());
  const workflows = once(async () => {
    const { tip } = await branch();
    const names = (await setUp.listFolder(folder, tip)).filter((name) => /\.ya?ml$/.test(name));
    const found: Workflow[] = [];
    for (const name of names.slice(0, mostFiles)) {
      const path = `${folder}/${name}`;
      const workflow = parseWorkflow(path, (await setUp.readFile(path, tip)) ?? '');
      if (workflow !== undefined) found.push(workflow);
    }
    return found;
  });
  return { ...tools, label, artifactPrefix, branch, workflows };
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}
