/** Decides again whose turn it was to be asked for an approval. */

import { chooseAsked, parseAsk, readAskedBefore } from '../policy/rotation.ts';
import type { JournalEntry } from '../records/journal.ts';
import type { Manifest } from '../records/manifest.ts';
import type { Artifact } from './artifact.ts';
import type { Ledger } from './ledger.ts';
import { isDecision } from './own-line.ts';

/** What says who was asked: the journal of an artifact, and the policy that it was made under. */
type Asking = Pick<Artifact, 'name' | 'policy' | 'entries'>;

type AskingPlan = Asking & {
  readonly evidence: {
    readonly manifest: Pick<Manifest, 'pull_request'> & {
      readonly requests: readonly Pick<Manifest['requests'][number], 'requester'>[];
    };
  };
};

/** Each artifact answers for the lines that it added. */
export function checkAsked(
  { plan, records }: { readonly plan: AskingPlan; readonly records: readonly Asking[] },
  ledger: Ledger,
): void {
  let known = plan.entries.findLastIndex(isDecision);
  for (const artifact of [plan, ...records]) {
    for (const entry of artifact.entries.slice(known)) {
      if (entry.event === 'asked') checkOne(artifact, entry, plan, ledger);
    }
    known = Math.max(known, artifact.entries.length);
  }
}

function checkOne(
  { name, policy, entries }: Asking,
  { seq, detail }: JournalEntry,
  { evidence: { manifest } }: AskingPlan,
  ledger: Ledger,
): void {
  ledger.told('Who may approve and could be asked, and who was busy.');
  const facts = detail === null ? undefined : parseAsk(detail);
  const turn =
    facts &&
    chooseAsked({
      pullRequest: manifest.pull_request,
      ask: policy.rotate.ask,
      candidates: facts.candidates.map((id) => ({ id, login: '' })),
      participants: facts.participants,
      before: facts.before,
      busy: facts.busy,
    });
  const inTurn = turn?.map(({ id }) => id).join() === facts?.asked.map(({ id }) => id).join();
  const earlier = readAskedBefore(entries.slice(0, seq - 1)).ids;
  const requesters = manifest.requests.map(({ requester }) => requester.id);
  ledger.check(
    'asked',
    facts !== undefined &&
      inTurn &&
      facts.as === policy.rotate.as &&
      earlier.every((id) => facts.before.includes(id)) &&
      requesters.every((id) => facts.participants.includes(id)),
    `Line ${seq} of the journal of ${name} asks other people than those whose turn it was.`,
  );
}
