/** Which approval `examples/attest.yml` signs. The step is run as it stands, on the evidence of the samples. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const run = promisify(execFile);
const samples = new URL('../docs/samples/executed/', import.meta.url);
const { steps } = parse(readFileSync(new URL('../examples/attest.yml', import.meta.url), 'utf8'))
  .jobs.attest;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attest-'));
  for (const [index, name] of readdirSync(samples).entries()) {
    cpSync(new URL(name, samples), join(folder, 'evidence', `${100 + index}-${name}`), {
      recursive: true,
    });
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const own = () =>
  readdirSync(join(folder, 'evidence')).find((name) => name.includes('-execution-')) ?? '';

/** Another execution in the folder. */
function copyExecution(name: string, change: (record: Record<string, unknown>) => void): void {
  const target = join(folder, 'evidence', name);
  cpSync(join(folder, 'evidence', own()), target, { recursive: true });
  const file = join(target, 'execution.json');
  const record = JSON.parse(readFileSync(file, 'utf8'));
  change(record);
  writeFileSync(file, JSON.stringify(record));
}

/** What the step gives to the action that signs. */
async function pick(): Promise<Record<string, string>> {
  const script = join(folder, 'pick.sh');
  const output = join(folder, 'output');
  writeFileSync(script, steps[1].run);
  writeFileSync(output, '');
  // As the runner starts a script: stop at the first error.
  const env = { PATH: process.env.PATH, EVIDENCE: folder, GITHUB_OUTPUT: output };
  await run('bash', ['--noprofile', '--norc', '-e', script], { env });
  const lines = readFileSync(output, 'utf8').trimEnd().split('\n');
  return Object.fromEntries(lines.map((line) => line.split('=') as [string, string]));
}

describe('the attestation', () => {
  it('is about the execution, its approval and its change', async () => {
    const found = await pick();
    expect(found.execution).toContain(own());
    for (const path of Object.values(found)) expect(readFileSync(path).length).toBeGreaterThan(0);
  });

  it('is not about an execution that was stopped, however new that is', async () => {
    copyExecution('999-codex-execution-1', (record) => {
      record.stopped = 'head-moved';
      record.approval_sha256 = '0'.repeat(64);
    });
    expect((await pick()).execution).toContain(own());
  });

  it('is made of nothing if nothing was executed', async () => {
    const file = join(folder, 'evidence', own(), 'execution.json');
    const record = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...record, stopped: 'head-moved' }));
    await expect(pick()).rejects.toMatchObject({
      stdout: expect.stringContaining('::error::No approval of this pull request was executed.'),
    });
  });

  it('is made of nothing if the approval is missing', async () => {
    copyExecution('999-codex-execution-1', (record) => {
      record.approval_sha256 = '0'.repeat(64);
    });
    await expect(pick()).rejects.toMatchObject({
      stdout: expect.stringContaining('::error::No approval'),
    });
  });
});
