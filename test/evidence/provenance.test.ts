import { describe, expect, it } from 'vitest';
import { readDefaultBranch } from '../../src/evidence/default-branch.ts';
import type { ArtifactOrigin, StoredArtifact } from '../../src/ports/artifacts.ts';
import type { RunFacts } from '../../src/ports/repository.ts';
import { objectId } from '../support/object-ids.ts';
import { reasonOf } from '../support/reason.ts';
import { buildTools, type Given, ids, ownRun, triggers, workflow } from '../support/tools.ts';

const ownEvents = ['issue_comment', 'pull_request_target', 'schedule', 'workflow_dispatch'];

describe('the default branch', () => {
  it('is that of the payload, or else asked for', async () => {
    const known = buildTools();
    expect(await readDefaultBranch(known.run, known.repository)).toBe('main');
    expect(known.calls).toEqual([]);
    const asked = buildTools({ run: { defaultBranch: null } });
    expect(await readDefaultBranch(asked.run, asked.repository)).toBe('main');
    expect(asked.calls).toEqual(['defaultBranch']);
  });

  it('is asked for if a run is repeated: its payload is as old as its first attempt', async () => {
    const { run, repository, calls } = buildTools({
      run: { attempt: 2, defaultBranch: 'master' },
    });
    expect(await readDefaultBranch(run, repository)).toBe('main');
    expect(calls).toEqual(['defaultBranch']);
  });
});

describe('a run', () => {
  const reason = (run: NonNullable<Given['run']>, more: Given = {}) =>
    reasonOf(() => buildTools({ run, ...more }).provenance.checkTrustedRun());

  it.each(ownEvents)('on %s is trusted at the default branch alone', async (eventName) => {
    expect(await reason({ eventName })).toBe('ok');
    for (const workflowRef of [
      'refs/heads/topic',
      'refs/heads/main2',
      'refs/heads/x/main',
      'refs/tags/main',
      'refs/pull/12/merge',
      'main',
      '',
    ]) {
      expect(await reason({ eventName, workflowRef }), workflowRef).toBe('workflow-untrusted');
    }
  });

  it.each([
    'push',
    'workflow_run',
    'repository_dispatch',
    'pull_request_review',
    'check_run',
    'discussion_comment',
    'merge_group',
    '',
  ])('on %j is of no mode', async (eventName) => {
    expect(await reason({ eventName })).toBe('unsupported-event');
  });

  it.each<[Given['run'], string]>([
    [
      { workflowRef: 'refs/heads/topic' },
      'The workflow file was not taken from the default branch.',
    ],
    [{ eventName: 'push' }, 'The event is not one whose workflow file can be trusted.'],
    [
      { eventName: 'pull_request', trigger: triggers.dispatch },
      'The pull request does not go to the default branch.',
    ],
    [{ eventName: 'pull_request' }, 'The pull request has its own copy of the workflow file.'],
  ])('is told why it is not trusted: %j', async (run, why) => {
    await expect(buildTools({ run: run ?? {} }).provenance.checkTrustedRun()).rejects.toThrow(why);
  });

  describe('on pull_request', () => {
    const run = {
      eventName: 'pull_request',
      workflowRef: 'refs/pull/12/merge',
      workflowSha: objectId('a'),
      trigger: triggers.label,
    };
    const files = {
      [`${objectId('a')}:${workflow}`]: objectId('1'),
      [`${objectId('d')}:${workflow}`]: objectId('1'),
    };

    it('is trusted if its file is the default branch’s, with a warning', async () => {
      const { provenance, warnings } = buildTools({ run, files });
      await provenance.checkTrustedRun();
      expect(warnings).toEqual([
        'pull_request runs the copy of the workflow in the pull request, so later runs do not trust the evidence of this one; use pull_request_target.',
      ]);
    });

    it.each<[string, Given]>([
      ['it goes to another branch', { files, pull: { baseRef: 'release' } }],
      [
        'its file is another one',
        { files: { ...files, [`${objectId('a')}:${workflow}`]: objectId('2') } },
      ],
      ['it has no such file', { files: { [`${objectId('d')}:${workflow}`]: objectId('1') } }],
      [
        'the default branch has no such file',
        { files: { [`${objectId('a')}:${workflow}`]: objectId('b') } },
      ],
      ['nobody has such a file', { files: {} }],
    ])('is not where %s', async (_, facts) => {
      expect(await reason(run, facts)).toBe('workflow-untrusted');
    });

    it('is not if its commit is unknown', async () => {
      const named = { ...files, [`null:${workflow}`]: objectId('1') };
      expect(await reason({ ...run, workflowSha: null }, { files: named })).toBe(
        'workflow-untrusted',
      );
    });

    it('is not if it is about no pull request', async () => {
      const trigger = triggers.dispatch;
      expect(await reason({ ...run, trigger }, { files })).toBe('workflow-untrusted');
      const comment = { ...triggers.comment, pullRequest: null };
      expect(await reason({ ...run, trigger: comment }, { files })).toBe('workflow-untrusted');
    });
  });
});

describe('the run that made an artifact', () => {
  const local: ArtifactOrigin = {
    id: 500,
    repositoryId: ids.repository,
    headRepositoryId: ids.repository,
  };
  const artifact = (run: Partial<ArtifactOrigin> | null = {}): StoredArtifact => ({
    id: 41,
    digest: null,
    expired: false,
    createdAt: null,
    expiresAt: null,
    run: run === null ? null : { ...local, ...run },
  });
  const facts = (run: Partial<RunFacts> = {}): RunFacts => ({
    id: 500,
    event: 'issue_comment',
    path: workflow,
    headBranch: 'main',
    headSha: objectId('d'),
    repositoryId: ids.repository,
    headRepositoryId: ids.repository,
    attempt: 1,
    createdAt: null,
    called: [],
    ...run,
  });
  const verdict = async (
    run: Partial<RunFacts>,
    more: Given = {},
    made: StoredArtifact = artifact(),
  ) => {
    const { provenance } = buildTools({ runs: [facts(run)], ...more });
    const from = await provenance.traceOrigin(made);
    const belief = 'why' in from ? from : await provenance.trustRun(from.origin);
    return 'why' in belief ? belief.why : `run ${belief.run.id}`;
  };

  it.each(ownEvents)('is trusted on %s of the default branch', async (event) => {
    expect(await verdict({ event })).toBe('run 500');
  });

  it.each(['push', 'pull_request', 'workflow_run', 'repository_dispatch', 'merge_group', ''])(
    'is not on %j',
    async (event) => {
      expect(await verdict({ event })).toBe('Another event or branch made it.');
    },
  );

  it('is not of another branch', async () => {
    const elsewhere = 'Another event or branch made it.';
    expect(await verdict({ headBranch: 'topic' })).toBe(elsewhere);
    expect(await verdict({ headBranch: 'main-evil' })).toBe(elsewhere);
    expect(await verdict({ headBranch: null })).toBe(elsewhere);
    expect(await verdict({ headBranch: 'topic', event: 'pull_request_target' })).toBe('run 500');
  });

  describe('if anybody could have dispatched it on a tag with the name of the default branch', () => {
    const [today, other] = [objectId('1'), objectId('2')];
    const [tip, old] = [objectId('d'), objectId('e')];
    const dispatched = { event: 'workflow_dispatch', headSha: old };
    const at = (commit: string, blob: ReturnType<typeof objectId>, path = workflow) => ({
      [`${commit}:${path}`]: blob,
    });
    const elsewhere = 'Another event or branch made it.';

    it('is trusted if its own workflow file is today’s of the default branch', async () => {
      const files = { ...at(tip, today), ...at(old, today) };
      expect(await verdict(dispatched, { files })).toBe('run 500');
    });

    it.each<[string, NonNullable<Given['files']>]>([
      ['had another workflow under the path', { ...at(tip, today), ...at(old, other) }],
      ['had no such file', at(tip, today)],
      ['had a file that the default branch has no longer', at(old, today)],
      ['had the file under another name', { ...at(tip, today), ...at(old, today, 'x.yml') }],
      ['and the default branch have no such file', {}],
    ])('is not if its commit %s', async (_, files) => {
      expect(await verdict(dispatched, { files })).toBe(elsewhere);
    });

    it('is judged by the file that it ran, without the ref that some answers add', async () => {
      const files = { ...at(tip, today), ...at(old, today) };
      const path = `${workflow}@refs/tags/main`;
      expect(await verdict({ ...dispatched, path }, { files })).toBe('run 500');
    });

    it('is judged by its own file if the policy lists another one', async () => {
      const path = '.github/workflows/other.yml';
      const files = { ...at(tip, today), ...at(old, today), ...at(tip, today, path) };
      const given = { policy: { workflows: [path] } };
      expect(await verdict({ ...dispatched, path }, { ...given, files })).toBe(elsewhere);
      const both = { ...files, ...at(old, today, path) };
      expect(await verdict({ ...dispatched, path }, { ...given, files: both })).toBe('run 500');
    });

    it('is not trusted for its commit alone if this run is of a pull request', async () => {
      const run = { workflowRef: 'refs/pull/12/merge', workflowSha: tip };
      const own = { event: 'workflow_dispatch', headSha: tip };
      expect(await verdict(own, { run, tip: objectId('f') })).toBe(elsewhere);
      expect(await verdict(own)).toBe('run 500');
    });
  });

  it('is itself, whatever its event', async () => {
    const run = { id: ids.run, event: 'pull_request', headBranch: 'topic' };
    expect(await verdict(run, {}, artifact({ id: ids.run }))).toBe(`run ${ids.run}`);
    const unsaid = artifact({ id: ids.run, headRepositoryId: null });
    expect(await verdict(run, {}, unsaid)).toBe(`run ${ids.run}`);
  });

  it('is looked up if it is this run and GitHub did not tell its commit', async () => {
    const { provenance } = buildTools({ run: { workflowSha: null } });
    expect(await provenance.trustRun({ ...local, id: ids.run })).toEqual({ run: ownRun });
  });

  it('is of this repository, as the store and the run both say', async () => {
    const other = 'A run of another repository made it.';
    expect(await verdict({}, {}, artifact({ repositoryId: 8 }))).toBe(other);
    expect(await verdict({ repositoryId: 8 })).toBe(other);
    expect(await verdict({}, {}, artifact(null))).toBe('No run made it.');
  });

  it('is for this repository, unless forks are allowed to the event that is safe for them', async () => {
    const forks = { policy: { forks: true } };
    const foreign = 'A run for another repository made it.';
    for (const [made, run] of [
      [artifact({ headRepositoryId: 8 }), {}],
      [artifact(), { headRepositoryId: 8 }],
      [artifact({ headRepositoryId: 8 }), { headRepositoryId: 8 }],
      [artifact(), { headRepositoryId: null }],
    ] as const) {
      expect(await verdict(run, {}, made)).toBe(foreign);
      expect(await verdict(run, forks, made)).toBe(foreign);
      expect(await verdict({ ...run, event: 'pull_request_target' }, {}, made)).toBe(foreign);
      expect(await verdict({ ...run, event: 'pull_request_target' }, forks, made)).toBe('run 500');
    }
  });

  it('is asked itself if the store does not say which repository it is of or for', async () => {
    const unknown = artifact({ repositoryId: null, headRepositoryId: null });
    expect(await verdict({}, {}, unknown)).toBe('run 500');
    const foreign = 'A run for another repository made it.';
    expect(await verdict({ headRepositoryId: 8 }, {}, unknown)).toBe(foreign);
    expect(await verdict({ headRepositoryId: null }, {}, unknown)).toBe(foreign);
    expect(await verdict({ repositoryId: 8 }, {}, unknown)).toBe(
      'A run of another repository made it.',
    );
  });

  it('is of this workflow file, or of one that the policy lists', async () => {
    const other = 'Another workflow file made it.';
    expect(await verdict({ path: `${workflow}@refs/heads/main` })).toBe('run 500');
    for (const path of [
      '.github/workflows/other.yml',
      `x/${workflow}`,
      `${workflow}x`,
      `${workflow}.evil`,
      `${workflow}@x.yml`,
      `${workflow}@refs/heads/x.YAML`,
      '',
      '@main',
    ]) {
      expect(await verdict({ path }), path).toBe(other);
    }
    const workflows = ['.github/workflows/other.yml'];
    const listed = { path: '.github/workflows/other.yml' };
    expect(await verdict(listed, { policy: { workflows } })).toBe('run 500');
  });

  it('is a fault if it is gone', async () => {
    const { provenance } = buildTools({ runs: [] });
    expect(await reasonOf(() => provenance.trustRun(local))).toBe('api-unavailable');
    await expect(provenance.trustRun(local)).rejects.toThrow(
      'GitHub has no run 500, which made an artifact.',
    );
  });

  it('costs no call if the store itself says that it is foreign', async () => {
    for (const made of [artifact(null), artifact({ repositoryId: 8 }), artifact()]) {
      const { provenance, calls } = buildTools();
      expect('origin' in (await provenance.traceOrigin(made))).toBe(
        made.run?.repositoryId === ids.repository,
      );
      expect(calls).toEqual([]);
    }
  });

  it('may be of a fork if the policy lets forks in', async () => {
    const fork = artifact({ headRepositoryId: 8 });
    expect(await buildTools().provenance.traceOrigin(fork)).toEqual({
      why: 'A run for another repository made it.',
      foreign: true,
    });
    expect(await buildTools({ policy: { forks: true } }).provenance.traceOrigin(fork)).toEqual({
      origin: fork.run,
    });
  });

  it('is of this repository, trusted or not, unless anybody can have made it', async () => {
    const isOwn = (made: StoredArtifact, run: Partial<RunFacts>, forks: boolean) =>
      buildTools({ runs: [facts(run)], policy: { forks } }).provenance.isOwn(made);
    const other = { path: '.github/workflows/other.yml' };
    expect(await isOwn(artifact(), other, false)).toBe(true);
    expect(await isOwn(artifact(null), {}, false)).toBe(false);
    expect(await isOwn(artifact({ repositoryId: 8 }), {}, false)).toBe(false);
    const fork = artifact({ headRepositoryId: 8 });
    const byFork = { ...other, event: 'pull_request', headRepositoryId: 8 };
    const ofOurs = { event: 'pull_request_target', headRepositoryId: 8 };
    expect(await isOwn(fork, byFork, false)).toBe(false);
    expect(await isOwn(fork, byFork, true)).toBe(false);
    expect(await isOwn(fork, ofOurs, false)).toBe(false);
    expect(await isOwn(fork, ofOurs, true)).toBe(true);
    expect(await isOwn(fork, { ...other, ...ofOurs }, true)).toBe(true);
  });

  it('is of this repository without a call, unless the store says that it is for a fork', async () => {
    for (const made of [artifact(), artifact({ headRepositoryId: null })]) {
      const { provenance, calls } = buildTools();
      expect(await provenance.isOwn(made)).toBe(true);
      expect(calls).toEqual([]);
    }
  });

  it('may have run on a commit that the default branch has lost, if no tag can pass for it', async () => {
    expect(await verdict({ event: 'issue_comment', headSha: objectId('e') })).toBe('run 500');
    expect(await verdict({ event: 'schedule', headSha: objectId('e') })).toBe('run 500');
  });

  it('costs no further call if it ran on the commit that this run is on', async () => {
    const { provenance, calls } = buildTools({ runs: [facts({ event: 'workflow_dispatch' })] });
    expect(await provenance.trustRun(local)).toHaveProperty('run');
    expect(calls.filter((call) => !call.startsWith('policy'))).toEqual(['run 500']);
  });
});

describe('a run that GitHub may have deleted', () => {
  it('is asked for, unless it is this one', async () => {
    const { provenance, calls } = buildTools({ runs: [{ ...ownRun, id: 500 }] });
    expect(await provenance.hasRun(ids.run)).toBe(true);
    expect(calls).toEqual([]);
    expect(await provenance.hasRun(500)).toBe(true);
    expect(await provenance.hasRun(501)).toBe(false);
  });
});

describe('a run that somebody names', () => {
  const trusted = (id: number, more: Given = {}) => {
    const named = { ...ownRun, id: 500 };
    return buildTools({ runs: [named], ...more }).provenance.isTrustedRun(id);
  };

  it('is trusted like any other, and not if GitHub does not have it', async () => {
    expect(await trusted(500)).toBe(true);
    expect(await trusted(501)).toBe(false);
    const elsewhere = { ...ownRun, id: 500, path: '.github/workflows/other.yml' };
    expect(await trusted(500, { runs: [elsewhere] })).toBe(false);
    const fork = { ...ownRun, id: 500, headRepositoryId: 8 };
    expect(await trusted(500, { runs: [fork] })).toBe(false);
  });
});
