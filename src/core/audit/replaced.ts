/** Which artifacts are missing because a later attempt of their run replaced them. */

import type { JournalEntry } from '../records/journal.ts';
import { type Absences, ownLine, skewMs } from './absent.ts';
import type { Artifact } from './artifact.ts';
import { isOfKind } from './own-line.ts';
import { time } from './rules.ts';

/** The artifact of a repeated run. */
interface Repeated {
  readonly artifact: Artifact;
  /**
   * For each line of its own kind, how many such lines from there to the end can be of its run. A line whose artifact
   * another run made, or GitHub deleted, is none of them.
   */
  readonly following: ReadonlyMap<string, number>;
}

/** A run that is attempted again replaces the artifact of its earlier attempt, and continues its journal. */
export class Replacements {
  readonly #repeated: readonly Repeated[];

  constructor(artifacts: readonly Artifact[], absences: Pick<Absences, 'explain'>) {
    const own = new Map(artifacts.map((one) => [ownLine(one), one]));
    const isOfAnother = (line: string, artifact: Artifact) =>
      (own.get(line) ?? artifact) !== artifact || absences.explain(line) !== undefined;
    this.#repeated = artifacts
      .filter(({ making }) => making.run.attempt > 1)
      .map((one) => ({ artifact: one, following: countFollowing(one, isOfAnother) }));
  }

  /**
   * @param line of a journal whose artifact is missing, byte for byte, and what it says
   * @returns why it is missing, as a clause; undefined if no repeated run explains it
   */
  explain(line: string | undefined, entry: JournalEntry | undefined): string | undefined {
    if (line === undefined || entry === undefined) return undefined;
    const by = this.#repeated.find((one) => mayReplace(one, line, entry))?.artifact.making.run;
    return by && `attempt ${by.attempt} of run ${by.id} replaced it`;
  }
}

/** Counted once for all lines: a journal can be long. */
function countFollowing(
  artifact: Artifact,
  isOfAnother: (line: string, artifact: Artifact) => boolean,
): Repeated['following'] {
  const following = new Map<string, number>();
  let count = 0;
  for (const [index, entry] of [...artifact.entries.entries()].toReversed()) {
    const line = artifact.lines[index] ?? '';
    if (!isOfKind(entry, artifact.kind) || isOfAnother(line, artifact)) continue;
    count += 1;
    following.set(line, count);
  }
  return following;
}

/**
 * Each attempt of a run makes one artifact at most. What is older than the run, no attempt of it made: otherwise anybody
 * who can repeat a run could remove what another run decided before.
 */
function mayReplace({ artifact, following }: Repeated, line: string, entry: JournalEntry): boolean {
  const sameKind = following.get(line);
  const began = artifact.stored?.runBegan;
  const isOlder = began != null && time(entry.at) + skewMs < time(began);
  return (
    sameKind !== undefined &&
    !isOlder &&
    isOfKind(entry, artifact.kind) &&
    sameKind <= artifact.making.run.attempt
  );
}
