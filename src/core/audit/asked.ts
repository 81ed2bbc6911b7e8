/** Decides again whose turn it was to be asked for an approval. */

import type { Policy } from '../policy/policy.ts';
import { type Ask, chooseAsked, parseAsk, readAskedBefore } from '../policy/rotation.ts';
import type { JournalEntry } from '../records/journal.ts';
import type { Manifest } from '../records/manifest.ts';
import { readParticipants } from './approvals.ts';
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

/** Each artifact is checked for the lines that it added. */
export function checkAsked(
  { plan, records }: { readonly plan: AskingPlan; readonly records: readonly Asking[] },
  ledger: Ledger,
): void {
  let known = plan.entries.findLastIndex(isDecision);
  for (const artifact of [plan, ...records]) {
    const earlier = new Set<number>();
    for (const [index, entry] of artifact.entries.entries()) {
      if (entry.event !== 'asked') continue;
      if (index >= known) checkOne(artifact, entry, earlier, plan, ledger);
      for (const id of readAskedBefore([entry]).ids) earlier.add(id);
    }
    known = Math.max(known, artifact.entries.length);
  }
}

/** @param earlier the account ids that the journal says before this line */
function checkOne(
  { name, policy }: Asking,
  { seq, detail }: JournalEntry,
  earlier: ReadonlySet<number>,
  plan: AskingPlan,
  ledger: Ledger,
): void {
  ledger.told('Who may approve and could be asked, and who was busy.');
  const facts = detail === null ? undefined : parseAsk(detail);
  const { manifest } = plan.evidence;
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
  const requesters = manifest.requests.map(({ requester }) => requester.id);
  ledger.check(
    'asked',
    facts !== undefined &&
      inTurn &&
      facts.as === policy.rotate.as &&
      areNamed(facts, policy) &&
      isSubset(earlier, new Set(facts.before)) &&
      requesters.every((id) => facts.participants.includes(id)) &&
      countStrangers(facts, plan) <= 1,
    `Line ${seq} of the journal of ${name} asks other people than those whose turn it was.`,
  );
  const others = facts?.before.filter((id) => !earlier.has(id)) ?? [];
  if (others.length > 0) {
    ledger.unproven(
      `That account ${others.join(', ')} was asked before line ${seq} of the journal of ${name}: this journal does not tell.`,
    );
  }
}

function isSubset(some: ReadonlySet<number>, all: ReadonlySet<number>): boolean {
  return [...some].every((one) => all.has(one));
}

/** Without teams only the people in the policy can be asked. */
function areNamed({ asked, candidates }: Ask, { approvers: { teams, users } }: Policy): boolean {
  if (teams.length > 0) return true;
  const named = new Set(users.map((login) => login.toLowerCase()));
  return (
    candidates.length <= named.size && asked.every(({ login }) => named.has(login.toLowerCase()))
  );
}

/** How many participants did not ask for the plan: the author of the pull request may be one. */
function countStrangers({ participants }: Ask, plan: AskingPlan): number {
  const known = new Set(readParticipants(plan).requesters.map(({ id }) => id));
  return new Set(participants.filter((id) => !known.has(id))).size;
}
