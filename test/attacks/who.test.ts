/** Identity: nobody asks or approves as somebody else, or with rights that they do not have. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  attempt,
  commentEdit,
  comments,
  expectIgnored,
  expectShut,
  labelOff,
  reaction,
  status,
  uploads,
} from '../support/attack.ts';
import type { WebhookEvent } from '../support/github/index.ts';
import { examplePlan, type Loop, label, startLoop } from '../support/loop/loop.ts';
import { shareLoop } from '../support/loop/shared.ts';
import type { Script } from '../support/model/index.ts';

let loop: Loop;

/** A loop for the tests of a block, which go on with what the ones before them left. */
function stage(begin: () => Promise<Loop>): void {
  beforeAll(async () => {
    loop = await begin();
  });
  afterEach(() => expect(loop.github.violations).toEqual([]));
  afterAll(() => loop.close());
}

const fresh = async () => (await shareLoop('fresh')).loop;
const planning = (script: Script) => async () => (await shareLoop('fresh', script)).loop;
/** The loop, some time after a plan. */
const planned = (begin: () => Promise<Loop>) => async () => {
  const begun = await begin();
  expect((await begun.plan()).reason).toBe('ok');
  begun.github.clock.advance({ minutes: 5 });
  return begun;
};
const under = (policy: string) => () => startLoop({ policy, scripted: true });

const ask = (by: string, body = '/codex add a tax') =>
  loop.repo.as(by).comment(loop.pull.number, body);
const asked = (event: WebhookEvent, options = {}) =>
  attempt(loop, () => loop.step('plan', event, options));
const labelled = (event: WebhookEvent, options = {}) =>
  attempt(loop, () => loop.step('approve', event, options));
const payloadOf = (event: WebhookEvent) =>
  structuredClone(event.payload) as Record<string, Record<string, unknown>>;

describe('asking for a plan', () => {
  stage(fresh);

  it.each([
    ['mallory', 'a stranger'],
    ['dave', 'somebody who may only read'],
  ])('as %s, %s, costs one call and leaves no trace', async (by) => {
    const attack = await asked(ask(by));
    expectShut(attack, 'actor-denied');
    expect(attack.calls).toEqual(['GET /repos/{owner}/{repo}/collaborators/{username}/permission']);
  });

  it('with triage, which may label but not write', async () => {
    expectShut(await asked(ask('erin')), 'actor-denied');
  });

  it('again and again, as a stranger, costs one call each', async () => {
    const events = Array.from({ length: 5 }, () => ask('mallory'));
    const attack = await attempt(loop, async () => {
      const results = await Promise.all(events.map((event) => loop.step('plan', event)));
      return results[0] as Awaited<ReturnType<Loop['step']>>;
    });
    expectShut(attack, 'actor-denied');
    expect(attack.calls).toHaveLength(events.length);
  });

  it('as the owner, by the word of author_association', async () => {
    const event = ask('dave');
    const payload = payloadOf(event);
    Object.assign(payload.comment as object, { author_association: 'OWNER' });
    expectShut(await asked(event, { payload }), 'actor-denied');
  });

  it.each(['evil[bot]', 'alice-helper[bot]'])('as the app %s', async (by) => {
    expectShut(await asked(ask(by)), 'bot-denied');
  });

  it('as a bot without the suffix', async () => {
    loop.github.bot('Copilot');
    const attack = await asked(ask('Copilot'));
    expectShut(attack, 'bot-denied');
    expect(attack.calls).toEqual([]);
  });

  it('as a user with the suffix of a bot', async () => {
    const event = ask('alice');
    const payload = payloadOf(event);
    for (const account of [payload.sender, payload.comment?.user]) {
      Object.assign(account as object, { login: 'alice[bot]' });
    }
    expectShut(await asked(event, { payload, actor: 'alice' }), 'bot-denied');
  });

  it('through an app that acts for a person', async () => {
    const app = loop.github.createApp({ slug: 'deputy' });
    const event = loop.repo.as('alice', app).comment(loop.pull.number, '/codex add a tax');
    expectShut(await asked(event), 'bot-denied');
  });

  it('in a run that belongs to another actor', async () => {
    loop.github.user('dependabot[bot]');
    expectShut(await asked(ask('mallory'), { actor: 'dependabot[bot]' }), 'actor-denied');
    expectShut(await asked(ask('mallory'), { actor: 'alice' }), 'actor-denied');
  });

  it('with the comment of somebody else', async () => {
    const event = ask('mallory');
    const payload = payloadOf(event);
    payload.sender = structuredClone(payloadOf(ask('alice')).sender) as Record<string, unknown>;
    expectShut(await asked(event, { payload, actor: 'alice' }), 'actor-denied');
  });

  it('by repeating the run of somebody who may', async () => {
    expectShut(await asked(ask('alice'), { triggeringActor: 'dave' }), 'actor-denied');
  });

  it('with a login that somebody gave up', async () => {
    const event = ask('gus');
    loop.github.renameAccount('gus', 'gus-before');
    loop.repo.setRole('gus', 'write');
    expectShut(await asked(event), 'actor-denied');
  });

  it('when the permission cannot be asked for', async () => {
    const event = ask('alice');
    const fault = loop.github.fault({ path: /\/permission$/, status: 403, times: Infinity });
    expectShut(await asked(event), 'permission-missing', { writes: [reaction] });
    fault.remove();
  });

  it('by editing an old comment', async () => {
    const event = ask('alice', 'What a nice day.');
    expectIgnored(
      await asked(loop.repo.as('alice').editComment(event, '/codex delete everything')),
    );
  });

  it('by deleting a comment', async () => {
    const event = ask('alice', '/codex add a tax');
    expectIgnored(await asked(loop.repo.as('alice').deleteComment(event)));
  });

  it('on an issue that is no pull request', async () => {
    const { number } = loop.repo.openIssue();
    expectIgnored(await asked(loop.repo.as('alice').comment(number, '/codex add a tax')));
  });

  // test/core/plan/prompt.test.ts has all of them.
  it.each([
    ['in another script', '/\u0441odex x'],
    ['glued to a word', '/codexx'],
    ['as the approval command of another bot', '/approve'],
  ])('with a command that is %s', async (_, body) => {
    expectIgnored(await asked(ask('alice', body)));
  });

  it.each(['7\n8', '07', '1e3', '-1', '0', '99999999999'])(
    'for the pull request %j',
    async (number) => {
      const event = loop.repo.as('alice').dispatch('.github/workflows/codex.yml');
      const inputs = { 'pull-request': number, prompt: 'x' };
      const attack = await asked(event, { inputs });
      expectShut(attack, 'config-invalid');
      expect(attack.calls).toEqual([]);
    },
  );

  it('from a fork, without a fetch of its head', async () => {
    const fork = loop.repo.fork('mallory');
    const pull = loop.repo.openPullRequest({ author: 'mallory', from: fork, head: 'evil' });
    const attack = await asked(loop.repo.as('alice').comment(pull.number, '/codex x'));
    expectShut(attack, 'fork-denied', { writes: [reaction, status] });
    expect(attack.calls.filter((call) => call.includes('git-upload-pack'))).toEqual([]);
    fork.delete();
    expectShut(await asked(loop.repo.as('alice').comment(pull.number, '/codex x')), 'fork-denied', {
      writes: [reaction, status],
    });
  });
});

describe('approving', () => {
  stage(async () => {
    const { loop: shared } = await shareLoop('planned');
    shared.github.clock.advance({ minutes: 5 });
    return shared;
  });
  const set = (by: string, name = label) => loop.repo.as(by).label(loop.pull.number, name);
  const shutAndOff = (attack: Awaited<ReturnType<typeof labelled>>, reason: string) => {
    expectShut(attack, reason, { writes: [labelOff] });
    expect(loop.pull.labels).not.toContain(label);
  };

  it('with triage, which is enough to set a label', async () => {
    shutAndOff(await labelled(set('erin')), 'actor-denied');
  });

  it('as the one who asked', async () => {
    shutAndOff(await labelled(set('alice')), 'self-approval');
  });

  it('as the author of the pull request', async () => {
    shutAndOff(await labelled(set('frank')), 'self-approval');
  });

  it.each(['evil[bot]', 'github-actions[bot]'])('as the app %s', async (by) => {
    shutAndOff(await labelled(set(by)), 'bot-denied');
  });

  it('as a bot without the suffix', async () => {
    loop.github.bot('Copilot');
    shutAndOff(await labelled(set('Copilot')), 'bot-denied');
  });

  it('through an app that acts for a person', async () => {
    const app = loop.github.createApp({ slug: 'deputy' });
    shutAndOff(
      await labelled(loop.repo.as('bob', app).label(loop.pull.number, label)),
      'bot-denied',
    );
  });

  it('with a person who caused the event, and an app that set the label', async () => {
    const app = loop.github.createApp({ slug: 'second-deputy' });
    loop.repo.as('bob', app).label(loop.pull.number, label);
    const dispatch = loop.repo.as('carol').dispatch('.github/workflows/codex.yml');
    shutAndOff(
      await labelled(dispatch, { inputs: { 'pull-request': String(loop.pull.number) } }),
      'bot-denied',
    );
  });

  it('in a run that belongs to another actor', async () => {
    shutAndOff(await labelled(set('erin'), { actor: 'bob' }), 'actor-denied');
  });

  it('by repeating the run of somebody who may', async () => {
    shutAndOff(await labelled(set('bob'), { triggeringActor: 'erin' }), 'actor-denied');
  });

  it('with a permission that was lost between label and run', async () => {
    const event = set('bob');
    loop.repo.setRole('bob', 'read');
    shutAndOff(await labelled(event), 'actor-denied');
    loop.repo.setRole('bob', 'write');
  });

  it('with a login that was given up between label and run', async () => {
    loop.repo.setRole('hal', 'write');
    const event = set('hal');
    loop.github.renameAccount('hal', 'hal-before');
    loop.repo.setRole('hal', 'write');
    shutAndOff(await labelled(event), 'actor-denied');
  });

  it.each(['\u0430pproved-plan', 'approved-plan2', 'approved-plan\u200b', 'approved_plan'])(
    'with the label %j',
    async (name) => {
      expectIgnored(await labelled(set('bob', name)));
    },
  );

  it('by taking the label off', async () => {
    set('bob');
    expectIgnored(await labelled(loop.repo.as('bob').unlabel(loop.pull.number, label)));
  });

  it('by renaming a label that is set already, whoever starts the run', async () => {
    loop.repo.as('bob').label(loop.pull.number, 'docs');
    loop.repo.as('alice').renameLabel(label, 'unused');
    loop.repo.as('alice').renameLabel('docs', label);
    const inputs = { 'pull-request': String(loop.pull.number) };
    const dispatch = (by: string) => loop.repo.as(by).dispatch('.github/workflows/codex.yml');
    // GitHub keeps the name that the label had when it was set.
    shutAndOff(await labelled(dispatch('carol'), { inputs }), 'bot-denied');
    loop.repo.as('bob').label(loop.pull.number, label);
    shutAndOff(await labelled(dispatch('alice'), { inputs }), 'self-approval');
  });

  it('for somebody else whose label was removed', async () => {
    const event = set('erin');
    loop.repo.as('bob').unlabel(loop.pull.number, label);
    loop.github.clock.advance({ minutes: 1 });
    set('bob');
    expectShut(await labelled(event), 'actor-denied', { writes: [labelOff] });
    // That run is about another label event than bob's, which his own run answers.
    expect(loop.pull.labels).toContain(label);
  });
});

describe('the policy', () => {
  describe('of named approvers', () => {
    stage(planned(under('approvers: { users: [carol, heidi], teams: [reviewers] }')));

    it('refuses a name that only begins like one of them', async () => {
      loop.github.createTeam({ organization: 'octo', slug: 'reviewers', members: [] });
      for (const login of ['carol-admin', 'caro', 'heidi2']) {
        loop.repo.setRole(login, 'admin');
        const inputs = { 'team-token': teamToken() };
        const attack = await labelled(loop.repo.as(login).label(loop.pull.number, label), {
          inputs,
        });
        expectShut(attack, 'actor-denied', { writes: [labelOff] });
      }
    });

    it('refuses a member who has not accepted yet', async () => {
      loop.github.createTeam({
        organization: 'octo',
        slug: 'reviewers',
        members: [],
        pending: ['bob'],
      });
      const inputs = { 'team-token': teamToken() };
      const attack = await labelled(loop.repo.as('bob').label(loop.pull.number, label), { inputs });
      expectShut(attack, 'actor-denied', { writes: [labelOff] });
    });

    it('is not waived if teams cannot be read', async () => {
      const attack = await labelled(loop.repo.as('bob').label(loop.pull.number, label));
      expectShut(attack, 'config-invalid', { writes: [labelOff, comments] });
    });

    const teamToken = () => {
      loop.github.organization('octo').members.add('org-reader');
      return loop.github.createToken({ kind: 'user', login: 'org-reader', scopes: ['read:org'] })
        .value;
    };
  });

  describe('of the pull request itself', () => {
    stage(fresh);

    it('is not the policy', async () => {
      const pull = loop.repo.openPullRequest({
        author: 'frank',
        head: 'own-policy',
        files: {
          '.github/codex-plan.yml': 'approvers: { permission: triage, self: true, author: true }',
        },
      });
      loop.repo.git.setRef('refs/tags/main', loop.repo.tip('own-policy'));
      const request = loop.repo.as('alice').comment(pull.number, '/codex add a tax');
      expect((await loop.step('plan', request)).reason).toBe('ok');
      loop.github.clock.advance({ minutes: 1 });
      for (const [by, reason] of [
        ['alice', 'self-approval'],
        ['frank', 'self-approval'],
        ['erin', 'actor-denied'],
      ] as const) {
        const attack = await labelled(loop.repo.as(by).label(pull.number, label));
        expectShut(attack, reason, { writes: [labelOff] });
      }
    });

    it('that cannot be read stops everything', async () => {
      const fault = loop.github.fault({
        graphql: /policy: object/,
        status: 500,
        times: Infinity,
      });
      expectShut(await asked(ask('alice')), 'api-unavailable', { writes: [reaction] });
      fault.remove();
    });
  });

  describe('of several approvers', () => {
    stage(planned(under('approvers: { count: 2 }')));
    const votes = { writes: [labelOff, comments, commentEdit, status] };
    const vote = (by: string) => {
      loop.github.clock.advance({ minutes: 1 });
      return labelled(loop.repo.as(by).label(loop.pull.number, label));
    };

    it('does not count the same person twice', async () => {
      expectShut(await vote('bob'), 'votes-missing', votes);
      expectShut(await vote('bob'), 'votes-missing', votes);
    });

    it('does not count a vote for a plan comment that was edited and put back since', async () => {
      const [shown] = loop.pull.comments.filter((each) => each.body.startsWith('<!-- codex-plan'));
      const { id, body } = shown as { id: number; body: string };
      loop.github.clock.advance({ minutes: 1 });
      loop.repo.as('alice').editComment(id, body.replace('src/tax.ts', 'docs/tax.md'));
      loop.repo.as('alice').editComment(id, body);
      const attack = await vote('carol');
      expectShut(attack, 'votes-missing', votes);
      expect(attack.result.log).toContain('1 of 2');
    });

    it('does not count a vote that was cast while the request read otherwise', async () => {
      const request = loop.pull.comments.find((each) => each.body.startsWith('/codex'));
      const { id, body } = request as { id: number; body: string };
      loop.github.clock.advance({ minutes: 1 });
      loop.repo.as('alice').editComment(id, '/codex fix a typo');
      expectShut(await vote('carol'), 'plan-altered', votes);
      loop.repo.as('alice').editComment(id, body);
      const attack = await vote('bob');
      expectShut(attack, 'votes-missing', votes);
      expect(attack.result.log).toContain('1 of 2');
    });

    it('does not count votes that were taken back', async () => {
      loop.github.clock.advance({ minutes: 1 });
      loop.repo.as('erin').label(loop.pull.number, label);
      loop.repo.as('bob').unlabel(loop.pull.number, label);
      const attack = await vote('carol');
      expectShut(attack, 'votes-missing', votes);
      expect(attack.result.log).toContain('1 of 2');
    });

    it('does not count who lost the permission, or asked for the plan', async () => {
      loop.repo.setRole('carol', 'read');
      expectShut(await vote('alice'), 'self-approval', votes);
      const attack = await vote('bob');
      expectShut(attack, 'votes-missing', votes);
      expect(attack.result.log).toContain('1 of 2');
    });
  });

  const planOf = (path: string) => ({
    plan: () =>
      JSON.stringify({
        ...examplePlan,
        files: [{ path, operation: 'create', reason: 'It runs.' }],
        steps: [],
      }),
  });

  describe('of protected paths', () => {
    stage(planned(planning(planOf('src/Package.json'))));

    it('holds for a path that needs maintain', async () => {
      const attack = await labelled(loop.repo.as('bob').label(loop.pull.number, label));
      expectShut(attack, 'path-protected', { writes: [labelOff, status] });
    });
  });

  describe.each([
    ['.github/workflows/deploy.yml', 'that runs in every workflow', 'path-protected'],
    ['.github/codex-plan.yml', 'of the policy itself', 'path-protected'],
    ['.GitHub/Workflows/Deploy.YML', 'in another case', 'path-invalid'],
    ['.\uff47ithub/workflows/deploy.yml', 'in another width', 'path-invalid'],
    ['.git\u0127ub/../.github/workflows/deploy.yml', 'by a detour', 'path-invalid'],
  ])('of protected paths: %s', (path, what, reason) => {
    stage(planning(planOf(path)));

    it(`lets no plan name a path ${what}`, async () => {
      const attack = await asked(ask('alice'));
      const writes = [reaction, labelOff, status, ...uploads];
      expectShut(attack, reason, { writes, model: true });
      // What Codex did is recorded, and no plan is.
      expect(loop.repo.artifacts.list().map(({ name }) => name)).toEqual(['codex-denial-1']);
    });
  });
});
