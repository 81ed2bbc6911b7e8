import type { CodexInputs, CommonInputs, InputSchema, ReadInput } from '../inputs.ts';
import type { ModeResult } from '../ports/outcome.ts';
import type { Tools } from './tools.ts';

/** What the tools are built from: the inputs that every mode has, and those of Codex if the mode uses it. */
export type ToolInputs = CommonInputs &
  Partial<CodexInputs> & { readonly profile?: string | undefined };

/** A mode with its inputs, ready to run. */
export interface PreparedMode {
  readonly inputs: ToolInputs;
  /** @throws Stopped for every end but a good one */
  run(tools: Tools): Promise<ModeResult>;
}

export interface Mode {
  /** Names of its inputs, as `action.yml` has them. */
  readonly inputNames: readonly string[];
  /** The tools that it is given. */
  readonly needs: readonly (keyof Tools)[];
  /** @throws Stopped config-invalid, naming the input */
  prepare(read: ReadInput): PreparedMode;
}

interface UseCase<I extends ToolInputs, Name extends keyof Tools> {
  readonly inputs: InputSchema<I>;
  /** The tools that the mode gets. It cannot use any other. */
  readonly needs: readonly Name[];
  run(tools: Pick<Tools, Name>, inputs: I): Promise<ModeResult>;
}

export function defineMode<I extends ToolInputs, Name extends keyof Tools>({
  inputs: schema,
  needs,
  run,
}: UseCase<I, Name>): Mode {
  return {
    inputNames: schema.names,
    needs,
    prepare: (read) => {
      const inputs = schema.read(read);
      return { inputs, run: (tools) => run(pick(tools, needs), inputs) };
    },
  };
}

function pick<T extends object, Name extends keyof T>(
  all: T,
  names: readonly Name[],
): Pick<T, Name> {
  return Object.fromEntries(names.map((name) => [name, all[name]])) as Pick<T, Name>;
}
