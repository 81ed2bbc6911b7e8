/**
 * The loop with the bundle and the real CLI, as users run them, and then an auditor's walk, as docs/audit.md describes it:
 * a loop with a denial, a drift and an execution is audited by the bundle, exported by the example's own shell lines, queried by the example's own SQL, and audited again offline. Then one
 * byte is flipped.
 */
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { askAthena, readStatements } from '../support/athena.ts';
import type { RecordedRequest } from '../support/github/index.ts';
import { distFolder } from '../support/loop/action.ts';
import { type AuditedLoop, auditedLoop, playAuditedLoop } from '../support/loop/audited.ts';
import type { StepInLoop } from '../support/loop/loop.ts';
import { type Bucket, startBucket } from '../support/s3.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const run = promisify(execFile);

const policy = JSON.parse(read('examples/audit/bucket-policy.json'));
const bucketName = 'example-codex-plan-audit';
const script: string = parse(read('examples/audit-export.yml')).jobs.audit.steps.at(-1).run;

/** Whether this machine has the client of AWS; without it the export cannot be tested. */
const hasClient = await run('sh', ['-c', 'command -v aws']).then(
  () => true,
  () => false,
);

const temporary = mkdtempSync(join(tmpdir(), 'auditor-'));

/** The files in a folder and in the folders in it, by their paths from there. */
const filesIn = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)))
    .sort();

let played: AuditedLoop;
let audited: StepInLoop;
let folder: string;
/** What is exported: each file costs the start of a client, so it is two events and two files of evidence. */
const exported = join(temporary, 'exported');
/** What is exported again: one of each. */
const again = join(temporary, 'again');
let bucket: Bucket;

beforeAll(async () => {
  // Here the bundle and the real CLI make one record of each kind.
  played = await playAuditedLoop(true);
  audited = await played.loop.audit({ bundle: true });
  folder = audited.outputs['evidence-path'] ?? '';
  for (const [part, wanted] of [
    ['audit/events', /\.ndjson$/],
    ['evidence', /-execution-1\/(?:execution\.json|execution\.sha256)$/],
  ] as const) {
    const [first = '', second = ''] = filesIn(join(folder, part)).filter((one) => wanted.test(one));
    for (const file of [first, second])
      cpSync(join(folder, part, file), join(exported, part, file));
    cpSync(join(folder, part, first), join(again, part, first));
  }
  bucket = await startBucket(bucketName, policy);
}, 180_000);
afterAll(async () => {
  rmSync(temporary, { recursive: true, force: true });
  await Promise.all([played?.loop.close(), bucket?.close()]);
});

const environment = (evidence = exported) => ({
  PATH: process.env.PATH,
  HOME: temporary,
  BUCKET: bucketName,
  REPOSITORY: 'octo/shop',
  EVIDENCE: evidence,
  AWS_ENDPOINT_URL: bucket.address,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'eu-central-1',
  AWS_MAX_ATTEMPTS: '1',
});

/** As the runner runs a step without `shell`. */
async function exportOnce(
  evidence = exported,
): Promise<{ readonly status: number; readonly log: string }> {
  const file = join(temporary, 'export.sh');
  writeFileSync(file, script);
  try {
    const { stdout } = await run('bash', ['-e', file], {
      env: environment(evidence),
      timeout: 240_000,
    });
    return { status: 0, log: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, log: stdout + stderr };
  }
}

async function auditOffline(target: string) {
  const cwd = mkdtempSync(join(temporary, 'offline-'));
  const program = join(distFolder, 'audit', 'index.js');
  const options = { cwd, env: { PATH: '' } };
  const ended = await run(process.execPath, [program, target], options).then(
    ({ stdout }) => ({ status: 0, stdout }),
    ({ code, stdout }) => ({ status: code as number, stdout: stdout as string }),
  );
  return { ...ended, cwd, lines: ended.stdout.trimEnd().split('\n') };
}

/** What can be seen of a step from outside, without what differs each time. */
function seen({ job, status, outputs, summary, log, requests }: StepInLoop) {
  const general = (text = '') =>
    text
      .replaceAll(dirname(job.temp), '#')
      .replace(/codex-\w+-[\w-]{36}/g, '#')
      .replace(/\b(?:[0-9a-f]{12,}|\d{4,})\b/g, '#')
      // How long Codex took, and when it did what.
      .replace(/\b\d+ s, (?=\d+ tokens)/g, '# s, ')
      .replace(/^│ \d+:\d\d /gm, '│ #:## ');
  const masks = /^::add-mask::.*\n/gm;
  const ofArtifactClient =
    /^(?:Artifact|With the provided|Root directory|Finished|Finalizing|Beginning|SHA256).*\n/gm;
  const named = ({ service, method, template, path }: RecordedRequest) =>
    `${service} ${method} ${general(template ?? path)}`;
  return {
    status,
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, value]) => [name, general(value)]),
    ),
    summary: general(summary),
    log: general(log.replace(masks, '').replace(ofArtifactClient, '')),
    // Calls that are made at the same time arrive in any order.
    requests: requests.map(named).sort(),
  };
}

describe('the loop', () => {
  it('goes from a request to the commit', () => {
    const { steps, loop } = played;
    const ends = ['planned', 'denied', 'approved', 'verified', 'drifted'];
    const again = ['planned', 'approved', 'verified', 'executed'];
    expect(steps.map(({ decision }) => decision)).toEqual([...ends, ...again]);
    expect(loop.pull.file('src/tax.ts')).toBe('export const tax = 1.2;\n');
    expect(loop.github.violations).toEqual([]);
  });

  it('is seen with scripted agents as with the bundle and the Codex CLI', async () => {
    const scripted = await auditedLoop();
    for (const [index, step] of played.steps.entries()) {
      const other = scripted.steps[index] as StepInLoop;
      expect(seen(other), `${index + 1}. ${step.decision}`).toEqual(seen(step));
    }
  });
});

describe('online', () => {
  it('everything is audited', () => {
    expect(audited).toMatchObject({ decision: 'audited', status: 0 });
    expect(audited.summary).toContain('All 9 artifacts are consistent.');
    expect(filesIn(join(folder, 'audit/events'))).toHaveLength(9);
  });
});

describe('the export', () => {
  it.skipIf(hasClient)('IS SKIPPED: this machine has no aws client', () => {});

  it.runIf(hasClient)(
    'stores each file once, and a second time changes nothing',
    async () => {
      const first = await exportOnce();
      expect(first).toMatchObject({ status: 0 });
      const stored = new Map(bucket.objects);
      const named = [
        ...filesIn(join(exported, 'audit/events')).map((name) => [
          `events/${name}`,
          'audit/events',
          name,
        ]),
        ...filesIn(join(exported, 'evidence')).map((name) => [
          `evidence/octo/shop/${name}`,
          'evidence',
          name,
        ]),
      ] as [string, string, string][];
      expect(named).toHaveLength(4);
      const bytes = named.map(
        ([key, ...path]) => [key, readFileSync(join(exported, ...path))] as const,
      );
      expect(stored).toEqual(new Map(bytes));
      expect([...stored.keys()]).toContainEqual(
        expect.stringMatching(/^evidence\/octo\/shop\/\d+-codex-execution-1\/execution\.json$/),
      );
      expect([...stored.keys()]).toContainEqual(
        expect.stringMatching(/^events\/dt=\d{4}-\d\d-\d\d\/[0-9a-f]{64}\.ndjson$/),
      );
      expect(bucket.writes.every(({ status }) => status === 200)).toBe(true);
      const writes = bucket.writes.length;
      const second = await exportOnce(again);
      expect(second).toMatchObject({ status: 0 });
      expect(second.log).not.toMatch(/^stored /m);
      expect(second.log.match(/^there already (?:events|evidence)\//gm)).toHaveLength(2);
      expect(bucket.writes.slice(writes).map(({ status }) => status)).toEqual([412, 412]);
      expect(new Map(bucket.objects)).toEqual(stored);
    },
    600_000,
  );

  it.runIf(hasClient)(
    'is an error if the bucket has other bytes under the name',
    async () => {
      const [key = '', content = Buffer.of()] =
        [...bucket.objects].find(([name]) => name.startsWith('events/')) ?? [];
      bucket.objects.set(key, Buffer.from('other'));
      const one = join(temporary, 'one');
      for (const path of ['evidence', dirname(`audit/${key}`)])
        mkdirSync(join(one, path), { recursive: true });
      writeFileSync(join(one, 'audit', key), content);
      const other = await exportOnce(one);
      bucket.objects.set(key, content);
      expect(other.status).not.toBe(0);
      expect(other.log).toContain(`::error::${key} could not be stored.`);
    },
    600_000,
  );

  it.runIf(hasClient)('is refused without the condition, and nothing is deleted', async () => {
    const body = join(temporary, 'body');
    writeFileSync(body, 'x');
    const aws = (...args: string[]) =>
      run('aws', ['s3api', ...args, '--bucket', bucketName], { env: environment() });
    await expect(aws('put-object', '--key', 'x', '--body', body)).rejects.toThrow('AccessDenied');
    const [key = ''] = bucket.objects.keys();
    await expect(aws('delete-object', '--key', key)).rejects.toThrow('AccessDenied');
    expect(bucket.objects.has(key)).toBe(true);
  });
});

describe('the questions', () => {
  it('are six, about the table of the events, by day', () => {
    const { columns, template, questions } = readStatements();
    expect(Object.keys(questions)).toHaveLength(6);
    expect(template).toBe(`s3://${bucketName}/events/dt=\${dt}/`);
    const schema = JSON.parse(read('schemas/event.json'));
    const names = Object.keys(schema.properties).filter((name) => name !== 'schema');
    expect(columns.map(([name]) => name)).toEqual([...names, 'dt']);
  });

  it('are answered', async () => {
    // The bucket has these files, byte for byte, under the same names.
    const found = await askAthena(join(folder, 'audit/events'));
    const column = (what: string, index: number) => found[what]?.map((row) => row[index]);
    expect(column('who approved what', 1)).toEqual(['bob', 'bob']);
    expect(column('approvals without execution', 1)).toEqual(['bob']);
    expect(found['drift by cause']).toEqual([['scope-drift', 'src/other.ts', '1']]);
    expect(column('denied files', 5)).toEqual(['README.md']);
    expect(column('denied files', 4)).toEqual(['outside-plan']);
    expect(found['self-approvals']).toEqual([]);
    const [executed] = found['from request to commit in minutes'] ?? [];
    expect(executed?.[0]).toBe('octo/shop');
    expect(executed?.[3]).toBe(played.loop.pull.head.sha);
    expect(Number(executed?.[4])).toBeGreaterThan(1);
    expect(Number(executed?.[4])).toBeLessThan(10);
  });

  it('see who approved their own request', async () => {
    const own = join(temporary, 'own', 'dt=2026-03-02');
    mkdirSync(own, { recursive: true });
    const [day = ''] = readdirSync(join(folder, 'audit/events'));
    for (const name of readdirSync(join(folder, 'audit/events', day))) {
      const event = JSON.parse(readFileSync(join(folder, 'audit/events', day, name), 'utf8'));
      const approved = event.event === 'approved';
      event.requester_ids.push(approved ? event.actor_id : 0);
      writeFileSync(join(own, name), `${JSON.stringify(event)}\n`);
      if (!approved) continue;
      // As if the policy had asked for two: the first of them has a line of a vote.
      const voted = { ...event, seq: event.seq - 1, event: 'voted', actor_login: 'carol' };
      writeFileSync(join(own, `voted-${name}`), `${JSON.stringify(voted)}\n`);
    }
    const found = await askAthena(dirname(own));
    const everybody = ['carol', 'bob', 'carol', 'bob'];
    expect(found['self-approvals']?.map((row) => row[1])).toEqual(everybody);
    expect(found['who approved what']?.map((row) => row[1])).toEqual(everybody);
    expect(found['approvals without execution']?.map((row) => row[1])).toEqual(['bob']);
  });
});

describe('the attestation', () => {
  const { steps } = parse(read('examples/attest.yml')).jobs.attest;

  it('is about the approval that was executed, its change and its execution', async () => {
    const output = join(temporary, 'output');
    const file = join(temporary, 'pick.sh');
    writeFileSync(file, steps[1].run);
    const env = { PATH: process.env.PATH, EVIDENCE: folder, GITHUB_OUTPUT: output };
    await run('bash', ['-e', file], { env });
    const found = Object.fromEntries(
      readFileSync(output, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => line.split('=') as [string, string]),
    );
    expect(Object.keys(found)).toEqual(['execution', 'approval', 'change']);
    const record = (path = '') => JSON.parse(readFileSync(path, 'utf8'));
    expect(record(found.execution).commit).toBe(played.loop.pull.head.sha);
    expect(record(found.approval).plan_id).toBe(record(found.execution).plan_id);
    expect(readFileSync(found.change ?? '', 'utf8')).toContain('+++ b/src/other.ts');
    const ajv = new Ajv2020({ strict: true, validateFormats: false });
    const schema = JSON.parse(read('schemas/approval.json'));
    expect(ajv.validate(schema, record(found.approval))).toBe(true);
  });

  it('has the address of the schema as the type of its predicate, and the page verifies that', () => {
    const type = JSON.parse(read('schemas/approval.json')).$id;
    expect(steps[2].with['predicate-type']).toBe(type);
    expect(steps[2].with['predicate-path']).toContain('executed.outputs.approval');
    expect(read('docs/evidence.md')).toContain(`--predicate-type ${type}`);
  });
});

describe('offline', () => {
  it('everything is consistent, and the origin is not proven', async () => {
    const { status, lines, cwd } = await auditOffline(join(folder, 'evidence'));
    expect(lines[0]).toBe('origin not proven');
    expect(lines.at(-1)).toBe('consistent');
    expect(status).toBe(0);
    const days = readdirSync(join(cwd, 'audit/events'));
    const names = days.flatMap((day) => readdirSync(join(cwd, 'audit/events', day)));
    const online = days.flatMap((day) => readdirSync(join(folder, 'audit/events', day)));
    expect(names.toSorted()).toEqual(online.toSorted());
  });

  it('one byte that was flipped is found', async () => {
    const copy = join(temporary, 'copy');
    cpSync(join(folder, 'evidence'), copy, { recursive: true });
    const [approval = ''] = readdirSync(copy).filter((name) => name.includes('-approval-'));
    const file = join(copy, approval, 'run.log');
    const content = readFileSync(file);
    content.writeUInt8((content[10] ?? 0) ^ 1, 10);
    writeFileSync(file, content);
    const { status, lines, stdout } = await auditOffline(copy);
    expect(status).toBe(1);
    expect(lines[0]).toBe('origin not proven');
    expect(lines.at(-1)).toBe('evidence-inconsistent');
    expect(stdout).toContain(`${approval}: approval.sha256 does not match the files beside it.`);
  });

  it('says how it is used, and is not content with nothing', async () => {
    for (const target of ['--help', '/nowhere', temporary]) {
      const { status, lines } = await auditOffline(target);
      expect(lines[0], target).toBe('origin not proven');
      expect(status, target).toBe(1);
    }
  });
});
