/** Lists the commands. */

import { Stopped } from '../../decision.ts';
import { helpMarker, renderHelp } from '../../report/help.ts';
import type { Uses } from '../tools.ts';
import type { PlanCommand } from './request.ts';

type HelpTools = Uses<'authority' | 'log' | 'page' | 'provenance' | 'report'>;

/** @throws Stopped not-a-command, as ignored; actor-denied */
export async function showHelp(
  tools: HelpTools,
  request: PlanCommand,
  command: string,
): Promise<never> {
  await authorise(tools, request);
  await tools.page.replaceComment(request.pullRequest, helpMarker, renderHelp(command));
  throw new Stopped('not-a-command', 'The commands were listed.');
}

/** @throws Stopped not-a-command, as ignored; actor-denied */
export async function refuseUnknownVerb(
  tools: HelpTools,
  request: PlanCommand,
  command: string,
): Promise<never> {
  await authorise(tools, request);
  await tools.page.react(request.commentId, 'confused');
  tools.log.progress(renderHelp(command));
  throw new Stopped('not-a-command', `There is no such command: ${command}-help lists all.`);
}

async function authorise(
  { authority, provenance, report }: HelpTools,
  { pullRequest, requester }: PlanCommand,
): Promise<void> {
  report.note({ pullRequest });
  await provenance.checkTrustedRun();
  await authority.authoriseRequester(requester);
}
