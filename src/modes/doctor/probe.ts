/** What a probe is, and how its lines are made. */

import { Stopped } from '../../decision.ts';
import type { CheckLine } from '../../report/check-table.ts';
import type { DoctorFacts } from './facts.ts';

/** One question about the set-up. It may ask what the job has no right to see; then the line says so. */
export interface Probe {
  readonly about: string;
  readonly why: string;
  /** The line that lets it see, if it cannot. */
  readonly needs: string;
  /** @throws Stopped if it cannot see anything */
  look(facts: DoctorFacts): Promise<readonly CheckLine[]>;
}

type Words = Pick<Probe, 'about' | 'why'>;

export function fine({ about, why }: Words, found: string): CheckLine {
  return { mark: '✓', about, found, why, paste: null };
}

/** @param paste what the maintainer can paste to settle it */
export function doubtful({ about, why }: Words, found: string, paste: string): CheckLine {
  return { mark: '⚠', about, found, why, paste };
}

/** It does not work as it is. */
export function wrong({ about, why }: Words, found: string, paste: string): CheckLine {
  return { mark: '✗', about, found, why, paste };
}

export function unseen(
  { about, why, needs }: Pick<Probe, 'about' | 'why' | 'needs'>,
  stopped: Stopped,
): CheckLine {
  return doubtful({ about, why }, `This could not be seen. ${stopped.message}`, needs);
}

/** A fact, or why it cannot be seen. */
export type Glance<T> = { readonly seen: T } | { readonly unseen: Stopped };

/** For a probe that can go on without a fact. */
export async function glance<T>(look: () => Promise<T>): Promise<Glance<T>> {
  try {
    return { seen: await look() };
  } catch (error) {
    if (error instanceof Stopped) return { unseen: error };
    throw error;
  }
}

/** Asks one probe. What it cannot see becomes a line, and no failure. */
export async function ask(probe: Probe, facts: DoctorFacts): Promise<readonly CheckLine[]> {
  const lines = await glance(() => probe.look(facts));
  return 'seen' in lines ? lines.seen : [unseen(probe, lines.unseen)];
}

/** `a, b and c` */
export function listed(words: readonly string[], most = 10): string {
  const shown = words.slice(0, most);
  const rest = words.length > most ? [`${words.length - most} more`] : [];
  const all = [...shown, ...rest];
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

/** An expression of a workflow file. */
export function expression(name: string): string {
  return ['${{', name, '}}'].join(' ');
}

/** The line that gives a job the token of an app. */
export function appToken(rights: string): string {
  return `github-token: ${expression('steps.app.outputs.token')} # an app with ${rights}`;
}

/** The line that lets the action read the members of teams. */
export const teamToken = `team-token: ${expression('secrets.TEAM_TOKEN')} # may read the members of the organisation`;

/** The line that lets GitHub show who has a role. */
export const toSeePeople = 'permissions: { issues: read }';
