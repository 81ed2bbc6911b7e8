import type { Plan } from './plan.ts';

/** `plan.txt`: a pure rendering of the plan, one fact a line, so that a diff of two plans reads well. */
export function renderPlanText(plan: Plan): string {
  return `${[
    plan.title,
    ...section('', plan.summary === '' ? [] : [plan.summary]),
    ...section('Steps', plan.steps.map(step)),
    ...section(
      'Files',
      plan.files.map(
        (file) => `${file.operation} ${file.path}${file.reason && `: ${file.reason}`}`,
      ),
    ),
    ...section('Commands', plan.commands),
    ...section('Risks', plan.risks),
  ].join('\n')}\n`;
}

function step(step: Plan['steps'][number], index: number): string {
  const head = `${index + 1}. ${step.title}`;
  const paths = step.paths.map((path) => `- ${path}`);
  return [head, ...(step.detail === '' ? [] : [step.detail]), ...paths].join('\n');
}

/** Further lines of an item are indented, so that no text of a plan can look like the next item or section. */
function section(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const lines = items.map((item) => item.split('\n').join('\n    '));
  return title === '' ? ['', ...lines] : ['', title, ...lines.map((line) => `  ${line}`)];
}
