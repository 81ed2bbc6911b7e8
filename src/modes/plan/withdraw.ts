/** Ends the newest plan by a record, if the author says so, or somebody who may ask or approve. */

import type { PlanStatus } from '../../checks/plan-status.ts';
import { look, tellingState } from '../../checks/stated-pull.ts';
import type { Person } from '../../core/records/fields.ts';
import { appendToJournal } from '../../core/records/journal.ts';
import { digestFiles } from '../../core/records/members.ts';
import { packWithdrawal } from '../../core/records/pack.ts';
import { type Withdrawal, withdrawalJson } from '../../core/records/withdrawal.ts';
import { timestamp } from '../../core/text/timestamp.ts';
import { Stopped } from '../../decision.ts';
import { toPlanFacts } from '../../evidence/facts.ts';
import { newestJournal } from '../../evidence/records.ts';
import { storeEnd } from '../../evidence/store-record.ts';
import { bestEffort } from '../../page/best-effort.ts';
import type { ModeResult } from '../../ports/outcome.ts';
import type { Uses } from '../tools.ts';
import { checkSaidAfter, readEarlierPlan } from './earlier-plan.ts';
import type { PlanCommand } from './request.ts';
import type { Asked } from './tell-failure.ts';

type WithdrawTools = Uses<
  | 'authority'
  | 'clock'
  | 'evidence'
  | 'keepForLaterSteps'
  | 'label'
  | 'log'
  | 'page'
  | 'policy'
  | 'provenance'
  | 'pullRequests'
  | 'records'
  | 'report'
  | 'requests'
  | 'run'
> & { readonly status: Pick<PlanStatus, 'tell'> };

/** @throws Stopped plan-withdrawn, as ignored, when it is done; plan-missing, plan-superseded, actor-denied */
export async function withdrawPlan(
  tools: WithdrawTools,
  request: PlanCommand,
  asked: Asked,
): Promise<ModeResult> {
  const { page, report } = tools;
  report.note({ pullRequest: request.pullRequest });
  await tools.provenance.checkTrustedRun();
  const by = await tools.authority.authoriseWithdrawer(request.requester, request.author);
  asked.byEntitled = true;
  await page.react(request.commentId, 'eyes');
  return tellingState(tools, request.pullRequest, () => recordWithdrawal(tools, request, by));
}

async function recordWithdrawal(
  tools: WithdrawTools,
  request: PlanCommand,
  by: Person,
): Promise<never> {
  const { label, page, report } = tools;
  const pull = await tools.pullRequests.read(request.pullRequest);
  const life = await readEarlierPlan(tools, pull);
  const { plan } = life;
  checkSaidAfter(plan, request);
  report.note({ ...toPlanFacts(plan, tools.run), headSha: pull.head.sha });
  const withdrawal: Withdrawal = {
    schema: 'codex-withdrawal/v1',
    repository: plan.manifest.repository,
    pull_request: pull.number,
    plan_id: plan.planId,
    comment_id: request.commentId,
    by,
    ...(await tools.records.describe()),
    created_at: timestamp(tools.clock.now()),
  };
  const files = { 'policy.json': await tools.policy.effective() };
  const journal = appendToJournal(newestJournal(plan, life.records), {
    at: withdrawal.created_at,
    event: 'withdrawn',
    actor: by,
    digests: {
      plan_id: plan.planId,
      ...digestFiles({ 'withdrawal.json': withdrawalJson(withdrawal), ...files }),
    },
    detail: null,
  });
  const members = packWithdrawal(withdrawal, { 'journal.jsonl': journal, ...files });
  await storeEnd(tools, { name: 'withdrawal', pullRequest: pull.number, members });
  report.note({ state: 'withdrawn' });
  await label.tryRemove(pull.number);
  // The record has ended the plan. If one of these steps fails, running this again would not repeat it, so it only warns.
  await bestEffort(tools.log, async () => {
    for (const comment of await page.findPlanComments(pull.number, plan.planId)) {
      const record = { by: by.login, at: withdrawal.created_at };
      await page.updateState(comment, plan, { is: 'withdrawn', record });
    }
  });
  await bestEffort(tools.log, async () => {
    const { stated } = await look(tools, pull.number);
    await tools.status.tell(stated, async (number) => (await look(tools, number)).stated);
  });
  throw new Stopped('plan-withdrawn', `${by.login} withdrew the plan.`, { decision: 'ignored' });
}
