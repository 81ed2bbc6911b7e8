import { beforeEach, describe, expect, it } from 'vitest';
import type { LabelsById } from '../../src/ports/labels-by-id.ts';
import { label, openStage } from './stage.ts';

const stage = await openStage();
const { GitHubLabelsById } = await import('../../src/github/labels-by-id.ts');

let labels: LabelsById;
let id: string;

beforeEach(() => {
  labels = new GitHubLabelsById(stage.client);
  id = stage.repo.findLabel(label)?.nodeId ?? '';
});

const mutations = () => stage.github.writes().length;

describe('a label', () => {
  it('is found by the name that it has now', async () => {
    expect(await labels.find('Approved-Plan')).toEqual({ id, name: label });
    stage.repo.as('alice').renameLabel(label, 'other');
    expect(await labels.find(label)).toBeUndefined();
    expect(await labels.find('other')).toEqual({ id, name: 'other' });
  });

  it('is removed, or was not there, or is gone', async () => {
    stage.repo.as('tina').label(1, 'bug');
    expect(await labels.remove(1, id)).toBe('absent');
    expect(mutations()).toBe(0);
    stage.repo.as('tina').label(1, label);
    expect(await labels.remove(1, id)).toBe('removed');
    expect(stage.pull.labels).toEqual(['bug']);
    expect(await labels.remove(1, id)).toBe('absent');
    stage.repo.as('alice').deleteLabel(label);
    expect(await labels.remove(1, id)).toBe('gone');
    expect(mutations()).toBe(1);
  });

  it('is removed whatever it is called, and no other in its place', async () => {
    stage.repo.as('tina').label(1, label);
    stage.repo.as('tina').label(1, 'bug');
    stage.repo.as('alice').renameLabel(label, 'x');
    stage.repo.as('alice').renameLabel('bug', label);
    expect(await labels.remove(1, id)).toBe('removed');
    expect(stage.pull.labels).toEqual([label]);
  });

  it('is not taken for removed if GitHub leaves it on', async () => {
    stage.repo.as('tina').label(1, label);
    stage.github.fault({
      graphql: /removeLabelsFromLabelable/,
      edit: () => ({
        data: {
          removeLabelsFromLabelable: {
            labelable: { labels: { totalCount: 1, nodes: [{ id, name: label }] } },
          },
        },
      }),
    });
    await expect(labels.remove(1, id)).rejects.toMatchObject({ reason: 'api-unavailable' });
  });

  it('is not taken for absent from a list that is not whole', async () => {
    stage.github.fault({
      graphql: /query/,
      edit: (answer) => {
        answer.data.repository.pullRequest.labels.totalCount = 1;
        return answer;
      },
    });
    await expect(labels.remove(1, id)).rejects.toMatchObject({ reason: 'api-unavailable' });
  });

  it.each([404, 403, 500])('is not taken for absent after a %i', async (status) => {
    stage.repo.as('tina').label(1, label);
    stage.github.fault({ path: '/graphql', status, times: 9 });
    await expect(labels.remove(1, id)).rejects.toBeDefined();
    expect(stage.pull.labels).toEqual([label]);
  });

  it('is not taken for gone where another error says that something is not found', async () => {
    stage.github.fault({
      graphql: /query/,
      times: 9,
      edit: () => ({
        data: { node: null, repository: null },
        errors: [{ type: 'NOT_FOUND', path: ['repository'], message: 'Could not resolve' }],
      }),
    });
    await expect(labels.remove(1, id)).rejects.toMatchObject({ reason: 'api-unavailable' });
  });

  it('needs a permission to be removed', async () => {
    const token = stage.github.findToken(stage.job.token);
    if (token) token.permissions = { contents: 'write', actions: 'read' };
    stage.repo.as('tina').label(1, label);
    await expect(labels.remove(1, id)).rejects.toMatchObject({
      reason: 'permission-missing',
      message: expect.stringContaining('pull-requests: write'),
    });
  });
});
