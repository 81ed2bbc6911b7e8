/** Decides again whose turn it was to be asked for an approval. */

import type { Policy } from '../policy/policy.ts';
import { type Ask, chooseAsked, parseAsk, readAskedBefore } from '../policy/rotation.ts';
import type { JournalEntry } from '../records/journal.ts';
import type { Absences } from './absent.ts';
import type { Artifact } from './artifact.ts';
import { type KnownPlan, type PlanWithPeople, readParticipants } from './known-plan.ts';
import type { Ledger } from './ledger.ts';
import { isDecision, isOfKind } from './own-line.ts';

/** What says who was asked: the journal of an artifact, and the policy that it was made under. */
type Asking = Pick<Artifact, 'name' | 'policy' | 'entries' | 'lines'>;

type AskingPlan = Asking & PlanWithPeople;

/** A plan that is missing names no requesters: then less can be computed again. */
interface AskingStory {
  readonly plan: AskingPlan | null;
  readonly known: Pick<KnownPlan, 'pullRequest'>;
  readonly records: readonly Asking[];
}

/** Each artifact is checked for the lines that it added. */
export function checkAsked(
  story: AskingStory,
  absences: Pick<Absences, 'explain'>,
  ledger: Ledger,
): void {
  const { plan, records } = story;
  const first = records[0]?.entries ?? [];
  let known =
    plan === null
      ? first.findLastIndex((entry) => isOfKind(entry, 'plan'))
      : plan.entries.findLastIndex(isDecision);
  for (const artifact of plan === null ? records : [plan, ...records]) {
    const earlier = new Set<number>();
    let why: string | undefined;
    for (const [index, entry] of artifact.entries.entries()) {
      // Whoever writes a decision writes after it who is asked.
      if (isDecision(entry)) {
        why = absences.explain(artifact.lines[index]);
        if (plan === null && isOfKind(entry, 'plan')) why ??= 'its plan is missing';
      }
      if (entry.event !== 'asked') continue;
      if (index >= known && why === undefined) checkOne(artifact, entry, earlier, story, ledger);
      else if (index >= known) {
        const line = `line ${entry.seq} of the journal of ${artifact.name}`;
        ledger.unproven(`Whose turn it was to be asked by ${line}: ${why}.`);
      }
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
  { plan, known }: AskingStory,
  ledger: Ledger,
): void {
  ledger.told('Who may approve and could be asked, and who was busy.');
  const facts = detail === null ? undefined : parseAsk(detail);
  const turn =
    facts &&
    chooseAsked({
      pullRequest: known.pullRequest,
      ask: policy.rotate.ask,
      candidates: facts.candidates.map((id) => ({ id, login: '' })),
      participants: facts.participants,
      before: facts.before,
      busy: facts.busy,
    });
  const inTurn = turn?.map(({ id }) => id).join() === facts?.asked.map(({ id }) => id).join();
  ledger.check(
    'asked',
    facts !== undefined &&
      inTurn &&
      facts.as === policy.rotate.as &&
      areNamed(facts, policy) &&
      isSubset(earlier, new Set(facts.before)) &&
      (plan === null || areParticipants(facts, plan)),
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

/** The requesters are participants, and one other can be: the author of the pull request. */
function areParticipants({ participants }: Ask, plan: AskingPlan): boolean {
  const requesters = plan.evidence.manifest.requests.map(({ requester }) => requester.id);
  const known = new Set(readParticipants(plan).requesters.map(({ id }) => id));
  const strangers = new Set(participants.filter((id) => !known.has(id)));
  return requesters.every((id) => participants.includes(id)) && strangers.size <= 1;
}
