/** The commits of a pull request, compared with the executions that its evidence records. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Absences, nothingAbsent } from '../../../src/core/audit/absent.ts';
import type { Artifact } from '../../../src/core/audit/artifact.ts';
import { audit } from '../../../src/core/audit/audit.ts';
import { checkCommits } from '../../../src/core/audit/commits.ts';
import { Ledger } from '../../../src/core/audit/ledger.ts';

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
const proven = { sha: commit, tree, message: claim(planId), signedAt: null };
const other = '1'.repeat(40);

const runAddress = (id: number) => `https://github.com/o/r/actions/runs/${id}`;

function ask(
  commits: Parameters<typeof checkCommits>[1],
  from: readonly Artifact[] = artifacts,
  absent = nothingAbsent,
) {
  const ledger = new Ledger();
  const absences = new Absences(from, absent);
  checkCommits(from, commits, absences, runAddress, ledger);
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
