/** Which Codex a run would use here, without installing it. */

import { Stopped } from '../../decision.ts';
import type { CodexOffer } from '../../ports/machine.ts';
import { packageOf, supportedArchitecture } from './codex-package.ts';
import { PINNED } from './install.ts';
import { npmView } from './npm.ts';

const NAME = '@openai/codex';

export interface OfferOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly temporary: string;
  readonly codexVersion: string | null;
  readonly codexPath: string | null;
}

/**
 * The registry is asked for what it says about the package, and the integrity of the tested version is compared.
 * @throws Stopped codex-unavailable, config-invalid, platform-unsupported
 */
export async function offerOf({
  env,
  temporary,
  codexVersion,
  codexPath,
}: OfferOptions): Promise<CodexOffer> {
  const forbidden = [env.GITHUB_WORKSPACE, temporary].filter((one) => one !== undefined);
  const tested = PINNED.version;
  const ask = (spec: string, key: string) => npmView(`${NAME}${spec}`, key, temporary, forbidden);
  if (codexPath !== null) {
    const used = await (await packageOf(codexPath, forbidden)).version;
    if (codexVersion !== null && codexVersion !== used) {
      throw new Stopped('codex-unavailable', `codex-path has ${used}, not ${codexVersion}.`);
    }
    const newest = await ask('', 'dist-tags.latest').catch(() => null);
    return { tested, used, from: 'path', newest: newest || null };
  }
  const used = codexVersion ?? tested;
  const architecture = supportedArchitecture();
  const integrity = await ask(`@${used}-linux-${architecture}`, 'dist.integrity');
  if (used === tested && integrity !== PINNED.integrity[architecture]) {
    throw new Stopped(
      'codex-unavailable',
      `The registry serves another ${NAME} ${used} than the tested one: its integrity is ${integrity || 'unknown'}.`,
    );
  }
  if (integrity === '') {
    throw new Stopped(
      'codex-unavailable',
      `The registry has no ${NAME} ${used} for ${architecture}.`,
    );
  }
  const newest = await ask('', 'dist-tags.latest').catch(() => null);
  return { tested, used, from: 'registry', newest: newest || null };
}
