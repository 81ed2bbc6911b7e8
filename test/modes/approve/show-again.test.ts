import { describe, expect, it } from 'vitest';
import { readLife } from '../../../src/checks/plan-life.ts';
import type { TimelineEvent } from '../../../src/core/life/timeline.ts';
import { Stopped } from '../../../src/decision.ts';
import { showAgain } from '../../../src/modes/approve/show-again.ts';
import type { ReportText } from '../../../src/page/in-place.ts';
import type { Comment } from '../../../src/ports/comments.ts';
import { changeMarker, reportMarker } from '../../../src/report/markers.ts';
import { renderStop } from '../../../src/report/stopped.ts';
import { label, removed, request, set } from '../../support/labels.ts';
import { Story } from '../../support/story.ts';
import { buildTools, pullRequest } from '../../support/tools.ts';

const self = 99;

interface Case {
  readonly story?: Story;
  readonly events?: readonly TimelineEvent[];
  /** The comment about the change that the page has. */
  readonly shown?: string;
}

/** What a repeated run writes on the page. */
async function write({ story = approvedStory(), events = [set], shown }: Case = {}) {
  const own: Comment[] =
    shown === undefined ? [] : [{ ...request, id: 7, authorId: self, body: shown }];
  const tools = buildTools({
    artifacts: story.artifacts,
    timeline: { read: async () => ({ events, carried: events.length === 1 ? [label] : [] }) },
    comments: [request, ...own],
    self,
  });
  const reports: ReportText[] = [];
  tools.page.writeReports = async (number, texts) => {
    expect(number).toBe(12);
    reports.push(...texts);
    return [];
  };
  const life = await readLife(tools, pullRequest, story.plan);
  return { tools, life, reports, show: () => showAgain(tools, life) };
}

function approvedStory(): Story {
  const story = new Story();
  story.approve();
  return story;
}

describe('an approval that a run repeats', () => {
  it('is shown if no comment shows its change', async () => {
    const story = new Story();
    const { approval } = story.approve();
    const { reports, show } = await write({ story });
    await show();
    const { planId } = story.plan;
    expect(reports.map(({ marker }) => marker)).toEqual([
      changeMarker(planId),
      reportMarker(planId),
    ]);
    const [change, report] = reports;
    expect(change?.body).toContain(`sha256:${approval.change_sha256}`);
    const artifact = `https://github.com/octo/demo/actions/runs/${approval.run.id}/artifacts/`;
    expect(change?.body).toContain(artifact);
    for (const { path } of story.plan.plan.files) expect(change?.body).toContain(path);
    expect(report).toMatchObject({ ifThere: true, body: expect.stringContaining('is approved') });
  });

  it('is shown in the place of an earlier change of the plan', async () => {
    const story = approvedStory();
    const shown = `${changeMarker(story.plan.planId)}\n\nsha256:${'0'.repeat(64)}`;
    const { reports, show } = await write({ story, shown });
    await show();
    expect(reports).toHaveLength(2);
  });

  it('is left alone if a comment shows its change', async () => {
    const story = new Story();
    const { approval } = story.approve();
    const shown = `${changeMarker(story.plan.planId)}\n\nsha256:${approval.change_sha256}`;
    const { reports, show } = await write({ story, shown });
    await show();
    // Only the report of a run that could not show the approval is replaced.
    expect(reports).toMatchObject([{ marker: reportMarker(story.plan.planId), ifThere: true }]);
    const view = { detail: 'x', runUrl: 'https://example.com', labelledBy: null, labelStays: true };
    const leaves = (isDone: boolean) =>
      reports[0]?.leaves?.(
        renderStop('approve', story.plan.planId, { ...view, reason: 'api-unavailable', isDone }),
      );
    expect([leaves(true), leaves(false)]).toEqual([false, true]);
  });

  it('is not shown if it has ended since it was found: an edit would end a vote by a new label', async () => {
    const { reports, show } = await write({ events: [set, removed] });
    await show();
    expect(reports).toEqual([]);
  });

  it('only warns if the page cannot be read', async () => {
    const { tools, show } = await write();
    tools.page.find = () => Promise.reject(new Stopped('api-unavailable', 'GitHub is down.'));
    await show();
    expect(tools.warnings).toHaveLength(1);
  });
});
