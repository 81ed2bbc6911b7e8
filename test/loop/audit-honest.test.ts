/** Honest loops: an audit of what they leave finds nothing, offline and online. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readEvidenceFolders } from '../../src/system/evidence-folders.ts';
import { auditOf, findingsIn, kindOf } from '../support/audit-tools.ts';
import { auditOnline, chooseUpTo, onlineIn } from '../support/expired.ts';
import { storedIn } from '../support/loop/audited.ts';
import { HonestLoop } from '../support/loop/honest.ts';
import { label } from '../support/loop/loop.ts';
import { patch, update } from '../support/model/index.ts';
import { reseal } from '../support/resealed.ts';

const sample = readEvidenceFolders([
  fileURLToPath(new URL('../../docs/samples/drifted', import.meta.url)),
]).artifacts;
const outside = [patch(update('README.md', '# Shop', '# Tax shop'))];

interface Told {
  readonly policy?: string;
  play(it: HonestLoop): Promise<unknown>;
}

const replacedPlan: Told = {
  play: async (it) => {
    const planned = await it.plan();
    await it.approve('outside-plan', 'bob', outside);
    await it.approve();
    await it.verify();
    await it.again('plan', planned, 'ok', 'alice');
    await it.approve();
    await it.verify();
    await it.execute();
  },
};

const stories: Readonly<Record<string, Told>> = {
  'a plan whose run was attempted again': {
    play: async (it) => {
      const planned = await it.plan();
      await it.again('plan', planned, 'ok', 'alice');
      await it.approve();
      await it.verify();
      await it.execute();
    },
  },
  'a plan whose run was attempted again after a denial and an approval': replacedPlan,
  'a narrowed plan, and a repeated run of the plan before it': {
    play: async (it) => {
      const planned = await it.plan();
      await it.say('ok', 'alice', '/codex-without src/tax.ts');
      const edit = [
        patch(update('src/cart.ts', 'export const total = 1;', 'export const total = 1 * 1.2;')),
        'Done.',
      ];
      await it.approve('ok', 'bob', edit);
      await it.again('plan', planned, 'ok', 'alice');
      await it.approve();
      await it.verify();
      await it.execute();
    },
  },
  'a repeated run of a plan that other plans followed': {
    play: async (it) => {
      const planned = await it.plan();
      await it.plan();
      await it.say('ok', 'alice', '/codex-without src/tax.ts');
      await it.again('plan', planned, 'ok', 'alice');
      await it.approve();
    },
  },
  'a run of plan that failed first': {
    play: async (it) => {
      it.failCodex(9);
      const failed = await it.plan('codex-failed');
      it.failCodex(0);
      await it.again('plan', failed, 'ok', 'alice');
      await it.approve();
    },
  },
  'a plan that failed twice in one run': {
    play: async (it) => {
      it.failCodex(9);
      const failed = await it.plan('codex-failed');
      it.failCodex(9);
      await it.again('plan', failed, 'codex-failed', 'alice');
      it.failCodex(0);
      await it.plan();
    },
  },
  'an approval whose run failed twice and was attempted again': {
    play: async (it) => {
      await it.plan();
      it.failCodex(9);
      const failed = await it.approve('codex-failed');
      it.failCodex(9);
      await it.again('approve', failed, 'codex-failed', 'bob');
      it.failCodex(0);
      await it.again('approve', failed, 'ok', 'bob');
      await it.verify();
      await it.execute();
    },
  },
  'an approval whose run is attempted again when it is done': {
    play: async (it) => {
      await it.plan();
      const approved = await it.approve();
      await it.again('approve', approved, 'ok', 'bob');
      await it.verify();
    },
  },
  'a denial whose run is attempted again, and a new label': {
    play: async (it) => {
      await it.plan();
      const denied = await it.approve('outside-plan', 'bob', outside);
      await it.again('approve', denied, 'outside-plan', 'bob');
      await it.approve();
      await it.verify();
      await it.execute();
    },
  },
  'a verification that failed, and was attempted again': {
    policy: 'regenerate: always\n',
    play: async (it) => {
      await it.plan();
      await it.approve();
      it.failCodex(9);
      const failed = await it.verify('codex-failed');
      it.failCodex(9);
      await it.again('verify', failed, 'codex-failed');
      it.failCodex(0);
      await it.again('verify', failed, 'ok');
      const verified = await it.verify();
      await it.again('verify', verified, 'ok');
      await it.execute();
    },
  },
  'an execution whose answer was lost, and that another run repeated': {
    play: async (it) => {
      await it.plan();
      await it.approve();
      await it.verify();
      const lost = it.loop.github.fault({
        graphql: /updateRefs/,
        status: 502,
        when: 'before',
        times: Infinity,
      });
      await it.execute('api-unavailable');
      lost.remove();
      await it.execute();
    },
  },
  'an execution whose answer was lost, and another label': {
    play: async (it) => {
      await it.plan();
      await it.approve();
      await it.verify();
      const lost = it.loop.github.fault({
        graphql: /updateRefs/,
        status: 502,
        when: 'before',
        times: Infinity,
      });
      await it.execute('api-unavailable');
      lost.remove();
      await it.approve('ok', 'carol');
      await it.verify();
      await it.execute();
    },
  },
  'an execution whose answer was lost, and that was attempted again': {
    play: async (it) => {
      await it.plan();
      await it.approve();
      await it.verify();
      const lost = it.loop.github.fault({
        graphql: /updateRefs/,
        status: 502,
        when: 'before',
        times: Infinity,
      });
      const failed = await it.execute('api-unavailable');
      lost.remove();
      await it.again('execute', failed, 'ok');
    },
  },
  'an execution whose answer was lost though the branch had moved': {
    play: async (it) => {
      await it.plan();
      await it.approve();
      await it.verify();
      const lost = it.loop.github.fault({
        graphql: /updateRefs/,
        status: 502,
        when: 'after',
        times: 1,
      });
      const first = await it.execute();
      lost.remove();
      await it.again('execute', first, 'approval-consumed');
      await it.execute('approval-consumed');
    },
  },
  'an execution that came too late, and another plan': {
    play: async (it) => {
      await it.plan();
      await it.approve();
      await it.verify();
      const { repo, pull, github } = it.loop;
      const stop = github.onRequest((request) => {
        if (!JSON.stringify(request.body ?? '').includes('updateRefs')) return;
        stop();
        repo.as('frank').push(pull.head.ref, { 'docs/note.md': 'More.\n' });
      });
      await it.execute('head-moved');
      await it.plan();
      await it.approve();
      await it.verify();
      await it.execute();
    },
  },
  'votes, some of which were withdrawn': {
    policy: 'approvers: { count: 2 }\n',
    play: async (it) => {
      await it.plan();
      await it.approve('votes-missing', 'bob');
      await it.approve('votes-missing', 'bob');
      await it.approve('outside-plan', 'carol', outside);
      await it.approve('votes-missing', 'carol');
      await it.approve('ok', 'bob');
      await it.verify();
      await it.execute();
    },
  },
  'revisions, and files that are struck before and after': {
    play: async (it) => {
      await it.plan();
      await it.say('ok', 'bob', '/codex-without src/tax.ts');
      await it.say('ok', 'carol', '/codex-revise and the tests');
      await it.say('ok', 'bob', '/codex-without src/cart.ts');
      await it.approve('ok', 'bob', [
        patch('*** Add File: src/tax.ts\n+export const tax = 1.2;'),
        'Done.',
      ]);
      await it.verify();
      await it.execute();
    },
  },
  'a narrowed plan whose run was attempted again': {
    play: async (it) => {
      await it.plan();
      const narrowed = await it.say('ok', 'bob', '/codex-without src/tax.ts');
      await it.again('plan', narrowed, 'ok', 'bob');
    },
  },
  'a withdrawal, and a new plan': {
    play: async (it) => {
      await it.plan();
      await it.approve();
      const withdrawn = await it.say('plan-withdrawn', 'alice', '/codex-withdraw');
      await it.again('plan', withdrawn, 'plan-missing', 'alice');
      await it.plan();
      await it.approve();
      await it.verify();
      await it.execute();
    },
  },
  'a base and a head that move, which refresh tells': {
    play: async (it) => {
      const { repo, pull } = it.loop;
      await it.plan();
      await it.approve();
      await it.refresh(
        repo.as('carol').pushed('main', { 'src/cart.ts': 'export const total = 2;\n' }),
      );
      await it.verify('base-moved').catch(() => {});
      await it.refresh(
        repo.as('frank').pushTo(pull.number, { 'src/cart.ts': 'export const total = 1;\n' }),
      );
      await it.plan().catch(() => {});
    },
  },
  'a base that touched a planned file': {
    play: async (it) => {
      const { repo } = it.loop;
      await it.plan();
      await it.approve();
      await it.verify();
      repo.as('carol').push('main', { 'src/cart.ts': 'export const total = 2;\n' });
      await it.verify('base-moved');
    },
  },
  'verifications by each way to regenerate': {
    play: async (it) => {
      await it.plan();
      await it.approve();
      await it.verify('ok', { regenerate: 'always' });
      await it.verify('ok', { regenerate: 'never', drift: 'exact' });
      await it.verify('ok', { drift: 'scope', regenerate: 'always' });
      it.loop.repo.as('carol').push('main', { 'src/other.ts': 'export const other = 2;\n' });
      await it.verify();
      await it.execute();
    },
  },
  'a policy that changes between plan, approval, verification and execution': {
    policy: 'limits: { files: 5 }\n',
    play: async (it) => {
      await it.plan();
      it.setPolicy('limits: { files: 1 }\napprovers: { hours: 5 }\n');
      await it.approve('ok').catch(() => {});
      it.setPolicy('approvers: { hours: 48, count: 1, permission: maintain }\n');
      await it.approve('ok', 'carol');
      it.setPolicy('approvers: { hours: 3 }\nregenerate: never\n');
      await it.verify();
      it.setPolicy('approvers: { hours: 4 }\ndrift: exact\n');
      await it.execute();
    },
  },
  'an approver who got another login, which the policy follows': {
    policy: 'approvers: { users: [bob, carol] }\n',
    play: async (it) => {
      await it.plan();
      await it.approve();
      it.loop.github.renameAccount('bob', 'robert');
      it.setPolicy('approvers: { users: [robert, carol] }\n');
      await it.verify();
      await it.execute();
    },
  },
  'a voter and a requester who got other logins': {
    policy: 'approvers: { users: [bob, carol, robert], count: 2 }\n',
    play: async (it) => {
      await it.plan();
      await it.approve('votes-missing', 'bob');
      it.loop.github.renameAccount('bob', 'robert');
      it.loop.github.renameAccount('alice', 'alicia');
      await it.say('ok', 'carol', '/codex-without src/tax.ts');
      await it.approve('votes-missing', 'robert');
      it.loop.github.renameAccount('robert', 'bob');
      const edit = [
        patch(update('src/cart.ts', 'export const total = 1;', 'export const total = 1 * 1.2;')),
        'Done.',
      ];
      await it.approve('ok', 'carol', edit);
      await it.say('ok', 'alicia', '/codex-revise and more');
    },
  },
  'a label that was renamed, and the next one': {
    play: async (it) => {
      await it.plan();
      await it.approve();
      it.loop.repo.as('carol').renameLabel(label, 'approved-before');
      await it.verify('label-missing').catch(() => {});
      await it.approve();
      await it.verify();
      await it.execute();
    },
  },
  'somebody else in turn after each denial': {
    policy: 'approvers: { users: [bob, carol] }\nrotate: { ask: 1 }\n',
    play: async (it) => {
      await it.plan();
      await it.approve('outside-plan', 'bob', outside);
      await it.approve('outside-plan', 'carol', outside);
      await it.approve();
      await it.say('ok', 'carol', '/codex-revise and more');
      await it.approve();
      await it.verify();
      await it.execute();
    },
  },
  'an execution that is merged through the queue': {
    play: async (it) => {
      const { repo, pull } = it.loop;
      await it.plan();
      await it.approve();
      await it.verify();
      await it.execute();
      await it.refresh(repo.as('carol').enqueue(pull.number));
      await it.refresh(repo.as('carol').merge(pull.number)).catch(() => {});
    },
  },
};

async function foundAfter({ policy, play }: Told) {
  const honest = await HonestLoop.start(policy);
  await play(honest);
  const found = (await storedIn(honest.loop)).map(({ name, id, members }) => ({
    name: `${id}/${name}`,
    members,
  }));
  return { honest, found };
}

describe('an audit finds nothing after', () => {
  it.each(Object.entries(stories))('%s', async (_, told) => {
    const { honest, found } = await foundAfter(told);
    expect(findingsIn(found)).toEqual([]);
    const online = await honest.loop.audit();
    expect(online.reason, online.log).toBe('ok');
    // Nor if GitHub deletes some of it: the oldest, or any.
    const all = await onlineIn(honest.loop);
    const oldest = all.map((_, at) => all.slice(0, at + 1));
    for (const expired of [...oldest, ...chooseUpTo(all, 2)]) {
      const stored = all.filter((one) => !expired.includes(one));
      const { findings } = auditOnline(stored, expired);
      expect(findings, expired.map(({ name }) => name).join()).toEqual([]);
    }
  });
});

describe('a plan that a repeated run replaced', () => {
  it('is the excuse only for what its own run recorded before', async () => {
    const { found } = await foundAfter(replacedPlan);
    expect(auditOf(found).notProvable).toContainEqual(
      expect.stringMatching(
        /^What \S+approval-1 decided, .* plan: attempt 2 of run \d+ replaced it/,
      ),
    );
    const missing = expect.stringMatching(/approval-1 is about the plan [0-9a-f]{64}, and that is/);
    const once = reseal(found, (files) => {
      if (files['manifest.json']) files['manifest.json'].run.attempt = 1;
    });
    expect(findingsIn(once)).toContainEqual(missing);
    const others = found.filter((one) => kindOf(one) !== 'plan');
    expect(findingsIn(others)).toContainEqual(missing);
    // A run that was attempted again, and that never had this plan.
    const strange = reseal(
      sample.filter((one) => kindOf(one) === 'plan'),
      (files) => {
        files['manifest.json'].run.attempt = 2;
      },
    );
    expect(findingsIn([...others, ...strange])).toContainEqual(missing);
  });
});
