/** Finds the evidence of a pull request in the artifact store, by where it comes from. */

import { artifactUrl, type World } from '../checks/world.ts';
import {
  type ApprovalEvidence,
  type Members,
  type PlanEvidence,
  readApprovalEvidence,
  readPlanEvidence,
  readVerificationEvidence,
  type VerificationEvidence,
} from '../core/records/archive-contents.ts';
import type { RunRef } from '../core/records/fields.ts';
import { readJournal } from '../core/records/journal.ts';
import { Stopped, type StopReason } from '../decision.ts';
import type { StoredArtifact } from '../ports/artifacts.ts';
import type { RunFacts } from '../ports/repository.ts';
import { believeRun, originOf } from './provenance.ts';

/** Evidence, and the artifact that it was read from. */
export type Found<T> = T & { readonly artifact: { readonly id: number; readonly digest: string } };

/** The runs of so many artifacts of one name are asked for; those of forks are told without, unless forks are let in. */
const maxCandidates = 50;

/** The newest genuine plan of a pull request; undefined where none was ever published. */
export async function findPlan(
  world: World,
  prefix: string,
  pullRequest: number,
): Promise<Found<PlanEvidence> | undefined> {
  const found = await newestGenuine(world, `${prefix}-plan-${pullRequest}`, 'plan-expired');
  if (found === undefined) return undefined;
  const evidence = readPlanEvidence(found.members);
  const { planId, manifest, plan } = evidence;
  checkContext(world, pullRequest, manifest, found.run);
  Object.assign(world.findings, {
    planId,
    planSha256: manifest.plan_sha256,
    promptSha256: manifest.prompt_sha256,
    files: plan.files.map((file) => file.path),
    artifactId: found.artifact.id,
    artifactUrl: artifactUrl(world, found.artifact, manifest.run.id),
  });
  return { ...evidence, artifact: found.artifact };
}

export async function findApproval(
  world: World,
  prefix: string,
  pullRequest: number,
): Promise<Found<ApprovalEvidence> | undefined> {
  const found = await newestGenuine(world, `${prefix}-approval-${pullRequest}`, 'approval-expired');
  if (found === undefined) return undefined;
  const evidence = readApprovalEvidence(found.members);
  checkContext(world, pullRequest, evidence.approval, found.run);
  return { ...evidence, artifact: found.artifact };
}

export async function findVerification(
  world: World,
  prefix: string,
  pullRequest: number,
): Promise<Found<VerificationEvidence> | undefined> {
  const name = `${prefix}-verification-${pullRequest}`;
  const found = await newestGenuine(world, name, 'verification-missing');
  if (found === undefined) return undefined;
  const evidence = readVerificationEvidence(found.members);
  checkContext(world, pullRequest, evidence.verification, found.run);
  return { ...evidence, artifact: found.artifact };
}

/**
 * The journal to carry on: the one that an earlier attempt of this very run left, where it goes on from what the
 * evidence before this step has. Else, as where the run was about another plan then, that itself.
 * @param before the journal of the evidence that this step rests on; '' for a plan
 */
export async function journalOfEarlierAttempt(
  world: World,
  name: string,
  before: string,
): Promise<string> {
  if (world.run.attempt === 1) return before;
  const earlier = (await world.artifacts.find(name)).find(
    (artifact) => artifact.run?.id === world.run.id && !artifact.expired,
  );
  if (earlier === undefined) return before;
  const members = await world.artifacts.read(earlier);
  const journal = Buffer.from(members.get('journal.jsonl') ?? []).toString('utf8');
  readJournal(journal);
  return journal.startsWith(before) ? journal : before;
}

interface Genuine {
  readonly members: Members;
  readonly run: RunFacts;
  readonly artifact: { readonly id: number; readonly digest: string };
}

/**
 * The newest artifact of that name that a believed run made. Others are passed over, or else anybody who can upload
 * under the name could shut the gate; where there are only others, that is said. A newest one that expired is not
 * replaced by an older one.
 */
async function newestGenuine(
  world: World,
  name: string,
  expired: StopReason,
): Promise<Genuine | undefined> {
  const candidates = await world.artifacts.find(name);
  let doubt: string | undefined;
  let asked = 0;
  for (const artifact of candidates) {
    const made = await originOf(world, artifact);
    if ('origin' in made && ++asked > maxCandidates) break;
    const belief = 'origin' in made ? await believeRun(world, made.origin) : made;
    if ('why' in belief) {
      doubt ??= `Artifact ${artifact.id} is not believed. ${belief.why}`;
      continue;
    }
    if (artifact.expired) throw new Stopped(expired, `Artifact ${artifact.id} has expired.`);
    return { ...(await read(world, artifact, expired)), run: belief.run };
  }
  if (doubt !== undefined) throw new Stopped('provenance-mismatch', doubt);
  return undefined;
}

async function read(
  world: World,
  artifact: StoredArtifact,
  expired: StopReason,
): Promise<Omit<Genuine, 'run'>> {
  if (artifact.digest === null) {
    throw new Stopped('digest-mismatch', `The store names no digest of artifact ${artifact.id}.`);
  }
  try {
    const members = await world.artifacts.read(artifact);
    return { members, artifact: { id: artifact.id, digest: artifact.digest } };
  } catch (error) {
    if (error instanceof Stopped && error.reason === 'plan-expired') {
      throw new Stopped(expired, error.message, { cause: error });
    }
    throw error;
  }
}

interface Context {
  readonly repository: { readonly id: number };
  readonly pull_request: number;
  readonly run: RunRef;
}

/** Genuine evidence of one pull request must not be used for another one. */
function checkContext(world: World, pullRequest: number, context: Context, run: RunFacts): void {
  if (context.repository.id !== world.run.repository.id || context.pull_request !== pullRequest) {
    throw new Stopped('provenance-mismatch', 'The evidence is about another pull request.');
  }
  if (context.run.id !== run.id) {
    throw new Stopped(
      'provenance-mismatch',
      'The evidence names another run than the one that made it.',
    );
  }
}
