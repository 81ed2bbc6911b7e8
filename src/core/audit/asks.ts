/** Computes again who was asked to approve, from what the journal says about each ask. */

import { chooseAsked, parseAsk, readAskedBefore } from '../policy/rotation.ts';
import { canonicalJson } from '../text/json.ts';
import type { Artifact } from './artifact.ts';
import type { Ledger } from './ledger.ts';
import { findOwnLine } from './own-line.ts';

/** The asks that the artifact itself added: those after its own line. */
export function checkAsks(artifact: Artifact, ledger: Ledger): void {
  const { name, entries, making, policy } = artifact;
  const own = findOwnLine(artifact)?.seq ?? entries.length;
  for (const [index, { seq, event, detail }] of entries.entries()) {
    if (event !== 'asked' || seq <= own) continue;
    const ask = detail === null ? undefined : parseAsk(detail);
    const line = `Line ${seq} of the journal of ${name}`;
    if (ask === undefined) {
      ledger.check('asks', false, `${line} does not say who was asked, and among whom.`);
      continue;
    }
    const { candidates, asked, as, ...facts } = ask;
    const turn = chooseAsked({
      ...facts,
      pullRequest: making.pull_request,
      ask: policy.rotate.ask,
      candidates: candidates.map((id) => ({ id, login: '' })),
    });
    const ids = (people: readonly { readonly id: number }[]) => people.map(({ id }) => id);
    const holds = as === policy.rotate.as && canonicalJson(ids(turn)) === canonicalJson(ids(asked));
    ledger.check('asks', holds, `${line} names others than those whose turn it was.`);
    const earlier = readAskedBefore(entries.slice(0, index)).ids;
    const known = new Set(facts.before);
    ledger.check(
      'asks',
      earlier.every((id) => known.has(id)),
      `${line} leaves out somebody who was asked before.`,
    );
    ledger.told('Who could approve, and who said that they were busy, when people were asked.');
  }
}
