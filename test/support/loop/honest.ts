/**
 * Honest loops, played step by step: nobody forges anything, and things only go as they go. Many of them begin alike, so the loops of a
 * file with the same policy share one repository: what begins a loop as an earlier one began is not run a second time.
 */
import { atEndOfFile } from '../files/at-end.ts';
import { type Answer, refuse, type Script } from '../model/index.ts';
import { exampleEdit, examplePlan, type Loop, label, type StepInLoop, startLoop } from './loop.ts';
import { remember } from './memory.ts';

const policyPath = '.github/codex-plan.yml';
/** A later step than this is hardly ever the same in two loops, and to remember a state takes time, too. */
const maxRemembered = 7;

/** What the scripted model will answer. */
interface Answers {
  edits: readonly Answer[];
  /** How many answers are errors before the next good one. */
  failures: number;
}

/** A state that a loop was in, and what came next. */
interface Point {
  /** How many steps led here. */
  readonly depth: number;
  readonly next: Map<string, Played>;
  readonly restore: () => void;
}

/** A state, and how the step ended that led to it. */
interface Played extends Point {
  readonly done: StepInLoop;
}

/** A repository with a policy, and all states that its loops have begun with. */
interface Stage {
  readonly loop: Loop;
  readonly answers: Answers;
  readonly start: Point;
}

const stages = new Map<string | undefined, Promise<Stage>>();

async function openStage(policy: string | undefined): Promise<Stage> {
  const answers: Answers = { edits: [], failures: 0 };
  const answer = (good: () => Answer): Answer => {
    if (answers.failures === 0) return good();
    answers.failures--;
    return refuse(400);
  };
  const takeEdit = () => {
    const [edit = 'Done.', ...others] = answers.edits;
    answers.edits = others;
    return edit;
  };
  const script: Script = {
    plan: () => answer(() => JSON.stringify(examplePlan)),
    edit: () => answer(takeEdit),
  };
  const options = policy === undefined ? {} : { policy: `version: 1\n${policy}` };
  const loop = await startLoop({ script, scripted: true, ...options });
  atEndOfFile(async () => {
    stages.delete(policy);
    await loop.close();
  });
  return { loop, answers, start: pointOf(loop, answers, 0) };
}

function pointOf(loop: Loop, answers: Answers, depth: number): Point {
  const before = { ...answers };
  const goBack = remember(loop);
  const restore = () => {
    goBack();
    Object.assign(answers, before);
  };
  return { depth, next: new Map(), restore };
}

/** One loop after another: who begins one ends the loop before it with the same policy. */
export class HonestLoop {
  readonly #loop: Loop;
  readonly #answers: Answers;
  readonly #steps: StepInLoop[] = [];
  /** The state that the steps so far lead to, as long as an earlier loop can have been there, too. */
  #point: Point | undefined;
  #isThere = false;
  /** What the next step changes of the model's answers. */
  #changes: Partial<Answers> = {};

  private constructor({ loop, answers, start }: Stage) {
    this.#loop = loop;
    this.#answers = answers;
    this.#point = start;
  }

  static async start(policy?: string): Promise<HonestLoop> {
    const opened = stages.get(policy) ?? openStage(policy);
    stages.set(policy, opened);
    return new HonestLoop(await opened);
  }

  /** The loop itself. What is done to it from now on is done to no other loop. */
  get loop(): Loop {
    this.#go();
    this.#point = undefined;
    return this.#loop;
  }

  /** Plays a step, and sees that it ends for this reason. Loops whose steps had the same names so far are in the same state. */
  async #play(
    name: readonly unknown[],
    reason: string,
    step: (loop: Loop) => Promise<StepInLoop>,
  ): Promise<StepInLoop> {
    const known = this.#point?.next.get(JSON.stringify([name, this.#changes]));
    const done = known === undefined ? await this.#run(name, step) : this.#pass(known);
    this.#steps.push(done);
    if (done.reason === reason) return done;
    throw new Error(`expected ${reason}, got ${done.decision} (${done.reason})\n${done.log}`);
  }

  #pass(known: Played): StepInLoop {
    this.#point = known;
    this.#isThere = false;
    this.#changes = {};
    return known.done;
  }

  async #run(
    name: readonly unknown[],
    step: (loop: Loop) => Promise<StepInLoop>,
  ): Promise<StepInLoop> {
    const before = this.#point;
    const key = JSON.stringify([name, this.#changes]);
    this.#go();
    this.#point = undefined;
    Object.assign(this.#answers, this.#changes);
    this.#changes = {};
    this.#loop.github.clock.advance({ seconds: 90 });
    const done = await step(this.#loop);
    if (before !== undefined && before.depth < maxRemembered) {
      const played = { ...pointOf(this.#loop, this.#answers, before.depth + 1), done };
      before.next.set(key, played);
      this.#point = played;
    }
    return done;
  }

  /** Brings the loop into the state that the steps so far lead to. */
  #go(): void {
    if (!this.#isThere) this.#point?.restore();
    this.#isThere = true;
  }

  say(reason: string, by: string, body: string): Promise<StepInLoop> {
    return this.#play(['say', by, body], reason, (loop) =>
      loop.step('plan', loop.repo.as(by).comment(loop.pull.number, body)),
    );
  }

  plan(reason = 'ok'): Promise<StepInLoop> {
    return this.say(reason, 'alice', '/codex add a tax');
  }

  /** Sets the label, which is removed first if it is set. */
  approve(reason = 'ok', by = 'bob', edits: readonly Answer[] = exampleEdit): Promise<StepInLoop> {
    this.#changes.edits = edits;
    return this.#play(['approve', by], reason, (loop) => {
      const { repo, pull } = loop;
      if (pull.labels.includes(label)) repo.as(by).unlabel(pull.number, label);
      return loop.approve({ by });
    });
  }

  verify(reason = 'ok', inputs: Readonly<Record<string, string>> = {}): Promise<StepInLoop> {
    return this.#play(['verify', inputs], reason, (loop) => loop.verify({ inputs }));
  }

  execute(reason = 'ok'): Promise<StepInLoop> {
    return this.#play(['execute'], reason, (loop) => loop.execute());
  }

  /** Runs a step again, as the next attempt of its run. */
  again(
    mode: Parameters<Loop['rerun']>[0],
    earlier: StepInLoop,
    reason: string,
    by = 'carol',
    edits: readonly Answer[] = exampleEdit,
  ): Promise<StepInLoop> {
    this.#changes.edits = edits;
    return this.#play(['again', mode, this.#steps.indexOf(earlier), by], reason, (loop) =>
      loop.rerun(mode, earlier, by, { inputs: { 'pull-request': String(loop.pull.number) } }),
    );
  }

  refresh(event: Parameters<Loop['step']>[1], reason = 'ok'): Promise<StepInLoop> {
    this.#point = undefined;
    return this.#play(['refresh'], reason, (loop) => loop.step('refresh', event));
  }

  /** The next answers of the model are errors. */
  failCodex(times = 1): void {
    this.#changes.failures = times;
  }

  setPolicy(text: string): void {
    this.loop.repo.push('main', { [policyPath]: `version: 1\n${text}` });
  }
}
