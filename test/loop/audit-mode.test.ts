/** Mode audit, and what it asks GitHub. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Artifact } from '../../src/core/audit/artifact.ts';
import { audit } from '../../src/core/audit/audit.ts';
import { checkLabelEvents, checkOrigins, checkStillLabelled } from '../../src/core/audit/github.ts';
import { Ledger } from '../../src/core/audit/ledger.ts';
import type { Label, TimelineEvent } from '../../src/core/life/timeline.ts';
import { auditOf, foldersOf, later } from '../support/audit-tools.ts';
import { type AuditedLoop, playAuditedLoop } from '../support/loop/audited.ts';
import { remember } from '../support/loop/memory.ts';
import type { Folder } from '../support/resealed.ts';

let played: AuditedLoop;
let folders: readonly Folder[];

beforeAll(async () => {
  played = await playAuditedLoop();
  folders = await foldersOf(played);
});
afterAll(() => played?.loop.close());

describe('what GitHub says of the artifacts and the people', () => {
  const artifacts = () => auditOf(folders).artifacts;
  const ask = (check: (ledger: Ledger) => void) => {
    const ledger = new Ledger();
    check(ledger);
    return ledger;
  };

  it('is that a run made each artifact, for this pull request', () => {
    const [{ making }] = artifacts() as [Artifact];
    const target = { repository: making.repository.id, pullRequest: 1 };
    const stored = (more: number) =>
      artifacts().map((one) => ({
        ...one,
        stored: { id: 1, digest: 'x', run: one.making.run.id + more },
      })) as Artifact[];
    expect(ask((ledger) => checkOrigins(stored(0), target, ledger)).findings).toEqual([]);
    expect(ask((ledger) => checkOrigins(stored(1), target, ledger)).findings[0]).toMatch(/made it/);
    const elsewhere = { ...target, pullRequest: 2 };
    expect(ask((ledger) => checkOrigins(stored(0), elsewhere, ledger)).findings[0]).toMatch(
      /another pull request/,
    );
  });

  it('is who set the label, by the id of the event', () => {
    const events = artifacts().flatMap((one): TimelineEvent[] => {
      if (one.kind !== 'approval' && one.kind !== 'denial') return [];
      const record = one.kind === 'approval' ? one.evidence.approval : one.evidence.denial;
      return record.label_events.map(({ id, actor, created_at: at }) => ({
        id,
        kind: 'set',
        at,
        actor: { ...actor, type: 'User' },
        label: { id: 'L_1', name: 'Approved-Plan' },
      }));
    });
    const asked = (told: readonly TimelineEvent[]) =>
      ask((ledger) => checkLabelEvents(artifacts(), told, 'approved-plan', ledger));
    expect(events).toHaveLength(3);
    expect(asked(events).findings).toEqual([]);
    const eve = { id: 9, login: 'eve', type: 'User' };
    expect(asked(events.map((one) => ({ ...one, actor: eve }))).findings).toHaveLength(3);
    expect(asked(events).notProvable).toEqual([]);
    const setting = (label: Label | null) =>
      asked(events.map((one) => (one.kind === 'set' ? { ...one, label } : one))).notProvable;
    expect(setting({ id: 'L_2', name: 'bug' })).toContainEqual(
      expect.stringMatching(/set the label approved-plan: its label is called bug today/),
    );
    expect(setting(null)[0]).toMatch(/its label is deleted today/);
    expect(asked([]).findings).toEqual([]);
    expect(asked([]).notProvable).toHaveLength(3);
  });

  it('is that nobody had removed the label before', () => {
    const label = { id: 'L_1', name: 'approved-plan' };
    const approval = artifacts().findLast(({ kind }) => kind === 'approval');
    if (approval?.kind !== 'approval') throw new Error('there is none');
    const [event] = approval.evidence.approval.label_events;
    const actor = { ...event.actor, type: 'User' };
    const early = later(approval.making.created_at, -7200);
    const set: TimelineEvent = { id: event.id, kind: 'set', at: early, actor, label };
    const removed = (seconds: number, of = label): TimelineEvent => {
      const at = later(approval.making.created_at, seconds);
      return { id: 'LE_removed', kind: 'removed', at, actor, label: of };
    };
    const found = (...events: TimelineEvent[]) =>
      ask((ledger) => checkStillLabelled(artifacts(), events, ledger)).findings;
    expect(found(set)).toEqual([]);
    // Before the approval, its verification and its execution.
    expect(found(set, removed(-3600))).toEqual([
      expect.stringMatching(/approval-1 rests on a label that was removed before/),
      expect.stringMatching(/verification-1 rests on a label/),
      expect.stringMatching(/execution-1 rests on a label/),
    ]);
    expect(found(set, removed(3600))).toEqual([]);
    expect(found(set, removed(-3600, { ...label, id: 'L_2' }))).toEqual([]);
    // Before it was set, and GitHub's list is in no order.
    expect(found(set, removed(-9000))).toEqual([]);
  });

  it('is the archive that a later record names', () => {
    const stored = (digest: string) =>
      audit(
        folders.map((one, index) => {
          const id = Number(one.name.split('/')[0]);
          return { ...one, stored: { id, digest: digests.get(id) ?? digest, run: index } };
        }),
        'proven',
      );
    const digests = new Map<number, string>();
    for (const { evidence, kind } of artifacts()) {
      const named =
        kind === 'approval'
          ? evidence.approval.plan_artifact
          : kind === 'verification'
            ? evidence.verification.approval_artifact
            : kind === 'execution'
              ? evidence.execution.verification_artifact
              : undefined;
      if (named !== undefined) digests.set(named.id, named.digest);
    }
    expect(stored('sha256:x').findings).toEqual([]);
    for (const id of digests.keys()) {
      const right = digests.get(id) ?? '';
      digests.set(id, 'sha256:other');
      expect(stored('').findings[0]).toContain('another archive of');
      digests.set(id, right);
    }
  });
});

describe('mode audit', () => {
  let restore: () => void;
  beforeAll(() => {
    restore = remember(played.loop);
  });
  afterEach(() => restore());
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
    expect(step).toMatchObject({ reason: 'ok' });
    expect(step.summary).toContain('no longer stores');
    // The commit claims an execution that nobody can read any more.
    expect(step.summary).toContain('That an execution made commit');
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
