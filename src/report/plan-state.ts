/**
 * The state of a plan, as its comment shows it: one alert in GitHub's form that says who, when and what to do next. It
 * is made only from records, so that it can be made again and compared.
 */

import type { Outdated } from '../core/life/state.ts';
import { explain, type StopReason } from '../decision.ts';
import { commitLink, runLink } from './links.ts';
import { code, link } from './markdown.ts';
import { utc } from './words.ts';

/** Times are RFC 3339, as the records have them; a run is known by its id. */
export type CommentState =
  | { readonly is: 'awaiting' }
  | {
      readonly is: 'approved';
      readonly by: readonly string[];
      readonly at: string;
      readonly until: string;
      readonly run: number;
    }
  | {
      readonly is: 'denied';
      readonly reason: StopReason;
      /** Who set the label that was denied. */
      readonly by: string | null;
      readonly at: string;
      readonly run: number;
    }
  | {
      readonly is: 'drifted';
      /** The verification that found it; null if the base touched a planned file. */
      readonly found: { readonly at: string; readonly run: number } | null;
    }
  | {
      readonly is: 'outdated';
      readonly by: Outdated;
      readonly head: string;
      /** Who pushed that head; null if the run does not know it. */
      readonly pushedBy: string | null;
    }
  | { readonly is: 'expired'; readonly what: 'approval' | 'plan' }
  | {
      readonly is: 'withdrawn';
      /** Null if the record is no longer stored. */
      readonly record: { readonly by: string; readonly at: string } | null;
    }
  | { readonly is: 'superseded'; readonly newer: string }
  | {
      readonly is: 'executed';
      readonly commit: string;
      /** Null if the record of the approval is no longer stored. */
      readonly approval: {
        readonly by: readonly string[];
        readonly at: string;
        readonly run: number;
      } | null;
    };

/** What the alert says in addition to the state. */
export interface PlanSetting {
  /** Address of the repository on its server. */
  readonly repositoryUrl: string;
  /** The commit that the plan is about. */
  readonly head: string;
  readonly createdAt: string;
  readonly label: string;
  readonly command: string;
}

type Alert = 'NOTE' | 'TIP' | 'WARNING' | 'CAUTION';

const alerts: Readonly<Record<CommentState['is'], Alert>> = {
  awaiting: 'NOTE',
  approved: 'TIP',
  executed: 'TIP',
  outdated: 'WARNING',
  expired: 'WARNING',
  superseded: 'WARNING',
  withdrawn: 'WARNING',
  denied: 'CAUTION',
  drifted: 'CAUTION',
};

const statePrefix = '> **State:** ';

/** The lines of the alert. The second one is for programs: it names the state in words that never change. */
export function renderAlert(state: CommentState, setting: PlanSetting): readonly string[] {
  return [
    `> [!${alerts[state.is]}]`,
    `${statePrefix}${nameState(state, setting)}`,
    '>',
    `> ${describe(state, setting)}`,
  ];
}

/** How many lines an alert has. */
export const alertLength = 4;

/** Whether these lines are an alert of the action that says a newer plan was published. */
export function isSuperseded([, line]: readonly string[]): boolean {
  return line === `${statePrefix}superseded`;
}

/** The end that these lines show, if that end can be undone; undefined for every other state. */
export function passingEnd([, line]: readonly string[]): 'drifted' | 'outdated' | undefined {
  return (['drifted', 'outdated'] as const).find((end) => line === `${statePrefix}${end}`);
}

/**
 * A state with the name that these lines have already. Only the run of the push itself knows who pushed, and a later
 * run must not remove the name.
 */
export function keepPusher(
  lines: readonly string[],
  state: CommentState,
  setting: PlanSetting,
): CommentState {
  const named = /^> `([^`]+)` pushed /.exec(lines[3] ?? '')?.[1];
  if (named === undefined || state.is !== 'outdated' || state.pushedBy !== null) return state;
  const known = { ...state, pushedBy: named };
  return renderAlert(known, setting).join('\n') === lines.join('\n') ? known : state;
}

/** Whether these lines have the form of an alert of the action. */
export function isAlert(lines: readonly string[]): boolean {
  return (
    /^> \[!(?:NOTE|TIP|WARNING|CAUTION)\]$/.test(lines[0] ?? '') &&
    lines[1]?.startsWith(statePrefix) === true &&
    lines[2] === '>' &&
    lines[3]?.startsWith('> ') === true
  );
}

/** Whether the label can still lead to an approval, and the comment says how. */
export function showsHowToApprove(state: CommentState): boolean {
  return (
    state.is === 'awaiting' ||
    state.is === 'denied' ||
    (state.is === 'expired' && state.what === 'approval')
  );
}

function nameState(state: CommentState, { repositoryUrl }: PlanSetting): string {
  switch (state.is) {
    case 'awaiting':
      return 'awaiting approval';
    case 'approved':
      return `approved by ${people(state.by)}`;
    case 'executed':
      return `executed in ${commitLink(repositoryUrl, state.commit)}`;
    case 'denied':
      return `denied (${code(state.reason)})`;
    default:
      return state.is;
  }
}

function describe(state: CommentState, setting: PlanSetting): string {
  const { repositoryUrl, label, command } = setting;
  const head = commitLink(repositoryUrl, setting.head);
  const run = (id: number) => runLink(repositoryUrl, id);
  const askAgain = `Comment ${code(`${command} <request>`)} for a new plan.`;
  switch (state.is) {
    case 'awaiting':
      return `Made ${utc(setting.createdAt)}. To approve exactly this plan, on commit ${head}, set the label ${code(label)}.`;
    case 'approved':
      return `Approved ${utc(state.at)} (${run(state.run)}), valid until ${utc(state.until)}. The sealed change is in a comment below. Review it: the workflow verifies the plan and commits exactly that change. To stop it, remove the label ${code(label)}.`;
    case 'executed':
      return state.approval === null
        ? 'Review the commit.'
        : `Approved by ${people(state.approval.by)} ${utc(state.approval.at)} (${run(state.approval.run)}). Review the commit.`;
    case 'denied':
      return `${state.by === null ? '' : `${code(state.by)} set the label. `}${utc(state.at)} (${run(state.run)}): ${explain(state.reason).what} Nothing was committed. ${explain(state.reason).next}`;
    case 'drifted':
      return state.found === null
        ? `The base branch changed a planned file. Nothing was committed. The report below names it. ${askAgain}`
        : `A verification ${utc(state.found.at)} (${run(state.found.run)}) found that the repository implies another plan now. Nothing was committed. The report below says what changed and why. ${askAgain}`;
    case 'outdated':
      return `${outdated[state.by](commitLink(repositoryUrl, state.head), state.pushedBy)} The plan is about ${head}, so it ended, and any approval with it. ${askAgain}`;
    case 'expired':
      return state.what === 'plan'
        ? `The evidence of the plan is no longer stored. ${askAgain}`
        : `The approval has expired. To approve the same plan again, set the label ${code(label)} again.`;
    case 'withdrawn':
      return state.record === null
        ? askAgain
        : `${code(state.record.by)} withdrew the plan ${utc(state.record.at)}. ${askAgain}`;
    case 'superseded':
      return `${link('A newer plan', state.newer)} was published. Review that one.`;
  }
}

const outdated: Readonly<Record<Outdated, (head: string, pushedBy: string | null) => string>> = {
  'head-moved': (head, pushedBy) =>
    pushedBy === null ? `The branch moved to ${head}.` : `${code(pushedBy)} pushed ${head}.`,
  'base-changed': () => 'The pull request goes to another base branch now.',
  'request-edited': () => 'A comment with a request of this plan was edited or deleted.',
};

function people(logins: readonly string[]): string {
  return logins.map((login) => code(login)).join(', ');
}
