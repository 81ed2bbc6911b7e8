import { describe, expect, it } from 'vitest';
import { readDenialEvidence } from '../../src/core/records/archive-contents.ts';
import { CodexStopped, Stopped } from '../../src/decision.ts';
import { type PlanningProgress, recordingPlanning } from '../../src/evidence/record-planning.ts';
import type { Proposal } from '../../src/ports/agent.ts';
import { contents, labelEvent } from '../core/samples.ts';
import { MemoryArtifacts, Story } from '../support/story.ts';
import { buildTools } from '../support/tools.ts';

const { planId, plan } = new Story().plan;
const step = {
  mode: 'verify',
  pullRequest: 12,
  plan: { planId, plan },
  actor: labelEvent.actor,
  journal: contents['journal.jsonl'],
} as const;
const proposal = { log: 'what it planned\n' } as Proposal;
const stopped = new Stopped('merge-conflict', 'a.txt conflicts.');

/** Runs a step, and reads what is recorded of it. */
async function attempt(
  run: (progress: PlanningProgress) => Promise<string>,
  findSecret: (text: string | Uint8Array) => string | undefined = () => undefined,
) {
  const artifacts = new MemoryArtifacts();
  const tools = { ...buildTools({ artifacts }), findSecret };
  const outcome = await recordingPlanning(tools, step, run).catch((error: unknown) => error);
  const recorded = artifacts.stored.map(({ artifact, members }) => ({
    name: artifact.name,
    log: String(members.get('run.log')),
    denial: readDenialEvidence(members).denial,
  }));
  return { outcome, recorded, warnings: tools.warnings };
}

describe('a step in which Codex planned', () => {
  it('records nothing if it succeeds, or if Codex was not asked', async () => {
    expect(await attempt(async () => 'done')).toMatchObject({ outcome: 'done', recorded: [] });
    const failed = await attempt(() => Promise.reject(stopped));
    expect(failed).toEqual({ outcome: stopped, recorded: [], warnings: [] });
  });

  it('records nothing more once a record has what Codex gave', async () => {
    const { outcome, recorded } = await attempt(async (progress) => {
      Object.assign(progress, { proposal, stored: true });
      throw stopped;
    });
    expect([outcome, recorded]).toEqual([stopped, []]);
  });

  // A full disk or a mistake of ours must not make the work of Codex disappear: it also counts for limits.runs.
  it.each([
    ['another reason', stopped, 'merge-conflict'],
    ['a full disk', Object.assign(new Error('write'), { code: 'ENOSPC' }), 'platform-unsupported'],
    ['a mistake of ours', new TypeError('x is not a function'), 'internal'],
  ])('is recorded with the log of Codex if it fails for %s', async (_, error, reason) => {
    const { outcome, recorded } = await attempt(async (progress) => {
      progress.proposal = proposal;
      throw error;
    });
    expect(outcome).toBe(error);
    expect(recorded).toMatchObject([
      {
        name: 'codex-denial-12',
        log: 'what it planned\n',
        denial: { mode: 'verify', plan_id: planId, reason, label_events: [], refused: [] },
      },
    ]);
  });

  it('ends for its own reason if a mistake of ours keeps it from being recorded', async () => {
    const mistake = () => {
      throw new TypeError('y is not a function');
    };
    const { outcome, recorded, warnings } = await attempt(async (progress) => {
      progress.proposal = proposal;
      throw stopped;
    }, mistake);
    expect([outcome, recorded]).toEqual([stopped, []]);
    expect(warnings).toMatchObject([
      expect.stringMatching(/^How the run ended could not be recorded\. .*y is not a function/),
    ]);
  });

  it('is recorded with the log of a Codex that stopped', async () => {
    const late = new CodexStopped('codex-timeout', 'It was still running.', 'so far\n');
    const { outcome, recorded } = await attempt(() => Promise.reject(late));
    expect(outcome).toBe(late);
    expect(recorded).toMatchObject([{ log: 'so far\n', denial: { reason: 'codex-timeout' } }]);
  });
});
