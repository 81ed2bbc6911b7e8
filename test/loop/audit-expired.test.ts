/** GitHub deletes artifacts after their retention: an audit says what cannot be proven, and finds nothing. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { auditOnline, chooseUpTo, type Online, onlineIn } from '../support/expired.ts';
import type { Artifact } from '../support/github/state.ts';
import { auditedLoop, withdrawnLoop } from '../support/loop/audited.ts';
import { HonestLoop } from '../support/loop/honest.ts';
import type { StepInLoop } from '../support/loop/loop.ts';
import { remember } from '../support/loop/memory.ts';
import { patch, update } from '../support/model/index.ts';

const loops = { 'a whole loop': auditedLoop, 'a withdrawn plan': withdrawnLoop };

const namesOf = (some: readonly Online[]) => some.map(({ name }) => name).join();

const linesOf = ({ members }: Online) =>
  String(members.get('journal.jsonl')).split('\n').slice(0, -1);
const decisions =
  /"event":"(?:planned|narrowed|approved|denied|verified|drifted|executed|withdrawn)"/;

/** Whether the journal of another artifact has the line that this one stands for. */
function isNamedBy(one: Online, other: Online): boolean {
  const own = linesOf(one).findLast((line) => decisions.test(line));
  return own !== undefined && linesOf(other).includes(own);
}

describe.each(Object.entries(loops))('after %s', (_, play) => {
  let all: readonly Online[];
  beforeAll(async () => {
    all = await onlineIn((await play()).loop);
  });

  it('nothing is found whatever has expired', () => {
    for (const expired of chooseUpTo(all, all.length)) {
      const stored = all.filter((one) => !expired.includes(one));
      const { findings } = auditOnline(stored, expired);
      expect(findings, namesOf(expired)).toEqual([]);
    }
  });

  it('each artifact that is missing is named', () => {
    for (const expired of chooseUpTo(all, 2)) {
      const stored = all.filter((one) => !expired.includes(one));
      const { notProvable } = auditOnline(stored, expired);
      for (const { name } of expired) {
        const sentence = `GitHub no longer stores ${name}.`;
        const told = notProvable.some(
          (one) =>
            one.includes(sentence) || one === `What ${name} holds: GitHub no longer stores it.`,
        );
        expect(told, name).toBe(true);
      }
    }
  });

  it('what somebody removed is found, whatever else has expired', () => {
    let tried = 0;
    for (const removed of all) {
      const others = all.filter((one) => one !== removed);
      for (const expired of chooseUpTo(others, 3)) {
        const stored = others.filter((one) => !expired.includes(one));
        const { findings } = auditOnline(stored, expired);
        const what = `${removed.name} without ${namesOf(expired)}`;
        if (stored.some((one) => isNamedBy(removed, one))) {
          tried++;
          expect(findings, what).not.toEqual([]);
        } else expect(findings, what).toEqual([]);
      }
    }
    expect(tried).toBeGreaterThan(30);
  });
});

/** The artifacts of the loop, oldest first. */
const artifactsOf = ({ loop }: HonestLoop) =>
  loop.repo.artifacts.list().toSorted((a, b) => a.id - b.id);

const outside = [patch(update('README.md', '# Shop', '# Tax shop'))];

/** One plan with a denial, votes, an approval, a verification and an execution. */
async function playOnePlan(it: HonestLoop): Promise<void> {
  await it.plan();
  await it.approve('votes-missing', 'bob');
  await it.approve('outside-plan', 'carol', outside);
  await it.approve('votes-missing', 'carol');
  await it.approve('ok', 'bob');
  await it.verify();
  await it.execute();
}

/** The summary as people see it. */
const linesIn = ({ summary }: StepInLoop) =>
  summary.replaceAll('<!-- -->', '').replaceAll('&#58;', ':').split('\n');

/** Another plan of the same files, after somebody has taken the change back. */
async function planAgain(it: HonestLoop): Promise<void> {
  const { repo, pull } = it.loop;
  const before = { 'src/tax.ts': null, 'src/cart.ts': 'export const total = 1;\n' };
  repo.as('frank').push(pull.head.ref, before);
  await it.plan();
}

describe('an audit online', () => {
  let honest: HonestLoop;
  let restore: () => void;
  beforeAll(async () => {
    honest = await HonestLoop.start('approvers: { count: 2 }\n');
    await playOnePlan(honest);
    await planAgain(honest);
    await honest.approve('votes-missing', 'bob');
    await honest.approve('ok', 'carol');
    restore = remember(honest.loop);
  });
  afterEach(() => restore());

  const expire = (...which: readonly number[]) => {
    const { artifacts } = honest.loop.repo;
    for (const one of which) artifacts.expire(artifactsOf(honest)[one] as Artifact);
  };
  const remove = (which: number) => {
    honest.loop.repo.artifacts.delete(artifactsOf(honest)[which] as Artifact);
  };
  const [first, denial, approval, verification, execution, second] = [0, 1, 2, 3, 4, 5];

  it('has the artifacts of two plans', () => {
    const kinds = artifactsOf(honest).map(({ name }) => name.split('-')[1]);
    const one = ['plan', 'denial', 'approval', 'verification', 'execution'];
    expect(kinds).toEqual([...one, 'plan', 'approval']);
  });

  it.each<[string, readonly number[], RegExp]>([
    [
      'everything of an old plan',
      [first, denial, approval, verification, execution],
      /That an execution made commit [0-9a-f]{40}, which claims the plan .*: GitHub no longer stores codex-execution-1/,
    ],
    [
      'a plan alone',
      [first],
      /What codex-approval-1 \(artifact \d+\) decided, .* its plan: GitHub/,
    ],
    ['an approval', [approval], /What codex-execution-1 .* its approval: GitHub no longer stores/],
    ['a verification', [verification], /What codex-execution-1 .* a verification: GitHub no/],
    ['a denial in the middle', [denial], /What line 2 of .* is about \(denied, /],
    ['the votes', [denial, approval], /What line \d+ of .* is about \(approved, /],
    ['an execution', [execution], /What codex-execution-1 .* holds: GitHub no longer stores it/],
    ['all but the newest', [first, denial, approval, verification, execution, second], /its plan/],
  ])('finds nothing if GitHub has deleted %s, and says so', async (_, gone, sentence) => {
    expire(...gone);
    const step = await honest.loop.audit();
    expect(step, step.log).toMatchObject({ decision: 'audited', reason: 'ok' });
    expect(linesIn(step)).toContainEqual(expect.stringMatching(sentence));
  });

  it('ends without an audit if GitHub has deleted everything', async () => {
    expire(...artifactsOf(honest).keys());
    const step = await honest.loop.audit();
    expect(step, step.log).toMatchObject({ reason: 'plan-expired', status: 1 });
    expect(step.log).toContain('nothing is left to audit');
    // The report names each of them.
    for (const { name, id } of artifactsOf(honest)) {
      expect(linesIn(step).join('\n')).toContain(
        `What ${name} (artifact ${id}) holds: GitHub no longer stores`,
      );
    }
  });

  it('finds what is listed and gone before its retention ends: the list knows no removal yet', async () => {
    const { id } = artifactsOf(honest)[approval] as Artifact;
    const { github } = honest.loop;
    github.fault({ path: new RegExp(`/artifacts/${id}/zip`), status: 404, times: Infinity });
    const step = await honest.loop.audit();
    expect(step, step.log).toMatchObject({ reason: 'evidence-inconsistent', status: 1 });
    expect(linesIn(step)).toContainEqual(expect.stringMatching(/says approved at/));
  });

  it.each<[string, readonly number[], number, RegExp]>([
    ['a denial, while the plan expired', [first], denial, /says denied at/],
    ['the plan, while its records expired', [denial, verification], first, /that is missing/],
    ['an approval, while another expired', [6], approval, /says approved at/],
    [
      'an execution, while a verification expired',
      [verification],
      execution,
      /no execution made it/,
    ],
    ['an execution, while everything else expired', [0, 1, 2, 3, 5], execution, /no execution/],
  ])('finds that somebody removed %s', async (_, gone, removed, sentence) => {
    expire(...gone);
    remove(removed);
    const step = await honest.loop.audit();
    expect(step, step.log).toMatchObject({ reason: 'evidence-inconsistent', status: 1 });
    expect(linesIn(step)).toContainEqual(expect.stringMatching(sentence));
  });

  it('finds a commit that claims what an expired execution of another commit did', async () => {
    expire(execution);
    const { repo, pull } = honest.loop;
    const [executed = ''] = repo.git.readCommit(repo.tip(pull.head.ref))?.parents ?? [];
    const made = repo.git.readCommit(executed);
    repo
      .as('frank')
      .push(pull.head.ref, { 'src/evil.ts': 'evil();\n' }, { message: made?.message ?? '' });
    const step = await honest.loop.audit();
    expect(step, step.log).toMatchObject({ reason: 'evidence-inconsistent', status: 1 });
    expect(linesIn(step).join('\n')).toContain('no execution made it');
  });
});

describe('an audit of a pull request that is older than the retention', () => {
  const day = 24 * 3600;
  /** Another plan after some days; then GitHub lists nothing of the first one any more. */
  async function auditAfter(days: number, more: number) {
    const honest = await HonestLoop.start('approvers: { count: 2 }\n');
    await playOnePlan(honest);
    const { loop } = honest;
    const old = artifactsOf(honest);
    loop.github.clock.advance({ seconds: days * day });
    await planAgain(honest);
    loop.github.clock.advance({ seconds: more * day });
    for (const artifact of old) loop.repo.artifacts.delete(artifact);
    return loop.audit();
  }

  it('finds nothing, and says what nobody can prove any more', async () => {
    const step = await auditAfter(80, 12);
    expect(step, step.log).toMatchObject({ decision: 'audited', reason: 'ok' });
    expect(linesIn(step).join('\n')).toMatch(
      /That an execution made commit .*: GitHub stores and lists nothing from before 20/,
    );
  });

  it('finds what somebody removed before the retention ended', async () => {
    const step = await auditAfter(40, 12);
    expect(step, step.log).toMatchObject({ reason: 'evidence-inconsistent', status: 1 });
    expect(linesIn(step).join('\n')).toContain('no execution made it');
  });
});

it('a run that is repeated excuses no decision from before that run', async () => {
  const honest = await HonestLoop.start('');
  await honest.plan();
  await honest.approve('outside-plan', 'bob', outside);
  const [, denial] = artifactsOf(honest);
  honest.setPolicy('paused: The release is near.\n');
  const paused = await honest.approve('paused', 'carol');
  honest.setPolicy('');
  await honest.again('approve', paused, 'outside-plan', 'carol', outside);
  honest.loop.repo.artifacts.delete(denial as Artifact);
  const step = await honest.loop.audit();
  expect(step, step.log).toMatchObject({ reason: 'evidence-inconsistent', status: 1 });
  expect(linesIn(step)).toContainEqual(expect.stringMatching(/says denied at/));
});
