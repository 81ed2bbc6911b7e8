/** Decisions that the facts do not bear out, in evidence whose digests all fit. */
import { beforeAll, describe, expect, it } from 'vitest';
import { Absences, nothingAbsent } from '../../src/core/audit/absent.ts';
import { checkApproval } from '../../src/core/audit/approvals.ts';
import { checkEnds } from '../../src/core/audit/ends.ts';
import { Ledger } from '../../src/core/audit/ledger.ts';
import { sha256 } from '../../src/core/text/digest.ts';
import { auditOf, findingsIn, foldersOf, forgingIn, later, nthOf } from '../support/audit-tools.ts';
import { auditedLoop } from '../support/loop/audited.ts';
import { type Folder, type Forge, type Forged, reseal } from '../support/resealed.ts';

let folders: readonly Folder[];

beforeAll(async () => {
  folders = await foldersOf(await auditedLoop());
});

const nth = (kind: string, n = 0) => nthOf(folders, kind, n);
const forging =
  (kind: string, n: number, change: (files: Record<string, Forged>, line: Forged) => void): Forge =>
  (files, folder) =>
    forgingIn(folders, kind, n, change)(files, folder);

/** The same change to the line of this artifact in the journals that carry it on. */
const carried =
  (seq: number, plan: number, change: (line: Forged) => void): Forge =>
  (files, folder) => {
    const inPlan = folders.indexOf(folder) < 5 ? 0 : 1;
    if (inPlan !== plan) return;
    const line = files['journal.jsonl'].find((one: Forged) => one.seq === seq);
    if (line !== undefined) change(line);
  };

const policyOf =
  (kind: string, n: number, change: (policy: Forged) => void): Forge =>
  (files, folder) => {
    if (folder.name === nth(kind, n).name) change(files['policy.json'].policy);
  };

describe('a decision that the facts do not bear out', () => {
  it.each<[string, Forge, RegExp]>([
    [
      'an approval by fewer people than the policy asks for',
      policyOf('approval', 1, (policy) => {
        policy.approvers.count = 2;
      }),
      /votes-missing/,
    ],
    [
      'an approval of a path that the policy protects',
      policyOf('approval', 1, (policy) => policy.paths.deny.push('src/**')),
      /path-protected/,
    ],
    [
      'an approval of an elevated path by somebody who may not',
      policyOf('approval', 1, (policy) => policy.paths.elevated.paths.push('src/tax.ts')),
      /path-protected/,
    ],
    [
      'an approval while everything was paused',
      policyOf('approval', 1, (policy) => {
        policy.paused = 'stop';
      }),
      /paused/,
    ],
    [
      'an approval by a role that is too weak',
      forging('approval', 1, (files) => {
        files['approval.json'].approvers[0].permission = 'triage';
      }),
      /actor-denied/,
    ],
    [
      'an approval by who asked for the plan',
      (files, folder) => {
        const alice = { id: files['manifest.json']?.requests[0].requester.id, login: 'alice' };
        if (folder.name === nth('plan', 1).name) people.alice = alice.id;
        if (folder.name === nth('approval', 1).name) {
          const { approvers, label_events: events } = files['approval.json'];
          Object.assign(approvers[0], { ...alice, id: people.alice });
          events[0].actor = { login: 'alice', id: people.alice };
        }
        carried(2, 1, (line) => {
          line.actor = { login: 'alice', id: people.alice };
        })(files, folder);
      },
      /self-approval/,
    ],
    [
      'an approval that lasts longer than the policy says',
      forging('approval', 1, (files) => {
        files['approval.json'].expires_at = later(files['approval.json'].expires_at, 3600);
      }),
      /ends at another time/,
    ],
    [
      'an approval by a label from before the plan',
      forging('approval', 1, (files) => {
        const early = later(files['approval.json'].created_at, -3600);
        files['approval.json'].approvers[0].label_event.created_at = early;
        files['approval.json'].label_events[0].created_at = early;
        files['approval.json'].expires_at = later(early, 24 * 3600);
      }),
      /which is not from the time/,
    ],
    [
      'an approval by a label event that was denied',
      (files, folder) => {
        if (folder.name === nth('denial').name)
          people.denied = files['denial.json'].label_events[0].id;
        if (folder.name !== nth('approval').name) return;
        files['approval.json'].label_events[0].id = people.denied;
        files['approval.json'].approvers[0].label_event.id = people.denied;
      },
      /had denied/,
    ],
    [
      'an approval of a file outside the plan',
      forging('approval', 1, (files) => {
        files['approval.json'].files[0].path = 'src/evil.ts';
      }),
      /which the plan does not allow/,
    ],
    [
      'an approval of another operation than planned',
      forging('approval', 1, (files) => {
        const [first] = files['approval.json'].files;
        Object.assign(first, { operation: 'create', before: null });
      }),
      /which the plan does not allow/,
    ],
    [
      'an approval of another first content',
      forging('approval', 1, (files) => {
        files['approval.json'].files[0].before.blob = '1'.repeat(40);
      }),
      /from another content than was planned/,
    ],
    [
      'a sealed change of another content',
      forging('approval', 1, (files) => {
        const { blob } = files['approval.json'].files[0].after;
        files['change.patch'] = files['change.patch'].replaceAll(blob, '2'.repeat(40));
      }),
      /changes other files than the approval names/,
    ],
    [
      'an approval of another plan than its id names',
      forging('approval', 1, (files) => {
        files['approval.json'].plan_sha256 = '3'.repeat(64);
      }),
      /names another plan, prompt, head or base/,
    ],
    [
      'a denial of what the plan allows',
      forging('denial', 0, (files, line) => {
        files['denial.json'].refused[0].path = 'src/cart.ts';
        files['denial.json'].refused[0].steps = [];
        line.paths = ['src/cart.ts'];
      }),
      /and the plan says otherwise/,
    ],
    [
      'a denial for another reason than its files were refused for',
      forging('denial', 0, (files, line) => {
        files['denial.json'].reason = 'operation-mismatch';
        line.detail = 'operation-mismatch';
      }),
      /gives the reason operation-mismatch/,
    ],
    [
      'a drift that names other files than drifted',
      forging('verification', 1, (files) => {
        files['verification.json'].scope.added = [];
      }),
      /another difference of both plans/,
    ],
    [
      'a drift with another difference than both plans have',
      forging('verification', 1, (files) => {
        files['drift.diff'] += '+more\n';
      }),
      /is not the difference of both plans/,
    ],
    [
      'a drift for another cause',
      forging('verification', 1, (_, line) => {
        line.detail = 'plan-drift';
      }),
      /another cause of the drift/,
    ],
    [
      'a verification that passed with another plan',
      forging('verification', 0, (files) => {
        Object.assign(files['verification.json'], {
          basis: 'model',
          regenerated: { plan_sha256: '4'.repeat(64) },
        });
      }),
      /the digests of both plans say otherwise/,
    ],
    [
      'a verification that compared in another way than the policy says',
      forging('verification', 2, (files) => {
        files['verification.json'].way = 'scope';
      }),
      /compared scope, not anchored/,
    ],
    [
      'a verification without a model although the policy asks for one',
      policyOf('verification', 2, (policy) => {
        policy.regenerate = 'always';
      }),
      /does not allow/,
    ],
    [
      'a verification of another head',
      forging('verification', 2, (files) => {
        files['verification.json'].head.sha = '5'.repeat(40);
      }),
      /another head or base branch than was approved/,
    ],
    [
      'an execution on another head',
      forging('execution', 0, (files) => {
        files['execution.json'].head.sha = '6'.repeat(40);
      }),
      /another head than was approved/,
    ],
    [
      'an execution after its verification had grown old',
      forging('execution', 0, (files, line) => {
        line.at = later(line.at, 3600);
        files['execution.json'].created_at = line.at;
      }),
      /older than 15 minutes/,
    ],
    [
      'an execution after its approval had expired',
      forging('execution', 0, (files, line) => {
        line.at = later(line.at, 31 * 3600);
        files['execution.json'].created_at = line.at;
      }),
      /after that had expired/,
    ],
    [
      'an execution of a path that the policy had come to protect',
      policyOf('execution', 0, (policy) => policy.paths.deny.push('src/tax.ts')),
      /policy of that time/,
    ],
    [
      'a plan that is not made of its requests',
      forging('plan', 1, (files) => {
        files['manifest.json'].requests[0].sha256 = '7'.repeat(64);
      }),
      /is not made of the requests/,
    ],
    [
      'a plan of more files than the policy allows',
      policyOf('plan', 1, (policy) => {
        policy.limits.files = 1;
      }),
      /larger than its policy allows/,
    ],
    [
      'a record of another pull request',
      forging('approval', 1, (files) => {
        files['approval.json'].pull_request = 99;
      }),
      /another pull request than its plan/,
    ],
    [
      'an approval that names one file twice',
      forging('approval', 1, (files) => {
        files['approval.json'].files.push(files['approval.json'].files[0]);
      }),
      /names no file, or one file twice/,
    ],
    [
      'an approval that left a file as it was, though that is denied',
      forging('approval', 1, (files) => {
        files['approval.json'].files.pop();
        files['policy.json'].policy.plans.untouched = 'deny';
      }),
      /left a planned file as it was/,
    ],
    [
      'an approval by another person than set the label',
      forging('approval', 1, (files) => {
        files['approval.json'].label_events[0].actor.login = 'carol';
      }),
      /other approvers than its label events/,
    ],
    [
      'an approval with two votes of one person',
      forging('approval', 1, (files) => {
        const { approvers, label_events: events } = files['approval.json'];
        approvers.push(structuredClone(approvers[0]));
        events.push(structuredClone(events[0]));
        approvers[1].label_event.id = events[1].id = 'LE_other';
      }),
      /counts one person twice/,
    ],
    [
      'an approval that counts one label event twice',
      forging('approval', 1, (files) => {
        const { approvers, label_events: events } = files['approval.json'];
        approvers.push({ ...structuredClone(approvers[0]), id: 77 });
        events.push({
          ...structuredClone(events[0]),
          actor: { id: 77, login: approvers[0].login },
        });
      }),
      /counts one label event twice/,
    ],
    [
      'an approval by a role that does not exist',
      forging('approval', 1, (files) => {
        files['approval.json'].approvers[0].permission = 'owner';
      }),
      /a permission that GitHub does not have/,
    ],
    [
      'a denial of a mode that it was not of',
      forging('denial', 0, (files) => {
        files['denial.json'].mode = 'plan';
      }),
      /is of mode plan, and names a plan/,
    ],
    [
      'a denial that counts label events in another mode',
      forging('denial', 0, (files) => {
        files['denial.json'].mode = 'verify';
      }),
      /is of mode verify, and counts 1 label events/,
    ],
    [
      'a denial that counts a later label event',
      forging('denial', 0, (files) => {
        files['denial.json'].label_events[0].created_at = later(
          files['denial.json'].created_at,
          60,
        );
      }),
      /which is newer than itself/,
    ],
    [
      'a denial that names other steps than the plan',
      forging('denial', 0, (files) => {
        files['denial.json'].refused[0].steps = ['Add the tax'];
      }),
      /names other steps/,
    ],
    [
      'a plan while everything was paused',
      policyOf('plan', 1, (policy) => {
        policy.paused = 'stop';
      }),
      /paused/,
    ],
    [
      'an approval that is older than its plan',
      forging('approval', 1, (files, line) => {
        line.at = later(line.at, -7200);
        files['approval.json'].created_at = line.at;
      }),
      /is older than its plan/,
    ],
    [
      'a verification after its approval had expired',
      forging('verification', 2, (files, line) => {
        line.at = later(line.at, 31 * 3600);
        files['verification.json'].created_at = line.at;
      }),
      /after that had expired/,
    ],
    [
      'a verification that rests on a model, without its plan',
      forging('verification', 2, (files) => {
        files['verification.json'].basis = 'model';
      }),
      /rests on model, and has no regenerated plan/,
    ],
    [
      'a verification that passed, and names what has changed',
      forging('verification', 2, (files) => {
        const file = { path: 'src/evil.ts', operation: 'create' };
        files['verification.json'].scope.added = [file];
      }),
      /says verified without a new plan, and names changes/,
    ],
    [
      'a drift by the base, in a file that nobody planned',
      forging('verification', 1, (files, line) => {
        const empty = { added: [], removed: [], retyped: [] };
        Object.assign(files['verification.json'], {
          basis: 'deterministic',
          regenerated: null,
          scope: empty,
        });
        delete files['plan.json'];
        delete files['plan.txt'];
        delete line.digests['plan.json'];
        delete line.digests['plan.txt'];
        Object.assign(line, { detail: 'base-moved', paths: ['src/evil.ts'] });
      }),
      /says that the base touched a planned file/,
    ],
    [
      'a denial that is about no plan, and goes on from the journal of one',
      forging('denial', 0, (files, line) => {
        files['denial.json'].plan_id = null;
        delete line.digests.plan_id;
      }),
      /about no plan, and goes on from another journal/,
    ],
    [
      'a verification of a plan that a newer one had replaced hours before',
      forging('verification', 1, (files, line) => {
        line.at = later(line.at, 7 * 3600);
        files['verification.json'].created_at = line.at;
      }),
      /about a plan that .* had replaced/,
    ],
  ])('is found: %s', (_, forge, finding) => {
    expect(findingsIn(reseal(folders, forge))).toContainEqual(expect.stringMatching(finding));
  });

  it('is found: an execution without a verification', () => {
    const verification = nth('verification', 2);
    expect(findingsIn(folders.filter((one) => one !== verification))).toContainEqual(
      expect.stringContaining('rests on no verification that passed'),
    );
  });

  it('is found: a line of the journal with another digest of a file beside it', () => {
    const forge = forging('verification', 1, (_, line) => {
      line.digests['run.log'] = '8'.repeat(64);
    });
    expect(findingsIn(reseal(folders, forge))).toContainEqual(
      expect.stringContaining('says another digest than the record'),
    );
  });

  it('is found: an approval by a vote that an earlier approval had used up', () => {
    const story = auditOf(folders.slice(5)).stories[0];
    const approval = story?.records.find((one) => one.kind === 'approval');
    if (story === undefined || approval === undefined) throw new Error('there is no approval');
    const digest = sha256('another approval');
    const earlier = { ...approval, name: 'earlier', evidence: { ...approval.evidence, digest } };
    const ledger = new Ledger();
    checkApproval(approval, { ...story, records: [earlier, approval] }, ledger);
    expect(ledger.findings).toEqual([expect.stringContaining('that earlier had used up')]);
  });

  it('is found: an execution after a drift of the approval', () => {
    const story = auditOf(folders.slice(5)).stories[0];
    const verification = story?.records.find((one) => one.kind === 'verification');
    if (story === undefined || verification === undefined) throw new Error('there is none');
    const record = { ...verification.evidence.verification, result: 'drifted' as const };
    const evidence = { ...verification.evidence, verification: record };
    const ledger = new Ledger();
    const drifted = { ...verification, evidence };
    checkEnds(
      { ...story, records: [drifted, ...story.records] },
      [story],
      new Absences([], nothingAbsent),
      ledger,
    );
    expect(ledger.findings).toEqual([expect.stringContaining('after the drift of its approval')]);
  });

  const people: Record<string, Forged> = {};
});
