/** Times, numbers and costs as people read them. */

import type { Usage } from '../core/records/fields.ts';

/** @param time RFC 3339 in UTC, as records have it */
export function utc(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}

/**
 * `23,411`. Without `toLocaleString`, because Node would load its language tables for it.
 * @param number a whole one
 */
export function count(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 file`, `2 files` */
export function several(number: number, one: string, more = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : more}`;
}

/** `23,411 tokens in (18,200 cached), 1,902 out` */
export function describeTokens({ input, cached, output }: Omit<Usage, 'seconds'>): string {
  return `${count(input)} tokens in (${count(cached)} cached), ${count(output)} out`;
}

/** Time and tokens of a run of Codex. A plan that somebody narrowed cost none. */
export function describeUsage(usage: Usage): string {
  if (usage.input === 0 && usage.output === 0) return 'no model was asked';
  return `${count(Math.round(usage.seconds))} s, ${describeTokens(usage)}`;
}

/** `0:03`, for a line of the log. */
export function stopwatch(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
