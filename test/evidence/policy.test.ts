import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { effectivePolicyJson } from '../../src/core/policy/effective.ts';
import { defaultPolicy, parsePolicyFile } from '../../src/core/policy/policy.ts';
import { RepositoryPolicy } from '../../src/evidence/policy.ts';
import { RecordContext } from '../../src/evidence/record-context.ts';
import type { GoverningFiles } from '../../src/ports/repository.ts';
import { making } from '../core/samples.ts';
import { objectId } from '../support/object-ids.ts';
import { reasonOf } from '../support/reason.ts';
import { buildTools, type Given, ids, ownRun, workflow } from '../support/tools.ts';

const path = 'ops/policy.yml';
const tip = objectId('d');
const blob = objectId('1');

/** The policy of a repository whose default branch has this file; undefined for none. */
function policyOf(text: string | undefined, given: Given = {}, inputs = {}) {
  const tools = buildTools(given);
  const files: string[] = [];
  const readPolicy: GoverningFiles['readPolicy'] = async (file, branch) => {
    files.push(`${await branch()}:${file}`);
    return { commit: tip, file: text === undefined ? undefined : { blob, text } };
  };
  const repository = { ...tools.repository, readPolicy };
  const { run, calls } = tools;
  const policy = new RepositoryPolicy(repository, run, path, inputs);
  return { policy, files, calls };
}

describe('the policy', () => {
  it('is the file of the default branch’s tip, and says which one that was', async () => {
    const { policy, files, calls } = policyOf('approvers: { hours: 2 }');
    expect((await policy.read()).approvers.hours).toBe(2);
    expect(await policy.origin()).toEqual({ path, blob, commit: tip });
    expect(files).toEqual([`main:${path}`]);
    expect(calls).toEqual([]);
  });

  it('is the default one if there is no file', async () => {
    const { policy } = policyOf(undefined);
    expect(await policy.read()).toEqual(defaultPolicy);
    expect(await policy.origin()).toEqual({ path, blob: null, commit: tip });
  });

  it('is read once, when it is first asked for', async () => {
    const { policy, files } = policyOf('');
    expect(files).toEqual([]);
    await Promise.all([policy.read(), policy.origin(), policy.effective(), policy.read()]);
    expect(files).toHaveLength(1);
  });

  it('is that of today’s default branch if the run is repeated', async () => {
    const { policy, calls } = policyOf('', { run: { attempt: 2, defaultBranch: 'master' } });
    await policy.read();
    expect(calls).toEqual(['defaultBranch']);
  });

  it('is no policy if the file cannot be read', async () => {
    const { policy } = policyOf('approvers: 5');
    expect(await reasonOf(() => policy.read())).toBe('config-invalid');
    expect(await reasonOf(() => policy.origin())).toBe('config-invalid');
  });

  it('is recorded with the inputs that go before it', async () => {
    const inputs = { approvalHours: 3 };
    const { policy } = policyOf('drift: scope', {}, inputs);
    expect(await policy.effective()).toBe(
      effectivePolicyJson(parsePolicyFile('drift: scope'), inputs),
    );
    const without = policyOf(undefined).policy;
    expect(await without.effective()).toBe(effectivePolicyJson(parsePolicyFile(''), {}));
  });
});

describe('how a record was made', () => {
  const called = [{ path: 'octo/x/.github/workflows/y.yml@v1', sha: objectId('8'), ref: 'v1' }];

  it('names policy, action, run and the workflows that the run called', async () => {
    const { run, policy, repository } = buildTools();
    const asked: number[] = [];
    const runs = {
      ...repository,
      ranWorkflow: () => undefined,
      run: async (id: number) => {
        asked.push(id);
        return { ...ownRun, called };
      },
    };
    const records = new RecordContext(run, policy, runs, () => making.action);
    expect(await records.describe()).toEqual({
      policy: making.policy,
      action: making.action,
      run: { id: ids.run, attempt: 1, workflow, workflow_sha: tip, called },
    });
    await records.describe();
    expect(asked).toEqual([ids.run]);
  });

  it.each([
    ['is not asked of GitHub if the workflow file calls none', 'uses: o/r@v1', 0],
    ['is asked of GitHub if it may call one', 'jobs: [a]', 1],
  ])('%s', async (_, text, calls) => {
    const { run, policy } = buildTools();
    const workflowText = text.startsWith('jobs') ? text : `jobs: { a: { steps: [{ ${text} }] } }`;
    let asked = 0;
    const runs = {
      ranWorkflow: () => workflowText,
      run: async () => {
        asked++;
        return { ...ownRun, called };
      },
    };
    const made = await new RecordContext(run, policy, runs, () => making.action).describe();
    expect(made.run.called).toEqual(calls === 0 ? [] : called);
    expect(asked).toBe(calls);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('GitHub cannot be reached.'))],
    ['finds no run', async () => undefined],
  ])('is asked again if an early look %s', async (_, early) => {
    const { run, policy } = buildTools();
    const answers = [early, async () => ({ ...ownRun, called })];
    const runs = { ranWorkflow: () => undefined, run: async () => answers.shift()?.() };
    const records = new RecordContext(run, policy, runs, () => making.action);
    records.lookAhead();
    await pause(20);
    expect((await records.describe()).run.called).toEqual(called);
  });

  it('names no called workflow if GitHub does not know the run yet', async () => {
    const { run, policy } = buildTools({ run: { workflowSha: null, attempt: 3 } });
    const runs = { ranWorkflow: () => undefined, run: async () => undefined };
    const { run: described } = await new RecordContext(
      run,
      policy,
      runs,
      () => making.action,
    ).describe();
    expect(described).toEqual({
      id: ids.run,
      attempt: 3,
      workflow,
      workflow_sha: null,
      called: [],
    });
  });
});
