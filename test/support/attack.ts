/** What every attack must end in: the gate stays shut, for the stated reason, and nothing else was changed. */
import { expect } from 'vitest';
import type { RecordedRequest } from './github/index.ts';
import type { StepResult } from './loop/action.ts';
import type { Loop } from './loop/loop.ts';

/** A label that was refused is removed. */
export const labelOff = 'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}';
export const reaction = 'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions';
export const comments = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
export const commentEdit = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}';
/** The commit status that says how a plan stands. */
export const status = 'POST /repos/{owner}/{repo}/statuses/{sha}';

/** The calls that store an artifact. */
export const uploads = ['CreateArtifact', 'PUT artifact', 'FinalizeArtifact'];

export interface Attempt {
  readonly result: StepResult;
  /** What reached GitHub, as `METHOD template`. */
  readonly calls: readonly string[];
  /** Those of them that may change something, uploads included. */
  readonly writes: readonly string[];
  /** What was written on pull request pages. */
  readonly commented: readonly Written[];
  readonly modelCalls: number;
}

/** A comment that was created or edited. A call that GitHub did not carry out is none. */
interface Written {
  readonly is: 'created' | 'edited';
  /** Who the token acts as. */
  readonly by: string | null;
  /** The first line of the comment, which tells what it is. */
  readonly marker: string;
}

/** Runs an attack, and returns only what happened during it. */
export async function attempt(loop: Loop, attack: () => Promise<StepResult>): Promise<Attempt> {
  const from = loop.github.requests.length;
  const asked = loop.model.calls.length;
  const result = await attack();
  const requests = loop.github.requests.slice(from);
  return {
    result,
    calls: requests.map(named),
    writes: requests.filter((request) => changes(loop, request)).map(named),
    commented: requests.filter(({ status }) => status < 300).flatMap(readWritten),
    modelCalls: loop.model.calls.length - asked,
  };
}

export interface Allowed {
  /** Calls that may change something; by default none. */
  readonly writes?: readonly string[];
  /** Whether the model may have been asked; by default not. */
  readonly model?: boolean;
  /** Whether a plan comment that was deleted may have been posted again; by default not. */
  readonly planAgain?: boolean;
}

/** The gate stayed shut: the reason, a red job, no good output, and no call and no comment but the allowed ones. */
export function expectShut(
  { result, writes, commented, modelCalls }: Attempt,
  reason: string,
  allowed: Allowed = {},
): void {
  expect({ reason: result.reason, detail: result.outputs.result }).toEqual({
    reason,
    detail: expect.anything(),
  });
  expect(['denied', 'failed', 'drifted']).toContain(result.decision);
  expect(result.status).toBe(1);
  expect(result.outputs).toMatchObject({ approved: 'false', verified: 'false', 'commit-sha': '' });
  expect(writes.filter((write) => !withReport(allowed.writes ?? []).includes(write))).toEqual([]);
  expectOneReport(commented, allowed);
  if (!allowed.model) expect(modelCalls).toBe(0);
}

/** A request that led to nothing gets a reaction. It and a label that is removed get one comment that says why. */
function withReport(writes: readonly string[]): readonly string[] {
  const told = writes.includes(reaction) || writes.includes(labelOff);
  return told ? [...writes, comments, commentEdit] : writes;
}

/** The report of a plan, of a pull request without a known plan, or of a request. */
const report = /^<!-- codex-(?:report(?: [0-9a-f]{64})?|request \d+) -->$/;
const planComment = /^<!-- codex-plan [0-9a-f]{64} -->$/;

/**
 * A run that stops writes one report. If the test allows an edit, it may also edit plan comments: their state changed,
 * or somebody altered them. It writes nothing else, whatever an attacker tells it.
 */
function expectOneReport(
  commented: readonly Written[],
  { writes = [], planAgain = false }: Allowed,
): void {
  const isPlanAllowed = { created: planAgain, edited: writes.includes(commentEdit) };
  const isAllowed = ({ is, by, marker }: Written) =>
    by === 'github-actions[bot]' &&
    (report.test(marker) || (planComment.test(marker) && isPlanAllowed[is]));
  expect(commented.filter((one) => !isAllowed(one))).toEqual([]);
  const markers = commented.map(({ marker }) => marker).filter((marker) => report.test(marker));
  expect(new Set(markers).size).toBeLessThanOrEqual(1);
  const created = commented.filter(({ is }) => is === 'created').map(({ marker }) => marker);
  expect(created).toEqual([...new Set(created)]);
}

/** The event did not concern the action: the job is green, and it made no comment and no call. */
export function expectIgnored({ result, calls, modelCalls }: Attempt): void {
  expect(result).toMatchObject({ decision: 'ignored', status: 0 });
  expect(result.outputs).toMatchObject({ approved: 'false', verified: 'false' });
  expect(calls).toEqual([]);
  expect(modelCalls).toBe(0);
}

function named({ service, method, template, path }: RecordedRequest): string {
  if (service === 'results') return path.slice(path.lastIndexOf('/') + 1);
  if (service === 'storage') return `${method} artifact`;
  return `${method} ${template ?? path}`;
}

function readWritten(request: RecordedRequest): readonly Written[] {
  const call = named(request);
  if (call !== comments && call !== commentEdit) return [];
  const { body } = request.body as { body: string };
  const [marker = ''] = body.split('\n', 1);
  return [{ is: call === comments ? 'created' : 'edited', by: request.login, marker }];
}

function changes(loop: Loop, request: RecordedRequest): boolean {
  const uploads = request.service === 'results' || request.service === 'storage';
  return loop.github.writes().includes(request) || (uploads && request.method !== 'GET');
}
