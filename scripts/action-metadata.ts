/** What `action.yml` says, with the modes that each description ends with. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type ModeName, modeNames } from '../src/modes/index.ts';

export interface Entry {
  readonly name: string;
  readonly description: string;
  readonly modes: readonly ModeName[];
  readonly required: boolean;
  /** The default as the reader has to know it; '' for none. */
  readonly default: string;
}

interface ActionFile {
  readonly inputs: Readonly<Record<string, RawEntry>>;
  readonly outputs: Readonly<Record<string, RawEntry>>;
}

interface RawEntry {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string;
}

export const actionFile = new URL('../action.yml', import.meta.url);

export function readActionFile(): { inputs: Entry[]; outputs: Entry[] } {
  const { inputs, outputs } = parse(readFileSync(actionFile, 'utf8')) as ActionFile;
  return { inputs: readEntries(inputs), outputs: readEntries(outputs) };
}

function readEntries(entries: ActionFile['inputs']): Entry[] {
  return Object.entries(entries).map(([name, entry]) => {
    const end = /^(.+) \(([a-z, ]+)(?:; default (.+))?\)$/.exec(entry.description);
    if (end === null) throw new Error(`The description of ${name} does not end with its modes.`);
    const [, description = '', list = '', described = ''] = end;
    return {
      name,
      description,
      modes: list === 'all' ? modeNames : list.split(', ').map(readMode),
      required: entry.required ?? false,
      default: entry.default === undefined ? described : `\`${entry.default}\``,
    };
  });
}

function readMode(name: string): ModeName {
  const mode = modeNames.find((one) => one === name);
  if (mode === undefined) throw new Error(`${name} is not a mode.`);
  return mode;
}
