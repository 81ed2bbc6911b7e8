/**
 * Everything in the documents that is written from a source: tables from `action.yml` and the reason codes, examples of
 * evidence from `docs/samples`, the diagram of the folders from the imports, and this repository's own workflow from the
 * example that users copy. A document marks each such part with `<!-- generated: name -->` and `<!-- end -->`.
 */
import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { jsonSchemas } from '../src/core/records/schemas.ts';
import { explain, stopReasons } from '../src/decision.ts';
import { modeNames } from '../src/modes/index.ts';
import { type Entry, readActionFile } from './action-metadata.ts';
import { drawLayers } from './layers.ts';

const root = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** The inputs and outputs that the README shows; `docs/reference.md` has all of them. */
export const mainInputs = [
  'mode',
  'openai-api-key',
  'github-token',
  'team-token',
  'pull-request',
  'when-missing',
  'drift',
  'model',
  'responses-api-endpoint',
  'timeout-minutes',
];
export const mainOutputs = ['decision', 'reason-code', 'approved', 'verified', 'commit-sha'];

/** The pages that people read, as paths from the root of the repository. */
export const pages: readonly string[] = globSync(['*.md', 'docs/*.md'], {
  cwd: root,
  exclude: ['node_modules/**'],
}).toSorted();

/** Every file that is written from a source, with the text that it should have. */
export function generateFiles(): ReadonlyMap<string, string> {
  return new Map([
    ...pages.map((page): [string, string] => [page, regenerate(page, read(page))]),
    ['.github/workflows/codex-plan.yml', ownWorkflow(read('examples/codex-plan.yml'))],
    ...[...jsonSchemas()].map(([name, schema]): [string, string] => [
      `schemas/${name}`,
      `${JSON.stringify(schema, null, 2)}\n`,
    ]),
  ]);
}

/** Writes each generated part of a page again. */
export function regenerate(page: string, text: string): string {
  const parts = /^<!-- generated: (.+) -->\n[\s\S]*?^<!-- end -->$/gm;
  return text.replace(parts, (_, name: string) => {
    const content = generatePart(name);
    if (content === undefined) throw new Error(`${page}: there is no part "${name}".`);
    return `<!-- generated: ${name} -->\n\n${content}\n\n<!-- end -->`;
  });
}

function generatePart(name: string): string | undefined {
  const { inputs, outputs } = readActionFile();
  const [kind = '', path = ''] = name.split(' ');
  switch (kind) {
    case 'inputs':
      return inputTable(inputs);
    case 'outputs':
      return outputTable(outputs);
    case 'main-inputs':
      return inputTable(choose(inputs, mainInputs));
    case 'main-outputs':
      return outputTable(choose(outputs, mainOutputs));
    case 'reason-codes':
      return reasonTable();
    case 'permissions':
      return permissionTable();
    case 'layers':
      return fence('mermaid', drawLayers());
    case 'file':
      return fence(path.slice(path.lastIndexOf('.') + 1), read(path));
    case 'sample':
      return sample(path);
    default:
      return undefined;
  }
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

function choose(entries: readonly Entry[], names: readonly string[]): Entry[] {
  return names.map((name) => {
    const entry = entries.find((one) => one.name === name);
    if (entry === undefined) throw new Error(`action.yml has no entry ${name}.`);
    return entry;
  });
}

function modeList(entry: Entry): string {
  return entry.modes.length === modeNames.length ? 'all' : entry.modes.join(', ');
}

function reasonTable(): string {
  const ends = {
    never: 'no',
    'in approve': 'in `approve`',
    always: 'yes',
  };
  return table(
    ['reason code', 'decision', 'ends the approval', 'what happened', 'what to do next'],
    stopReasons.map((reason) => {
      const { decision, or, voids, what, next } = explain(reason);
      const decisions = [decision, or].filter((one) => one !== undefined);
      const shown = decisions.map((one) => `\`${one}\``).join(' or ');
      return [`\`${reason}\``, shown, ends[voids], what, next];
    }),
  );
}

/** What each mode needs, as the examples give it to the job of its name. */
function permissionTable(): string {
  const files = ['doctor', 'audit-export', 'codex-plan'].map((name) => `examples/${name}.yml`);
  const jobs = Object.assign({}, ...files.map((path) => parse(read(path)).jobs));
  const scopes = ['actions', 'contents', 'issues', 'pull-requests', 'statuses'];
  return table(
    ['mode', ...scopes.map((scope) => `\`${scope}\``)],
    modeNames.map((mode) => [
      `\`${mode}\``,
      ...scopes.map((scope) => jobs[mode]?.permissions[scope] ?? ''),
    ]),
  );
}

/** A file of `docs/samples`: records with their keys on lines, a journal with its newest entry, text as it is. */
function sample(path: string): string {
  const text = read(`docs/samples/${path}`).trimEnd();
  const pretty = (json: string) => fence('json', JSON.stringify(JSON.parse(json), null, 2));
  if (path.endsWith('.jsonl')) return pretty(text.split('\n').at(-1) ?? '');
  return path.endsWith('.json') ? pretty(text) : fence('text', text);
}

/**
 * The example, with this repository's own action in place of the released one. The checkout takes the commit that the
 * workflow file itself comes from: the default branch's, whatever the pull request contains.
 */
function ownWorkflow(example: string): string {
  const checkout = /uses: (actions\/checkout@.*)/.exec(read('.github/workflows/ci.yml'))?.[1];
  if (checkout === undefined) throw new Error('ci.yml does not use actions/checkout.');
  const jobs = example.slice(example.indexOf('\nname: ') + 1);
  const step = /^( +)- ((?:id: [\w-]+\n +)?)uses: codex-plan-governance\/.*$/gm;
  return `# Generated from examples/codex-plan.yml by "npm run build": the action at work on its own repository.\n${jobs.replace(
    step,
    (_, indent: string, id: string) =>
      [
        `${indent}- uses: ${checkout}`,
        `${indent}  with:`,
        `${indent}    ref: \${{ github.workflow_sha }}`,
        `${indent}    persist-credentials: false`,
        `${indent}- ${id}uses: ./`,
      ].join('\n'),
  )}`;
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [head, head.map(() => '---'), ...rows].map(line).join('\n');
}
