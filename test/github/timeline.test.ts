/** The event log of a pull request, as far as an approval can begin or end by it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { GitHubTimeline } from '../../src/github/timeline.ts';
import type { Timeline } from '../../src/ports/timeline.ts';
import { label, openStage } from './stage.ts';

const stage = openStage();

let timeline: Timeline;

beforeEach(() => {
  timeline = new GitHubTimeline(stage.client);
  stage.github.deletedLabels = 'told';
});

const read = () => timeline.read(1);
const events = async () => (await read()).events;
const kinds = async () => (await events()).map(({ kind }) => kind);
const minute = () => stage.github.clock.advance({ minutes: 1 });
const idOf = (name: string) => stage.repo.findLabel(name)?.nodeId;

describe('the event log', () => {
  it('has who set and removed which label when, oldest first', async () => {
    const { repo, github } = stage;
    const at = github.clock.iso;
    repo.as('tina').label(1, label);
    minute();
    repo.as('github-actions[bot]').unlabel(1, label);
    expect(await events()).toEqual([
      {
        kind: 'set',
        id: repo.events[0]?.nodeId,
        label: { id: idOf(label), name: label },
        actor: { id: github.user('tina').id, login: 'tina', type: 'User' },
        at,
      },
      {
        kind: 'removed',
        id: repo.events[1]?.nodeId,
        label: { id: idOf(label), name: label },
        actor: { id: 41898282, login: 'github-actions', type: 'Bot' },
        at: github.clock.iso,
      },
    ]);
    expect(github.requests).toHaveLength(1);
  });

  it('has what brought other commits under it', async () => {
    const { repo } = stage;
    const first = stage.pull.head.sha;
    repo.as('alice').pushTo(1, { b: 'b\n' });
    repo.as('alice').resetTo(1, first);
    repo.push('release', {}, { parent: repo.tip() });
    repo.as('alice').retarget(1, 'release');
    repo.as('alice').retarget(1, 'main', 'automatic');
    expect(await kinds()).toEqual(['force-pushed', 'base-changed', 'base-changed']);
  });

  it('is whole, whatever strangers do, and in the order of time', async () => {
    stage.repo.as('mallory').reference(1, 5000);
    stage.github.pageLimit = 2;
    for (let index = 0; index < 3; index++) {
      stage.repo.as('tina').label(1, label);
      minute();
      stage.repo.as('tina').unlabel(1, label);
      minute();
    }
    stage.github.fault({ graphql: /timelineItems/, order: 'reversed', times: 3 });
    const twice = ['set', 'removed'];
    expect(await kinds()).toEqual([...twice, ...twice, ...twice]);
    expect(stage.github.requests).toHaveLength(3);
  });

  it('ends somewhere', async () => {
    stage.github.pageLimit = 1;
    for (let index = 0; index < 11; index++) {
      stage.repo.as('tina').label(1, label);
      stage.repo.as('tina').unlabel(1, label);
    }
    await expect(read()).rejects.toMatchObject({ reason: 'limit-exceeded' });
    expect(stage.github.requests).toHaveLength(20);
  });

  it('does not go round in circles', async () => {
    stage.repo.as('tina').label(1, label);
    stage.github.fault({
      path: '/graphql',
      times: Number.POSITIVE_INFINITY,
      edit: (answer) => {
        answer.data.repository.pullRequest.events.pageInfo = {
          hasNextPage: true,
          endCursor: Buffer.from('cursor:v2:1').toString('base64'),
        };
        return answer;
      },
    });
    await expect(read()).rejects.toMatchObject({ reason: 'api-unavailable' });
  });

  it('knows a label by its id, through renames', async () => {
    stage.repo.as('tina').label(1, label);
    const id = idOf(label);
    stage.repo.as('alice').renameLabel(label, 'other');
    stage.repo.as('alice').createLabel(label);
    stage.repo.as('tina').label(1, label);
    expect((await events()).map((event) => 'label' in event && event.label)).toEqual([
      { id, name: 'other' },
      { id: idOf(label), name: label },
    ]);
  });

  it.each(['told', 'untold'] as const)(
    'keeps the event of a label that is gone (%s)',
    async (how) => {
      stage.repo.as('tina').label(1, 'bug');
      stage.repo.as('tina').label(1, label);
      const id = idOf('bug');
      stage.repo.as('alice').deleteLabel('bug');
      stage.github.deletedLabels = how;
      expect((await events()).map((event) => 'label' in event && event.label)).toEqual([
        how === 'told' ? { id, name: 'bug' } : null,
        { id: idOf(label), name: label },
      ]);
    },
  );

  it('has no actor if the account is gone, or is of no kind that has an id', async () => {
    stage.repo.as('tina').label(1, label);
    const [event] = stage.repo.events;
    if (event) event.actor = null;
    expect(await events()).toMatchObject([{ kind: 'set', actor: null }]);
  });

  it.each<[string, (pull: Answer) => void]>([
    ['an event without a type', ({ events }) => delete events.nodes[0].__typename],
    [
      'an event of another type',
      ({ events }) => Object.assign(events.nodes[0], { __typename: 'X' }),
    ],
    ['an event without an id', ({ events }) => delete events.nodes[0].id],
    ['an event without a time', ({ events }) => Object.assign(events.nodes[0], { createdAt: '' })],
    ['null in place of an event', ({ events }) => events.nodes.fill(null)],
    ['no end', ({ events }) => delete events.pageInfo],
    ['no labels', (pull) => delete (pull as Partial<Answer>).labels],
    ['no list', ({ events }) => Object.assign(events, { nodes: null })],
  ])('cannot be read with %s', async (_, change) => {
    stage.repo.as('tina').label(1, label);
    stage.github.fault({
      path: '/graphql',
      edit: (answer) => {
        change(answer.data.repository.pullRequest);
        return answer;
      },
    });
    await expect(read()).rejects.toMatchObject({ reason: 'api-unavailable' });
  });

  it('is not read if there is no such pull request', async () => {
    await expect(timeline.read(99)).rejects.toMatchObject({ reason: 'api-unavailable' });
  });

  it('takes an error at an event for none of the errors that leave a label out', async () => {
    stage.repo.as('tina').label(1, label);
    stage.github.fault({
      path: '/graphql',
      times: 4,
      edit: (answer) => ({
        ...answer,
        errors: [
          {
            message: 'Something went wrong',
            path: ['repository', 'pullRequest', 'events', 'nodes', 0],
          },
        ],
      }),
    });
    await expect(read()).rejects.toMatchObject({ reason: 'api-unavailable' });
  });
});

describe('what the event log says of now', () => {
  it('is which labels the pull request carries, by id', async () => {
    stage.repo.as('tina').label(1, 'bug');
    stage.repo.as('tina').label(1, label);
    stage.repo.as('tina').unlabel(1, 'bug');
    const id = idOf(label);
    stage.repo.as('alice').renameLabel(label, 'other');
    expect((await read()).carried).toEqual([{ id, name: 'other' }]);
    expect((await events()).map(({ kind }) => kind)).toEqual(['set', 'set', 'removed']);
  });

  it('is not told of a list that is not whole', async () => {
    stage.repo.as('tina').label(1, label);
    stage.github.fault({
      path: '/graphql',
      edit: (answer) => {
        answer.data.repository.pullRequest.carried.totalCount = 2;
        return answer;
      },
    });
    await expect(read()).rejects.toMatchObject({
      reason: 'api-unavailable',
      message: 'GitHub does not tell all labels of the pull request.',
    });
  });

  it('is as new as the last page', async () => {
    stage.github.pageLimit = 1;
    stage.repo.as('tina').label(1, label);
    stage.repo.as('tina').unlabel(1, label);
    const stop = stage.github.onRequest(() => {
      if (stage.github.requests.length !== 1) return;
      stop();
      stage.repo.as('tina').label(1, 'bug');
    });
    expect((await read()).carried).toEqual([{ id: idOf('bug'), name: 'bug' }]);
  });

  it('is sorted by time, whatever the offset of a time', async () => {
    stage.repo.as('alice').label(1, label);
    stage.repo.as('alice').unlabel(1, label);
    const times = ['2026-03-02T08:30:00-01:00', '2026-03-02T10:00:00+01:00'];
    stage.github.fault({
      path: '/graphql',
      edit: (answer) => {
        const { nodes } = answer.data.repository.pullRequest.events;
        for (const [index, node] of nodes.entries()) node.createdAt = times[index];
        return answer;
      },
    });
    expect((await events()).map(({ kind, at }) => [kind, at])).toEqual([
      ['removed', '2026-03-02T09:00:00Z'],
      ['set', '2026-03-02T09:30:00Z'],
    ]);
  });
});

describe('what only REST tells of a label event', () => {
  const last = () => {
    const event = stage.repo.events.at(-1);
    return { id: event?.nodeId ?? '', at: event?.createdAt ?? '' };
  };
  const pages = () => stage.github.requests.map(({ query }) => Number(query.page));

  it('is whether an app acted, and what the label was called', async () => {
    stage.repo.as('tina').label(1, label);
    const person = last();
    const app = stage.github.createApp({ slug: 'helper' });
    stage.repo.as('alice', app).label(1, 'bug');
    const unknown = { ...person, id: 'LE_none' };
    expect(await timeline.readDetails(1, [person, last(), unknown])).toEqual(
      new Map([
        [person.id, { viaApp: false, labelName: label }],
        [last().id, { viaApp: true, labelName: 'bug' }],
      ]),
    );
  });

  it('is found at its time, whatever strangers put before it and after it', async () => {
    stage.repo.as('mallory').reference(1, 700);
    stage.github.clock.advance({ minutes: 1 });
    stage.repo.as('tina').label(1, label);
    const event = last();
    stage.github.clock.advance({ minutes: 1 });
    stage.repo.as('mallory').reference(1, 5000);
    const found = await timeline.readDetails(1, [event]);
    expect(found.get(event.id)).toEqual({ viaApp: false, labelName: label });
    expect(pages().length).toBeLessThanOrEqual(8);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: whatever GitHub answers
type Answer = Record<'events' | 'labels', any>;
