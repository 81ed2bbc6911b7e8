/** What the owners tell every agent: from the commit of the default branch that the policy was read from. */

import { instructionsFile, maxInstructionsKib } from '../core/policy/instructions.ts';
import { Stopped } from '../decision.ts';
import type { GoverningFiles } from '../ports/repository.ts';
import type { PolicySource } from './policy.ts';

const maxBytes = maxInstructionsKib * 1024;

export interface InstructionsSource {
  /**
   * The instructions, byte for byte; '' if there are none or if the policy wants none. Never the pull request's own.
   * @throws Stopped config-invalid, api-unavailable
   */
  read(): Promise<string>;
}

/** Reads the instructions when they are first asked for. */
export class RepositoryInstructions implements InstructionsSource {
  readonly #files: Pick<GoverningFiles, 'readInstructions'>;
  readonly #policy: Pick<PolicySource, 'read' | 'origin'>;
  #found: Promise<string> | undefined;

  constructor(
    files: Pick<GoverningFiles, 'readInstructions'>,
    policy: Pick<PolicySource, 'read' | 'origin'>,
  ) {
    this.#files = files;
    this.#policy = policy;
  }

  read(): Promise<string> {
    this.#found ??= this.#readFile();
    return this.#found;
  }

  async #readFile(): Promise<string> {
    if ((await this.#policy.read()).instructions === 'none') return '';
    const { commit } = await this.#policy.origin();
    const file = await this.#files.readInstructions(commit, maxBytes);
    if (file === undefined) return '';
    const { mode, size, content } = file;
    const kind = otherKinds[mode];
    if (kind !== undefined) throw invalid(`is ${kind}`);
    if (Math.max(size, content?.length ?? 0) > maxBytes)
      throw invalid(`is longer than ${maxInstructionsKib} KiB`);
    const text = content === null ? undefined : decode(content);
    if (text === undefined) throw invalid('is not a text in UTF-8');
    return text;
  }
}

/**
 * What can have the name of a file in git. A link is not followed: where it leads is written in it, and whoever may
 * change that file need not be one who may change these instructions.
 */
const otherKinds: Readonly<Record<string, string>> = {
  '120000': 'a symbolic link',
  '160000': 'a submodule',
  '040000': 'a folder',
};

/** Instructions that cannot be read stop the run: without them, Codex would plan against the will of the owners. */
function invalid(what: string): Stopped {
  return new Stopped(
    'config-invalid',
    `${instructionsFile} of the default branch ${what}. Make it a text file of at most ${maxInstructionsKib} KiB, or set instructions: none in the policy.`,
  );
}

/** @returns undefined for what git calls binary, too: a file with NUL bytes */
function decode(content: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
