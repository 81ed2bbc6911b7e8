/** The parts of the README that are written from `action.yml`, `src/decision.ts` and the examples. */
import { readFileSync } from 'node:fs';
import { explain, stopReasons } from '../src/decision.ts';
import { modeNames } from '../src/modes/index.ts';
import { type Entry, readActionFile } from './action-metadata.ts';

const workflow = new URL('../examples/codex-plan.yml', import.meta.url);

/** Replaces what stands between `<!-- generated: name -->` and `<!-- end -->`. */
export function regenerate(readme: string): string {
  const { inputs, outputs } = readActionFile();
  const parts: Record<string, string> = {
    workflow: `\`\`\`yaml\n${readFileSync(workflow, 'utf8')}\`\`\``,
    inputs: inputTable(inputs),
    outputs: outputTable(outputs),
    'reason-codes': reasonTable(),
  };
  return Object.entries(parts).reduce(replacePart, readme);
}

function replacePart(readme: string, [name, content]: [string, string]): string {
  const begin = `<!-- generated: ${name} -->\n`;
  const from = readme.indexOf(begin) + begin.length;
  const to = readme.indexOf('<!-- end -->', from);
  if (!readme.includes(begin) || to === -1) throw new Error(`The README has no part "${name}".`);
  return `${readme.slice(0, from)}\n${content}\n\n${readme.slice(to)}`;
}

function inputTable(inputs: readonly Entry[]): string {
  return table(
    ['input', 'modes', 'default', 'meaning'],
    inputs.map((input) => [
      `\`${input.name}\``,
      modeList(input),
      input.required ? 'required' : input.default,
      input.description,
    ]),
  );
}

function outputTable(outputs: readonly Entry[]): string {
  return table(
    ['output', 'modes', 'meaning'],
    outputs.map((output) => [`\`${output.name}\``, modeList(output), output.description]),
  );
}

function reasonTable(): string {
  return table(
    ['reason code', 'decision', 'what happened', 'what to do next'],
    stopReasons.map((reason) => {
      const { decision, or, what, next } = explain(reason);
      const decisions = [decision, or].filter((one) => one !== undefined);
      return [`\`${reason}\``, decisions.map((one) => `\`${one}\``).join(' or '), what, next];
    }),
  );
}

function modeList(entry: Entry): string {
  return entry.modes.length === modeNames.length ? 'all' : entry.modes.join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [head, head.map(() => '---'), ...rows].map(line).join('\n');
}
