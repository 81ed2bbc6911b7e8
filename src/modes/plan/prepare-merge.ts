/** All that must be done before Codex is asked for a plan. */

import type { Merge } from '../../checks/merges.ts';
import type { PullRequest } from '../../ports/pull-requests.ts';
import type { Place } from '../../ports/workspaces.ts';
import type { Uses } from '../tools.ts';

/**
 * Builds the merge of the current head and base, in a folder where Codex is starting.
 * @throws Stopped merge-conflict, runs-spent, and what building the merge throws
 */
export async function prepareMerge(
  { brakes, log, merges }: Uses<'brakes' | 'log' | 'merges'>,
  pull: PullRequest,
  place: Place,
): Promise<Merge> {
  const pins = await merges.pin(pull);
  log.step(`Pull request #${pull.number}`);
  log.progress(`Planning on head ${pins.head} and base ${pins.base}`);
  const workspace = await merges.build(pins, place);
  log.progress(`Head and base merge without a conflict (${pull.baseRef}).`);
  await brakes.checkRunsLeft(pull.number);
  log.step('Codex plans');
  workspace.lookAhead();
  return { pins, workspace };
}
