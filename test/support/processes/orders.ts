/** What a large process and the small one that starts programs for it say to each other. */

/** A program to start. `env` is its whole environment. */
export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdio: readonly ('pipe' | 'ignore')[];
  readonly detached?: boolean | undefined;
  readonly argv0?: string | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/** `id` is the large process's number for the program; `fd` is 1 or 2. */
export type Order =
  | { readonly id: number; readonly do: 'start'; readonly program: Program }
  | { readonly id: number; readonly do: 'input' }
  | { readonly id: number; readonly do: 'end-input' }
  | { readonly id: number; readonly do: 'close-input' }
  | { readonly id: number; readonly do: 'took'; readonly fd: number; readonly bytes: number }
  | { readonly id: number; readonly do: 'close-output'; readonly fd: number }
  | { readonly id: number; readonly do: 'kill'; readonly signal: NodeJS.Signals | number };

/** An error of the system, without its stack. */
export interface SystemError {
  readonly message: string;
  readonly code?: string | undefined;
  readonly errno?: number | undefined;
  readonly syscall?: string | undefined;
  readonly path?: string | undefined;
  readonly spawnargs?: readonly string[] | undefined;
}

export type News =
  | { readonly id: number; readonly is: 'started'; readonly pid: number }
  | { readonly id: number; readonly is: 'error'; readonly error: SystemError }
  | { readonly id: number; readonly is: 'took-input'; readonly bytes: number }
  | { readonly id: number; readonly is: 'input-error'; readonly error: SystemError }
  | { readonly id: number; readonly is: 'output' | 'end-of-output'; readonly fd: number }
  | {
      readonly id: number;
      readonly is: 'exit';
      readonly code: number | null;
      readonly signal: NodeJS.Signals | null;
    };

/** How many bytes each side may send of a stream before the other one has taken them. */
export const windowBytes = 512 * 1024;

export function describeError(error: Error & Partial<SystemError>): SystemError {
  const { message, code, errno, syscall, path, spawnargs } = error;
  return { message, code, errno, syscall, path, spawnargs };
}
