/** GitHub deletes artifacts after their retention: an audit says what cannot be proven, and finds nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditOnline, chooseUpTo, type Online, onlineIn } from '../support/expired.ts';
import { type AuditedLoop, playAuditedLoop, playWithdrawnLoop } from '../support/loop/audited.ts';

const loops = { 'a whole loop': () => playAuditedLoop(), 'a withdrawn plan': playWithdrawnLoop };

const namesOf = (some: readonly Online[]) => some.map(({ name }) => name).join();

const linesOf = ({ members }: Online) =>
  String(members.get('journal.jsonl')).split('\n').slice(0, -1);
const decisions =
  /"event":"(?:planned|narrowed|approved|denied|verified|drifted|executed|withdrawn)"/;

/** Whether the journal of another artifact has the line that this one stands for. */
function isNamedBy(one: Online, other: Online): boolean {
  const own = linesOf(one).findLast((line) => decisions.test(line));
  return own !== undefined && linesOf(other).includes(own);
}

describe.each(Object.entries(loops))('after %s', (_, play) => {
  let played: AuditedLoop;
  let all: readonly Online[];
  beforeAll(async () => {
    played = await play();
    all = await onlineIn(played.loop);
  });
  afterAll(() => played?.loop.close());

  it('nothing is found whatever has expired', () => {
    for (const expired of chooseUpTo(all, all.length)) {
      const stored = all.filter((one) => !expired.includes(one));
      const { findings } = auditOnline(stored, expired);
      expect(findings, namesOf(expired)).toEqual([]);
    }
  });

  it('each artifact that is missing is named', () => {
    for (const expired of chooseUpTo(all, 2)) {
      const stored = all.filter((one) => !expired.includes(one));
      const { notProvable } = auditOnline(stored, expired);
      for (const { name } of expired) {
        const sentence = `GitHub no longer stores ${name}.`;
        const told = notProvable.some(
          (one) =>
            one.includes(sentence) || one === `What ${name} holds: GitHub no longer stores it.`,
        );
        expect(told, name).toBe(true);
      }
    }
  });

  it('what somebody removed is found, whatever else has expired', () => {
    let tried = 0;
    for (const removed of all) {
      const others = all.filter((one) => one !== removed);
      for (const expired of chooseUpTo(others, 3)) {
        const stored = others.filter((one) => !expired.includes(one));
        const { findings } = auditOnline(stored, expired);
        const what = `${removed.name} without ${namesOf(expired)}`;
        if (stored.some((one) => isNamedBy(removed, one))) {
          tried++;
          expect(findings, what).not.toEqual([]);
        } else expect(findings, what).toEqual([]);
      }
    }
    expect(tried).toBeGreaterThan(30);
  });
});
