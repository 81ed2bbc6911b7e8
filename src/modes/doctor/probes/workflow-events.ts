import type { JobMode, Workflow } from '../../../core/set-up/workflow.ts';
import type { CheckLine } from '../../../report/check-table.ts';
import { doubtful, fine, type Probe, wrong } from '../probe.ts';

const words = {
  about: 'Events of the workflow',
  why: 'A job whose event is not in the file never runs, and a job that runs on an untrusted event ends with workflow-untrusted.',
};

export const workflowEvents: Probe = {
  ...words,
  needs: 'permissions: { contents: read }',
  async look({ workflows }) {
    const found = await workflows();
    const lines = found.flatMap(findMissing);
    const modes = found.flatMap(modesOf);
    if (modes.includes('approve') && !modes.includes('refresh')) {
      lines.push(
        doubtful(
          words,
          'No job runs refresh: label, comment and status stay as they are when somebody pushes or the base changes.',
          'mode: refresh',
        ),
      );
    }
    if (lines.length > 0) return lines;
    const events = [...new Set(found.flatMap((one) => Object.keys(one.events)))];
    return [fine(words, `${events.join(', ') || 'There is no workflow to look at'}.`)];
  },
};

function modesOf({ jobs }: Workflow): JobMode[] {
  return jobs.flatMap(({ steps }) => steps.map(({ mode }) => mode));
}

/**
 * Whether an event without types starts a workflow.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request_target
 */
function startsByDefault(event: string, type: string): boolean {
  const fewByDefault = event === 'pull_request' || event === 'pull_request_target';
  return !fewByDefault || ['opened', 'synchronize', 'reopened'].includes(type);
}

function findMissing(workflow: Workflow): CheckLine[] {
  const { events, path } = workflow;
  const modes = modesOf(workflow);
  const starts = (event: string, type: string) => {
    const types = events[event];
    if (types === undefined) return false;
    return types.length > 0 ? types.includes(type) : startsByDefault(event, type);
  };
  // By hand, or by another workflow.
  const startsElse = 'workflow_dispatch' in events || 'workflow_call' in events;
  const lines: CheckLine[] = [];
  if (modes.includes('plan') && !startsElse && !starts('issue_comment', 'created')) {
    const found = `${path} plans, and no comment starts it.`;
    lines.push(wrong(words, found, 'on: { issue_comment: { types: [created] } }'));
  }
  if (modes.includes('approve') && !startsElse && !starts('pull_request_target', 'labeled')) {
    const paste = 'on: { pull_request_target: { types: [labeled] } }';
    lines.push(
      starts('pull_request', 'labeled')
        ? doubtful(
            words,
            `${path} approves on pull_request, which runs the pull request's own copy of the file.`,
            paste,
          )
        : wrong(words, `${path} approves, and no label starts it.`, paste),
    );
  }
  return lines;
}
