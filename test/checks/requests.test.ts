import { describe, expect, it } from 'vitest';
import { freezePrompt } from '../../src/core/plan/prompt.ts';
import { type PlanEvidence, readPlanEvidence } from '../../src/core/records/archive-contents.ts';
import { sha256 } from '../../src/core/text/digest.ts';
import type { Comment } from '../../src/ports/comments.ts';
import { planArtifact } from '../core/samples.ts';
import { buildTools } from '../support/tools.ts';

type Requests = PlanEvidence['manifest']['requests'];

const sample: PlanEvidence = readPlanEvidence(planArtifact());
const mona = { id: 5, login: 'mona' };
const request = (id: number | null, text = 'add a tax'): Requests[number] => ({
  comment_id: id,
  requester: mona,
  sha256: sha256(freezePrompt(text, 1)),
});
const evidence = (...requests: Requests): PlanEvidence => ({
  ...sample,
  manifest: { ...sample.manifest, requests },
});
const never = '2026-01-01T00:00:00Z';
const comment = (change: Partial<Comment> = {}): Comment => ({
  id: 77,
  nodeId: null,
  url: 'https://github.com/octo/demo/pull/12#issuecomment-77',
  authorId: 5,
  body: '/codex  add a tax \r\n',
  createdAt: never,
  updatedAt: never,
  ...change,
});
const compare = (comments: readonly Comment[], ...requests: Requests) =>
  buildTools({ comments }).requests.compare(evidence(...requests));

describe('the request', () => {
  it('reads as it was frozen, and was never edited', async () => {
    expect(await compare([comment()], request(77))).toEqual({ edited: false, editedAt: null });
  });

  it('says when it was edited to read so again', async () => {
    const updatedAt = '2026-01-01T00:05:00Z';
    expect(await compare([comment({ updatedAt })], request(77))).toEqual({
      edited: false,
      editedAt: updatedAt,
    });
  });

  it('is not asked for if the workflow was dispatched', async () => {
    const { calls, requests } = buildTools();
    expect(await requests.compare(evidence(request(null)))).toEqual({
      edited: false,
      editedAt: null,
    });
    expect(calls).toEqual([]);
  });

  it.each<[string, Comment | undefined]>([
    ['is gone', undefined],
    ['is another one', comment({ body: '/codex add taxes' })],
    ['is no request any more', comment({ body: 'add a tax' })],
    ['cannot be frozen any more', comment({ body: '/codex add\u200b a tax' })],
    ['is somebody else’s', comment({ authorId: 6 })],
    ['is of an account that is gone', comment({ authorId: null })],
  ])('is edited if it %s', async (_, found) => {
    const comments = found === undefined ? [] : [found];
    expect(await compare(comments, request(77))).toEqual({ edited: true, editedAt: null });
  });

  it('may have been frozen under a larger limit than today’s', async () => {
    const text = 'x'.repeat(300 * 1024);
    const long = { ...request(77), sha256: sha256(freezePrompt(text, 1024)) };
    expect(await compare([comment({ body: `/codex ${text}` })], long)).toMatchObject({
      edited: false,
    });
  });
});

describe('the request of a run that is repeated', () => {
  const isUnchanged = (...comments: readonly Comment[]) =>
    buildTools({ comments }).requests.isUnchanged(77, mona, ' add a tax');

  it('is unchanged if its comment still says it', async () => {
    expect(await isUnchanged(comment())).toBe(true);
  });

  it.each(['\ufeff/CODEX  add a tax', '/codex\r\n\r\nadd a tax  \r\n', '/codex add a\u00ad tax'])(
    'is unchanged if only what nobody reads was edited: %j',
    async (body) => {
      expect(await isUnchanged(comment({ body }))).toBe(true);
    },
  );

  it.each(['', ' a\u200bb'])(
    'is unchanged if nothing could be planned from it, and it still says so: %j',
    async (text) => {
      const { requests } = buildTools({ comments: [comment({ body: `/codex-without${text}` })] });
      expect(await requests.isUnchanged(77, mona, text)).toBe(true);
      expect(await requests.isUnchanged(77, mona, `${text} src/tax.ts`)).toBe(false);
    },
  );

  it.each<[string, readonly Comment[]]>([
    ['is gone', []],
    ['asks for something else', [comment({ body: '/codex add taxes' })]],
    ['is somebody else’s', [comment({ authorId: 6 })]],
  ])('is changed if its comment %s', async (_, comments) => {
    expect(await isUnchanged(...comments)).toBe(false);
  });
});

describe('several requests', () => {
  const other = (change: Partial<Comment> = {}) =>
    comment({ id: 78, body: '/codex and a test', ...change });
  const requests = [request(77), request(78, 'and a test')] as const;

  it('are each compared with its own comment', async () => {
    expect(await compare([comment(), other()], ...requests)).toMatchObject({ edited: false });
    expect(await compare([comment()], ...requests)).toMatchObject({ edited: true });
    expect(await compare([other({ id: 77 }), other()], ...requests)).toMatchObject({
      edited: true,
    });
  });

  it('say when the last of them was edited, in any order', async () => {
    const early = { updatedAt: '2026-01-01T00:05:00Z' };
    const late = { updatedAt: '2026-01-01T00:06:00Z' };
    for (const comments of [
      [comment(early), other(late)],
      [comment(late), other(early)],
      [comment(), other(late)],
      [comment(late), other()],
    ]) {
      expect(await compare(comments, ...requests)).toEqual({
        edited: false,
        editedAt: late.updatedAt,
      });
    }
  });
});
