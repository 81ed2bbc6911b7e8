import type { Loop } from './loop.ts';
import { remember } from './memory.ts';

/** Each brings a loop back to a pull request without a plan, with one, with an approval of it, or with a verification. */
export interface States {
  readonly fresh: () => void;
  readonly planned: () => void;
  readonly approved: () => void;
  readonly verified: () => void;
}

const steps = { planned: 'plan', approved: 'approve', verified: 'verify' } as const;

/** Plays a loop up to a state, once; all states on the way there can be returned to. */
export async function reach(loop: Loop, last: keyof typeof steps): Promise<States> {
  const missing = () => {
    throw new Error(`the loop was played to ${last}, and no further`);
  };
  const states = { fresh: remember(loop), planned: missing, approved: missing, verified: missing };
  for (const [state, step] of Object.entries(steps)) {
    const { decision, reason, log } = await loop[step]();
    if (decision !== state) throw new Error(`${step} ended ${decision}, ${reason}\n${log}`);
    Object.assign(states, { [state]: remember(loop) });
    if (state === last) break;
  }
  return states;
}
