import type { Loop, StepInLoop } from './loop.ts';
import { remember } from './memory.ts';

/**
 * Each brings a loop back: to a pull request without a plan, to one with a plan, with an approval of it, with a verification, or with
 * the commit.
 */
export interface States {
  readonly fresh: () => void;
  readonly planned: () => void;
  readonly approved: () => void;
  readonly verified: () => void;
  readonly executed: () => void;
}

/** A state that a step leads to. */
type Reached = Exclude<keyof States, 'fresh'>;

const steps = [
  ['planned', 'plan'],
  ['approved', 'approve'],
  ['verified', 'verify'],
  ['executed', 'execute'],
] as const;

/** How many steps lead to a state. */
const countTo = (last: keyof States) => steps.findIndex(([state]) => state === last) + 1;

/** Plays a loop up to a state, once; all states on the way there can be returned to. */
export function reach(loop: Loop, last: Reached): Promise<States> {
  return new Way(loop).to(last);
}

/** The states of a loop. Each is played when it is first wanted. */
export class Way {
  readonly #loop: Loop;
  readonly #fresh: () => void;
  readonly #played: { readonly restore: () => void; readonly done: StepInLoop }[] = [];

  constructor(loop: Loop) {
    this.#loop = loop;
    this.#fresh = remember(loop);
  }

  /** What the steps left that lead to this state, as far as they were played. */
  stepsTo(last: keyof States): readonly StepInLoop[] {
    return this.#played.slice(0, countTo(last)).map(({ done }) => done);
  }

  /** Plays the states up to this one that were not played yet. The states after it cannot be returned to, even if they were played before. */
  async to(last: keyof States): Promise<States> {
    const missing = () => {
      throw new Error(`the loop was played to ${last}, and no further`);
    };
    const states = {
      fresh: this.#fresh,
      planned: missing,
      approved: missing,
      verified: missing,
      executed: missing,
    };
    for (const [at, [state, step]] of steps.slice(0, countTo(last)).entries()) {
      if (this.#played[at] === undefined) await this.#play(at, state, step);
      Object.assign(states, { [state]: this.#played[at]?.restore });
    }
    return states;
  }

  async #play(at: number, state: Reached, step: (typeof steps)[number][1]): Promise<void> {
    (this.#played[at - 1]?.restore ?? this.#fresh)();
    const done = await this.#loop[step]();
    const { decision, reason, log } = done;
    if (decision !== state) throw new Error(`${step} ended ${decision}, ${reason}\n${log}`);
    this.#played[at] = { restore: remember(this.#loop), done };
  }
}
