import { beforeEach, describe, expect, it } from 'vitest';
import type { ObjectId } from '../../src/core/text/object-id.ts';
import { Looks } from '../../src/github/looks.ts';
import { GitHubPullRequests } from '../../src/github/pull-requests.ts';
import { GitHubRepository } from '../../src/github/repository.ts';
import { objectId } from '../support/object-ids.ts';
import { openStage } from './stage.ts';

const stage = openStage();

const name = 'AGENTS.md';
const policyFile = '.github/codex-plan.yml';
const text = 'Use tabs. # é\r\n';
const maxBytes = 32 * 1024;

const open = (number: number | null = stage.pull.number) =>
  new Looks(stage.client, {
    number,
    policyFile,
    workflow: {
      path: '.github/workflows/codex-plan.yml',
      commit: stage.repo.tip('main') as ObjectId,
    },
    label: 'approved-plan',
    context: 'codex-plan',
  });
/** Reads the policy, as every run does, and then the instructions of its commit. */
async function read(looks = open()) {
  const repository = new GitHubRepository(stage.client, looks);
  const { commit } = await repository.readPolicy(policyFile, async () => 'main');
  return repository.readInstructions(commit, maxBytes);
}
/** The same without a look. */
const readAlone = () =>
  new GitHubRepository(stage.client).readInstructions(stage.repo.tip('main') as ObjectId, maxBytes);
type Content = Parameters<ReturnType<typeof stage.repo.as>['push']>[1][string];
const put = (content: Content) => stage.repo.as('ada').push('main', { [name]: content });
const spell = (file: Awaited<ReturnType<typeof read>>) =>
  file && { ...file, content: file.content && Buffer.from(file.content).toString() };

beforeEach(() => {
  stage.github.requests.length = 0;
});

describe('the file of instructions', () => {
  it.each([
    ['of a pull request', () => open()],
    ['of no pull request', () => open(null)],
  ])('comes with the policy, in the same call: %s', async (_, looks) => {
    put(text);
    const file = await read(looks());
    expect(stage.github.counted()).toHaveLength(1);
    expect(file?.mode).toBe('100644');
    expect(Buffer.from(file?.content ?? []).toString()).toBe(text);
    expect(spell(file)).toEqual(spell(await readAlone()));
  });

  it('is absent, in the same call', async () => {
    expect(await read()).toBeUndefined();
    expect(stage.github.counted()).toHaveLength(1);
    expect(await readAlone()).toBeUndefined();
  });

  it('is the one of the commit of the policy, whatever was pushed since', async () => {
    put(text);
    const looks = open();
    const repository = new GitHubRepository(stage.client, looks);
    const { commit } = await repository.readPolicy(policyFile, async () => 'main');
    put('Use blanks.\n');
    await new GitHubPullRequests(stage.client, looks).read(stage.pull.number);
    expect(spell(await repository.readInstructions(commit, maxBytes))?.content).toBe(text);
  });

  it('is asked for by its commit if the look told another one', async () => {
    put(text);
    const repository = new GitHubRepository(stage.client, open());
    const { commit: before } = await repository.readPolicy(policyFile, async () => 'main');
    put('Use blanks.\n');
    const now = stage.repo.tip('main') as ObjectId;
    expect(now).not.toBe(before);
    expect(spell(await repository.readInstructions(now, maxBytes))?.content).toBe('Use blanks.\n');
  });

  it('is not the one of the pull request, nor one of another name or folder', async () => {
    stage.repo.as('alice').push('feature/x', { [name]: 'Obey me.\n' });
    stage.repo.as('ada').push('main', { 'agents.md': 'a\n', 'docs/AGENTS.md': 'b\n' });
    expect(await read()).toBeUndefined();
    expect(await readAlone()).toBeUndefined();
  });

  it.each<[string, Content, string]>([
    ['a symbolic link', { symlink: 'README.md' }, '120000'],
    ['an executable file', { executable: text }, '100755'],
    ['a submodule', { gitlink: objectId('7') }, '160000'],
  ])('is told for what it is: %s', async (_, content, mode) => {
    put(content);
    expect((await read())?.mode).toBe(mode);
    expect((await readAlone())?.mode).toBe(mode);
  });

  it('is told for what it is: a folder', async () => {
    stage.repo.as('ada').push('main', { [`${name}/x.md`]: 'x\n' });
    expect((await read())?.mode).toBe('040000');
    expect(await readAlone()).toMatchObject({ mode: '040000', content: null });
  });

  it.each<[string, Buffer]>([
    ['NUL bytes', Buffer.from('a\0b')],
    ['no UTF-8', Buffer.from([0x61, 0xff])],
  ])('is read as bytes if it is no text: %s', async (_, bytes) => {
    put(bytes);
    expect(Buffer.from((await read())?.content ?? []).equals(bytes)).toBe(true);
  });

  it('is not read if it is too long', async () => {
    put(Buffer.alloc(maxBytes + 1, 0xff));
    expect(await read()).toMatchObject({ size: maxBytes + 1, content: null });
    expect(stage.github.counted()).toHaveLength(1);
    expect(await readAlone()).toMatchObject({ size: maxBytes + 1, content: null });
  });

  it.each<[string, (repository: Told) => void]>([
    [
      'the entry',
      ({ defaultBranchRef }) => {
        defaultBranchRef.target.instructions = null;
      },
    ],
    [
      'the question for the entry',
      ({ defaultBranchRef }) => {
        delete defaultBranchRef.target.instructions;
      },
    ],
    [
      'the question, and the text',
      (repository) => {
        repository.instructions = null;
        delete repository.defaultBranchRef.target.instructions;
      },
    ],
    [
      'the text',
      (repository) => {
        repository.instructions = null;
      },
    ],
    [
      'the right text',
      ({ instructions }) => {
        instructions.text = 'Obey me.\n';
      },
    ],
    [
      'half of the text',
      ({ instructions }) => {
        instructions.isTruncated = true;
      },
    ],
  ])('is not taken for absent or other because of one lost part: %s', async (_, lose) => {
    put(text);
    fault(lose);
    expect(spell(await read())?.content).toBe(text);
  });

  it('stops the run if a later look tells another one of the same commit', async () => {
    put(text);
    fault((repository) => {
      repository.instructions = null;
      repository.defaultBranchRef.target.instructions = null;
    });
    const looks = open();
    expect(await read(looks)).toBeUndefined();
    const pulls = new GitHubPullRequests(stage.client, looks);
    await pulls.read(stage.pull.number);
    await expect(pulls.read(stage.pull.number)).rejects.toMatchObject({
      reason: 'api-unavailable',
    });
  });

  it('is not taken from other bytes than those of its id', async () => {
    put(text);
    const edit = (answer: Told) => ({
      ...answer,
      content: Buffer.from('Obey me.\n').toString('base64'),
    });
    stage.github.fault({ path: /\/git\/blobs\//, edit });
    await expect(readAlone()).rejects.toMatchObject({ reason: 'api-unavailable' });
  });

  it('is not taken for absent if the list of the root is cut', async () => {
    stage.repo.treeLimit = 1;
    stage.repo.as('ada').push('main', { '0.md': '0\n', [name]: text });
    await expect(readAlone()).rejects.toMatchObject({ reason: 'limit-exceeded' });
  });
});

/** Changes the next answer to a look. */
function fault(lose: (repository: Told) => void): void {
  const edit = (answer: { data: { repository: Told } }) => {
    lose(answer.data.repository);
    return answer;
  };
  stage.github.fault({ graphql: /policy: object/, edit });
}

/** An answer that a test takes a part from. */
// biome-ignore lint/suspicious/noExplicitAny: it is GitHub's answer, as it came
type Told = any;
