/** Which artifacts are missing because a later attempt of their run replaced them. */

import type { JournalEntry } from '../records/journal.ts';
import { skewMs } from './absent.ts';
import type { Artifact } from './artifact.ts';
import { isOfKind } from './own-line.ts';
import { time } from './rules.ts';

/** The artifact of a repeated run, and for each line of its own kind the number of such lines from there to the end. */
interface Repeated {
  readonly artifact: Artifact;
  readonly following: ReadonlyMap<string, number>;
}

/** A run that is attempted again replaces the artifact of its earlier attempt, and continues its journal. */
export class Replacements {
  readonly #repeated: readonly Repeated[];

  constructor(artifacts: readonly Artifact[]) {
    this.#repeated = artifacts.filter(({ making }) => making.run.attempt > 1).map(countFollowing);
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
function countFollowing(artifact: Artifact): Repeated {
  const following = new Map<string, number>();
  for (const [index, entry] of [...artifact.entries.entries()].toReversed()) {
    if (!isOfKind(entry, artifact.kind)) continue;
    following.set(artifact.lines[index] ?? '', following.size + 1);
  }
  return { artifact, following };
}

/**
 * Each attempt of a run adds one line at most. What is older than the run, no attempt of it made: otherwise anybody
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
