/** The line of the journal about an artifact: it must say what the record says. */

import type { Person } from '../records/fields.ts';
import type { JournalEntry } from '../records/journal.ts';
import { sha256 } from '../text/digest.ts';
import { canonicalJson } from '../text/json.ts';
import type { Artifact, Kind } from './artifact.ts';
import type { Ledger } from './ledger.ts';

/** The events that an artifact of each kind stands for. */
const eventsOf: { readonly [K in Kind]: readonly JournalEntry['event'][] } = {
  plan: ['planned', 'narrowed'],
  approval: ['approved'],
  verification: ['verified', 'drifted'],
  denial: ['denied'],
  execution: ['executed', 'denied'],
  withdrawal: ['withdrawn'],
};

/** Lines that stand for an artifact; others tell of something on the way. */
export function isDecision({ event }: JournalEntry): boolean {
  return Object.values(eventsOf).flat().includes(event);
}

/** Whether a line stands for an artifact of this kind. */
export function isOfKind({ event }: JournalEntry, kind: Kind): boolean {
  return eventsOf[kind].includes(event);
}

/** The line that stands for the artifact: the last decision in its journal. */
export function findOwnLine({ entries }: Artifact): JournalEntry | undefined {
  return entries.findLast(isDecision);
}

/** Compares the line with the record. */
export function checkOwnLine(artifact: Artifact, ledger: Ledger): void {
  const { name, making } = artifact;
  const line = findOwnLine(artifact);
  if (line === undefined || !isOfKind(line, artifact.kind)) {
    ledger.check('decisions', false, `The journal of ${name} does not end with its own decision.`);
    return;
  }
  const { event, actor, detail, paths, digests } = expectedLine(artifact);
  const check = (what: string, holds: boolean) =>
    ledger.check(
      'decisions',
      holds,
      `Line ${line.seq} of the journal of ${name} says another ${what} than the record.`,
    );
  check('event', line.event === event);
  check('time', line.at === making.created_at);
  check('person', actor === null || samePerson(line.actor, actor));
  check('detail', detail === undefined || line.detail === detail);
  check('list of files', paths === undefined || canonicalJson(line.paths) === canonicalJson(paths));
  check('list of files', artifact.kind !== 'plan' || isInScope(line.paths, artifact));
  check('digest', canonicalJson(line.digests) === canonicalJson(digests));
}

/** Files that a revision brings back must be in it. */
function isInScope(paths: readonly string[], { evidence }: Artifact<'plan'>): boolean {
  const scope = new Set<string>(evidence.plan.files.map(({ path }) => path));
  return paths.every((path) => scope.has(path));
}

/** What the line has to say; null or undefined for what the record does not tell. */
interface Expected {
  readonly event: JournalEntry['event'];
  readonly actor: Person | null;
  readonly detail: string | null | undefined;
  readonly paths: readonly string[] | undefined;
  readonly digests: Readonly<Record<string, string>>;
}

function expectedLine(artifact: Artifact): Expected {
  const plain = { actor: null, detail: null, paths: [] };
  switch (artifact.kind) {
    case 'plan': {
      const { manifest } = artifact.evidence;
      const digests = { plan: manifest.plan_sha256, prompt: manifest.prompt_sha256 };
      // No record of this plan tells which files were struck before.
      if (manifest.narrows === null)
        return { ...plain, event: 'planned', paths: undefined, digests };
      return { ...plain, event: 'narrowed', actor: manifest.narrows.by, digests };
    }
    case 'approval': {
      const { approval, digest } = artifact.evidence;
      const { plan_id, change_sha256: change } = approval;
      const digests = { plan_id, approval: digest, change, ...digestsOf(artifact, []) };
      return { ...plain, event: 'approved', actor: approval.approvers.at(-1) ?? null, digests };
    }
    case 'verification': {
      const { verification } = artifact.evidence;
      const { plan_id, approval_sha256: approval, result: event } = verification;
      const digests = {
        plan_id,
        approval,
        ...digestsOf(artifact, ['verification.json', 'drift.diff', 'plan.json', 'plan.txt']),
      };
      if (event === 'verified') return { ...plain, event, digests };
      // Why it drifted is computed from the plans.
      return { ...plain, event, detail: undefined, paths: undefined, digests };
    }
    case 'denial': {
      const { plan_id, reason, refused } = artifact.evidence.denial;
      const digests = {
        ...(plan_id === null ? {} : { plan_id }),
        ...digestsOf(artifact, ['denial.json']),
      };
      const paths = refused.map(({ path }) => path);
      return { event: 'denied', actor: null, detail: reason, paths, digests };
    }
    case 'execution': {
      const { plan_id, approval_sha256: approval, commit, stopped } = artifact.evidence.execution;
      const digests = { plan_id, approval, ...digestsOf(artifact, ['execution.json']) };
      if (stopped !== undefined) return { ...plain, event: 'denied', detail: stopped, digests };
      return { ...plain, event: 'executed', detail: commit, digests };
    }
    case 'withdrawal': {
      const { plan_id, by } = artifact.evidence.withdrawal;
      const digests = { plan_id, ...digestsOf(artifact, ['withdrawal.json']) };
      return { ...plain, event: 'withdrawn', actor: by, digests };
    }
  }
}

/** The digests of these files, and of the log and the policy, as far as the artifact has them. */
function digestsOf({ members }: Artifact, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    [...names, 'run.log', 'policy.json'].flatMap((name) => {
      const content = members.get(name);
      return content === undefined ? [] : [[name, sha256(content)]];
    }),
  );
}

export function samePerson(one: Person, other: Person): boolean {
  return one.id === other.id && one.login === other.login;
}
