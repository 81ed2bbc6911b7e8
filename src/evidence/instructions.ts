/** What the owners of the repository tell every agent, from the same commit of the default branch as the policy. */

import { instructionsFile, maxInstructionsKib } from '../core/policy/instructions.ts';
import { Stopped } from '../decision.ts';
import type { GoverningFiles } from '../ports/repository.ts';
import type { PolicySource } from './policy.ts';

const maxBytes = maxInstructionsKib * 1024;

export interface InstructionsSource {
  /**
   * The instructions, byte for byte; '' if there are none or if the policy wants none. Never those of the pull
   * request.
   * @throws Stopped config-invalid, api-unavailable
   */
  read(): Promise<string>;
}

/** Reads the instructions when they are first needed. */
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
 * What else can be under the name of a file in git. A link is not followed: people who may change its target need not
 * be allowed to change these instructions.
 */
const otherKinds: Readonly<Record<string, string>> = {
  '120000': 'a symbolic link',
  '160000': 'a submodule',
  '040000': 'a folder',
};

/** Instructions that cannot be read stop the run: without them, Codex might plan what the owners do not want. */
function invalid(what: string): Stopped {
  return new Stopped(
    'config-invalid',
    `${instructionsFile} of the default branch ${what}. Make it a text file of at most ${maxInstructionsKib} KiB, or set instructions: none in the policy.`,
  );
}

/** @returns also undefined for a file with NUL bytes, which git calls binary */
function decode(content: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
