/**
 * Mode refresh: corrects label, comment and status of pull requests, after a push, after an event of a pull request, or on
 * a schedule. It calls no model, has no key and decides no approval: it only repeats what records and GitHub's event log
 * say.
 */

import { Stopped } from '../../decision.ts';
import { describePlan } from '../../evidence/facts.ts';
import { commonInputs, inputSchema } from '../../inputs.ts';
import type { ModeResult } from '../../ports/outcome.ts';
import { defineMode } from '../mode.ts';
import type { Uses } from '../tools.ts';
import { refreshGroup } from './merge-group.ts';
import { refreshOne } from './one.ts';
import { refreshAll, refreshTouched } from './several.ts';

export const refresh = defineMode({
  inputs: inputSchema(commonInputs),
  needs: [
    'run',
    'clock',
    'policy',
    'provenance',
    'evidence',
    'requests',
    'label',
    'page',
    'pullRequests',
    'openPullRequests',
    'status',
    'allowance',
    'log',
    'report',
  ],
  run: async (tools, inputs) => {
    await checkMayRefresh(tools);
    const { trigger } = tools.run;
    switch (trigger.kind) {
      case 'pull-request':
      case 'label':
        return single(tools, trigger.pullRequest);
      case 'push':
        return refreshTouched(tools, trigger);
      case 'merge-group':
        return refreshGroup(tools, trigger);
      case 'dispatch':
        return inputs.pullRequest === undefined
          ? refreshAll(tools)
          : single(tools, inputs.pullRequest);
      case 'schedule':
        return refreshAll(tools);
      default:
        throw new Stopped('unsupported-event', 'Mode refresh does not run on this event.');
    }
  },
});

/** A push or a merge group runs the workflow file of its own branch, so such a run is only allowed to refresh. */
async function checkMayRefresh({ provenance, run }: Uses<'provenance' | 'run'>): Promise<void> {
  const { trigger } = run;
  if (trigger.kind === 'pull-request' && !isOfInterest(trigger)) {
    throw new Stopped('unsupported-event', 'This event changes nothing for a plan.', {
      decision: 'ignored',
    });
  }
  if (trigger.kind === 'label' && trigger.action !== 'unlabeled') {
    throw new Stopped('unsupported-event', 'A label was set: mode approve answers it.', {
      decision: 'ignored',
    });
  }
  if (trigger.kind !== 'push' && trigger.kind !== 'merge-group') await provenance.checkTrustedRun();
}

const actions = new Set(['opened', 'reopened', 'synchronize', 'ready_for_review', 'closed']);

function isOfInterest({
  action,
  baseChanged,
}: {
  readonly action: string;
  readonly baseChanged: boolean;
}): boolean {
  return actions.has(action) || (action === 'edited' && baseChanged);
}

/** Logs what happened, as the event says it. */
function logEvent({ log, run: { trigger } }: Uses<'log' | 'run'>): void {
  if (trigger.kind !== 'pull-request' && trigger.kind !== 'label') return;
  log.step('Event');
  const pushed = trigger.kind === 'pull-request' ? trigger.pushed : null;
  if (pushed !== null) log.progress(`${pushed.by} pushed ${pushed.head}`);
  else if (trigger.kind === 'label') log.progress(`${trigger.sender.login} removed a label`);
  else log.progress(`The pull request was ${trigger.action.replaceAll('_', ' ')}`);
}

async function single(
  tools: Parameters<typeof refreshOne>[0] & Uses<'report' | 'run'>,
  number: number,
): Promise<ModeResult> {
  tools.report.note({ pullRequest: number });
  logEvent(tools);
  const { state, plan, head, notify } = await refreshOne(tools, number);
  tools.report.note({
    // The run itself has no artifact, so the outputs name none.
    ...(plan && describePlan(plan)),
    notify,
    state: state.is,
    headSha: head,
  });
  return { decision: 'refreshed', detail: `Pull request ${number}: ${state.is}.` };
}
