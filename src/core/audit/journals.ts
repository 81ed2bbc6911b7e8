/**
 * Compares the journals of all artifacts. Each later artifact continues the journal, so the others show what was
 * removed, added, doubled or exchanged.
 */

import { canonicalJson } from '../text/json.ts';
import type { Absences } from './absent.ts';
import type { Artifact } from './artifact.ts';
import { type PlanStory, readKnown, readKnownFromLine } from './known-plan.ts';
import type { Ledger } from './ledger.ts';
import { checkOwnLine, findOwnLine, isDecision, isOfKind } from './own-line.ts';
import type { Replacements } from './replaced.ts';

/**
 * Sorts the artifacts by plan, and checks that they belong together.
 * @returns also the records of a plan that is missing, if something explains that
 */
export function checkJournals(
  artifacts: readonly Artifact[],
  replacements: Replacements,
  absences: Absences,
  ledger: Ledger,
): readonly PlanStory[] {
  for (const artifact of artifacts) {
    checkOwnLine(artifact, ledger);
    checkTimesOfLines(artifact, ledger);
  }
  checkDoubles(artifacts, ledger);
  checkPlanLines(artifacts, ledger);
  const plans = artifacts.filter((one): one is Artifact<'plan'> => one.kind === 'plan');
  const stories = new Map(
    plans.map(
      (plan) => [plan.planId, { plan, known: readKnown(plan), records: [] as Artifact[] }] as const,
    ),
  );
  const orphans = new Map<string, Artifact[]>();
  for (const artifact of artifacts) {
    const { kind, planId } = artifact;
    if (kind === 'plan' || planId === null) continue;
    const story = stories.get(planId);
    if (story !== undefined) {
      ledger.check('links', true, '');
      story.records.push(artifact);
    } else orphans.set(planId, [...(orphans.get(planId) ?? []), artifact]);
  }
  for (const story of stories.values()) {
    story.records.sort(byJournal);
    checkChain([story.plan, ...story.records], ledger);
  }
  const bereft = [...orphans.values()].flatMap(
    (records) => checkOrphans(records.sort(byJournal), replacements, absences, ledger) ?? [],
  );
  checkBare(artifacts, ledger);
  checkEveryDecision(artifacts, replacements, absences, ledger);
  return [...stories.values(), ...bereft];
}

function byJournal(one: Artifact, other: Artifact): number {
  return one.lines.length - other.lines.length;
}

/** One line stands for one plan, and what follows it in a journal is about this plan alone. */
function checkPlanLines(artifacts: readonly Artifact[], ledger: Ledger): void {
  const plans = new Map<string, string>();
  for (const { name, planId, entries, lines } of artifacts) {
    const at = entries.findLastIndex((entry) => isOfKind(entry, 'plan'));
    const line = lines[at];
    if (planId === null || line === undefined) continue;
    const first = plans.get(line) ?? planId;
    plans.set(line, first);
    const others = entries.slice(at + 1).filter(isDecision);
    ledger.check(
      'links',
      first === planId && others.every(({ digests }) => digests.plan_id === planId),
      `${name} is about the plan ${planId}, and its journal tells of another one.`,
    );
  }
}

/**
 * Records of a plan that is missing. A run of plan that is attempted again replaces the plan of its earlier attempt, and
 * GitHub deletes a plan after its retention. The records are then held against what their journals say of the plan.
 * @returns undefined if nothing explains that the plan is missing, which is a finding
 */
function checkOrphans(
  records: readonly Artifact[],
  replacements: Replacements,
  absences: Absences,
  ledger: Ledger,
): PlanStory | undefined {
  checkChain(records, ledger);
  let known: PlanStory['known'] | undefined;
  const explained = records.filter((record) => {
    const { name, planId, entries, lines } = record;
    const at = entries.findLastIndex((entry) => isOfKind(entry, 'plan'));
    const why = replacements.explain(lines[at], entries[at]) ?? absences.explain(lines[at]);
    if (why === undefined) {
      ledger.check('links', false, `${name} is about the plan ${planId}, and that is missing.`);
      return false;
    }
    ledger.unproven(`What ${name} decided, as far as it follows from its plan: ${why}.`);
    known ??= readKnownFromLine(record, at);
    return true;
  });
  return known && { plan: null, known, records: explained };
}

/** Two copies of one artifact, or two artifacts that stand for one decision. */
function checkDoubles(artifacts: readonly Artifact[], ledger: Ledger): void {
  const seen = new Map<string, string>();
  for (const artifact of artifacts) {
    const { name, lines, digest } = artifact;
    for (const key of [digest, lines.at(-1) ?? name]) {
      const first = seen.get(key);
      const once = first === undefined || first === name;
      ledger.check('decisions', once, `${name} is the same decision as ${first}, a second time.`);
      seen.set(key, first ?? name);
    }
  }
}

function checkTimesOfLines({ name, entries }: Artifact, ledger: Ledger): void {
  for (const [index, { at, seq }] of entries.entries()) {
    const before = entries[index - 1];
    if (before === undefined) continue;
    const inOrder = Date.parse(at) >= Date.parse(before.at);
    ledger.check(
      'times',
      inOrder,
      `Line ${seq} of the journal of ${name} is older than the line before it.`,
    );
  }
}

/** Each journal of a plan begins with the one before it, byte for byte. */
function checkChain(chain: readonly Artifact[], ledger: Ledger): void {
  for (const [index, { name, lines }] of chain.entries()) {
    const before = chain[index - 1];
    if (before === undefined) continue;
    const differs = before.lines.findIndex((line, at) => line !== lines[at]);
    ledger.check(
      'journals',
      differs === -1 && lines.length > before.lines.length,
      `The journal of ${name} does not go on from the journal of ${before.name}: a line was removed or exchanged, or two runs recorded at the same time.`,
    );
  }
}

/** A denial of a plan that was never made has no journal to go on from. */
function checkBare(artifacts: readonly Artifact[], ledger: Ledger): void {
  for (const { name, planId, kind, lines, evidence } of artifacts) {
    if (planId !== null) continue;
    const mode = kind === 'denial' ? evidence.denial.mode : kind;
    const bare = lines.length === 1 && mode === 'plan';
    ledger.check('journals', bare, `${name} is about no plan, and goes on from another journal.`);
  }
}

/** Each decision in a journal has its artifact. */
function checkEveryDecision(
  artifacts: readonly Artifact[],
  replacements: Replacements,
  absences: Absences,
  ledger: Ledger,
): void {
  const own = new Set(artifacts.map((artifact) => canonicalJson(findOwnLine(artifact) ?? null)));
  const checked = new Set<string>();
  for (const { name, entries } of artifacts) {
    for (const entry of entries) {
      const line = canonicalJson(entry);
      if (checked.has(line) || !isDecision(entry)) continue;
      checked.add(line);
      if (own.has(line)) continue;
      const { seq, event, at } = entry;
      const why = replacements.explain(line, entry) ?? absences.explain(line);
      if (why !== undefined) {
        ledger.unproven(
          `What line ${seq} of the journal of ${name} is about (${event}, ${at}): ${why}.`,
        );
        continue;
      }
      ledger.check(
        'decisions',
        false,
        `Line ${seq} of the journal of ${name} says ${event} at ${at}, and the artifact for it is missing.`,
      );
    }
  }
  for (const { name } of absences.unnamed)
    ledger.unproven(`What ${name} holds: GitHub no longer stores it.`);
}
