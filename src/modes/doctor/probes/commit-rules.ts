import { commitMessage } from '../../../core/plan/commit-message.ts';
import { refusesCommit } from '../../../core/set-up/commit-rules.ts';
import type { PlanId } from '../../../core/text/digest.ts';
import type { CheckLine } from '../../../report/check-table.ts';
import type { DoctorFacts } from '../facts.ts';
import { doubtful, fine, glance, type Probe, wrong } from '../probe.ts';

const words = {
  about: "The bot's commit",
  why: 'Execute puts one commit on the branch of the pull request. A rule that refuses it is met only after the plan was made, approved and verified.',
};

/** A branch that no rule names, for the rules that are about all branches. */
const anyBranch = 'codex-plan-doctor';
const mostBranches = 4;

export const commitRules: Probe = {
  ...words,
  needs: 'permissions: { contents: read, pull-requests: read }',
  async look(facts) {
    const { setUp } = facts;
    const pulls = await glance(() => setUp.openPulls());
    const own = ('seen' in pulls ? pulls.seen : []).flatMap(({ ownBranch }) => ownBranch ?? []);
    const branches = [anyBranch, ...new Set(own)].slice(0, mostBranches);
    const sample = await writeSample(facts);
    const tryExpression = await facts.expressions();
    const lines = new Map<string, CheckLine>();
    for (const branch of branches) {
      for (const rule of await setUp.rules(branch)) {
        const refusal = refusesCommit(rule, sample, tryExpression);
        if (refusal === null || (await isBypassed(facts, rule.ruleset))) continue;
        const line = refusal.certain
          ? wrong(words, `${refusal.says} (branch ${branch})`, refusal.paste)
          : doubtful(words, `${refusal.says} (branch ${branch})`, refusal.paste);
        lines.set(`${rule.ruleset} ${rule.type}`, line);
      }
    }
    if (lines.size > 0) return [...lines.values()];
    return [fine(words, 'No rule for the branches of pull requests refuses it.')];
  },
};

async function writeSample({ people, policy, run }: DoctorFacts) {
  const self = await glance(() => people.self());
  const { login, databaseId } =
    'seen' in self ? self.seen : { login: 'github-actions[bot]', databaseId: 41898282 };
  const rules = await policy.read();
  return {
    message: commitMessage(rules.execute.message, {
      title: 'Add a tax to the cart',
      planId: '0'.repeat(64) as PlanId,
      pullRequest: 7,
      requesters: ['requester'],
      narrowedBy: [],
      approvers: ['approver'],
      runUrl: `${run.serverUrl}/${run.repository.owner}/${run.repository.name}/actions/runs/1`,
    }),
    authorEmail: `${databaseId}+${login}@users.noreply.github.com`,
    // Who commits through the API is GitHub itself, which signs.
    committerEmail: 'noreply@github.com',
  };
}

async function isBypassed({ setUp }: DoctorFacts, ruleset: number | null): Promise<boolean> {
  if (ruleset === null) return false;
  const found = await glance(() => setUp.ruleset(ruleset));
  return 'seen' in found && found.seen.bypassedByToken;
}
