import { parse } from 'yaml';

/**
 * Whether a workflow may call reusable workflows. Only whole jobs can call them:
 * https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows#calling-a-reusable-workflow
 * @param text of the workflow file
 * @returns also true for a text that cannot be read as a workflow
 */
export function mayCallWorkflows(text: string): boolean {
  const jobs = readJobs(text);
  if (jobs === undefined) return true;
  return jobs.some((job) => !isRecord(job) || 'uses' in job || '<<' in job);
}

function readJobs(text: string): readonly unknown[] | undefined {
  try {
    const workflow: unknown = parse(text);
    if (!isRecord(workflow) || !isRecord(workflow.jobs)) return undefined;
    return Object.values(workflow.jobs);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
