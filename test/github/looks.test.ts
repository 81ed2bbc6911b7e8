import { beforeEach, describe, expect, it } from 'vitest';
import type { ObjectId } from '../../src/core/text/object-id.ts';
import { GitHubComments } from '../../src/github/comments.ts';
import { GitHubLabels } from '../../src/github/labels.ts';
import { Looks } from '../../src/github/looks.ts';
import { GitHubPeople } from '../../src/github/people.ts';
import { GitHubPullRequests } from '../../src/github/pull-requests.ts';
import { GitHubRepository } from '../../src/github/repository.ts';
import { GitHubTimeline } from '../../src/github/timeline.ts';
import { label, openStage } from './stage.ts';

const stage = openStage();

const policyFile = '.github/codex-plan.yml';
const workflow = '.github/workflows/codex-plan.yml';
const branch = async () => 'main';

let looks: Looks;
const open = (number: number | null = stage.pull.number) =>
  new Looks(stage.client, {
    number,
    policyFile,
    workflow: { path: workflow, commit: stage.repo.tip('main') as ObjectId },
    label,
    context: 'codex-plan',
  });
const adapters = (about = looks) => ({
  pulls: new GitHubPullRequests(stage.client, about),
  timeline: new GitHubTimeline(stage.client, about),
  comments: new GitHubComments(stage.client, about),
  labels: new GitHubLabels(stage.client, about),
  people: new GitHubPeople(stage.client, undefined, about),
  repository: new GitHubRepository(stage.client, about),
});
const alone = () => ({
  pulls: new GitHubPullRequests(stage.client),
  timeline: new GitHubTimeline(stage.client),
  comments: new GitHubComments(stage.client),
  labels: new GitHubLabels(stage.client),
  people: new GitHubPeople(stage.client),
  repository: new GitHubRepository(stage.client),
});

async function everything({
  pulls,
  timeline,
  comments,
  labels,
  people,
  repository,
}: ReturnType<typeof alone>) {
  const { number } = stage.pull;
  const pull = await pulls.read(number);
  const [first] = stage.pull.comments;
  return {
    pull,
    policy: await repository.readPolicy(policyFile, branch),
    tip: await pulls.baseTip(pull.baseRef),
    log: await timeline.read(number),
    comment: await comments.read(first?.id ?? 0),
    comments: await comments.list(number),
    carried: await labels.carried(number),
    head: await pulls.readHead(number, 'codex-plan'),
    self: await people.self(),
  };
}

beforeEach(() => {
  looks = open();
  stage.repo.as('tina').label(stage.pull.number, label);
  stage.repo.as('tina').label(stage.pull.number, 'bug');
  stage.repo.as('alice').comment(stage.pull.number, 'Looks good.\r\n');
  stage.github.requests.length = 0;
});

describe('a look', () => {
  it('tells in one call what the single calls tell', async () => {
    const told = await everything(adapters());
    expect(stage.github.counted()).toHaveLength(1);
    expect(told).toEqual(await everything(alone()));
  });

  it('tells the policy file, and that there is none', async () => {
    expect((await adapters().repository.readPolicy(policyFile, branch)).file).toBeUndefined();
    const text = 'approvers: { hours: 12 } # é\n';
    stage.repo.as('ada').push('main', { [policyFile]: text });
    for (const about of [open(), open(null)]) {
      const told = await adapters(about).repository.readPolicy(policyFile, branch);
      expect(told.file?.text).toBe(text);
      expect(told).toEqual(await alone().repository.readPolicy(policyFile, branch));
    }
  });

  it('leaves a policy file that is not told as text to a call that tells bytes', async () => {
    stage.repo.as('ada').push('main', { [policyFile]: 'a\0b' });
    const told = await adapters().repository.readPolicy(policyFile, branch);
    expect(told.file?.text).toBe('a\0b');
  });

  it.each<[string, (repository: Told) => void]>([
    [
      'the file',
      ({ defaultBranchRef }) => {
        defaultBranchRef.target.file = null;
      },
    ],
    [
      'the text',
      (repository) => {
        repository.policy = null;
      },
    ],
    [
      'the whole commit',
      ({ defaultBranchRef }) => {
        defaultBranchRef.target = null;
      },
    ],
    [
      'the right text',
      ({ policy }) => {
        policy.text = 'approvers: {}\n';
      },
    ],
    [
      'half of the text',
      ({ policy }) => {
        policy.isTruncated = true;
      },
    ],
  ])('does not take a policy for absent or other because of one lost part: %s', async (_, lose) => {
    const text = 'approvers: { hours: 12 }\n';
    stage.repo.as('ada').push('main', { [policyFile]: text });
    const edit = (answer: { data: Told }) => {
      lose(answer.data.repository);
      return answer;
    };
    stage.github.fault({ graphql: /policy: object/, edit });
    const told = await adapters().repository.readPolicy(policyFile, branch);
    expect(told.file?.text).toBe(text);
  });

  it('stops the run if a later one tells another policy of the same commit', async () => {
    stage.repo.as('ada').push('main', { [policyFile]: 'approvers: { hours: 12 }\n' });
    const edit = (answer: { data: Told }) => {
      answer.data.repository.policy = null;
      answer.data.repository.defaultBranchRef.target.file = null;
      return answer;
    };
    stage.github.fault({ graphql: /policy: object/, edit });
    const { repository, pulls } = adapters();
    expect((await repository.readPolicy(policyFile, branch)).file).toBeUndefined();
    await pulls.read(stage.pull.number);
    await expect(pulls.read(stage.pull.number)).rejects.toMatchObject({
      reason: 'api-unavailable',
    });
  });

  it('answers each question once: asked again, it is asked of GitHub', async () => {
    const first = adapters();
    await everything(first);
    stage.repo.as('tina').unlabel(stage.pull.number, label);
    stage.repo.as('alice').comment(stage.pull.number, 'Another.');
    stage.repo.as('alice').push('feature/x', { 'b.md': 'b\n' });
    expect((await first.timeline.read(stage.pull.number)).events).toHaveLength(3);
    expect(await first.comments.list(stage.pull.number)).toHaveLength(stage.pull.comments.length);
    expect((await first.labels.carried(stage.pull.number)).map(({ name }) => name)).toEqual([
      'bug',
    ]);
    expect((await first.pulls.readHead(stage.pull.number, 'codex-plan')).head).toBe(
      stage.pull.head.sha,
    );
    expect((await first.pulls.read(stage.pull.number)).head.sha).toBe(stage.pull.head.sha);
  });

  it('knows nothing of another pull request', async () => {
    const other = stage.repo.openPullRequest({ author: 'alice', files: { 'c.md': 'c\n' } });
    const { pulls, comments, labels, timeline } = adapters();
    await pulls.read(stage.pull.number);
    expect(await comments.list(other.number)).toEqual([]);
    expect(await labels.carried(other.number)).toEqual([]);
    expect((await timeline.read(other.number)).events).toEqual([]);
    expect((await pulls.read(other.number)).number).toBe(other.number);
  });

  it('tells no list that it has a page of alone', async () => {
    stage.github.pageLimit = 2;
    for (let more = 0; more < 3; more++)
      stage.repo.as('alice').comment(stage.pull.number, `${more}`);
    const { pulls, comments } = adapters();
    await pulls.read(stage.pull.number);
    expect(await comments.list(stage.pull.number)).toHaveLength(stage.pull.comments.length);
  });

  it('does not take its comments for true after one was edited', async () => {
    const { pulls, comments } = adapters();
    await pulls.read(stage.pull.number);
    const mine = await comments.create(stage.pull.number, 'Mine.');
    await comments.update(mine.id, 'Mine, edited.');
    const bodies = (await comments.list(stage.pull.number)).map(({ body }) => body);
    expect(bodies.at(-1)).toBe('Mine, edited.');
  });

  it('is none of a pull request that does not exist', async () => {
    await expect(adapters().pulls.read(4711)).rejects.toMatchObject({ reason: 'config-invalid' });
  });

  it('leaves the head to a separate call if the token may not read all of it', async () => {
    const edit = (answer: { data: Told; errors?: unknown }) => {
      answer.data.repository.pullRequest.newest.nodes[0].commit.status = null;
      answer.errors = [
        {
          type: 'FORBIDDEN',
          path: ['repository', 'pullRequest', 'newest', 'nodes', 0, 'commit', 'status'],
          message: 'Resource not accessible by integration',
        },
      ];
      return answer;
    };
    stage.github.fault({ graphql: /policy: object/, edit });
    const { pulls } = adapters();
    await pulls.read(stage.pull.number);
    await pulls.readHead(stage.pull.number, 'codex-plan');
    expect(stage.github.counted()).toHaveLength(2);
  });
});

/** An answer that a test takes a part from. */
// biome-ignore lint/suspicious/noExplicitAny: it is GitHub's answer, as it came
type Told = any;
