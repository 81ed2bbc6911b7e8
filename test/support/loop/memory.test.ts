import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Artifact } from '../github/index.ts';
import { type Loop, label, startLoop } from './loop.ts';
import { remember } from './memory.ts';

let loop: Loop;
let restore: () => void;
let artifact: Artifact;
const as = (login: string) => loop.repo.as(login);

beforeAll(async () => {
  loop = await startLoop();
  as('alice').comment(1, '/codex add a tax');
  as('bob').label(1, label);
  loop.repo.push('release/one', { 'a.md': 'a\n' });
  const job = loop.repo.startRun({ event: as('alice').comment(1, '/codex add a tax') });
  artifact = loop.repo.artifacts.add({ name: 'x', run: job.run, content: Buffer.from('x') });
  restore = remember(loop);
});
afterAll(() => loop.close());

/** Everything of the state that can be seen. */
const look = () =>
  inspect(
    {
      github: loop.github,
      time: loop.github.clock.iso,
      unseen: loop.github.unseen,
      refs: loop.repo.git.refs(),
      pull: loop.pull,
      answers: loop.model.present,
    },
    {
      depth: 30,
      maxArrayLength: null,
      maxStringLength: null,
      breakLength: Number.POSITIVE_INFINITY,
    },
  );

const comment = () => loop.pull.comments[0]?.id ?? 0;
const deeds: Record<string, () => unknown> = {
  'a comment': () => as('alice').comment(1, 'x'),
  'an edit': () => as('alice').editComment(comment(), 'x'),
  'a deleted comment': () => as('alice').deleteComment(comment()),
  'a label': () => as('bob').label(1, 'bug'),
  'a label that is removed': () => as('bob').unlabel(1, label),
  'a label with another name': () => as('carol').renameLabel(label, 'x'),
  'a push': () => as('frank').pushTo(1, { 'src/a.ts': 'a\n' }),
  'a branch': () => loop.repo.push('feature/deep/x', { 'src/a.ts': 'a\n' }),
  'a branch that is deleted': () => loop.repo.moveBranch('release/one', null),
  'a tag': () => loop.repo.git.setRef('refs/tags/main', loop.repo.tip()),
  'another base': () => as('frank').retarget(1, 'release/one'),
  'another title': () => as('frank').retitle(1, 'x'),
  'a closed pull request': () => as('frank').close(1),
  'a merged pull request': () => as('carol').merge(1),
  'a lock': () => as('carol').lock(1),
  'another role': () => loop.repo.setRole('bob', 'read'),
  'a custom role': () => loop.repo.setRole('bob', 'write', 'reviewer'),
  'a fork': () => loop.repo.fork('mallory'),
  'a pull request': () => loop.repo.openPullRequest({ author: 'frank' }),
  'an issue': () => loop.repo.openIssue(),
  'a run': () => loop.repo.startRun({ event: as('carol').dispatch('.github/workflows/codex.yml') }),
  'a run that ends': () => loop.repo.finishRun(artifact.run.id),
  'an artifact': () =>
    loop.repo.artifacts.add({ name: 'y', run: artifact.run, content: Buffer.from('y') }),
  'an artifact that expires': () => loop.repo.artifacts.expire(artifact),
  'an artifact that is deleted': () => loop.repo.artifacts.delete(artifact),
  'an artifact that is damaged': () => loop.repo.artifacts.corrupt(artifact, Buffer.from('z')),
  'an artifact that is replaced': () => loop.repo.artifacts.replace(artifact, Buffer.from('z')),
  'a fault': () => loop.github.fault({ status: 500 }),
  'a listener': () => loop.github.onRequest(() => {}),
  'the time': () => loop.github.clock.advance({ hours: 30 }),
  'another login': () => loop.github.renameAccount('bob', 'robert'),
  'a team': () => loop.github.createTeam({ organization: 'octo', slug: 't', members: ['bob'] }),
  'a private repository': () => Object.assign(loop.repo, { private: true }),
  'a repository that is deleted': () => loop.repo.delete(),
  'a setting of GitHub': () => Object.assign(loop.github, { pageLimit: 1 }),
  'another script': () => loop.model.follow({ plan: ['x'] }),
  'a request': () => fetch(`${loop.github.apiUrl}/repos/octo/shop/pulls/1`),
};

describe('a state that is remembered', () => {
  it.each(Object.entries(deeds))('comes back after %s', async (_, deed) => {
    const before = look();
    await deed();
    expect(look()).not.toBe(before);
    restore();
    expect(look()).toBe(before);
  });

  it('comes back again and again', async () => {
    const before = look();
    for (const deed of Object.values(deeds)) {
      await deed();
      restore();
    }
    expect(look()).toBe(before);
  });

  it('does not forget what GitHub does not allow', () => {
    loop.github.violations.push('x');
    restore();
    expect(loop.github.violations.splice(0)).toEqual(['x']);
  });
});

describe('the embedded GitHub', () => {
  /**
   * Remembered (by `GitHub.unseen`, or as a time), or nothing that a test could notice: caches by content, ids, tokens,
   * connections, settings that never change. A new field goes into `unseen` first, and then into this list.
   */
  const known = [
    'clock.ts #milliseconds',
    'description.ts #compiled',
    'description.ts #registered',
    'description.ts #strict',
    'description.ts loaded',
    'git-objects.ts #objects',
    'git-server.ts #running',
    'git-runner.ts #from',
    'git-runner.ts #to',
    'git-runner.ts channel',
    'git.ts #known',
    'github.ts #accounts',
    'github.ts #keep',
    'github.ts #listeners',
    'github.ts #repositories',
    'github.ts #spent',
    'github.ts #tokens',
    'graphql/schema.ts checked',
    'graphql/schema.ts loaded',
    'http-backend.ts capabilities',
    'http-backend.ts packs',
    'ids.ts #next',
    'markdown.ts #open',
    'results.ts #pending',
    'runs.ts jobTokens',
    'runs.ts sources',
    'storage.ts #blobs',
    'storage.ts #fixed',
  ];

  it('keeps no state that could not be remembered', () => {
    const folder = join(import.meta.dirname, '../github');
    const hidden = globSync('**/*.ts', { cwd: folder }).flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const fields = text.matchAll(
        /^ {2}(?:readonly )?(#\w+)(?:: [^=\n]+ =| =|: (?:number|string|boolean);)/gm,
      );
      const globals = text.matchAll(/^(?:const|let) (\w+)(?:: [^=\n]+)? = new (?:Weak)?Map[<(]/gm);
      const variables = text.matchAll(/^let (\w+)/gm);
      return [...fields, ...globals, ...variables].map(([, name]) => `${file} ${name}`);
    });
    expect(hidden.sort()).toEqual(known.sort());
  });
});
