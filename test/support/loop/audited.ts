/** A whole loop for an auditor: a denial, an approval, a drift, and then another plan that is carried out. */
import type { Members } from '../../../src/core/records/members.ts';
import { type Answer, patch, type Script, say, update } from '../model/index.ts';
import { once } from '../once.ts';
import { unpack } from './evidence.ts';
import { exampleEdit, examplePlan, type Loop, label, type StepInLoop, startLoop } from './loop.ts';

/** An artifact as the store has it. */
export interface Stored {
  readonly name: string;
  readonly id: number;
  readonly members: Members;
}

export interface AuditedLoop {
  readonly loop: Loop;
  /** Each step in order, with its outputs. */
  readonly steps: readonly StepInLoop[];
  /** All artifacts, oldest first. */
  stored(): Promise<readonly Stored[]>;
}

const otherFile = update(
  'src/other.ts',
  'export const other = 2;',
  'export const other = 2; // taxed',
);
const tooMuch: readonly Answer[] = [
  patch(update('README.md', '# Shop', '# Tax shop')),
  ...exampleEdit,
];

/** @param real whether the bundle and the Codex CLI run the first step that ends in each way */
export async function playAuditedLoop(real = false): Promise<AuditedLoop> {
  const world: { merged: boolean; edits: Answer[] } = { merged: false, edits: [] };
  const script: Script = {
    plan: () =>
      JSON.stringify(
        world.merged
          ? {
              ...examplePlan,
              files: [
                ...examplePlan.files,
                { path: 'src/other.ts', operation: 'modify', reason: 'is taxed, too' },
              ],
            }
          : examplePlan,
      ),
    edit: () => world.edits.shift() ?? say('Done.'),
  };
  const loop = await startLoop({ script, scripted: true });
  const { repo, pull, github } = loop;
  const steps: StepInLoop[] = [];
  const play = async (
    expected: string,
    step: (options: { readonly bundle: boolean }) => Promise<StepInLoop>,
  ) => {
    github.clock.advance({ seconds: 30 });
    const done = await step({ bundle: real && !steps.some((one) => one.decision === expected) });
    if (done.decision !== expected) {
      throw new Error(`expected ${expected}, got ${done.decision} (${done.reason})\n${done.log}`);
    }
    steps.push(done);
  };
  const approve = (expected: string, edits: readonly Answer[]) =>
    play(expected, (options) => {
      world.edits = [...edits];
      if (pull.labels.includes(label)) repo.as('bob').unlabel(pull.number, label);
      return loop.approve(options);
    });

  await play('planned', (options) => loop.plan(undefined, options));
  await approve('denied', tooMuch);
  await approve('approved', exampleEdit);
  await play('verified', loop.verify);
  const merged = { 'src/other.ts': 'export const other = 2;\n' };
  repo.push('main', merged);
  world.merged = true;
  await play('drifted', loop.verify);

  repo.as('frank').push(pull.head.ref, merged, { merge: [repo.tip()] });
  await play('planned', (options) => loop.plan('add a tax, and tax the other one', options));
  await approve('approved', [patch(otherFile), ...exampleEdit]);
  await play('verified', loop.verify);
  await play('executed', loop.execute);

  return { loop, steps, stored: () => storedIn(loop) };
}

/**
 * Another loop: a plan that is narrowed, two votes, a verification that is repeated in its run, and a withdrawal. Nothing
 * is left of the first attempt of the verification but its line in the journal.
 */
export async function playWithdrawnLoop(): Promise<AuditedLoop> {
  const cart = patch(
    update('src/cart.ts', 'export const total = 1;', 'export const total = 1 * 1.2;'),
  );
  const edits = [cart, say('Done.')];
  const loop = await startLoop({
    script: {
      plan: () => JSON.stringify(examplePlan),
      edit: (call) => edits[call.turn] ?? 'Done.',
    },
    policy: 'version: 1\napprovers: { count: 2, users: [bob, carol, frank] }\nrotate: { ask: 1 }\n',
    scripted: true,
  });
  const { repo, pull, github } = loop;
  const speak = (body: string) => loop.step('plan', repo.as('alice').comment(pull.number, body));
  const steps: StepInLoop[] = [];
  const play = async (expected: string, step: () => Promise<StepInLoop>) => {
    github.clock.advance({ seconds: 30 });
    const done = await step();
    if (done.reason !== expected) {
      throw new Error(`expected ${expected}, got ${done.decision} (${done.reason})\n${done.log}`);
    }
    steps.push(done);
    return done;
  };
  await play('ok', () => loop.plan());
  await play('ok', () => speak('/codex-without src/tax.ts'));
  await play('votes-missing', () => loop.approve());
  await play('ok', () => loop.approve({ by: 'carol' }));
  const verified = await play('ok', () => loop.verify());
  const inputs = { 'pull-request': String(pull.number) };
  await play('ok', () => loop.rerun('verify', verified, 'carol', { inputs }));
  await play('plan-withdrawn', () => speak('/codex-withdraw'));
  return { loop, steps, stored: () => storedIn(loop) };
}

async function ended(playing: Promise<AuditedLoop>): Promise<AuditedLoop> {
  const played = await playing;
  await played.loop.close();
  return played;
}

/** The two loops after their end, for all test files of a process that look at nothing but what they left. */
export const auditedLoop = once(() => ended(playAuditedLoop()));
export const withdrawnLoop = once(() => ended(playWithdrawnLoop()));

export async function storedIn({ repo }: Loop): Promise<readonly Stored[]> {
  const artifacts = repo.artifacts.list().toSorted((a, b) => a.id - b.id);
  return Promise.all(
    artifacts.map(async (artifact) => ({
      name: artifact.name,
      id: artifact.id,
      members: new Map(
        Object.entries(await unpack(artifact)).map(([name, text]) => [name, Buffer.from(text)]),
      ),
    })),
  );
}
