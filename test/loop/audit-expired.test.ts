/** GitHub deletes artifacts after their retention: an audit says what cannot be proven, and finds nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditOnline, chooseUpTo, type Online, onlineIn } from '../support/expired.ts';
import { type AuditedLoop, playAuditedLoop, playWithdrawnLoop } from '../support/loop/audited.ts';

const loops = { 'a whole loop': () => playAuditedLoop(), 'a withdrawn plan': playWithdrawnLoop };

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
      expect(findings, expired.map(({ name }) => name).join()).toEqual([]);
    }
  });
});
