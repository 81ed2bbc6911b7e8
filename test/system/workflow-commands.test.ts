/** What a step writes for its runner, against `@actions/core`, GitHub's own library for it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as commands from '../../src/system/workflow-commands.ts';
import { anyCharacter } from '../support/any-character.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'commands-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const text = fc.oneof(
  fc.string({ unit: anyCharacter }),
  fc
    .array(fc.constantFrom('%', '\r', '\n', ':', ',', '::', 'a', '%0A', '##[', 'é'))
    .map((parts) => parts.join('')),
);

/** What is written to standard output. */
function printed(write: () => void): string {
  let out = '';
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    out += chunk;
    return true;
  });
  try {
    write();
  } finally {
    spy.mockRestore();
  }
  return out;
}

/** What is appended to the file of a variable, with its random delimiter named alike. */
function appended(variable: string, write: () => void): string {
  const file = join(folder, variable);
  writeFileSync(file, '');
  vi.stubEnv(variable, file);
  write();
  return readFileSync(file, 'utf8').replace(/ghadelimiter_[0-9a-f-]{36}/g, 'delimiter');
}

describe('commands to the runner', () => {
  it('are written as the library of GitHub writes them', () => {
    fc.assert(
      fc.property(text, text.filter(Boolean), (message, title) => {
        const pairs: [() => void, () => void][] = [
          [() => commands.setSecret(message), () => core.setSecret(message)],
          [() => commands.startGroup(message), () => core.startGroup(message)],
          [() => commands.endGroup(), () => core.endGroup()],
          [() => commands.info(message), () => core.info(message)],
          [() => commands.warning(message), () => core.warning(message)],
          [() => commands.error(message), () => core.error(message)],
          [() => commands.error(message, title), () => core.error(message, { title })],
        ];
        for (const [ours, theirs] of pairs) expect(printed(ours)).toBe(printed(theirs));
      }),
    );
  });

  it('set outputs as the library does, in the file and without one', () => {
    const value = fc.oneof(text, fc.jsonValue(), fc.constant(undefined));
    const both = (name: string, each: unknown) => {
      core.setOutput(name, each);
      core.setOutput('second', 'x');
    };
    fc.assert(
      fc.property(
        text.filter((one) => one !== '' && one !== '__proto__' && !/^\d+$/.test(one)),
        value,
        (name, each) => {
          const ours = appended('GITHUB_OUTPUT', () =>
            commands.setOutputs({ [name]: each, second: 'x' }),
          );
          expect(ours).toBe(appended('GITHUB_OUTPUT', () => both(name, each)));
          vi.stubEnv('GITHUB_OUTPUT', '');
          const line = printed(() => commands.setOutputs({ [name]: each, second: 'x' }));
          expect(line).toBe(printed(() => both(name, each)));
        },
      ),
    );
  });

  it('give each output a delimiter that nobody can guess', () => {
    const file = join(folder, 'output');
    writeFileSync(file, '');
    vi.stubEnv('GITHUB_OUTPUT', file);
    for (let times = 0; times < 20; times++) commands.setOutputs({ a: 'b' });
    const found = readFileSync(file, 'utf8').match(/(?<=<<)ghadelimiter_[0-9a-f-]{36}/g) ?? [];
    expect(new Set(found).size).toBe(20);
  });

  it('fail if the file for outputs is missing', () => {
    vi.stubEnv('GITHUB_OUTPUT', join(folder, 'missing'));
    expect(() => core.setOutput('a', 'b')).toThrow('Missing file');
    expect(() => commands.setOutputs({ a: 'b' })).toThrow('Missing file');
  });

  it('read inputs as the library does', () => {
    const value = text.map((one) => one.replaceAll('\0', ''));
    fc.assert(
      fc.property(value, (each) => {
        vi.stubEnv('INPUT_SOME-NAME', each);
        expect(commands.getInput('some-name')).toBe(
          core.getInput('some-name', { trimWhitespace: false }),
        );
      }),
    );
    expect(commands.getInput('not-set')).toBe('');
  });

  it('append to the job summary, once', async () => {
    const file = join(folder, 'summary');
    writeFileSync(file, 'before\n');
    vi.stubEnv('GITHUB_STEP_SUMMARY', file);
    expect(commands.isSummaryEmpty()).toBe(true);
    commands.addToSummary('# a');
    expect(commands.isSummaryEmpty()).toBe(false);
    commands.writeSummary();
    commands.writeSummary();
    expect(commands.isSummaryEmpty()).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('before\n# a\n');
    await core.summary.addRaw('# a', true).write();
    expect(readFileSync(file, 'utf8')).toBe('before\n# a\n# a\n');
  });

  it.each(['', '/dev/null/missing'])('refuse a summary without its file: %j', (file) => {
    vi.stubEnv('GITHUB_STEP_SUMMARY', file);
    expect(() => commands.writeSummary()).toThrow();
  });
});
