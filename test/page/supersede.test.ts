/** What becomes of the comments about older plans when the page shows a newer one. */
import { expect, it } from 'vitest';
import { readPlanEvidence } from '../../src/core/records/archive-contents.ts';
import type { PlanId } from '../../src/core/text/digest.ts';
import { Stopped } from '../../src/decision.ts';
import { Page } from '../../src/page/page.ts';
import type { Comment, Comments } from '../../src/ports/comments.ts';
import { reportMarker, settledMarker } from '../../src/report/markers.ts';
import { renderPlanComment, showsSuperseded } from '../../src/report/plan-comment.ts';
import { planArtifact } from '../core/samples.ts';

const [self, other] = [7, 8];
const evidence = readPlanEvidence(planArtifact());
const settings = {
  serverUrl: 'https://github.com',
  label: 'approved-plan',
  command: '/codex',
  policyFile: '.github/codex-plan.yml',
};
const artifact = { id: 41, digest: `sha256:${'6'.repeat(64)}` };
const view = { ...settings, evidence, artifact, flags: new Map(), commitMessage: '…' };
const older = renderPlanComment(view, { is: 'awaiting' });
const report = `${reportMarker(evidence.planId)}\n\nIt was denied.`;

/** The bodies after a newer plan was published. */
async function supersede(given: readonly { body: string; nodeId?: null; authorId?: number }[]) {
  const now = given.map(
    (one, at): Comment => ({
      ...{ id: at + 1, nodeId: `n${at}`, url: '', authorId: self, createdAt: '', updatedAt: '' },
      ...one,
    }),
  );
  const warnings: string[] = [];
  const isUnasked = async () => {
    throw new Error('nobody asks for this');
  };
  const comments: Comments = {
    read: isUnasked,
    create: isUnasked,
    update: isUnasked,
    react: isUnasked,
    list: async () => [...now],
    minimise: async (comment, body) => {
      if (comment.nodeId === null) throw new Stopped('api-unavailable', 'GitHub names no node.');
      now[comment.id - 1] = { ...comment, body: body ?? comment.body };
    },
  };
  const people = { self: async () => ({ databaseId: self, login: 'bot', name: null }) };
  const log = { warn: (text: string) => void warnings.push(text) };
  const page = new Page(comments, people, log, settings);
  await page.supersedeOthers(12, 'f'.repeat(64) as PlanId, 'https://github.com/o/r/pull/12#1');
  return { bodies: now.map(({ body }) => body), warnings };
}

it('says on each older plan that it is superseded, and settles what tells of it', async () => {
  const { bodies, warnings } = await supersede([{ body: older }, { body: report }]);
  expect(showsSuperseded(bodies[0] ?? '')).toBe(true);
  expect(bodies[1]).toBe(`${settledMarker}\n\nIt was denied.`);
  expect(warnings).toEqual([]);
});

it('leaves the comments of others alone, and a marker that does not come first', async () => {
  const given = [
    { body: report, authorId: other },
    { body: older, authorId: other },
    { body: `> ${report}` },
  ];
  expect((await supersede(given)).bodies).toEqual(given.map(({ body }) => body));
});

it('says that a plan is superseded also if another comment cannot be minimised', async () => {
  const { bodies, warnings } = await supersede([{ body: report, nodeId: null }, { body: older }]);
  expect(showsSuperseded(bodies[1] ?? '')).toBe(true);
  expect(warnings).toHaveLength(1);
});
