/** The commits of a pull request, compared with the executions that its evidence records. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Absences, type AbsentArtifact, nothingAbsent } from '../../../src/core/audit/absent.ts';
import type { Artifact } from '../../../src/core/audit/artifact.ts';
import { audit } from '../../../src/core/audit/audit.ts';
import { checkCommits } from '../../../src/core/audit/commits.ts';
import { Ledger } from '../../../src/core/audit/ledger.ts';
import { later } from '../../support/audit-tools.ts';

/** The evidence of a sample, as `npm run demo` left it. */
function readSample(sample: string) {
  const root = new URL(`../../../docs/samples/${sample}/`, import.meta.url);
  return readdirSync(root).map((name) => {
    const folder = new URL(`${name}/`, root);
    const members = readdirSync(folder).map(
      (file) => [file, readFileSync(new URL(file, folder))] as const,
    );
    return { name, members: new Map(members), stored: null };
  });
}

const { artifacts } = audit(readSample('executed'), 'not proven');
const isExecution = (one: Artifact): one is Artifact<'execution'> => one.kind === 'execution';
const [execution] = artifacts.filter(isExecution);
if (execution === undefined) throw new Error('The sample has no execution.');
const { commit, tree, plan_id: planId } = execution.evidence.execution;
const claim = (id: string) => `Add a tax\n\nCodex-Plan-Id: ${id}\n`;
interface Given {
  readonly sha: string;
  readonly tree: string;
  readonly message: string;
  readonly signedAt: string | null;
}
const proven: Given = { sha: commit, tree, message: claim(planId), signedAt: null };
const other = '1'.repeat(40);
const actor = { id: 9, login: 'nine' };

const runAddress = (id: number, repository = 'o/r') =>
  `https://github.com/${repository}/actions/runs/${id}`;

function ask(
  commits: Parameters<typeof checkCommits>[1],
  from: readonly Artifact[] = artifacts,
  absent = nothingAbsent,
) {
  const ledger = new Ledger();
  const absences = new Absences(from, absent);
  checkCommits(from, commits, absences, ledger);
  return ledger;
}

describe('a commit that claims a plan', () => {
  it('is the one that an execution made', () => {
    expect(ask([proven]).findings).toEqual([]);
    expect(ask([proven]).notProvable).toEqual([]);
  });

  it.each([
    ['has another id', { ...proven, sha: other }],
    ['has another tree', { ...proven, tree: other }],
    ['names another plan', { ...proven, message: claim('2'.repeat(64)) }],
    ['names a plan by no id', { ...proven, message: claim('latest') }],
  ])('is a finding if it %s', (_, changed) => {
    expect(ask([changed]).findings).toEqual([
      expect.stringMatching(/^Commit [0-9a-f]{40} claims the plan .*, and no execution made it\.$/),
    ]);
  });

  it('is a finding without an execution, and after one that was stopped', () => {
    const stopped = {
      ...execution,
      evidence: {
        ...execution.evidence,
        execution: { ...execution.evidence.execution, stopped: 'head-moved' as const },
      },
    };
    expect(ask([proven], []).findings).toHaveLength(1);
    expect(ask([proven], [stopped]).findings).toHaveLength(1);
    expect(ask([], [stopped]).notProvable).toEqual([]);
  });
});

it('leaves commits alone that claim nothing', () => {
  expect(ask([proven, { ...proven, sha: other, message: 'Fix a typo' }]).findings).toEqual([]);
});

it('says that a commit which the pull request no longer lists cannot be followed', () => {
  expect(ask([]).findings).toEqual([]);
  expect(ask([]).notProvable).toEqual([expect.stringContaining(commit)]);
});

describe('two commits for one plan', () => {
  it('are a finding, even if a later execution says that the branch did not have the first', () => {
    const second = {
      ...execution,
      name: 'second',
      evidence: {
        ...execution.evidence,
        execution: {
          ...execution.evidence.execution,
          commit: other as typeof commit,
          unreached: [commit],
        },
      },
    };
    const both = [...artifacts, second];
    expect(ask([{ ...proven, sha: other }], both).findings).toEqual([]);
    expect(ask([proven, { ...proven, sha: other }], both).findings).toEqual([
      expect.stringMatching(/both carry out the plan [0-9a-f]{64}, and a plan is carried out once/),
    ]);
  });
});

describe('a commit whose execution GitHub no longer stores', () => {
  const { created_at: createdAt, run, verification_artifact } = execution.evidence.execution;
  const named = `${claim(planId)}Codex-Plan-Run: ${runAddress(run.id)}\n`;
  const claiming = { ...proven, message: named };
  const others = artifacts.filter((one) => one !== execution);
  const absent: AbsentArtifact = {
    name: 'codex-execution-1 (artifact 9)',
    kind: 'execution',
    id: verification_artifact.id + 1,
    digest: null,
    run: { id: run.id, attempt: 1, createdAt: null },
    createdAt,
  };
  const without = (
    commits: Parameters<typeof checkCommits>[1],
    change: Partial<AbsentArtifact> = {},
    from: readonly Artifact[] = others,
  ) => ask(commits, from, { artifacts: [{ ...absent, ...change }], forgottenBefore: null });
  const finding = expect.stringMatching(/claims the plan .*, and no execution made it/);

  it('cannot be proven', () => {
    expect(without([claiming]).findings).toEqual([]);
    expect(without([claiming]).notProvable).toEqual([
      `That an execution made commit ${commit}, which claims the plan ${planId}: GitHub no longer stores ${absent.name}.`,
    ]);
  });

  it('cannot be proven either if the repository has another name since', () => {
    const message = named.replace(runAddress(run.id), runAddress(run.id, 'old/name'));
    expect(without([{ ...claiming, message }]).findings).toEqual([]);
  });

  it('is a finding if GitHub signed it before the run of the execution began, or after the record', () => {
    const shifted = (seconds: number) => later(createdAt, seconds);
    const began = { run: { ...absent.run, createdAt: shifted(-300) } };
    const signed = (seconds: number) =>
      without([{ ...claiming, signedAt: shifted(seconds) }], began).findings;
    for (const seconds of [-300, -5, 0, 5]) expect(signed(seconds)).toEqual([]);
    for (const seconds of [-360, 60]) expect(signed(seconds)).toEqual([finding]);
  });

  it.each<[string, typeof claiming, Partial<AbsentArtifact>]>([
    [
      'names the id of the run in another place',
      { ...claiming, message: named.replace(/runs\/(\d+)/, 'runs/1?$1') },
      {},
    ],
    ['names no run', proven, {}],
    ['names another run', claiming, { run: { ...absent.run, id: run.id + 1 } }],
    ['names a plan by no id', { ...claiming, message: named.replace(planId, 'latest') }, {}],
    ['names a run of another kind of artifact', claiming, { kind: 'verification' }],
    ['is older than its plan', claiming, { createdAt: '2020-01-01T00:00:00Z' }],
    ['has an execution of no known time', claiming, { createdAt: null }],
  ])('is a finding if it %s', (_, one, change) => {
    expect(without([one], change).findings).toEqual([finding]);
  });

  it('is one commit', () => {
    expect(without([claiming, { ...claiming, sha: other }]).findings).toEqual([
      expect.stringContaining(`Commit ${other} claims`),
    ]);
  });

  it('is not a second commit for a plan', () => {
    const second = { ...claiming, sha: other };
    expect(without([proven, second], {}, artifacts).findings).toEqual([
      expect.stringMatching(/both carry out the plan [0-9a-f]{64}, and a plan is carried out once/),
    ]);
  });

  it('is not another tree of an execution that is stored', () => {
    expect(without([{ ...claiming, tree: other }], {}, artifacts).findings).toEqual([finding]);
  });

  it('is the one that the line of the execution names', () => {
    const line = { event: 'executed', detail: commit, digests: { plan_id: planId } } as const;
    const entry = { ...line, at: createdAt, seq: 1, prev: null, paths: [], actor };
    const later = (change: object) => {
      const [model] = others;
      const own = { ...entry, event: 'verified' };
      const lines = [JSON.stringify({ ...entry, ...change }), JSON.stringify(own)];
      const entries = lines.map((one) => JSON.parse(one));
      return { ...model, entries, lines, stored: { id: absent.id + 1, digest: '', run: 1 } };
    };
    const by = (change: object) => without([claiming], {}, [later(change) as Artifact]).findings;
    expect(by({})).toEqual([]);
    expect(by({ detail: other })).toEqual([finding]);
    expect(by({ digests: { plan_id: other } })).toEqual([finding]);
    const stopped = { event: 'denied', digests: { plan_id: planId, 'execution.json': other } };
    expect(by({ ...stopped, detail: 'head-moved' })).toEqual([finding]);
  });

  describe('because it is older than all that GitHub lists', () => {
    const forgotten = (signedAt: string | null, from: readonly Artifact[] = []) =>
      ask([{ ...claiming, signedAt }], from, {
        artifacts: [],
        forgottenBefore: '2027-01-01T00:00:00Z',
      });

    it('cannot be proven if GitHub itself says that it is as old', () => {
      const { findings, notProvable } = forgotten('2026-12-31T00:00:00Z');
      expect(findings).toEqual([]);
      expect(notProvable).toEqual([
        expect.stringMatching(
          /: GitHub stores and lists nothing from before 2027-01-01T00:00:00Z\.$/,
        ),
      ]);
    });

    it('is a finding otherwise, and if it is older than its plan', () => {
      expect(forgotten('2027-01-01T00:00:00Z').findings).toEqual([finding]);
      expect(forgotten(null).findings).toEqual([finding]);
      expect(forgotten('2020-01-01T00:00:00Z').findings).toEqual([]);
      expect(forgotten('2020-01-01T00:00:00Z', others).findings).toEqual([finding]);
    });
  });
});
