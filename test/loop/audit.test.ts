/** The audit of a whole loop: a denial, an approval, a drift, another plan, and its execution. */
import * as fs from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../../src/core/audit/audit.ts';
import { auditFiles } from '../../src/report/audit-files.ts';
import { type AuditedLoop, playAuditedLoop } from '../support/loop/audited.ts';
import { remember } from '../support/loop/memory.ts';
import { type Folder, type Forge, type Forged, reseal } from '../support/resealed.ts';

let played: AuditedLoop;
let folders: readonly Folder[];

beforeAll(async () => {
  played = await playAuditedLoop();
  folders = (await played.stored()).map(({ name, id, members }) => ({
    name: `${id}/${name}`,
    members,
  }));
}, 120_000);
afterAll(() => played?.loop.close());

const run = (found: readonly Folder[]) =>
  audit(
    found.map((one) => ({ ...one, stored: null })),
    'not proven',
  );
const findings = (found: readonly Folder[]) => run(found).findings;
const kindOf = ({ name }: Folder) => /codex-(\w+)-/.exec(name)?.[1] ?? '';
/** The nth artifact of a kind, from 0. */
const nth = (kind: string, n = 0) => {
  const found = folders.filter((one) => kindOf(one) === kind)[n];
  if (found === undefined) throw new Error(`there is no ${kind} ${n}`);
  return found;
};
/** Everything, with this one in the place of another. */
const replaced = (old: Folder, by: Folder | null) =>
  folders.flatMap((one) => (one === old ? (by ?? []) : one));
const withFile = (folder: Folder, name: string, content: Uint8Array): Folder => ({
  ...folder,
  members: new Map([...folder.members, [name, content]]),
});

describe('a whole loop', () => {
  it('has one artifact for each step', () => {
    expect(folders.map(kindOf)).toEqual([
      'plan',
      'denial',
      'approval',
      'verification',
      'verification',
      'plan',
      'approval',
      'verification',
      'execution',
    ]);
  });

  it('is consistent, and every kind of check was made', () => {
    const { findings, recomputed, artifacts } = run(folders);
    expect(findings).toEqual([]);
    expect(artifacts).toHaveLength(folders.length);
    // No plan was narrowed.
    expect(recomputed).toHaveLength(15);
  });

  it('is consistent in any order, and part by part', () => {
    expect(findings(folders.toReversed())).toEqual([]);
    expect(findings(folders.slice(0, 5))).toEqual([]);
    expect(findings(folders.slice(5))).toEqual([]);
  });

  it('writes the same events whatever else is audited with them', () => {
    const eventsOf = (found: readonly Folder[]) =>
      [...auditFiles(run(found)).files.keys()].filter((path) => path.startsWith('events/'));
    const all = eventsOf(folders);
    expect(all).toHaveLength(9);
    expect(new Set([...eventsOf(folders.slice(0, 3)), ...eventsOf(folders)]).size).toBe(9);
    expect(new Set([...eventsOf(folders.slice(5)), ...all]).size).toBe(9);
    for (const path of all) {
      expect(path).toMatch(/^events\/dt=\d{4}-\d\d-\d\d\/[0-9a-f]{64}\.ndjson$/);
    }
  });
});

describe('one byte', () => {
  const flipped = (content: Uint8Array, at: number, mask: number) => {
    const copy = Buffer.from(content);
    copy.writeUInt8((copy[at] ?? 0) ^ mask, at);
    return copy;
  };

  it('is found at every position of the small files of a plan and an approval', () => {
    let tried = 0;
    for (const folder of [nth('plan'), nth('approval')]) {
      const others = folders.slice(0, 1).filter((one) => one !== folder);
      for (const [name, content] of folder.members) {
        if (content.length > 2500) continue;
        for (let at = 0; at < content.length; at++) {
          const mask = [0x01, 0x20, 0x80][at % 3] as number;
          const found = findings([...others, withFile(folder, name, flipped(content, at, mask))]);
          if (found.length === 0) expect.fail(`${folder.name} ${name}: byte ${at}`);
          tried++;
        }
      }
    }
    expect(tried).toBeGreaterThan(3000);
  }, 240_000);

  it('is found in samples of every file of the loop, with the first and the last byte', () => {
    for (const folder of folders) {
      for (const [name, content] of folder.members) {
        const step = Math.max(1, Math.floor(content.length / 12));
        const places = new Set([content.length - 1]);
        for (let at = 0; at < content.length; at += step) places.add(at);
        for (const at of places) {
          if (at < 0) continue;
          const found = findings(replaced(folder, withFile(folder, name, flipped(content, at, 1))));
          if (found.length === 0) expect.fail(`${folder.name} ${name}: byte ${at}`);
        }
      }
    }
  }, 240_000);

  it('is found where it was added or removed', () => {
    for (const folder of folders) {
      for (const [name, content] of folder.members) {
        const cut = content.subarray(0, -1);
        for (const changed of [Buffer.concat([content, Buffer.from('\n')]), cut]) {
          if (changed.length === content.length) continue;
          expect(findings(replaced(folder, withFile(folder, name, changed)))).not.toEqual([]);
        }
      }
    }
  });
});

describe('a file', () => {
  it('is missed if it was removed, and seen if it was added', () => {
    for (const folder of folders) {
      for (const name of folder.members.keys()) {
        const less = new Map([...folder.members].filter(([one]) => one !== name));
        expect(findings(replaced(folder, { ...folder, members: less })), name).not.toEqual([]);
      }
      const more = withFile(folder, 'more.txt', Buffer.from('x'));
      expect(findings(replaced(folder, more))).not.toEqual([]);
    }
  });
});

describe('an artifact', () => {
  it('is missed if it was removed, unless it is the newest of its plan', () => {
    for (const [index, folder] of folders.entries()) {
      const newest = index === 4 || index === 8;
      const found = findings(replaced(folder, null));
      if (newest) expect(found, folder.name).toEqual([]);
      else
        expect(found, folder.name).toContainEqual(expect.stringMatching(/missing|later|rests on/));
    }
    expect(run(folders).notProvable).toContainEqual(
      expect.stringContaining('nothing names the newest artifact'),
    );
  });

  it('is seen twice if it was doubled', () => {
    for (const folder of folders) {
      const again = { ...folder, name: `again/${folder.name}` };
      expect(findings([...folders, again]), folder.name).toContainEqual(
        expect.stringMatching(/a second time/),
      );
    }
  });

  it('is seen in the place of another, even of the same kind', () => {
    for (const one of folders) {
      for (const other of folders) {
        if (one === other) continue;
        const swapped = folders.map((folder) =>
          folder === one ? { ...one, members: other.members } : folder,
        );
        expect(findings(swapped), `${other.name} for ${one.name}`).not.toEqual([]);
      }
    }
    const [approval, denial] = [nth('approval'), nth('denial')];
    const exchanged = folders.map((folder) =>
      folder === approval
        ? { ...approval, members: denial.members }
        : folder === denial
          ? { ...denial, members: approval.members }
          : folder,
    );
    expect(findings(exchanged)).toContainEqual(expect.stringContaining('is called'));
  });
});

describe('a line of the journal', () => {
  /** Everything resealed, with the journal of the newest artifact of the first plan changed. */
  const withLines = (change: (lines: Forged[]) => Forged[]) =>
    reseal(folders, (files, { name }) => {
      if (name === folders[4]?.name) files['journal.jsonl'] = change(files['journal.jsonl']);
    });

  it('can be written again without a finding: the reseal of the tests holds', () => {
    expect(findings(withLines((lines) => lines))).toEqual([]);
  });

  it.each<[string, (lines: Forged[]) => Forged[]]>([
    ['removed', (lines) => lines.toSpliced(1, 1)],
    ['removed before its own', (lines) => lines.toSpliced(-2, 1)],
    ['doubled', (lines) => lines.toSpliced(2, 0, lines[2])],
    ['added', (lines) => lines.toSpliced(3, 0, { ...lines[3], event: 'verified' })],
    ['exchanged with the one before', (lines) => lines.toSpliced(1, 2, lines[2], lines[1])],
    [
      'given to somebody else',
      (lines) => lines.with(1, { ...lines[1], actor: { id: 9, login: 'eve' } }),
    ],
    ['moved in time', (lines) => lines.with(1, { ...lines[1], at: '2026-03-02T09:00:00Z' })],
  ])('is found if it was %s, though every digest was computed again', (_, change) => {
    expect(findings(withLines(change))).not.toEqual([]);
  });

  it.each<[string, Forge]>([
    ['removed', (files) => files['journal.jsonl'].splice(1, 1)],
    ['exchanged', (files) => files['journal.jsonl'].reverse()],
  ])('is found if it was %s in one file alone', (_, change) => {
    const [, denial] = folders;
    const found = reseal(folders, (files, folder) => {
      if (folder.name === denial?.name) change(files, folder);
    });
    expect(findings(found)).not.toEqual([]);
  });
});

/** Changes the record of the nth artifact of a kind, and its own line in every journal. */
const forging =
  (kind: string, n: number, change: (files: Record<string, Forged>, line: Forged) => void): Forge =>
  (files, folder) => {
    if (folder.name !== nth(kind, n).name) return;
    change(files, files['journal.jsonl'].at(-1));
  };

/** The same change to the line of this artifact in the journals that carry it on. */
const carried =
  (seq: number, plan: number, change: (line: Forged) => void): Forge =>
  (files, folder) => {
    const inPlan = folders.indexOf(folder) < 5 ? 0 : 1;
    if (inPlan !== plan) return;
    const line = files['journal.jsonl'].find((one: Forged) => one.seq === seq);
    if (line !== undefined) change(line);
  };

const later = (at: string, seconds: number) =>
  new Date(Date.parse(at) + seconds * 1000).toISOString().replace('.000', '');

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
      /another head than was approved/,
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
        line.at = later(line.at, 90_000);
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
  ])('is found: %s', (_, forge, finding) => {
    expect(findings(reseal(folders, forge))).toContainEqual(expect.stringMatching(finding));
  });

  const people: Record<string, Forged> = {};
});

describe('mode audit', () => {
  let restore: () => void;
  beforeAll(() => {
    restore = remember(played.loop);
  });
  afterEach(() => restore());
  const { readFileSync, readdirSync } = fs;
  const filesBelow = (folder: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1))
      .toSorted();

  it('collects what trusted runs left, replays it, and keeps evidence and report', async () => {
    const { loop } = played;
    const step = await loop.audit();
    expect(step).toMatchObject({ decision: 'audited', reason: 'ok', status: 0 });
    const folder = step.outputs['evidence-path'] ?? '';
    const kept = filesBelow(folder);
    expect(kept).toContain('audit/report.md');
    expect(kept).toContain('audit/report.html');
    expect(kept.filter((path) => path.startsWith('audit/events/'))).toHaveLength(9);
    expect(kept.filter((path) => path.endsWith('/manifest.json'))).toHaveLength(2);
    expect(step.summary).toContain('All 9 artifacts are consistent.');
    expect(readFileSync(`${folder}/audit/report.md`, 'utf8')).toContain('GitHub names a trusted');
    const again = await loop.audit();
    const eventsOf = (one: typeof step) =>
      filesBelow(`${one.outputs['evidence-path']}/audit/events`);
    expect(eventsOf(again)).toEqual(eventsOf(step));
    const offline = await loop.audit({ inputs: { evidence: `${folder}/evidence` } });
    expect(offline).toMatchObject({ decision: 'consistent', status: 0 });
    expect(offline.requests).toEqual([]);
    expect(eventsOf(offline)).toEqual(eventsOf(step));
  });

  it('writes nothing to GitHub', async () => {
    const { requests } = await played.loop.audit();
    const reads = requests.filter(({ method, path }) => method === 'GET' || path === '/graphql');
    expect(requests.length).toBeGreaterThan(5);
    expect(requests).toEqual(reads);
    expect(JSON.stringify(requests)).not.toContain('mutation');
  });

  it('finds an artifact that is gone', async () => {
    const { loop } = played;
    loop.repo.artifacts.delete(loop.repo.artifacts.newest('codex-plan-1'));
    const step = await loop.audit();
    expect(step).toMatchObject({ decision: 'failed', reason: 'evidence-inconsistent', status: 1 });
    expect(step.summary).toContain('is about the plan');
    expect(filesBelow(step.outputs['evidence-path'] ?? '')).toContain('audit/report.html');
  });

  it('says what has expired', async () => {
    const { loop } = played;
    loop.repo.artifacts.expire(loop.repo.artifacts.newest('codex-execution-1'));
    const step = await loop.audit();
    // The commit claims an execution that nobody can read any more.
    expect(step).toMatchObject({ reason: 'evidence-inconsistent' });
    expect(step.summary).toContain('no longer stores');
    expect(step.summary).toContain('no execution made it');
  });

  it('needs a pull request with evidence', async () => {
    const { loop } = played;
    const inputs = { 'pull-request': '' };
    expect(await loop.audit({ inputs })).toMatchObject({ reason: 'config-invalid' });
    const inputs2 = { 'artifact-prefix': 'other' };
    expect(await loop.audit({ inputs: inputs2 })).toMatchObject({ reason: 'plan-missing' });
    const missing = { evidence: '/nowhere' };
    expect(await loop.audit({ inputs: missing })).toMatchObject({ reason: 'config-invalid' });
  });
});
