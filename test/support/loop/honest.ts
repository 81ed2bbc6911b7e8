/** An honest loop, played step by step: nobody forges anything, and things only go as they go. */
import { type Answer, refuse, type Script } from '../model/index.ts';
import { exampleEdit, examplePlan, type Loop, label, type StepInLoop, startLoop } from './loop.ts';

const policyPath = '.github/codex-plan.yml';

export class HonestLoop {
  readonly loop: Loop;
  readonly #edits: Answer[];
  #failing: { times: number };

  private constructor(loop: Loop, edits: Answer[], failing: { times: number }) {
    this.loop = loop;
    this.#edits = edits;
    this.#failing = failing;
  }

  static async start(policy?: string): Promise<HonestLoop> {
    const edits: Answer[] = [];
    const failing = { times: 0 };
    const answer = (good: () => Answer): Answer => {
      if (failing.times === 0) return good();
      failing.times--;
      return refuse(400);
    };
    const script: Script = {
      plan: () => answer(() => JSON.stringify(examplePlan)),
      edit: () => answer(() => edits.shift() ?? 'Done.'),
    };
    const options = policy === undefined ? {} : { policy: `version: 1\n${policy}` };
    return new HonestLoop(await startLoop({ script, scripted: true, ...options }), edits, failing);
  }

  /** Plays a step, and sees that it ends for this reason. */
  async play(reason: string, step: () => Promise<StepInLoop>): Promise<StepInLoop> {
    this.loop.github.clock.advance({ seconds: 90 });
    const done = await step();
    if (done.reason === reason) return done;
    throw new Error(`expected ${reason}, got ${done.decision} (${done.reason})\n${done.log}`);
  }

  say(reason: string, by: string, body: string): Promise<StepInLoop> {
    const { loop } = this;
    return this.play(reason, () =>
      loop.step('plan', loop.repo.as(by).comment(loop.pull.number, body)),
    );
  }

  plan(reason = 'ok'): Promise<StepInLoop> {
    return this.say(reason, 'alice', '/codex add a tax');
  }

  /** Sets the label, which is removed first if it is set. */
  approve(reason = 'ok', by = 'bob', edit: readonly Answer[] = exampleEdit): Promise<StepInLoop> {
    const { repo, pull } = this.loop;
    return this.play(reason, () => {
      this.#edits.splice(0, Infinity, ...edit);
      if (pull.labels.includes(label)) repo.as(by).unlabel(pull.number, label);
      return this.loop.approve({ by });
    });
  }

  verify(reason = 'ok', inputs: Readonly<Record<string, string>> = {}): Promise<StepInLoop> {
    return this.play(reason, () => this.loop.verify({ inputs }));
  }

  execute(reason = 'ok'): Promise<StepInLoop> {
    return this.play(reason, () => this.loop.execute());
  }

  /** Runs a step again, as the next attempt of its run. */
  again(
    mode: Parameters<Loop['rerun']>[0],
    earlier: StepInLoop,
    reason: string,
    by = 'carol',
    edit: readonly Answer[] = exampleEdit,
  ): Promise<StepInLoop> {
    const inputs = { 'pull-request': String(this.loop.pull.number) };
    return this.play(reason, () => {
      this.#edits.splice(0, Infinity, ...edit);
      return this.loop.rerun(mode, earlier, by, { inputs });
    });
  }

  refresh(event: Parameters<Loop['step']>[1], reason = 'ok'): Promise<StepInLoop> {
    return this.play(reason, () => this.loop.step('refresh', event));
  }

  /** The next answers of the model are errors. */
  failCodex(times = 1): void {
    this.#failing.times = times;
  }

  setPolicy(text: string): void {
    this.loop.repo.push('main', { [policyPath]: `version: 1\n${text}` });
  }
}
