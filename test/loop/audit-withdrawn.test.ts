/** Another life of a plan: it is narrowed, needs two votes, is verified twice in one run, and is withdrawn. */
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/text/digest.ts';
import {
  auditOf,
  findingsIn,
  foldersOf,
  forgingIn,
  kindOf,
  later,
} from '../support/audit-tools.ts';
import { withdrawnLoop } from '../support/loop/audited.ts';
import { type Folder, type Forged, reseal } from '../support/resealed.ts';

describe('a plan that was narrowed, approved by two, verified twice in one run, and withdrawn', () => {
  let found: readonly Folder[];
  beforeAll(async () => {
    found = await foldersOf(await withdrawnLoop());
  });
  const forged = (
    ...change: Parameters<typeof forgingIn> extends [unknown, ...infer Rest] ? Rest : never
  ) => findingsIn(reseal(found, forgingIn(found, ...change)));

  it('is consistent, and says what the repeated run replaced', () => {
    expect(found.map(kindOf)).toEqual(['plan', 'plan', 'approval', 'verification', 'withdrawal']);
    const { findings, notProvable, recomputed } = auditOf(found);
    expect(findings).toEqual([]);
    expect(notProvable).toContainEqual(
      expect.stringMatching(/^What line 7 .* attempt 2 of run \d+ replaced it\.$/),
    );
    expect(recomputed.map(({ what }) => what)).toContainEqual(expect.stringContaining('narrowed'));
    expect(auditOf(found.filter((one) => kindOf(one) !== 'verification')).findings).not.toEqual([]);
  });

  it('has an event for each line, with its own plan', () => {
    const { events, artifacts } = auditOf(found);
    const lines = new Set(artifacts.flatMap((one) => one.lines));
    expect(events).toHaveLength(lines.size);
    expect(events.filter(({ event }) => event === 'asked').length).toBeGreaterThan(0);
    const [first, second] = artifacts.filter((one) => one.kind === 'plan');
    expect(events.find(({ event }) => event === 'planned')?.plan_id).toBe(first?.planId);
    expect(events.find(({ event }) => event === 'narrowed')?.plan_id).toBe(second?.planId);
    expect(auditOf(found.slice(0, 1)).events).toEqual(
      events.filter(({ plan_id }) => plan_id === first?.planId),
    );
  });

  it('asks those whose turn it is', () => {
    const asking = (change: (detail: Forged) => void) =>
      findingsIn(
        reseal(found, (files) => {
          const lines = files['journal.jsonl'].filter((one: Forged) => one.event === 'asked');
          for (const line of lines) {
            const detail = JSON.parse(line.detail);
            change(detail);
            line.detail = JSON.stringify(detail);
          }
        }),
      );
    expect(asking(() => {})).toEqual([]);
    const finding = expect.stringContaining('asks other people than those whose turn it was');
    const carried = (change: (detail: Forged) => Forged) => asking((detail) => change(detail));
    expect(
      carried((detail) => {
        for (const one of detail.asked) one.login = 'mallory';
      }),
    ).toContainEqual(finding);
    expect(
      carried((detail) => {
        detail.candidates = [...new Set([...detail.candidates, 9_999_998, 9_999_999])];
      }),
    ).toContainEqual(finding);
    expect(
      carried((detail) => {
        detail.participants = [...new Set([...detail.participants, 9_999_998, 9_999_999])];
      }),
    ).toContainEqual(finding);
    expect(asking((detail) => detail.asked.pop())).toContainEqual(finding);
    expect(asking((detail) => detail.busy.push(detail.asked[0].id))).toContainEqual(finding);
    expect(
      asking((detail) => {
        detail.participants = [];
      }),
    ).toContainEqual(finding);
  });

  it('cannot prove that somebody was asked before whom its journal does not name', () => {
    const asked = reseal(found, (files) => {
      for (const line of files['journal.jsonl']) {
        if (line.event !== 'asked') continue;
        const detail = JSON.parse(line.detail);
        detail.before = [...new Set([...detail.before, 9_999_999])];
        line.detail = JSON.stringify(detail);
      }
    });
    expect(auditOf(asked).notProvable).toContainEqual(
      expect.stringMatching(/^That account 9999999 was asked before line \d+/),
    );
    expect(auditOf(found).notProvable.join()).not.toContain('was asked before line');
  });

  it.each<[string, (manifest: Forged, files: Record<string, Forged>) => void]>([
    [
      'by another model',
      (manifest) => {
        manifest.codex.model = 'other';
      },
    ],
    [
      'on another tree',
      (manifest) => {
        manifest.workspace.tree = '1'.repeat(40);
      },
    ],
    [
      'on another merge base',
      (manifest) => {
        manifest.merge_base = '1'.repeat(40);
      },
    ],
    [
      'on a branch of another name',
      (manifest) => {
        manifest.head.ref = 'other';
      },
    ],
    [
      'under other instructions',
      (manifest, files) => {
        files['instructions.md'] = 'x\n';
        manifest.instructions_sha256 = sha256('x\n');
      },
    ],
    [
      'from another content',
      (manifest) => {
        manifest.files[0].blob = '1'.repeat(40);
      },
    ],
    [
      'for somebody else who asked',
      (manifest) => {
        manifest.requests[0].requester = { id: 4711, login: 'mallory' };
      },
    ],
  ])('is not narrowed %s', (_, change) => {
    const narrowed = reseal(
      found,
      forgingIn(found, 'plan', 1, (files) => change(files['manifest.json'], files)),
    );
    expect(findingsIn(narrowed)).toContainEqual(
      expect.stringContaining('without the files that were taken out'),
    );
  });

  it('is narrowed without a model', () => {
    expect(
      forged('plan', 1, (files) => {
        files['manifest.json'].usage.output = 7;
      }),
    ).toContainEqual(expect.stringContaining('and says that it asked a model'));
  });

  it('has a first plan that is missed', () => {
    expect(findingsIn(found.slice(1))).toContainEqual(expect.stringContaining('narrows the plan'));
  });

  it('is not narrowed by other files, and not from a newer plan', () => {
    expect(
      forged('plan', 1, (files) => {
        files['manifest.json'].narrows.paths = ['src/cart.ts'];
      }),
    ).toContainEqual(expect.stringContaining('without the files that were taken out'));
    expect(
      forged('plan', 1, (files, line) => {
        line.at = later(line.at, -60);
        files['manifest.json'].created_at = line.at;
      }),
    ).toContainEqual(expect.stringContaining('older than the plan that it narrows'));
  });

  it('goes on after its withdrawal no more', () => {
    const at = (seconds: number) => (files: Record<string, Forged>, line: Forged) => {
      line.at = later(line.at, seconds);
      files['withdrawal.json'].created_at = line.at;
    };
    const verified = (files: Record<string, Forged>, line: Forged) => {
      line.at = later(line.at, 7 * 3600);
      files['verification.json'].created_at = line.at;
    };
    expect(forged('withdrawal', 0, at(60))).toEqual([]);
    expect(forged('verification', 0, verified)).toContainEqual(
      expect.stringMatching(/was made after the withdrawal of the plan/),
    );
  });

  it('is withdrawn by the person that the journal names', () => {
    expect(
      forged('withdrawal', 0, (files) => {
        files['withdrawal.json'].by.login = 'mallory';
      }),
    ).toContainEqual(expect.stringContaining('another person than the record'));
  });

  it('needs both votes', () => {
    expect(
      forged('approval', 0, (files) => {
        files['approval.json'].approvers.shift();
        files['approval.json'].label_events.shift();
      }),
    ).toContainEqual(expect.stringContaining('votes-missing'));
  });

  it.each<[string, (lines: Forged[], vote: Forged) => void]>([
    ['misses the line of a voter', (lines, vote) => lines.splice(lines.indexOf(vote), 1)],
    [
      'has the line of a voter twice',
      (lines, vote) => lines.splice(lines.indexOf(vote), 0, { ...vote }),
    ],
    ['gives a vote to somebody else', (_, vote) => Object.assign(vote.actor, { login: 'mallory' })],
    ['names another label event for a vote', (_, vote) => Object.assign(vote, { detail: 'LE_x' })],
  ])('has a journal that %s', (_, change) => {
    const forged = reseal(found, (files, folder) => {
      if (kindOf(folder) !== 'approval') return;
      const lines: Forged[] = files['journal.jsonl'];
      change(
        lines,
        lines.find(({ event }) => event === 'voted'),
      );
    });
    expect(findingsIn(forged)).toContainEqual(expect.stringContaining('names other voters'));
  });

  it('has a line for each voter, which the table of the events shows with the approval', () => {
    const { events } = auditOf(found);
    const votes = events.filter(({ event }) => event === 'voted' || event === 'approved');
    expect(votes.map(({ event, actor_login }) => [event, actor_login])).toEqual([
      ['voted', 'bob'],
      ['approved', 'carol'],
    ]);
    const [voted, approved] = votes;
    expect(voted?.approval_sha256).toBe(approved?.approval_sha256);
    expect(voted?.change_sha256).toBe(approved?.change_sha256);
  });

  it('has no more lines than the run had attempts', () => {
    const more = reseal(found, (files) => {
      const lines = files['journal.jsonl'];
      const at = lines.findIndex((one: Forged) => one.event === 'verified');
      if (at !== -1) lines.splice(at, 0, { ...lines[at] });
    });
    expect(findingsIn(more)).toContainEqual(expect.stringContaining('artifact for it is missing'));
  });

  it('is no second artifact of a run that was not repeated', () => {
    const once = reseal(found, (files, { name }) => {
      if (name.includes('verification')) files['verification.json'].run.attempt = 1;
    });
    expect(findingsIn(once)).toContainEqual(expect.stringContaining('artifact for it is missing'));
  });
});
