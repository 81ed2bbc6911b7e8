/** The home of the runner's user, who may have none: a container can run as a number without an account. */
import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';

/** @returns undefined if neither HOME nor an account of the machine says where it is */
export function findHome(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

/** Whether a folder can be written, or made and then written. */
export function canBeWritten(folder: string): boolean {
  let nearest = folder;
  while (!existsSync(nearest) && nearest !== dirname(nearest)) nearest = dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
