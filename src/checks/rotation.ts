/**
 * Asks people to approve, in turn. It is a suggestion: it restricts nobody, and a failure is only a warning. Who is
 * next is decided before the journal is stored; only people whom the journal names are then asked.
 */

import { hasRole } from '../core/policy/roles.ts';
import {
  type AskedAs,
  chooseAsked,
  describeAsk,
  readAskedBefore,
  roleFor,
} from '../core/policy/rotation.ts';
import type { PlanParticipants } from '../core/policy/rules.ts';
import type { Person } from '../core/records/fields.ts';
import { type JournalFact, readJournal } from '../core/records/journal.ts';
import type { PlanId } from '../core/text/digest.ts';
import { Stopped } from '../decision.ts';
import type { PolicySource } from '../evidence/policy.ts';
import type { Page } from '../page/page.ts';
import type { Asking } from '../ports/asking.ts';
import type { Report } from '../ports/outcome.ts';
import type { People } from '../ports/people.ts';
import type { Log } from '../ports/runner.ts';
import { type AskReason, askedMarker, renderAsked } from '../report/asked.ts';
import type { Authority } from './authority.ts';

/** The plan that people are asked about. */
export interface AskSubject {
  readonly pullRequest: number;
  /** The planned files. */
  readonly paths: readonly string[];
  readonly participants: PlanParticipants;
  /** Reads the journals that say who was asked before, the newest last. */
  readonly readJournals: () => Promise<readonly string[]>;
}

/** Who is next. */
export interface Turn {
  readonly as: AskedAs;
  readonly people: readonly Person[];
  /** The logins of those who were asked last. */
  readonly released: { readonly as: AskedAs; readonly logins: readonly string[] } | null;
  readonly detail: string;
}

interface RotationTools {
  readonly authority: Pick<Authority, 'listNamedApprovers'>;
  readonly policy: PolicySource;
  readonly people: Pick<People, 'findBusy'>;
  readonly asking: Asking;
  readonly page: Pick<Page, 'writeReport'>;
  readonly report: Report;
  readonly log: Pick<Log, 'progress' | 'warn'>;
}

export class Rotation {
  readonly #tools: RotationTools;
  readonly #label: string;

  /** @param label the name of the label that approves */
  constructor(tools: RotationTools, label: string) {
    this.#tools = tools;
    this.#label = label;
  }

  /** @returns null if the policy asks nobody, if nobody is left, or if this cannot be found out */
  async choose(subject: AskSubject): Promise<Turn | null> {
    try {
      return await this.#choose(subject);
    } catch (error) {
      this.#warn(error);
      return null;
    }
  }

  async #choose({
    pullRequest,
    paths,
    participants,
    readJournals,
  }: AskSubject): Promise<Turn | null> {
    const { authority, log, people } = this.#tools;
    const policy = await this.#tools.policy.read();
    const { ask, as } = policy.rotate;
    if (ask === 0) return null;
    const role = roleFor(policy, paths);
    const named = (await authority.listNamedApprovers()) ?? [];
    const candidates = named.filter((one) => hasRole(one.role, role));
    const before = readAskedBefore((await readJournals()).flatMap(readJournal));
    const busy = await people.findBusy(candidates);
    const facts = {
      pullRequest,
      ask,
      candidates,
      participants: [...participants.requesters, participants.author]
        .filter((one) => one !== null)
        .map(({ id }) => id),
      before: before.ids,
      busy: candidates.map(({ id }) => id).filter((id) => busy.has(id)),
    };
    const asked = chooseAsked(facts).map(({ id, login }) => ({ id, login }));
    if (asked.length === 0) {
      log.progress('Nobody is left to be asked (rotate.ask).');
      return null;
    }
    const released = before.latest && {
      as: before.latest.as,
      logins: before.latest.people.map(({ login }) => login),
    };
    return { as, people: asked, released, detail: describeAsk(facts, as, asked) };
  }

  /** The journal's entry. */
  toJournalFacts(
    turn: Turn | null,
    at: string,
    actor: Person,
    planId?: PlanId,
  ): readonly JournalFact[] {
    if (turn === null) return [];
    const digests = planId === undefined ? {} : { plan_id: planId };
    return [{ at, event: 'asked', actor, digests, detail: turn.detail }];
  }

  /** Asks those whose turn it is, after that is recorded, and releases the people who were asked before. */
  async ask(
    turn: Turn | null,
    about: { readonly pullRequest: number; readonly planId: PlanId; readonly why: AskReason },
  ): Promise<void> {
    if (turn === null) return;
    const { asking, log, page, policy, report } = this.#tools;
    const { pullRequest, planId, why } = about;
    const logins = turn.people.map(({ login }) => login);
    let untold: readonly string[] = logins;
    try {
      const slack = (await policy.read()).notify.people;
      const people = logins.map((login) => ({ login, slack: slack[login.toLowerCase()] ?? null }));
      report.note({ asked: { label: this.#label, people } });
      const { released } = turn;
      if (released !== null) await asking.release(pullRequest, released.as, released.logins);
      untold = await asking.ask(pullRequest, turn.as, logins);
      if (untold.length > 0) log.warn(`GitHub does not accept ${untold.join(', ')} as ${turn.as}.`);
    } catch (error) {
      this.#warn(error);
    }
    const text = renderAsked({ planId, why, logins, untold, label: this.#label });
    await page.writeReport(pullRequest, askedMarker(planId), text);
  }

  #warn(error: unknown): void {
    if (!(error instanceof Stopped) || error.reason === 'secret-detected') throw error;
    this.#tools.log.warn(`Nobody could be asked to approve (rotate.ask). ${error.message}`);
  }
}
