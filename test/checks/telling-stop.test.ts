import { describe, expect, it } from 'vitest';
import { readNewLife } from '../../src/checks/plan-life.ts';
import { stoppedByHead, stoppedByState } from '../../src/checks/stopped-by-state.ts';
import { asRecorded, asTold, asToldBefore, tellingStop } from '../../src/checks/telling-stop.ts';
import type { PlanState } from '../../src/core/life/state.ts';
import { Stopped } from '../../src/decision.ts';
import type { ReportText } from '../../src/page/in-place.ts';
import { pullReportMarker, reportMarker } from '../../src/report/markers.ts';
import { label, request } from '../support/labels.ts';
import { Story } from '../support/story.ts';
import { buildTools, type Given, pullRequest, triggers } from '../support/tools.ts';

const { plan } = new Story();
const ofPlan = reportMarker(plan.planId);
const dispatched: Given = { run: { trigger: triggers.dispatch } };
const stopped = new Stopped('outside-plan', 'It is another file.');

interface Step {
  readonly name?: 'approve' | 'verify' | 'execute';
  /** Whether the step finds the plan before it ends. */
  readonly finds?: boolean;
  readonly given?: Given;
  /** Whether the step has removed the label before. */
  readonly hasRemoved?: boolean;
  /** What the plan is after the run. */
  readonly state?: PlanState;
}

/** What the page is told if a step ends with this error. */
async function tell(
  error: unknown,
  { name = 'approve', finds = true, given = {}, hasRemoved = false, state }: Step = {},
) {
  const tools = { ...buildTools(given), label: { hasRemoved } };
  const told: ReportText[] = [];
  tools.page.writeReports = async (number, reports) => {
    expect(number).toBe(12);
    told.push(...reports);
    return [];
  };
  const ended = await tellingStop(tools, 12, name, async (progress) => {
    if (finds) progress.planId = plan.planId;
    if (state !== undefined) progress.state = state;
    throw error;
  }).catch((thrown: unknown) => thrown);
  expect(ended).toBe(error);
  return told;
}

/** A step that stopped because the plan has this state. */
async function stoppedBecause(state: PlanState): Promise<Stopped> {
  const tools = buildTools({
    timeline: { read: async () => ({ events: [], carried: [label] }) },
    comments: [request],
  });
  return stoppedByState({ ...(await readNewLife(tools, pullRequest, plan)), state });
}

describe('a step that stops', () => {
  it('leaves the reason, the run, and who set the label, in the report of its plan', async () => {
    const [report, ...others] = await tell(stopped);
    expect(others).toEqual([]);
    expect(report?.marker).toBe(ofPlan);
    expect(report?.body).toContain('was not approved\n\n`mona` set the label. `outside-plan`: ');
    expect(report?.body).toContain('It is another file.');
    expect(report?.body).toContain('(https://github.com/octo/demo/actions/runs/900)');
  });

  it('says that the label stays exactly if the reason ends no approval in this step', async () => {
    const missing = new Stopped('verification-missing', 'It is too old.');
    const stays = 'a label that is set stays';
    expect((await tell(missing, { name: 'execute' }))[0]?.body).toContain(stays);
    expect((await tell(stopped, { name: 'execute' }))[0]?.body).not.toContain(stays);
    const paused = new Stopped('paused', 'Release week.');
    expect((await tell(paused))[0]?.body).toContain(stays);
    const unapproved = new Stopped('approval-missing', 'Nobody has approved the plan.');
    expect((await tell(unapproved))[0]?.body).not.toContain(stays);
    expect((await tell(unapproved, { name: 'verify' }))[0]?.body).toContain(stays);
    const gone = { name: 'verify', hasRemoved: true } as const;
    expect((await tell(unapproved, gone))[0]?.body).not.toContain(stays);
  });

  it('says that the plan is approved if only showing that has failed', async () => {
    const full = new Stopped('platform-unsupported', 'The disk is full.');
    expect((await tell(full))[0]?.body).toContain('is not approved yet');
    const [report] = await tell(asRecorded(full));
    expect(report?.body).toContain('is approved, but the run could not show that');
  });

  it('is not told of a plan that another run has decided, unless it is about a new label', async () => {
    const withdrawn = { is: 'withdrawn' } as const;
    const repeated = { run: { attempt: 2 } };
    expect(await tell(stopped, { state: withdrawn, given: repeated })).toEqual([]);
    expect(await tell(stopped, { state: withdrawn })).toHaveLength(1);
    const awaiting = { is: 'awaiting', ended: null } as const;
    expect(await tell(stopped, { state: awaiting, given: repeated })).toHaveLength(1);
    expect(await tell(stopped, { state: withdrawn, given: repeated, name: 'verify' })).toHaveLength(
      1,
    );
    // Its own approval, which it could not show.
    const full = asRecorded(new Stopped('platform-unsupported', 'The disk is full.'));
    expect(await tell(full, { state: withdrawn, given: repeated })).toHaveLength(1);
  });

  it('names nobody if no label started the run', async () => {
    const [report] = await tell(stopped, { name: 'verify', given: dispatched });
    expect(report?.body).toContain('was not verified\n\n`outside-plan`: ');
  });

  it('leaves it in the report of the pull request if the plan is not known', async () => {
    const [report] = await tell(stopped, { finds: false });
    expect(report?.marker).toBe(pullReportMarker);
    expect(report?.body).toContain('### The plan was not approved');
  });

  it.each(['actor-denied', 'bot-denied', 'self-approval'] as const)(
    'does not replace what is said of the plan by %s, which is about somebody',
    async (reason) => {
      const [report] = await tell(new Stopped(reason, 'x'));
      expect(report?.marker).toBe(pullReportMarker);
      expect(report?.body).toContain('### Plan `');
    },
  );

  it('tells an error that nobody foresaw, too', async () => {
    const [report] = await tell(new TypeError('x'));
    expect(report?.body).toContain('`internal`: ');
  });

  it('replaces an earlier report of something else, and no report that says the same', async () => {
    const [report] = await tell(stopped);
    const [again] = await tell(stopped, { given: { run: { id: 901 } } });
    expect(again?.body).not.toBe(report?.body);
    const earlier = `${report?.marker}\n\n${report?.body}`;
    expect(again?.leaves?.(earlier)).toBe(true);
    expect(again?.leaves?.(earlier.replace('another', 'one more'))).toBe(false);
  });
});

describe('nothing is told', () => {
  it('if the step succeeds', async () => {
    const tools = buildTools();
    tools.page.writeReports = () => Promise.reject(new Error('It was told.'));
    expect(await tellingStop(tools, 12, 'approve', async () => 5)).toBe(5);
    expect(tools.warnings).toEqual([]);
  });

  it('if the step ends as ignored', async () => {
    expect(await tell(new Stopped('plan-missing', 'x', { decision: 'ignored' }))).toEqual([]);
  });

  it('if the report of the step says it already', async () => {
    const own = new Stopped('outside-plan', 'x');
    expect(asTold(own)).toBe(own);
    expect(await tell(own)).toEqual([]);
  });

  it('on a number that was typed in and may be that of an issue', async () => {
    const wrong = new Stopped('config-invalid', 'x');
    expect(await tell(wrong, { finds: false, given: dispatched })).toEqual([]);
    expect(await tell(wrong, { finds: true, given: dispatched })).toHaveLength(1);
    expect(await tell(wrong, { finds: false })).toHaveLength(1);
    expect(await tell(stopped, { finds: false, given: dispatched })).toHaveLength(1);
  });

  it.each<PlanState>([
    { is: 'withdrawn' },
    { is: 'executed', commit: pullRequest.head.sha },
    { is: 'outdated', by: 'base-changed' },
  ])('if the plan comment shows it ($is), unless somebody set the label', async (state) => {
    const because = await stoppedBecause(state);
    expect(await tell(because, { name: 'verify' })).toEqual([]);
    expect(await tell(because, { name: 'execute' })).toEqual([]);
    expect(await tell(because, { name: 'approve' })).toHaveLength(1);
  });

  it('if the plan comment shows that the head has moved', async () => {
    expect(await tell(stoppedByHead(pullRequest, plan.planId), { name: 'verify' })).toEqual([]);
  });

  it('in place of what the run that made the record has told in more words', async () => {
    const drifted = await stoppedBecause({ is: 'drifted', by: 'base' });
    const repeated = asToldBefore(new Stopped('outside-plan', 'x'));
    for (const error of [drifted, repeated]) {
      const [report] = await tell(error, { name: 'verify' });
      expect(report?.leaves?.('anything')).toBe(true);
    }
    const [first] = await tell(stopped);
    expect(first?.leaves?.('anything')).toBe(false);
  });
});

it('a stop that cannot be told is a warning, and the step ends as it did', async () => {
  const tools = buildTools();
  tools.page.writeReports = () => Promise.reject(new Stopped('api-unavailable', 'GitHub is down.'));
  const step = () => Promise.reject(stopped);
  await expect(tellingStop(tools, 12, 'approve', step)).rejects.toBe(stopped);
  expect(tools.warnings).toEqual([
    'The pull request could not be told why the run stopped. GitHub is down.',
  ]);
});
