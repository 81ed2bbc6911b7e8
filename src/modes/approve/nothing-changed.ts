/** How a run stops if Codex changed none of the planned files. */

import { Stopped } from '../../decision.ts';
import type { EditReport } from '../../ports/agent.ts';
import { several } from '../../report/words.ts';

/** Names the first thing that was refused, since that may be why; the report has all of them. */
export function nothingChanged({ refusedRequests, assessments }: EditReport): Stopped {
  const [refused] = refusedRequests;
  const denied = assessments.find(({ outcome }) => outcome !== 'approved');
  const parts = [
    'Codex changed none of the planned files.',
    ...(refused === undefined
      ? []
      : [
          `${several(refusedRequests.length, 'request of Codex was', 'requests of Codex were')} refused, the first one (${refused.request}) because: ${refused.why}`,
        ]),
    ...(denied === undefined
      ? []
      : [`The guardian did not approve ${denied.action}: ${denied.rationale}`]),
  ];
  return new Stopped('nothing-changed', parts.join(' '));
}
