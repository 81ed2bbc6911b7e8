/**
 * Which labellings still count as votes for a plan. Who may vote at all is decided elsewhere, by what GitHub says.
 */
import type { PlanRecords } from './state.ts';
import {
  inOrder,
  isLabelling,
  type LabelHistory,
  type Labelling,
  mayConcern,
  replacesCommits,
} from './timeline.ts';

export interface VoteRules {
  /** Id of the label. */
  readonly label: string;
  /** The action's own account, which removes the label between two votes. Such a removal withdraws no vote. */
  readonly self: number;
  /** Hours that a vote lasts. */
  readonly hours: number;
  /** GitHub's clock. */
  readonly now: Date;
  /** Whether the person had the time to read the plan as it is shown. */
  readonly hadTimeToRead: (labelling: Labelling) => boolean;
}

/**
 * Each person's newest vote, oldest first. If a person removes the label, all votes are withdrawn. The same happens
 * if the commits are replaced. A vote counts for one decision: a vote that an earlier approval or denial counted, or
 * that is not later than such an approval, is used up.
 */
export function validVotes(
  { events }: Pick<LabelHistory, 'events'>,
  records: Pick<PlanRecords, 'approvals' | 'denials'>,
  { label, self, hours, now, hadTimeToRead }: VoteRules,
): readonly Labelling[] {
  const spent = spentVotes(records);
  const votes = new Map<number, Labelling>();
  for (const event of inOrder(events)) {
    if (replacesCommits(event)) votes.clear();
    else if (!mayConcern(event, label)) continue;
    else if (event.kind === 'removed') {
      if (event.actor?.id !== self) votes.clear();
    } else if (isLabelling(event)) {
      votes.delete(event.actor.id);
      votes.set(event.actor.id, event);
    }
  }
  return [...votes.values()].filter(
    (vote) =>
      now.getTime() < Date.parse(vote.at) + hours * 3_600_000 &&
      !spent.ids.has(vote.id) &&
      Date.parse(vote.at) > spent.until &&
      hadTimeToRead(vote),
  );
}

/** The events that decisions counted, and the time of the latest approval. */
function spentVotes({ approvals, denials }: Pick<PlanRecords, 'approvals' | 'denials'>) {
  const decisions = [...approvals, ...denials.filter(({ voids }) => voids)];
  return {
    ids: new Set(decisions.flatMap(({ counted }) => counted.map(({ id }) => id))),
    until: Math.max(0, ...approvals.map(({ createdAt }) => Date.parse(createdAt))),
  };
}
