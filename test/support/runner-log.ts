/**
 * How a runner reads a step's output: line by line, each one a command or text.
 * @see https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export interface RunnerCommand {
  readonly name: string;
  readonly data: string;
}

/** Every command that a runner would carry out; unlike a runner, this accepts any name. */
export function commandsIn(output: string): RunnerCommand[] {
  return runnerLines(output).flatMap((line) => parseNew(line) ?? parseOld(line) ?? []);
}

/** .NET's `ReadLine`: a lone carriage return ends a line, too. */
export function runnerLines(output: string): string[] {
  return output.split(/\r\n|\r|\n/);
}

/** `::name properties::data`, after any white space. */
function parseNew(line: string): RunnerCommand | undefined {
  const trimmed = line.replace(/^[\s\u0085\u180e\u200b]+/, '');
  if (!trimmed.startsWith('::')) return undefined;
  const end = trimmed.indexOf('::', 2);
  if (end === -1) return undefined;
  const [name = ''] = trimmed.slice(2, end).split(' ');
  return { name, data: unescapeData(trimmed.slice(end + 2)) };
}

/** `##[name properties]data`, anywhere in a line. */
function parseOld(line: string): RunnerCommand | undefined {
  const start = line.indexOf('##[');
  const end = line.indexOf(']', start);
  if (start === -1 || end === -1) return undefined;
  const [name = ''] = line.slice(start + 3, end).split(' ');
  return { name, data: line.slice(end + 1) };
}

function unescapeData(data: string): string {
  return data.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
