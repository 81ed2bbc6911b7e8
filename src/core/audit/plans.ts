/** Checks that one plan is made of what its manifest says. */

import { narrowPlan } from '../plan/narrow.ts';
import { planJson } from '../plan/plan.ts';
import { mostRequests, splitRequests } from '../plan/requests.ts';
import type { JournalEntry } from '../records/journal.ts';
import { canonicalJson } from '../text/json.ts';
import type { Artifact } from './artifact.ts';
import type { Ledger } from './ledger.ts';
import { findOwnLine, isOfKind } from './own-line.ts';
import { isBot, time } from './rules.ts';

/** What can explain that the artifact of a line is missing. */
type Excuses = readonly {
  explain(line: string | undefined, entry: JournalEntry): string | undefined;
}[];

/** The plans that are there. */
type Plans = readonly { readonly plan: Artifact<'plan'> }[];

export function checkPlan(
  artifact: Artifact<'plan'>,
  stories: Plans,
  excuses: Excuses,
  ledger: Ledger,
): void {
  const { name, evidence, policy } = artifact;
  const { manifest, plan, prompt } = evidence;
  const requests = manifest.requests.map(({ requester, sha256 }) => ({
    login: requester.login,
    sha256,
  }));
  const texts = splitRequests(prompt, requests);
  ledger.check(
    'requests',
    texts !== undefined,
    `The prompt of ${name} is not made of the requests in its manifest.`,
  );
  checkRequests(artifact, stories, ledger);
  // Earlier requests, and the files of a plan that is narrowed, were allowed by the policy of their time.
  ledger.check(
    'policy',
    manifest.narrows !== null ||
      (plan.files.length <= policy.limits.files &&
        Buffer.byteLength(texts?.at(-1) ?? '') <= policy.limits['prompt-kib'] * 1024),
    `${name} is larger than its policy allows (limits).`,
  );
  ledger.check(
    'policy',
    policy.paused === null,
    `${name} was made although the policy said that everything is paused.`,
  );
  if (manifest.narrows !== null) checkNarrowed(artifact, stories, excuses, ledger);
}

/** People asked, one after the other, and each who revised knew what was asked before. */
function checkRequests(
  { name, evidence: { manifest }, making }: Artifact<'plan'>,
  stories: Plans,
  ledger: Ledger,
): void {
  const { requests, narrows } = manifest;
  const people = [...requests.map(({ requester }) => requester), ...(narrows ? [narrows.by] : [])];
  for (const { login } of people) {
    ledger.check('requests', !isBot(login), `${name} was asked for by ${login}, who is no person.`);
  }
  const said = [...requests, ...(narrows ? [narrows] : [])].map((one) => one.comment_id ?? 0);
  ledger.check(
    'requests',
    requests.length <= mostRequests && said.every((id, at) => at === 0 || id > (said[at - 1] ?? 0)),
    `${name} has its requests in another order than the comments were written in, or too many.`,
  );
  const earlier = narrows === null ? requests.slice(0, -1) : [];
  const isKnown = stories.some(
    ({ plan }) =>
      time(plan.making.created_at) <= time(making.created_at) &&
      sameJson(plan.evidence.manifest.requests, earlier),
  );
  if (earlier.length > 0 && !isKnown) {
    ledger.unproven(`That the plan which ${name} revises was asked for so: it is missing.`);
  }
}

/** What a plan without some files has from the plan before it. */
const kept = [
  'requests',
  'head',
  'base',
  'merge_base',
  'workspace',
  'codex',
  'instructions_sha256',
  'prompt_sha256',
] as const;

/** Nobody planned again: it is the plan before it, without the files. */
function checkNarrowed(
  artifact: Artifact<'plan'>,
  stories: Plans,
  excuses: Excuses,
  ledger: Ledger,
): void {
  const { name, evidence } = artifact;
  const { narrows, created_at: createdAt } = evidence.manifest;
  const before = stories.find(({ plan }) => plan.planId === narrows?.plan_id)?.plan;
  const why = whyBeforeIsMissing(artifact, excuses);
  if (before === undefined && why !== undefined) {
    ledger.unproven(`That ${name} is the plan ${narrows?.plan_id} without some files: ${why}.`);
    return;
  }
  const finding = `${name} narrows the plan ${narrows?.plan_id}, and that is missing.`;
  if (!ledger.check('links', before !== undefined, finding) || before === undefined) return;
  const { manifest, plan } = before.evidence;
  ledger.check(
    'narrowed',
    planJson(narrowPlan(plan, narrows?.paths ?? [])) === planJson(evidence.plan) &&
      kept.every((key) => sameJson(manifest[key], evidence.manifest[key])) &&
      evidence.manifest.files.every((file) => manifest.files.some((one) => sameJson(one, file))),
    `${name} is not ${before.name} without the files that were taken out.`,
  );
  const { usage } = evidence.manifest;
  ledger.check(
    'narrowed',
    usage.input + usage.output + usage.cached === 0,
    `${name} takes files out of a plan, and says that it asked a model.`,
  );
  ledger.check(
    'times',
    time(createdAt) >= time(manifest.created_at),
    `${name} is older than the plan that it narrows.`,
  );
}

/**
 * Looks at the line of the plan before this one, in its journal; and at the lines before that which earlier attempts of its
 * run can have written in between.
 */
function whyBeforeIsMissing(artifact: Artifact<'plan'>, excuses: Excuses): string | undefined {
  const { entries, lines, making } = artifact;
  const own = findOwnLine(artifact);
  const before = [...entries.entries()].filter(
    ([, entry]) => entry !== own && isOfKind(entry, 'plan'),
  );
  return before
    .slice(-making.run.attempt)
    .flatMap(([at, entry]) => excuses.flatMap((one) => one.explain(lines[at], entry) ?? []))[0];
}

function sameJson(one: unknown, other: unknown): boolean {
  return canonicalJson(one) === canonicalJson(other);
}
