/** Who is in a team of the policy: a team that is not there is no team without members. */
import { beforeEach, describe, expect, it } from 'vitest';
import { GitHubClient } from '../../src/github/client.ts';
import { GitHubPeople } from '../../src/github/people.ts';
import { openStage } from './stage.ts';

const stage = openStage();

const slug = () => `keepers-${stage.repo.name}`;
const team = () => `octo/${slug()}`;

function peopleOf(scopes: readonly string[] = ['read:org']) {
  stage.github.organization('octo').members.add('org-reader');
  const { value } = stage.github.createToken({ kind: 'user', login: 'org-reader', scopes });
  const teams = new GitHubClient(value, stage.client.repository);
  return new GitHubPeople(stage.client, teams);
}

beforeEach(() => {
  const organization = 'octo';
  const parent = stage.github.createTeam({
    ...{ organization, slug: slug(), members: ['ada'], pending: ['tina'] },
  });
  stage.github.createTeam({ organization, slug: `inner-${slug()}`, members: ['alice'], parent });
});

describe('a member of a team', () => {
  it.each([
    ['in it', 'ada', true],
    ['in a team inside of it', 'alice', true],
    ['invited, and has not accepted', 'tina', false],
    ['somebody else', 'mallory', false],
  ])('is who is %s', async (_, login, expected) => {
    expect(await peopleOf().isMember(team(), login)).toBe(expected);
  });

  it('is nobody of a team that was renamed or deleted, which is said', async () => {
    stage.github.organization('octo').teams.delete(slug());
    await expect(peopleOf().isMember(team(), 'ada')).rejects.toMatchObject({
      reason: 'config-invalid',
      message: expect.stringContaining(`names the team ${team()}, and GitHub has no such team`),
    });
  });

  it('is nobody if the token may not see the team, which is said', async () => {
    await expect(peopleOf([]).isMember(team(), 'ada')).rejects.toMatchObject({ name: 'Stopped' });
  });
});
