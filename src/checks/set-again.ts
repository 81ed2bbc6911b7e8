/** A label that somebody set after the event that a run is about is a new question: another run answers it. */

import {
  inOrder,
  isLabelling,
  type Label,
  type StartingEvent,
  surelyLater,
} from '../core/life/timeline.ts';
import { Stopped } from '../decision.ts';
import type { Timeline } from '../ports/timeline.ts';

/** Which label event a run is about, as far as that is known yet. */
export interface RunSubject {
  /** Id of the label event that the run decides on. */
  decided?: string;
  /** The label event that started the run. */
  started?: StartingEvent | undefined;
}

/**
 * The labels that somebody set after the event that the run decides on, or was started by.
 * @throws Stopped api-unavailable, permission-missing
 */
export async function findSetAgain(
  timeline: Timeline,
  pullRequest: number,
  { decided, started }: RunSubject,
): Promise<readonly Label[]> {
  if (decided === undefined) return findSetAfterStart(timeline, pullRequest, started);
  const events = inOrder((await timeline.read(pullRequest)).events);
  const at = events.findIndex(({ id }) => id === decided);
  // A log that lags says nothing about later events.
  const later = at === -1 ? [] : events.slice(at + 1);
  return later.filter(isLabelling).map(({ label }) => label);
}

async function findSetAfterStart(
  timeline: Timeline,
  pullRequest: number,
  started: StartingEvent | undefined,
): Promise<readonly Label[]> {
  if (started === undefined) return [];
  try {
    const { events } = await timeline.read(pullRequest);
    return surelyLater(events, started).map(({ label }) => label);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return [];
  }
}
