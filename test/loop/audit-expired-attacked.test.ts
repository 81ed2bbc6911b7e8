/** What a forger would like to pass as expired: an audit finds it, although its neighbours really have expired. */
import { beforeAll, describe, expect, it } from 'vitest';
import { Absences, type AbsentArtifact, nothingAbsent } from '../../src/core/audit/absent.ts';
import { checkApproval } from '../../src/core/audit/approvals.ts';
import { checkEnds } from '../../src/core/audit/ends.ts';
import type { PlanStory } from '../../src/core/audit/known-plan.ts';
import { Ledger } from '../../src/core/audit/ledger.ts';
import { forgingIn, kindOf, later } from '../support/audit-tools.ts';
import { auditOnline, type Online, onlineIn } from '../support/expired.ts';
import { auditedLoop, withdrawnLoop } from '../support/loop/audited.ts';
import { type Forge, type Forged, reseal } from '../support/resealed.ts';

/** A plan with a denial, an approval, a verification and a drift; then one that is carried out. */
let whole: readonly Online[];
/** A plan that is narrowed, approved by two, verified and withdrawn. */
let withdrawn: readonly Online[];

beforeAll(async () => {
  whole = await onlineIn((await auditedLoop()).loop);
  withdrawn = await onlineIn((await withdrawnLoop()).loop);
});

const nth = (all: readonly Online[], kind: string, n = 0) => {
  const found = all.filter((one) => kindOf(one) === kind)[n];
  if (found === undefined) throw new Error(`there is no ${kind} ${n}`);
  return found;
};
const forge = (all: readonly Online[], change: Forge): readonly Online[] =>
  reseal(all, change).map(({ members }, at) => ({ ...(all[at] as Online), members }));
/** The findings if all but these are stored. */
const findingsWithout = (all: readonly Online[], ...expired: readonly Online[]) => {
  const names = expired.map(({ name }) => name);
  const stored = all.filter(({ name }) => !names.includes(name));
  return auditOnline(stored, expired).findings;
};

/** An artifact that a run stored after all others, from the files of one before. */
function append(all: readonly Online[], model: Online, change: Forge): readonly Online[] {
  const id = Math.max(...all.map(({ absent }) => absent.id)) + 1;
  const name = `${kindName(model)} (artifact ${id})`;
  const added = { ...model, name, absent: { ...model.absent, name, id } };
  return forge([...all, added], (files, folder) => {
    if (folder.name === name) change(files, folder);
  });
}
const kindName = ({ name }: Online) => name.split(' ')[0] ?? '';

describe('an expired artifact', () => {
  type Change = (absent: AbsentArtifact) => Partial<AbsentArtifact>;
  const changes: readonly [string, Change][] = [
    ['of another kind', ({ kind }) => ({ kind: kind === 'denial' ? 'withdrawal' : 'denial' })],
    [
      'that was stored before the decision',
      ({ createdAt }) => ({ createdAt: later(createdAt ?? '', -60) }),
    ],
    [
      'of a run that began after the decision',
      ({ run, createdAt }) => ({ run: { ...run, createdAt: later(createdAt ?? '', 60) } }),
    ],
    ['that was stored after an artifact that repeats the decision', () => ({ id: 999_999 })],
    ['of which GitHub does not say when it was stored', () => ({ createdAt: null })],
  ];
  const findings = (all: readonly Online[], gone: Online, change: Change) => {
    const absent = { ...gone.absent, ...change(gone.absent) };
    const stored = all.filter((one) => one !== gone);
    return auditOnline(stored, [{ ...gone, absent }]).findings;
  };

  describe.each(['plan', 'denial', 'approval', 'verification'])('in the place of a %s', (kind) => {
    it.each(changes)('%s explains nothing', (_, change) => {
      const gone = nth(whole, kind);
      expect(findings(whole, gone, () => ({}))).toEqual([]);
      expect(findings(whole, gone, change)).toContainEqual(
        expect.stringContaining('and the artifact for it is missing'),
      );
    });
  });

  it('that was stored long after the decision explains nothing, unless a record names it', () => {
    const late: Change = ({ createdAt }) => ({ createdAt: later(createdAt ?? '', 3600) });
    expect(findings(whole, nth(whole, 'denial'), late)).not.toEqual([]);
    expect(findings(whole, nth(whole, 'approval'), late)).toEqual([]);
  });

  it.each(['plan', 'approval'])(
    'is not the %s that a record names by another id or digest',
    (kind) => {
      const gone = nth(whole, kind);
      expect(findings(whole, gone, ({ id }) => ({ id: id - 1 }))).not.toEqual([]);
      expect(findings(whole, gone, () => ({ digest: `sha256:${'0'.repeat(64)}` }))).not.toEqual([]);
      expect(findings(whole, gone, () => ({ digest: null }))).toEqual([]);
    },
  );

  it('is not the verification that an execution names by another digest', () => {
    const gone = nth(whole, 'verification', 2);
    expect(findings(whole, gone, () => ({}))).toEqual([]);
    expect(findings(whole, gone, () => ({ digest: `sha256:${'0'.repeat(64)}` }))).not.toEqual([]);
  });

  it('explains one decision only', () => {
    const [first, second] = [nth(whole, 'verification'), nth(whole, 'verification', 1)];
    // Both verifications have a line here, and each line needs its own artifact.
    const doubled = append(whole.slice(0, 5), second, (files) => {
      files['journal.jsonl'].push(structuredClone(files['journal.jsonl'].at(-1)));
    });
    expect(findingsWithout(doubled, first, second)).toEqual([]);
    const stored = doubled.filter((one) => one !== first && one !== second);
    expect(auditOnline(stored, [second]).findings).not.toEqual([]);
  });

  it('of a run that was attempted once explains no earlier decision', () => {
    const verification = nth(withdrawn, 'verification');
    expect(verification.absent.run.attempt).toBe(2);
    expect(findings(withdrawn, verification, () => ({}))).toEqual([]);
    expect(
      findings(withdrawn, verification, ({ run }) => ({ run: { ...run, attempt: 1 } })),
    ).toEqual([expect.stringContaining('says verified at')]);
    const began =
      (seconds: number): Change =>
      ({ run, createdAt }) => ({
        run: { ...run, createdAt: later(createdAt ?? '', seconds) },
      });
    expect(findings(withdrawn, verification, began(-3600))).toEqual([]);
    // After its first attempt.
    expect(findings(withdrawn, verification, began(0))).not.toEqual([]);
    const early: Change = ({ run, createdAt }) => ({
      run: { ...run, attempt: 3, createdAt: later(createdAt ?? '', -7200) },
      createdAt: later(createdAt ?? '', -3600),
    });
    expect(findings(withdrawn, verification, early)).not.toEqual([]);
  });
});

describe('what contradicts the other records is found, although', () => {
  type Files = Record<string, Forged>;
  const change = (
    all: readonly Online[],
    kind: string,
    n: number,
    how: (files: Files, line: Forged) => void,
  ) => forge(all, forgingIn(all, kind, n, how));
  const plan = () => nth(whole, 'plan', 1);
  const approval = () => nth(whole, 'approval', 1);
  const verification = () => nth(whole, 'verification', 2);
  const execution = () => nth(whole, 'execution');
  const underOther = (files: Files, record: string, stated: Record<string, unknown>) => {
    files[record].policy.blob = '7'.repeat(40);
    for (const [key, value] of Object.entries(stated)) {
      const [group = '', one = ''] = key.split('.');
      files['policy.json'].policy[group][one] = value;
      files['policy.json'].sources[key] = 'file';
    }
  };

  it.each<[string, RegExp, (files: Files, line: Forged) => void]>([
    [
      'another digest of the plan',
      /names another plan, prompt, head or base/,
      (files) => {
        files['approval.json'].plan_sha256 = '1'.repeat(64);
      },
    ],
    [
      'another digest of the prompt',
      /names another plan, prompt, head or base/,
      (files) => {
        files['approval.json'].prompt_sha256 = '1'.repeat(64);
      },
    ],
    [
      'a label event from before the plan',
      /which is not from the time/,
      (files) => {
        const early = later(files['approval.json'].created_at, -3600);
        files['approval.json'].approvers[0].label_event.created_at = early;
        files['approval.json'].label_events[0].created_at = early;
        files['approval.json'].expires_at = later(early, 24 * 3600);
      },
    ],
    [
      'an approver whom the policy does not allow',
      /should have been refused \(actor-denied\)/,
      (files) => underOther(files, 'approval.json', { 'approvers.users': ['carol'] }),
    ],
    [
      'a changed file that the policy protects',
      /should have been refused \(path-protected\)/,
      (files) => underOther(files, 'approval.json', { 'paths.deny': ['src/tax.ts'] }),
    ],
    [
      'a label event that counted for another plan',
      /counts the label event \S+, which .* counts for another plan/,
      (files) => {
        const first = JSON.parse(String(nth(whole, 'approval').members.get('approval.json')));
        files['approval.json'].label_events[0].id = first.label_events[0].id;
        files['approval.json'].approvers[0].label_event.id = first.label_events[0].id;
      },
    ],
    [
      'another pull request',
      /is about another pull request than its plan/,
      (files) => {
        files['approval.json'].pull_request = 2;
      },
    ],
    [
      'another file than the sealed change',
      /changes other files than the approval names/,
      (files) => {
        files['approval.json'].files.pop();
      },
    ],
  ])('the plan has expired: an approval with %s', (_, finding, how) => {
    expect(
      findingsWithout(
        change(whole, 'approval', 1, () => {}),
        plan(),
      ),
    ).toEqual([]);
    expect(findingsWithout(change(whole, 'approval', 1, how), plan())).toContainEqual(
      expect.stringMatching(finding),
    );
  });

  it('the plan has expired: an approval by who made the plan', () => {
    const forged = forge(whole, (files, { name }) => {
      const planned = files['journal.jsonl'].find((one: Forged) => one.event === 'planned');
      if (name !== approval().name) return;
      const { approvers, label_events: events } = files['approval.json'];
      Object.assign(approvers[0], planned.actor);
      events[0].actor = planned.actor;
      files['journal.jsonl'].at(-1).actor = planned.actor;
    });
    expect(findingsWithout(forged, plan())).toContainEqual(
      expect.stringMatching(/should have been refused \(self-approval\)/),
    );
  });

  it('the plan has expired: an approval by a label event that was denied', () => {
    const denied = JSON.parse(String(nth(whole, 'denial').members.get('denial.json')));
    const forged = change(whole, 'approval', 0, (files) => {
      files['approval.json'].label_events[0].id = denied.label_events[0].id;
      files['approval.json'].approvers[0].label_event.id = denied.label_events[0].id;
    });
    expect(findingsWithout(forged, nth(whole, 'plan'))).toContainEqual(
      expect.stringContaining('had denied'),
    );
  });

  it('the plan has expired: a verification that says verified of another plan', () => {
    const forged = change(whole, 'verification', 2, (files) => {
      const record = files['verification.json'];
      Object.assign(record, { basis: 'model', regenerated: { plan_sha256: '1'.repeat(64) } });
    });
    expect(findingsWithout(forged, plan())).toContainEqual(
      expect.stringContaining('the digests of both plans say otherwise'),
    );
  });

  it.each<[string, (line: Forged) => boolean]>([
    ['whose journal tells of another plan', ({ event }) => event === 'approved'],
    ['about another plan than the others', () => false],
  ])('the plan has expired: an execution %s', (_, isOther) => {
    const another = '1'.repeat(64);
    const forged = change(whole, 'execution', 0, (files, line) => {
      for (const one of files['journal.jsonl']) if (isOther(one)) one.digests.plan_id = another;
      if (files['journal.jsonl'].some(isOther)) return;
      files['execution.json'].plan_id = another;
      for (const one of files['journal.jsonl']) {
        if (one.digests.plan_id !== undefined) one.digests.plan_id = another;
      }
      line.digests.plan_id = another;
    });
    expect(findingsWithout(forged, plan())).toContainEqual(
      expect.stringMatching(
        /execution-1 .* is about the plan .*, and its journal tells of another/,
      ),
    );
  });

  it('the plan has expired: a journal that does not go on from the one before', () => {
    const forged = forge(whole, (files, { name }) => {
      if (name === execution().name) files['journal.jsonl'].splice(1, 1);
    });
    expect(findingsWithout(forged, plan())).toContainEqual(
      expect.stringContaining('does not go on from'),
    );
  });

  it('a newer plan has expired: a record about the older one, long after', () => {
    const forged = change(whole, 'verification', 1, (files, line) => {
      line.at = later(line.at, 7 * 3600);
      files['verification.json'].created_at = line.at;
    });
    const newer = whole.slice(5);
    expect(findingsWithout(whole, ...newer)).toEqual([]);
    expect(findingsWithout(forged, ...newer)).toContainEqual(
      expect.stringMatching(/is about a plan that codex-plan-1 \(artifact \d+\) had replaced/),
    );
  });

  it.each<[string, RegExp, (files: Files, line: Forged) => void]>([
    [
      'an approver whom the policy does not allow any more',
      /should have been refused by the policy of that time \(actor-denied\)/,
      (files) => underOther(files, 'execution.json', { 'approvers.users': ['carol'] }),
    ],
    [
      'a time after the hours that the policy grants',
      /rests on a label that was older than the 1 hours/,
      (files, line) => {
        underOther(files, 'execution.json', { 'approvers.hours': 1 });
        line.at = later(line.at, 2 * 3600);
        files['execution.json'].created_at = line.at;
      },
    ],
    [
      'an approval that its journal does not have',
      /rests on an approval that is missing/,
      (files, line) => {
        files['execution.json'].approval_sha256 = '1'.repeat(64);
        line.digests.approval = '1'.repeat(64);
      },
    ],
    [
      'a time before its approval',
      /was made before its approval/,
      (files, line) => {
        line.at = later(line.at, -75);
        files['execution.json'].created_at = line.at;
      },
    ],
    [
      'other approvers than its verification',
      /execution-1 \(artifact \d+\) names other approvers than its approval/,
      (files) => {
        files['execution.json'].approvers[0].id = 4711;
      },
    ],
    [
      'another head than the plan',
      /put its commit on another head than was approved/,
      (files) => {
        files['execution.json'].head.sha = '1'.repeat(40);
      },
    ],
    [
      'another branch than the plan',
      /put its commit on another head than was approved/,
      (files) => {
        files['execution.json'].head.ref = 'other';
      },
    ],
  ])('the approval has expired: an execution with %s', (_, finding, how) => {
    const forged = change(whole, 'execution', 0, how);
    expect(findingsWithout(forged, approval())).toContainEqual(expect.stringMatching(finding));
  });

  it('plan and approval have expired: an execution on another head than was verified', () => {
    const forged = change(whole, 'execution', 0, (files) => {
      files['execution.json'].head.sha = '1'.repeat(40);
    });
    expect(findingsWithout(forged, plan(), approval())).toContainEqual(
      expect.stringContaining('put its commit on another head'),
    );
  });

  it.each(['head', 'base'])('the approval has expired: a verification of another %s', (pin) => {
    const forged = change(whole, 'verification', 2, (files) => {
      if (pin === 'head') files['verification.json'].head.sha = '1'.repeat(40);
      else files['verification.json'].base.ref = 'other';
    });
    expect(findingsWithout(forged, approval())).toContainEqual(
      expect.stringContaining('looked at another head or base branch'),
    );
  });

  it.each(['head', 'base'] as const)('the plan has expired: approvals of another %s', (pin) => {
    const { artifacts } = auditOnline(whole.slice(5), []);
    const model = artifacts.find(({ kind }) => kind === 'approval');
    if (model?.kind !== 'approval') throw new Error('there is none');
    const { evidence } = model;
    const { head, base, plan_sha256, prompt_sha256 } = evidence.approval;
    const story = (ref: string): PlanStory => {
      const other = { ...evidence.approval, [pin]: { ...{ head, base }[pin], ref } };
      const first = { ...model, evidence: { ...evidence, approval: other } };
      const known = {
        repository: 1,
        pullRequest: 1,
        createdAt: model.entries[0]?.at ?? '',
        plan: plan_sha256,
        prompt: prompt_sha256,
        participants: { requesters: [], author: null },
      };
      return { plan: null, known, records: [first, model] };
    };
    const found = (ref: string) => {
      const ledger = new Ledger();
      checkApproval(model, story(ref), ledger);
      return ledger.findings;
    };
    expect(found({ head, base }[pin].ref)).toEqual([]);
    expect(found('other')).toEqual([
      expect.stringContaining('names another plan, prompt, head or base'),
    ]);
  });

  it('the approval has expired: a verification after a denial of a later label event', () => {
    const [first, denial, approved, verified] = whole as [Online, Online, Online, Online];
    const { artifacts, stories } = auditOnline([first, denial, verified], [approved]);
    const [story] = stories;
    const model = artifacts.find(({ kind }) => kind === 'denial');
    if (story === undefined || model?.kind !== 'denial') throw new Error('there is none');
    const absences = new Absences(artifacts, { ...nothingAbsent, artifacts: [approved.absent] });
    const denied = (seconds: number) => {
      const record = structuredClone(model.evidence.denial) as Forged;
      record.label_events[0].created_at = later(approved.absent.createdAt ?? '', seconds);
      const evidence = { ...model.evidence, denial: record };
      const end = { ...model, name: 'the end', evidence, entries: [] };
      const ledger = new Ledger();
      checkEnds({ ...story, records: [...story.records, end] }, stories, absences, ledger);
      return ledger.findings;
    };
    expect(denied(-60)).toEqual([]);
    expect(denied(5)).toContainEqual(
      expect.stringMatching(/was made after the denial of a later label event/),
    );
  });

  describe('the verification has expired: an execution', () => {
    it('that rests on a drift', () => {
      const forged = forge(whole, (files, { name }) => {
        if (name !== execution().name) return;
        const line = files['journal.jsonl'].find((one: Forged) => one.event === 'verified');
        Object.assign(line, { event: 'drifted', detail: 'base-moved' });
      });
      expect(findingsWithout(forged, verification())).toContainEqual(
        expect.stringContaining('rests on no verification that passed'),
      );
    });

    it('that came long after', () => {
      const forged = change(whole, 'execution', 0, (files, line) => {
        line.at = later(line.at, 2 * 3600);
        files['execution.json'].created_at = line.at;
      });
      expect(findingsWithout(forged, verification())).toContainEqual(
        expect.stringContaining('rests on a verification that was older than'),
      );
    });

    it('of an approval that no line says was verified', () => {
      const forged = forge(whole, (files, { name }) => {
        if (name !== execution().name) return;
        const line = files['journal.jsonl'].find((one: Forged) => one.event === 'verified');
        line.digests.approval = '1'.repeat(64);
      });
      expect(findingsWithout(forged, verification())).toContainEqual(
        expect.stringContaining('rests on no verification that passed'),
      );
    });
  });

  describe('the end has expired: what was made after', () => {
    const second = (unreached: (commit: string) => readonly string[]) => {
      const first = execution();
      const forged = append(whole, first, (files) => {
        const record = files['execution.json'];
        const line = structuredClone(files['journal.jsonl'].at(-1));
        line.at = later(line.at, 30);
        record.unreached = unreached(record.commit);
        line.detail = '9'.repeat(40);
        Object.assign(record, { created_at: line.at, commit: line.detail });
        files['journal.jsonl'].push(line);
      });
      return findingsWithout(forged, first);
    };

    it('an execution, unless the branch did not have its commit', () => {
      expect(second((commit) => [commit])).toEqual([]);
      expect(second(() => [])).toEqual([
        expect.stringMatching(
          /was made after the plan was carried out \(line \d+ of its journal\)/,
        ),
      ]);
    });

    it('a withdrawal, but not that of another plan', () => {
      const gone = nth(withdrawn, 'withdrawal');
      const found = (change: (line: Forged) => void) => {
        const forged = append(withdrawn, nth(withdrawn, 'verification'), (files) => {
          const journal = String(gone.members.get('journal.jsonl')).trim().split('\n');
          const lines = journal.map((one) => JSON.parse(one));
          change(lines.at(-1));
          const line = structuredClone(files['journal.jsonl'].at(-1));
          line.at = later(line.at, 60);
          files['verification.json'].created_at = line.at;
          files['journal.jsonl'] = [...lines, line];
        });
        return findingsWithout(forged, gone);
      };
      const finding = expect.stringMatching(
        /was made after the withdrawal of the plan \(line \d+ of its journal/,
      );
      expect(found(() => {})).toContainEqual(finding);
      const another = (line: Forged) => {
        line.digests.plan_id = '1'.repeat(64);
      };
      expect(found(another)).not.toContainEqual(finding);
    });

    /** A verification that passed, made after the drift of its approval. */
    const afterDrift = (attempt: number) => {
      const [, , , verified, drifted] = whole as [Online, Online, Online, Online, Online];
      return append(whole.slice(0, 5), verified, (files) => {
        const journal = String(drifted.members.get('journal.jsonl')).trim().split('\n');
        const line = structuredClone(files['journal.jsonl'].at(-1));
        line.at = later(line.at, 60);
        const record = files['verification.json'];
        Object.assign(record, { created_at: line.at, run: { ...record.run, attempt } });
        files['journal.jsonl'] = [...journal.map((one) => JSON.parse(one)), line];
      });
    };
    const drift = expect.stringMatching(
      /was made after the drift of its approval \(line \d+ of its journal/,
    );

    it('a drift', () => {
      expect(findingsWithout(afterDrift(1), whole[4] as Online)).toContainEqual(drift);
    });

    it('a drift that a later attempt of its run is said to have replaced', () => {
      const stored = afterDrift(2).filter(({ name }) => name !== whole[4]?.name);
      expect(auditOnline(stored, []).findings).toContainEqual(drift);
    });
  });
});

describe('what GitHub may have forgotten', () => {
  const at = ({ absent }: Online) => absent.createdAt ?? '';
  const findings = (gone: readonly Online[], forgottenBefore: string) => {
    const stored = whole.filter((one) => !gone.includes(one));
    return auditOnline(stored, [], { forgottenBefore }).findings;
  };

  it('is what is older than that time', () => {
    for (const count of [1, 2, 3, 4]) {
      const gone = whole.slice(0, count);
      expect(findings(gone, later(at(gone.at(-1) as Online), 1))).toEqual([]);
      expect(findings(gone, at(gone.at(-1) as Online))).not.toEqual([]);
    }
  });

  it('is told with that time', () => {
    const [, second] = whole as [Online, Online];
    const { notProvable } = auditOnline(whole.slice(1), [], { forgottenBefore: at(second) });
    expect(notProvable).toContainEqual(
      expect.stringContaining(
        `(planned, ${at(whole[0] as Online)}): GitHub stores and lists nothing from before ${at(second)}.`,
      ),
    );
  });
});
