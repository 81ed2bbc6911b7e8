/** What a forger tries next: evidence whose digests all fit, and that contradicts itself, or what the action can do. */
import { beforeAll, describe, expect, it } from 'vitest';
import { Absences, nothingAbsent } from '../../src/core/audit/absent.ts';
import type { Artifact } from '../../src/core/audit/artifact.ts';
import { checkEnds } from '../../src/core/audit/ends.ts';
import { Ledger } from '../../src/core/audit/ledger.ts';
import { auditOf, findingsIn, foldersOf, kindOf, later, nthOf } from '../support/audit-tools.ts';
import { auditedLoop } from '../support/loop/audited.ts';
import { type Folder, type Forge, type Forged, reseal } from '../support/resealed.ts';

let folders: readonly Folder[];

beforeAll(async () => {
  folders = await foldersOf(await auditedLoop());
});

type Files = Record<string, Forged>;
const is = (folder: Folder, kind: string, n = 0) => folder.name === nthOf(folders, kind, n).name;
/** Changes the nth artifact of a kind, and its own line. */
const at =
  (kind: string, n: number, change: (files: Files, line: Forged) => void): Forge =>
  (files, folder) => {
    if (is(folder, kind, n)) change(files, files['journal.jsonl'].at(-1));
  };
const recordOf = (files: Files) =>
  Object.entries(files).find(
    ([name]) => name.endsWith('.json') && !['plan.json', 'policy.json'].includes(name),
  )?.[1];

/** The same, under another policy file that states these values. */
const underOther = (kind: string, n: number, stated: Record<string, unknown>, more?: Forge) =>
  ((files, folder) => {
    more?.(files, folder);
    if (!is(folder, kind, n)) return;
    recordOf(files).policy.blob = '7'.repeat(40);
    const { policy, sources } = files['policy.json'];
    for (const [key, value] of Object.entries(stated)) {
      const path = key.split('.');
      let inside = policy;
      for (const part of path.slice(0, -1)) inside = inside[part];
      inside[path.at(-1) ?? ''] = value;
      sources[key] = 'file';
    }
  }) satisfies Forge;

const patchOf = (change: (patch: string) => string) =>
  at('approval', 1, (files) => {
    files['change.patch'] = change(files['change.patch']);
  });

type Case = [what: string, forge: () => Forge, finding: RegExp];

describe('a forger who computes every digest again', () => {
  it('changes nothing, and nothing is found', () => {
    expect(findingsIn(reseal(folders, () => {}))).toEqual([]);
    const stated = { 'approvers.hours': 30, 'approvers.permission': 'triage' };
    for (const kind of ['approval', 'verification', 'execution']) {
      const n = kind === 'verification' ? 2 : kind === 'approval' ? 1 : 0;
      // The hours of an approval are in its record.
      const fit = kind === 'approval' ? { 'approvers.permission': 'triage' } : stated;
      expect(findingsIn(reseal(folders, underOther(kind, n, fit))), kind).toEqual([]);
    }
  });

  describe('cannot exchange a policy', () => {
    const sources = (key: string, source: string | undefined) => () =>
      at('approval', 1, (files) => {
        files['policy.json'].sources[key] = source;
        if (source === undefined) delete files['policy.json'].sources[key];
      });
    it.each<Case>([
      [
        'for one with another value of the same file',
        () =>
          at('approval', 1, (files) => {
            files['policy.json'].policy.approvers['review-seconds'] = 0;
          }),
        /has another approvers\.review-seconds than that of/,
      ],
      [
        'for one that states what another run under the same file did not read there',
        () => (files, folder) => {
          underOther('approval', 1, { 'approvers.count': 1 })(files, folder);
          underOther('verification', 2, {})(files, folder);
        },
        /has another approvers\.count than that of/,
      ],
      [
        'for one with a value of a file that is not there',
        sources('approvers.count', 'file'),
        /takes approvers\.count from a policy file, and there was none/,
      ],
      [
        'for one with a value of an input that is not there',
        sources('approvers.count', 'input'),
        /takes approvers\.count from an input, and no input has it/,
      ],
      [
        'for one that hides where a value comes from',
        sources('approvers.count', undefined),
        /does not name the source of each value once/,
      ],
      [
        'for one with a source of nothing',
        sources('approvers.nobody', 'default'),
        /does not name the source of each value once/,
      ],
    ])('%s', (_, forge, finding) => {
      expect(findingsIn(reseal(folders, forge()))).toContainEqual(expect.stringMatching(finding));
    });

    it('everywhere for one with other defaults, without a word about it', () => {
      const everywhere: Forge = (files) => {
        files['policy.json'].policy.approvers.author = true;
      };
      const { findings, notProvable } = auditOf(reseal(folders, everywhere));
      expect(findings).toEqual([]);
      expect(notProvable).toContainEqual(expect.stringMatching(/had the default values/));
      expect(auditOf(folders).notProvable.join()).not.toContain('default values');
    });
  });

  describe('cannot record what the policy of that time refuses', () => {
    it.each<Case>([
      [
        'an approval by somebody whom it does not name',
        () => underOther('approval', 1, { 'approvers.users': ['carol'] }),
        /approval-1 should have been refused \(actor-denied\)/,
      ],
      [
        'a verification of an approval by somebody whom it names no longer',
        () => underOther('verification', 2, { 'approvers.users': ['carol'] }),
        /verification-1 should have been refused by the policy of that time \(actor-denied\)/,
      ],
      [
        'a verification of an approval by too few',
        () => underOther('verification', 2, { 'approvers.count': 2 }),
        /verification-1 should have been refused by the policy of that time \(votes-missing\)/,
      ],
      [
        'a verification of a plan with a path that it protects by now',
        () => underOther('verification', 2, { 'paths.deny': ['src/tax.ts'] }),
        /verification-1 should have been refused by the policy of that time \(path-protected\)/,
      ],
      [
        'an execution of an approval by somebody whom it names no longer',
        () => underOther('execution', 0, { 'approvers.users': ['carol'] }),
        /execution-1 should have been refused by the policy of that time \(actor-denied\)/,
      ],
      [
        'an execution after the hours that it grants by now',
        () =>
          underOther(
            'execution',
            0,
            { 'approvers.hours': 1 },
            at('execution', 0, (files, line) => {
              line.at = later(line.at, 2 * 3600);
              files['execution.json'].created_at = line.at;
            }),
          ),
        /rests on a label that was older than the 1 hours of its policy/,
      ],
      [
        'a verification without a model, although something had changed',
        () =>
          at('verification', 2, (files) => {
            files['verification.json'].basis = 'deterministic';
          }),
        /is verified and rests on deterministic, which .* does not allow/,
      ],
    ])('%s', (_, forge, finding) => {
      expect(findingsIn(reseal(folders, forge()))).toContainEqual(expect.stringMatching(finding));
    });
  });

  describe('cannot record what contradicts the other records', () => {
    it.each<Case>([
      [
        'a branch of another name',
        () => (files, folder) => {
          if (is(folder, 'approval', 1)) files['approval.json'].head.ref = 'other';
          if (is(folder, 'execution')) files['execution.json'].head.ref = 'other';
        },
        /names another plan, prompt, head or base/,
      ],
      [
        'a base of another name',
        () =>
          at('approval', 1, (files) => {
            files['approval.json'].base.ref = 'other';
          }),
        /names another plan, prompt, head or base/,
      ],
      [
        'a verification against another branch',
        () =>
          at('verification', 2, (files) => {
            files['verification.json'].base.ref = 'other';
          }),
        /looked at another head or base branch/,
      ],
      [
        'a verification on the same tree with other tools',
        () =>
          at('verification', 2, (files) => {
            files['verification.json'].causes.toolchain.push('model was a, is b');
          }),
        /says that what plans are made with has changed/,
      ],
      [
        'a label event of another plan',
        () => (files, folder) => {
          if (!is(folder, 'approval', 1)) return;
          const first = JSON.parse(String(nthOf(folders, 'approval').members.get('approval.json')));
          const { id } = first.label_events[0];
          files['approval.json'].label_events[0].id = id;
          files['approval.json'].approvers[0].label_event.id = id;
        },
        /counts the label event \S+, which \S+ counts for another plan/,
      ],
    ])('%s', (_, forge, finding) => {
      expect(findingsIn(reseal(folders, forge()))).toContainEqual(expect.stringMatching(finding));
    });

    it.each<Case>([
      [
        'an approval by an app',
        () => (files, folder) => {
          const own = files['journal.jsonl'].at(-1);
          if (!is(folder, 'approval', 1)) return;
          const { approvers, label_events: events } = files['approval.json'];
          for (const one of [approvers[0], events[0].actor, own.actor]) one.login = 'robot[bot]';
        },
        /counts the label event of robot\[bot\], who is no person/,
      ],
      [
        'a request by an app',
        () =>
          at('plan', 1, (files) => {
            files['manifest.json'].requests[0].requester.login = 'robot[bot]';
          }),
        /was asked for by robot\[bot\], who is no person/,
      ],
      [
        'requests in another order than their comments',
        () =>
          at('plan', 1, (files) => {
            const { requests } = files['manifest.json'];
            requests.push(requests[0]);
          }),
        /has its requests in another order/,
      ],
    ])('%s', (_, forge, finding) => {
      expect(findingsIn(reseal(folders, forge()))).toContainEqual(expect.stringMatching(finding));
    });

    it('artifacts under the name of another pull request', () => {
      const renamed = folders.map((one) => ({ ...one, name: one.name.replace(/-1$/, '-2') }));
      expect(findingsIn(renamed)).toContainEqual(
        expect.stringMatching(/codex-plan-2 is about pull request 1, and its name says 2/),
      );
    });

    it('a second execution of one approval', () => {
      const name = '999/codex-execution-1';
      const second: Folder = { ...nthOf(folders, 'execution'), name };
      const forged = reseal([...folders, second], (files, folder) => {
        if (folder.name !== name) return;
        const line = structuredClone(files['journal.jsonl'].at(-1));
        line.at = later(line.at, 30);
        line.detail = '9'.repeat(40);
        Object.assign(files['execution.json'], { created_at: line.at, commit: line.detail });
        files['journal.jsonl'].push(line);
      });
      expect(findingsIn(forged)).toEqual([
        expect.stringMatching(/999\/codex-execution-1 was made after the plan was carried out/),
      ]);
    });
  });

  describe('cannot change the sealed change', () => {
    const evil = '--- /dev/null\n+++ b/src/evil.ts\n@@ -0,0 +1 @@\n+evil();\n';
    const others = /change\.patch of \S+ changes other files than the approval names/;
    const content = /gives "src\/\w+\.ts" another content than the approval names/;
    it.each<Case>([
      ['by a file without a header of git', () => patchOf((patch) => patch + evil), others],
      ['by a file before the first header', () => patchOf((patch) => evil + patch), others],
      ['by words before the first header', () => patchOf((patch) => `Hello\n${patch}`), others],
      ['by a line after the last part', () => patchOf((patch) => `${patch}+evil();\n`), others],
      ['by a part that ends too soon', () => patchOf((patch) => cutLast(patch)), others],
      [
        'by another name in front of a part',
        () => patchOf((patch) => patch.replace('+++ b/src/', '+++ b/evil/')),
        others,
      ],
      [
        'by another line of a file',
        () => patchOf((patch) => patch.replace(/^\+(?!\+).*$/m, '+evil();')),
        content,
      ],
      [
        'by another line of each file',
        () => patchOf((patch) => patch.replace(/^\+(?!\+).*$/gm, '+evil();')),
        content,
      ],
    ])('%s', (_, forge, finding) => {
      expect(findingsIn(reseal(folders, forge()))).toContainEqual(expect.stringMatching(finding));
    });

    const cutLast = (patch: string) => `${patch.split('\n').slice(0, -2).join('\n')}\n`;
  });

  describe('cannot let something follow its end', () => {
    type Kind = Artifact['kind'];
    /** What is found if this record is the newest of the executed plan, and another is as it is changed here. */
    const endsWith = (kind: Kind, change: (evidence: Forged) => void) => {
      const audited = auditOf(folders);
      const story = audited.stories.find(({ records }) =>
        records.some((one) => one.kind === 'execution'),
      );
      const model = audited.artifacts.find((one) => one.kind === kind);
      if (story === undefined || model === undefined) throw new Error('there is none');
      const evidence = structuredClone({ ...model.evidence }) as Forged;
      change(evidence);
      const { making, planId } = story.records[0] as Artifact;
      const end = { ...model, name: 'the end', evidence, making, planId, entries: [] };
      const ledger = new Ledger();
      checkEnds(
        { ...story, records: [...story.records, end as Artifact] },
        [story],
        new Absences([], nothingAbsent),
        ledger,
      );
      return ledger.findings;
    };
    const approved = () => {
      const { members } = nthOf(folders, 'approval', 1);
      return JSON.parse(String(members.get('approval.json')));
    };

    it('after a denial of a later label event its approval is over', () => {
      const denied = (seconds: number, reason = 'outside-plan') =>
        endsWith('denial', ({ denial }) => {
          denial.reason = reason;
          denial.label_events[0].created_at = later(approved().created_at, seconds);
        });
      const finding = expect.stringMatching(/was made after the denial of a later label event/);
      expect(denied(60)).toContainEqual(finding);
      // A time limit ends no approval, and neither does the denial of an earlier label event.
      expect(denied(60, 'codex-timeout')).toEqual([]);
      expect(denied(-3600)).toEqual([]);
    });

    it('after a drift nothing verifies the approval again', () => {
      const drifted = endsWith('verification', ({ verification }) => {
        const { digest } = auditOf(folders).artifacts.findLast(
          ({ kind }) => kind === 'approval',
        ) as Artifact;
        Object.assign(verification, { result: 'drifted', approval_sha256: digest });
      });
      expect(drifted).toContainEqual(
        expect.stringMatching(/verification-1 was made after the drift of its approval/),
      );
    });

    it('after an execution there is no other approval, and a stopped one is no end', () => {
      const executed = (stopped?: string) =>
        endsWith('execution', ({ execution }) => {
          if (stopped !== undefined) execution.stopped = stopped;
        });
      expect(executed()).toContainEqual(
        expect.stringMatching(/execution-1 was made after the plan was carried out/),
      );
      expect(executed('head-moved')).toEqual([]);
    });
  });

  it('has one artifact of each kind that is looked for', () => {
    expect(new Set(folders.map(kindOf))).toEqual(
      new Set(['plan', 'denial', 'approval', 'verification', 'execution']),
    );
  });
});
