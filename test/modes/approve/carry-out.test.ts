import { expect, it } from 'vitest';
import { readLife } from '../../../src/checks/plan-life.ts';
import { Rotation } from '../../../src/checks/rotation.ts';
import { readJournal } from '../../../src/core/records/journal.ts';
import { CodexStopped } from '../../../src/decision.ts';
import { carryOut } from '../../../src/modes/approve/carry-out.ts';
import type { Votes } from '../../../src/modes/approve/votes.ts';
import type { Asking } from '../../../src/ports/asking.ts';
import { label, request, set } from '../../support/labels.ts';
import { buildRooms, pullRequest } from '../../support/rooms.ts';
import { Story } from '../../support/story.ts';

const votes: Votes = [{ person: { id: 6, login: 'hubot' }, role: 'write', event: set }];
const late = new CodexStopped('codex-timeout', 'Codex was still running.', 'what it did\n');

// Without a record, only the missing label would say that the approval is over.
it.each([
  ['a mistake of ours', new TypeError('x is not a function'), 'internal'],
  ['a full disk', Object.assign(new Error('write'), { code: 'ENOSPC' }), 'limit-exceeded'],
])('what Codex did is recorded, although %s ends the run afterwards', async (_, error, reason) => {
  const story = new Story();
  const rooms = buildRooms({
    artifacts: story.artifacts,
    timeline: { read: async () => ({ events: [set], carried: [label] }) },
    labels: { carried: async () => [] },
    comments: [request],
  });
  const never = () => Promise.reject(new Error('It was asked for.'));
  const asking: Asking = { ask: never, release: never };
  const tools = {
    ...rooms,
    editor: { carryOut: () => Promise.reject(late) },
    rotation: new Rotation({ ...rooms, asking }, label.name),
    refuseSecrets: () => {},
    findSecret: () => undefined,
  };
  const approved = {
    life: await readLife(rooms, pullRequest, story.plan),
    plan: story.plan,
    pull: pullRequest,
    votes,
    comment: request,
    workspace: {
      directory: '/workspace',
      changes: () => Promise.reject(error),
      discardFiles: () => {},
      treeWith: never,
      blobs: never,
      patch: never,
    },
  };
  const done = carryOut(tools, {}, approved);
  await expect(done).rejects.toMatchObject({ reason, cause: error });
  const stored = story.artifacts.stored.at(-1);
  expect(stored?.artifact.name).toBe('codex-denial-12');
  expect(String(stored?.members.get('run.log'))).toBe('what it did\n');
  const journal = readJournal(String(stored?.members.get('journal.jsonl')));
  expect(journal.at(-1)).toMatchObject({ event: 'denied', detail: reason });
});
