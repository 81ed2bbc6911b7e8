import type { Plan } from './plan.ts';

/**
 * Renderings of a plan with one fact on each line, so that a diff of two plans is easy to read. The beginning of a
 * line says what the line is, and the plan's own text cannot begin a line. So two different plans never look the
 * same, except for null and ''.
 */

/** `plan.txt`: all of the plan. */
export function renderPlanText(plan: Plan): string {
  const files = plan.files.map(({ path, operation, reason }) =>
    continued(`  ${operation} ${path}${reason ? `: ${reason}` : ''}`),
  );
  return `${[
    renderProposal(plan),
    ...section('Files', files),
    ...section('Commands', plan.commands.map(item)),
    ...section('Risks', plan.risks.map(item)),
  ].join('\n')}\n`;
}

/** Title, summary and steps. */
export function renderProposal({ title, summary, steps }: Plan): string {
  return [
    continued(title),
    ...(summary ? ['', continued(summary)] : []),
    ...section('Steps', steps.map(step)),
  ].join('\n');
}

function section(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : ['', title, ...items];
}

function step({ title, detail, paths }: Plan['steps'][number], index: number): string {
  return [
    `  ${index + 1}. ${title.replaceAll('\n', '\n  > ')}`,
    ...(detail ? [`    ${continued(detail)}`] : []),
    ...paths.map(item),
  ].join('\n');
}

function item(text: string): string {
  return `  - ${continued(text)}`;
}

function continued(text: string): string {
  return text.replaceAll('\n', '\n    ');
}
