/** What a turn makes of the messages of a Codex. `app-server.test.ts` has whole runs. */
import { describe, expect, it } from 'vitest';
import { AppServer } from '../../../src/codex/editor/app-server.ts';
import { Gate } from '../../../src/codex/editor/gate.ts';
import { Reviews } from '../../../src/codex/editor/guardian.ts';
import { Editing } from '../../../src/codex/editor/turn.ts';
import { RunLog } from '../../../src/codex/run-log.ts';
import type { Judge } from '../../../src/core/plan/attempts.ts';
import { NOT_PLANNED, only } from './edit.ts';

/** What its thread and its turn are called. */
const own = { threadId: 't', turnId: 'u' };
const message = { type: 'agentMessage', text: 'Half of it.' };
const total = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 };

/** A turn that has begun, and what is written to its server. */
function begun(judge: Judge = () => null) {
  const log = new RunLog();
  const gate = new Gate({ workspace: '/nonexistent', workspaceInBox: '/workspace', judge });
  const reviews = new Reviews(log, () => null);
  const editing = new Editing({ gate, beforeWrite: true, reviews, log, report: () => {} });
  editing.demandOwn({ thread: { id: 't' } }, 'thread/start');
  editing.demandOwn({ turn: { id: 'u' } }, 'turn/start');
  const written: string[] = [];
  const server = new AppServer(editing, (text) => written.push(text));
  return { editing, written, take: (line: object) => server.take(JSON.stringify(line)) };
}

const failure = (said: string) =>
  expect.objectContaining({ reason: 'codex-failed', message: expect.stringContaining(said) });

describe('a turn ends as a failure', () => {
  it.each([
    ['turn/completed', { threadId: 'sub', turn: { id: 'v', status: 'completed' } }],
    ['turn/completed', { threadId: 't', turn: { id: 'v', status: 'completed' } }],
    ['turn/completed', { threadId: 'sub', turn: { id: 'u', status: 'completed' } }],
    ['turn/started', { threadId: 't', turn: { id: 'v' } }],
    ['thread/started', { thread: { id: 'sub' } }],
    ['thread/tokenUsage/updated', { ...own, threadId: 'sub', tokenUsage: { total } }],
    ['item/completed', { ...own, threadId: 'sub', item: message }],
    ['item/started', { ...own, turnId: 'v', item: message }],
    ['warning', { threadId: 'sub', message: 'x' }],
    ['something/new', { threadId: 'sub' }],
  ])('if it is told %s of %j, not its own', (method, params) => {
    const { take } = begun();
    expect(() => take({ method, params })).toThrow(failure('not ours'));
  });

  it.each([
    ['turn/completed', { turn: { id: 'u', status: 'completed' } }],
    ['turn/completed', { threadId: 't', turn: { status: 'completed' } }],
    ['item/completed', { turnId: 'u', item: message }],
    ['thread/tokenUsage/updated', { threadId: 't', tokenUsage: { total } }],
  ])('if it is not told whose %s is in %j', (method, params) => {
    const { take } = begun();
    expect(() => take({ method, params })).toThrow(failure('form that is not known'));
  });
});

it('a turn that wrote without having asked fails, and keeps what would have been refused', () => {
  const { editing, take } = begun(only('a.txt'));
  const change = (path: string) => ({ path, kind: { type: 'update', move_path: null }, diff: '' });
  const changes = ['/workspace/a.txt', '/workspace/evil.txt'].map(change);
  const item = { type: 'fileChange', id: 'i', status: 'completed', changes };
  expect(() => take({ method: 'item/completed', params: { ...own, item } })).toThrow(
    failure('did not let through'),
  );
  expect(editing.declined).toEqual([{ path: 'evil.txt', operation: 'create', ...NOT_PLANNED }]);
});

it('a turn that wrote a patch which was declined for its folder fails', () => {
  const { take, written } = begun();
  const changes = [
    { path: '/workspace/a.txt', kind: { type: 'update', move_path: null }, diff: '' },
  ];
  const item = { type: 'fileChange', id: 'i', changes };
  const event = (method: string, more: object) => take({ method, params: { ...own, ...more } });
  event('item/started', { item: { ...item, status: 'inProgress' } });
  const asked = { ...own, itemId: 'i', grantRoot: '/workspace' };
  take({ id: 1, method: 'item/fileChange/requestApproval', params: asked });
  expect(written.join('')).toContain('"decision":"decline"');
  expect(() => event('item/completed', { item: { ...item, status: 'completed' } })).toThrow(
    failure('did not let through'),
  );
});

it.each([
  ['turn/completed', { threadId: 't', turn: { id: 'u', status: 'completed' } }],
  ['turn/started', { threadId: 't', turn: { id: 'u' } }],
  ['thread/started', { thread: { id: 't' } }],
  ['thread/tokenUsage/updated', { ...own, tokenUsage: { total } }],
  ['item/completed', { ...own, item: message }],
  ['something/new', { threadId: 't' }],
])('a turn takes %s of %j, its own', (method, params) => {
  const { take, written } = begun();
  take({ method, params });
  expect(written).toEqual([]);
});

it.each([
  ['something/new', {}, /"code":-32601/],
  ['item/tool/call', { tool: 'x' }, /"code":-32601/],
  ['execCommandApproval', { command: ['x'] }, /"code":-32601/],
  ['item/fileChange/requestApproval', { ...own, itemId: 'never seen' }, /"decision":"decline"/],
  [
    'item/commandExecution/requestApproval',
    { ...own, itemId: 'i', command: 'x' },
    /"decision":"decline"/,
  ],
  ['item/permissions/requestApproval', { permissions: {} }, /"permissions":\{\}/],
  ['item/tool/requestUserInput', { questions: [] }, /"answers":\{\}/],
  ['mcpServer/elicitation/request', { message: 'x' }, /"action":"decline"/],
])(
  'a turn that is asked %s refuses, so that the server does not wait',
  (method, params, refusal) => {
    const { take, written } = begun();
    take({ id: 99, method, params });
    expect(written).toEqual([expect.stringMatching(/^\{"id":99,.*\}\n$/)]);
    expect(written[0]).toMatch(refusal);
  },
);
