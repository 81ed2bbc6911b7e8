import type { CheckLine } from '../../../report/check-table.ts';
import type { DoctorFacts } from '../facts.ts';
import { appToken, doubtful, fine, glance, listed, type Probe, unseen, wrong } from '../probe.ts';

const words = {
  about: 'How long evidence is kept',
  why: 'An approval needs the artifact of its plan: when that is gone, the plan is expired, however long the approval would last.',
};
const ages = {
  about: 'Age of open pull requests',
  why: 'A plan that is older than the retention has lost its evidence, and has to be asked for again.',
};
const hour = 3_600_000;

export const retention: Probe = {
  ...words,
  needs: appToken('administration: read'),
  async look(facts) {
    const days = await findDays(facts);
    const hours = Math.max(
      (await facts.policy.read()).approvers.hours,
      ...(await readInputs(facts, 'approval-hours')),
    );
    const needed = Math.floor(hours / 24) + 1;
    const first =
      days * 24 <= hours
        ? wrong(
            words,
            `Artifacts are kept for ${days} days, and an approval lasts ${hours} hours (approvers.hours).`,
            `retention-days: ${Math.max(needed + 1, 7)}`,
          )
        : fine(words, `${days} days; an approval lasts ${hours} hours.`);
    return [first, await judgeAges(facts, days)];
  },
};

/** A job overrides the setting of the repository; existing artifacts show it, too. */
async function findDays({ setUp, workflows }: DoctorFacts): Promise<number> {
  const said = await glance(() => setUp.retentionDays());
  const inputs = await readInputs({ workflows }, 'retention-days');
  // A job can ask for less than the repository keeps, and for no more.
  if ('seen' in said) return Math.min(said.seen, ...inputs);
  const shortest = await setUp.shortestRetention();
  if (shortest === undefined) throw said.unseen;
  return Math.min(shortest, ...inputs);
}

/** What the jobs say in an input that is a number. */
async function readInputs(
  { workflows }: Pick<DoctorFacts, 'workflows'>,
  name: string,
): Promise<readonly number[]> {
  const jobs = await glance(() => workflows());
  return ('seen' in jobs ? jobs.seen : [])
    .flatMap((one) => one.jobs.flatMap(({ steps }) => steps))
    .map((step) => Number(step.with[name]))
    .filter((value) => value > 0);
}

async function judgeAges({ clock, setUp }: DoctorFacts, days: number): Promise<CheckLine> {
  const pulls = await glance(() => setUp.openPulls());
  if ('unseen' in pulls) {
    const needs = 'permissions: { pull-requests: read }';
    return unseen({ ...ages, needs }, pulls.unseen);
  }
  const oldest = clock.now().getTime() - days * 24 * hour;
  const old = pulls.seen.filter(({ createdAt }) => Date.parse(createdAt) < oldest);
  if (old.length === 0)
    return fine(ages, `${pulls.seen.length} are open, none older than ${days} days.`);
  const names = listed(old.map(({ number }) => `#${number}`));
  return doubtful(ages, `${names} are older than ${days} days.`, 'retention-days: 90');
}
