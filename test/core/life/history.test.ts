/**
 * Generated histories of a pull request: people label and push, records are made, runs fail in between. Whatever
 * happens, an approval that ended never comes alive again, and no vote serves twice.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  ApprovalFact,
  DenialFact,
  ExecutionFact,
  VerificationFact,
} from '../../../src/core/life/state.ts';
import { planState, rulingOn } from '../../../src/core/life/state.ts';
import {
  type EventActor,
  type Labelling,
  labellingEnd,
  newestLabelling,
  type TimelineEvent,
} from '../../../src/core/life/timeline.ts';
import { validVotes } from '../../../src/core/life/votes.ts';
import { objectId } from '../../support/object-ids.ts';
import '../../support/properties.ts';

const people: readonly EventActor[] = [1, 2, 3].map((id) => ({
  id,
  login: `p${id}`,
  type: 'User',
}));
const action: EventActor = { id: 9, login: 'action', type: 'Bot' };
const labelName = 'approved-plan';

/** A pull request, the evidence store, and the modes as far as they touch a plan's life. */
class PullRequest {
  readonly events: TimelineEvent[] = [];
  readonly approvals: ApprovalFact[] = [];
  readonly verifications: VerificationFact[] = [];
  readonly denials: DenialFact[] = [];
  readonly executions: ExecutionFact[] = [];
  withdrawn = false;
  /** Label ids by their present name. */
  readonly names = new Map([[labelName, 'L0']]);
  carried = new Set<string>();
  minute = 0;
  #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  get #at() {
    return new Date(Date.UTC(2026, 2, 2) + this.minute * 60_000).toISOString();
  }

  #id() {
    return `E${this.events.length + 1}`;
  }

  get state() {
    return planState({
      records: this,
      history: this,
      outdated: null,
      baseTouched: false,
      requestEditedAt: null,
      now: new Date(this.#at),
    });
  }

  label(actor: EventActor) {
    const id = this.names.get(labelName);
    if (id === undefined || this.carried.has(id)) return;
    const label = { id, name: labelName };
    this.events.push({ id: this.#id(), kind: 'set', label, actor, at: this.#at });
    this.carried.add(id);
  }

  /** Under whatever name it has now. */
  unlabel(actor: EventActor, id = [...this.carried][0]) {
    if (id === undefined || !this.carried.delete(id)) return;
    const name = [...this.names].find(([, one]) => one === id)?.[0] ?? '';
    this.events.push({ id: this.#id(), kind: 'removed', label: { id, name }, actor, at: this.#at });
  }

  /** The label gets another name, and another label gets its name; GitHub lists no event. */
  exchangeLabels() {
    const id = this.names.get(labelName);
    this.names.clear();
    if (id !== undefined) this.names.set('look-alike', id);
    const fresh = this.#freshLabel();
    this.names.set(labelName, fresh);
    this.carried.add(fresh);
  }

  renameBack() {
    const [id] = this.carried;
    if (id !== undefined) this.names.set(labelName, id);
  }

  deleteLabel() {
    const id = this.names.get(labelName);
    if (id !== undefined) this.carried.delete(id);
    this.names.set(labelName, this.#freshLabel());
  }

  #freshLabel() {
    return `L${this.minute}-${this.events.length}-${this.names.size}`;
  }

  exchange() {
    this.events.push({ id: this.#id(), kind: 'force-pushed', actor: null, at: this.#at });
  }

  approve(end: 'approved' | 'denied' | 'passing trouble' | 'crash', removal: boolean) {
    const labelling = newestLabelling(this, this.names.get(labelName) ?? '');
    if (labelling === undefined || labellingEnd(this, labelling.id) !== null) return;
    if (rulingOn(this, labelling.id) !== null) return;
    const votes = this.#votes(labelling);
    if (!votes.includes(labelling)) return;
    if (votes.length < this.#count) {
      if (removal) this.unlabel(action, labelling.label.id);
      return;
    }
    const counted = votes.map(({ id, actor }) => ({ id, actorId: actor.id }));
    if (end === 'approved') {
      this.approvals.push({
        digest: `A${this.approvals.length}`,
        counted,
        createdAt: this.#at,
        expiresAt: new Date(Date.parse(labelling.at) + 120 * 60_000).toISOString(),
      });
    } else if (end !== 'crash') {
      const voids = end === 'denied';
      this.denials.push({ counted, voids, reason: voids ? 'outside-plan' : 'codex-failed' });
      if (voids && removal) this.unlabel(action, labelling.label.id);
    }
  }

  #votes(labelling: Labelling): readonly Labelling[] {
    return validVotes(this, this, {
      label: labelling.label.id,
      self: action.id,
      hours: 2,
      now: new Date(this.#at),
      hadTimeToRead: () => true,
    });
  }

  verify(drifted: boolean, removal: boolean) {
    const { state } = this;
    if (state.is !== 'approved') return;
    this.verifications.push({ approval: state.approval.digest, drifted });
    if (drifted && removal) this.unlabel(action);
  }

  execute(reached: boolean) {
    if (this.state.is === 'approved') {
      this.executions.push({ commit: objectId('c'), reached, stopped: false });
    }
  }
}

type Step = (pull: PullRequest) => void;

const person = fc.constantFrom(...people);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: person.map(
      (one): Step =>
        (pull) =>
          pull.label(one),
    ),
  },
  {
    weight: 2,
    arbitrary: person.map(
      (one): Step =>
        (pull) =>
          pull.unlabel(one),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((pull) => pull.unlabel(action)) },
  { weight: 1, arbitrary: fc.constant<Step>((pull) => pull.exchangeLabels()) },
  { weight: 1, arbitrary: fc.constant<Step>((pull) => pull.renameBack()) },
  { weight: 1, arbitrary: fc.constant<Step>((pull) => pull.deleteLabel()) },
  { weight: 1, arbitrary: fc.constant<Step>((pull) => pull.exchange()) },
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom('approved', 'denied', 'passing trouble', 'crash'), fc.boolean())
      .map(
        ([end, removal]): Step =>
          (pull) =>
            pull.approve(end, removal),
      ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.boolean(), fc.boolean()).map(
      ([drifted, removal]): Step =>
        (pull) =>
          pull.verify(drifted, removal),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.boolean().map(
      (reached): Step =>
        (pull) =>
          pull.execute(reached),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 90 }).map(
      (minutes): Step =>
        (pull) => {
          pull.minute += minutes;
        },
    ),
  },
);
const histories = fc.array(step, { minLength: 5, maxLength: 60, size: 'max' });

/** Plays a history; says after each step which approval holds. */
function play(steps: readonly Step[], count: number) {
  const pull = new PullRequest(count);
  const held = steps.map((one) => {
    one(pull);
    return pull.state.is === 'approved' ? pull.state.approval.digest : null;
  });
  return { pull, held };
}

describe.each([1, 2])('with %i approvers, over generated histories', (count) => {
  it('an approval that ended never comes alive again', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const ended = new Set<string>();
        let before: string | null = null;
        for (const now of play(steps, count).held) {
          if (before !== null && before !== now) ended.add(before);
          expect(ended).not.toContain(now);
          before = now;
        }
      }),
    );
  });

  it('no vote serves twice', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const { approvals } = play(steps, count).pull;
        const counted = approvals.flatMap((one) => one.counted.map(({ id }) => id));
        expect(new Set(counted).size).toBe(counted.length);
      }),
    );
  });

  it('an approval never holds after a drift was recorded for it, or a denial for its label', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const { pull, held } = play(steps, count);
        const now = pull.approvals.find(({ digest }) => digest === held.at(-1));
        if (now === undefined) return;
        expect(pull.verifications).not.toContainEqual({ approval: now.digest, drifted: true });
        const denied = pull.denials.filter(({ voids }) => voids);
        expect(denied.map((one) => one.counted.at(-1)?.id)).not.toContain(now.counted.at(-1)?.id);
      }),
    );
  });

  it('approvals, drifts and renewals do happen', () => {
    const seen = fc
      .sample(histories, { numRuns: 1000, seed: 1 })
      .map((steps) => play(steps, count));
    expect(seen.some(({ held }) => held.some((one) => one !== null))).toBe(true);
    expect(seen.some(({ pull }) => pull.approvals.length > 1)).toBe(true);
    expect(seen.some(({ pull }) => pull.verifications.some(({ drifted }) => drifted))).toBe(true);
  });
});
