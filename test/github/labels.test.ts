/** Labels by their ids: whoever can rename labels can give any name to any label. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Label } from '../../src/core/life/timeline.ts';
import { GitHubLabels } from '../../src/github/labels.ts';
import type { Labels } from '../../src/ports/labels.ts';
import { label, openStage } from './stage.ts';

const stage = openStage();

let labels: Labels;
let approving: Label;

beforeEach(() => {
  labels = new GitHubLabels(stage.client);
  approving = labelNamed(label);
});

function labelNamed(name: string): Label {
  const found = stage.repo.findLabel(name);
  if (!found) throw new Error(`There is no label ${name}.`);
  return { id: found.nodeId, name: found.name };
}

const removals = () => stage.github.writes().map(({ path }) => path.split('/').at(-1));
/** Does something once, when the action is about to remove a label of that name. */
const beforeRemoval = (name: string, act: () => void) => {
  const stop = stage.github.onRequest(({ method, path }) => {
    if (method !== 'DELETE' || !path.endsWith(`/${name}`)) return;
    stop();
    act();
  });
};

describe('the labels of a pull request', () => {
  it('are told with the ids and names that they have now', async () => {
    expect(await labels.carried(1)).toEqual([]);
    stage.repo.as('tina').label(1, label);
    stage.repo.as('tina').label(1, 'bug');
    stage.repo.as('alice').renameLabel(label, 'other');
    expect(await labels.carried(1)).toEqual([
      { id: approving.id, name: 'other' },
      labelNamed('bug'),
    ]);
  });

  it.each([403, 404, 500])('are unknown after a %i', async (status) => {
    stage.github.fault({ path: /\/pulls\/1$/, status, times: 9 });
    await expect(labels.carried(1)).rejects.toMatchObject({ name: 'Stopped' });
  });
});

describe('a label', () => {
  it('is removed, or was not there', async () => {
    stage.repo.as('tina').label(1, 'bug');
    expect(await labels.remove(1, approving)).toBe('absent');
    stage.repo.as('tina').label(1, label);
    expect(await labels.remove(1, approving)).toBe('removed');
    expect(stage.pull.labels).toEqual(['bug']);
    expect(await labels.remove(1, approving)).toBe('absent');
  });

  it('is absent once it is deleted from the repository', async () => {
    stage.repo.as('tina').label(1, label);
    stage.repo.as('alice').deleteLabel(label);
    expect(await labels.remove(1, approving)).toBe('absent');
  });

  it('is removed under the name that it has then', async () => {
    stage.repo.as('tina').label(1, label);
    stage.repo.as('alice').renameLabel(label, 'other');
    expect(await labels.remove(1, approving)).toBe('removed');
    expect(stage.pull.labels).toEqual([]);
    expect(removals()).toEqual([label, 'other']);
  });

  it('is removed though it is renamed at that moment', async () => {
    stage.repo.as('tina').label(1, label);
    beforeRemoval(label, () => stage.repo.as('alice').renameLabel(label, 'other'));
    expect(await labels.remove(1, approving)).toBe('removed');
    expect(stage.pull.labels).toEqual([]);
  });

  it('is removed though another label has its name at that moment', async () => {
    stage.repo.as('tina').label(1, label);
    stage.repo.as('tina').label(1, 'bug');
    beforeRemoval(label, () => {
      stage.repo.as('alice').renameLabel(label, 'other');
      stage.repo.as('alice').renameLabel('bug', label);
    });
    expect(await labels.remove(1, approving)).toBe('removed');
    expect(stage.pull.labels).not.toContain('other');
  });

  it('is not taken for removed while somebody keeps renaming it', async () => {
    stage.repo.as('tina').label(1, label);
    let name = label;
    const stop = stage.github.onRequest(({ method }) => {
      if (method !== 'DELETE') return;
      stage.repo.as('alice').renameLabel(name, `${name}x`);
      name += 'x';
    });
    const why = await labels.remove(1, approving).catch((error: Error) => error.message);
    stop();
    expect(why).toBe(`GitHub does not remove the label ${name}.`);
    expect(removals()).toHaveLength(4);
  });

  it('is not taken for removed if GitHub leaves it on', async () => {
    stage.repo.as('tina').label(1, label);
    stage.github.fault({
      method: 'DELETE',
      times: 9,
      status: 200,
      body: [{ node_id: approving.id, name: label }],
    });
    await expect(labels.remove(1, approving)).rejects.toMatchObject({ reason: 'api-unavailable' });
  });

  it('is not taken for absent because a name is not found', async () => {
    stage.repo.as('tina').label(1, label);
    stage.github.fault({ method: 'DELETE', status: 404, times: 9 });
    await expect(labels.remove(1, approving)).rejects.toMatchObject({ reason: 'api-unavailable' });
    expect(stage.pull.labels).toEqual([label]);
  });

  it.each([403, 500])('is not taken for absent after a %i', async (status) => {
    stage.repo.as('tina').label(1, label);
    stage.github.fault({ method: 'DELETE', status, times: 9 });
    await expect(labels.remove(1, approving)).rejects.toMatchObject({ name: 'Stopped' });
    expect(stage.pull.labels).toEqual([label]);
  });

  it('needs a permission to be removed', async () => {
    const token = stage.github.findToken(stage.job.token);
    if (token) token.permissions = { contents: 'write', actions: 'read', 'pull-requests': 'read' };
    stage.repo.as('tina').label(1, label);
    await expect(labels.remove(1, approving)).rejects.toMatchObject({
      reason: 'permission-missing',
      message: expect.stringContaining('pull-requests'),
    });
  });
});

describe('a label that is wanted', () => {
  it('is left as it is if the repository has it', async () => {
    await labels.ensure('Approved-Plan');
    expect(stage.github.writes()).toEqual([]);
  });

  it('is created if the repository lacks it', async () => {
    stage.repo.as('alice').deleteLabel(label);
    await labels.ensure(label);
    expect(labelNamed(label)).toMatchObject({ name: label });
  });

  it('may be created by somebody else in between', async () => {
    stage.repo.as('alice').deleteLabel(label);
    const stop = stage.github.onRequest(({ method }) => {
      if (method !== 'POST') return;
      stop();
      stage.repo.as('alice').createLabel(label);
    });
    await labels.ensure(label);
    expect(stage.repo.findLabel(label)).toBeDefined();
  });
});
