import { describe, expect, it } from 'vitest';
import { approvalJson, parseApproval } from '../../../src/core/records/approval.ts';
import { carriesOut, commitMessage, executionJson } from '../../../src/core/records/execution.ts';
import { computePlanId, manifestJson, parseManifest } from '../../../src/core/records/manifest.ts';
import { parseVerification, verificationJson } from '../../../src/core/records/verification.ts';
import { sha256 } from '../../../src/core/text/digest.ts';
import { canonicalJson } from '../../../src/core/text/json.ts';
import { Stopped } from '../../../src/decision.ts';
import { mutationsOf } from '../plans.ts';
import { approval, execution, manifest, verification } from '../samples.ts';

const records = [
  {
    name: 'manifest.json',
    text: manifestJson(manifest),
    read: (text: string) => manifestJson(parseManifest(text)),
  },
  {
    name: 'approval.json',
    text: approvalJson(approval),
    read: (text: string) => approvalJson(parseApproval(text)),
  },
  {
    name: 'verification.json',
    text: verificationJson(verification),
    read: (text: string) => verificationJson(parseVerification(text)),
  },
];

function refusal(read: (text: string) => unknown, text: string): string | undefined {
  try {
    read(text);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(Stopped);
    expect((error as Stopped).reason).toBe('artifact-invalid');
    return (error as Stopped).message;
  }
}

describe.each(records)('$name', ({ name, text, read }) => {
  it('is read back as it was written', () => {
    expect(read(text)).toBe(text);
  });

  it('is refused, or has another digest, once any one thing in it is another', () => {
    let accepted = 0;
    let refused = 0;
    for (const { where, mutant } of mutationsOf(JSON.parse(text))) {
      const mutated = canonicalJson(mutant);
      if (refusal(read, mutated) === undefined) {
        accepted++;
        expect(sha256(read(mutated)), where).not.toBe(sha256(text));
        // Nothing is dropped on the way in, which a digest would then not cover.
        expect(read(mutated), where).toBe(mutated);
      } else {
        refused++;
      }
    }
    expect(accepted).toBeGreaterThan(30);
    expect(refused).toBeGreaterThan(100);
  });

  it('needs every key, at every depth, and takes no other', () => {
    for (const { where, mutant } of mutationsOf(JSON.parse(text))) {
      if (!/(?:^|\.)(?:without [a-z]|renamed |with one more)/.test(where)) continue;
      expect(refusal(read, canonicalJson(mutant)), where).toContain(
        `${name} is not of its schema at `,
      );
    }
  });

  it.each([
    [
      'other key order',
      (one: string) =>
        JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(one)).reverse())),
    ],
    ['blanks', (one: string) => JSON.stringify(JSON.parse(one), null, 1)],
    ['a line feed behind', (one: string) => `${one}\n`],
    ['a blank before', (one: string) => ` ${one}`],
    ['an escaped letter', (one: string) => one.replace('"main"', String.raw`"\u006dain"`)],
    [
      'a number in another form',
      (one: string) => one.replace('"pull_request":12', '"pull_request":1.2e1'),
    ],
  ])('is refused with %s', (_, reword) => {
    expect(JSON.parse(reword(text))).toEqual(JSON.parse(text));
    expect(reword(text)).not.toBe(text);
    expect(refusal(read, reword(text))).toBe(`${name} is not in its canonical form.`);
  });

  it('is refused with a key twice, and where it is no JSON', () => {
    const twice = text.replace('"pull_request":12', '"pull_request":12,"pull_request":12');
    expect(refusal(read, twice)).toBe(`${name}: It names a key twice.`);
    expect(refusal(read, '')).toBe(`${name}: It is not one JSON document.`);
    expect(refusal(read, `\ufeff${text}`)).toBe(`${name}: It is not one JSON document.`);
    expect(refusal(read, '[]')).toContain(`${name} is not of its schema at the top level: `);
  });

  it.each([
    ['an id of zero', '"id":7', '"id":0'],
    ['a negative id', '"id":7', '"id":-7'],
    ['a number that is no integer', '"pull_request":12', '"pull_request":1.5'],
    ['a short commit', '"sha":"aaaa', '"sha":"'],
    ['a name for a commit', `"sha":"${'a'.repeat(40)}"`, '"sha":"refs/heads/topic"'],
    ['a commit in capitals', `"sha":"${'a'.repeat(40)}"`, `"sha":"${'A'.repeat(40)}"`],
    ['a path outside', '"path":"a.txt"', '"path":"../a.txt"'],
    ["a path in git's folder", '"path":"a.txt"', '"path":".git/config"'],
    ['a time without a zone', ':05Z"', ':05"'],
    ['an empty login or name', '"full_name":"octo/demo"', '"full_name":""'],
  ])('is refused with %s', (_, from, to) => {
    if (!text.includes(from)) return;
    expect(refusal(read, text.replace(from, to))).toContain(`${name} is not of its schema at `);
  });
});

describe('manifest.json', () => {
  it('is named by the digest of its bytes', () => {
    expect(computePlanId(manifest)).toBe(sha256(manifestJson(manifest)));
  });

  it('has a mode and a blob for a file that is there, and for no other', () => {
    const [there, created] = manifest.files;
    for (const file of [
      { ...there, mode: null, blob: null },
      { ...there, blob: null },
      { ...there, mode: null },
      { ...there, mode: 'file' },
      { ...created, mode: '100644', blob: 'e'.repeat(40) },
      { ...created, mode: '100644' },
    ]) {
      const text = canonicalJson({ ...manifest, files: [file] });
      expect(refusal(parseManifest, text)).toContain(
        'manifest.json is not of its schema at files.0',
      );
    }
  });
});

describe('approval.json', () => {
  it('has the states that each operation leads from and to', () => {
    const [modified] = approval.files;
    for (const file of [
      { ...modified, before: null },
      { ...modified, after: null },
      { ...modified, operation: 'create' },
      { ...modified, operation: 'delete' },
    ]) {
      const text = canonicalJson({ ...approval, files: [file] });
      expect(refusal(parseApproval, text)).toContain(
        'approval.json is not of its schema at files.0',
      );
    }
    const gone = { ...modified, operation: 'delete', after: null };
    expect(refusal(parseApproval, canonicalJson({ ...approval, files: [gone] }))).toBeUndefined();
  });

  it('names an approver', () => {
    const text = canonicalJson({ ...approval, approvers: [] });
    expect(refusal(parseApproval, text)).toContain(
      'approval.json is not of its schema at approvers',
    );
  });
});

describe('execution.json', () => {
  it('is written of its schema alone', () => {
    expect(JSON.parse(executionJson(execution))).toEqual(execution);
    for (const { where, mutant } of mutationsOf(execution)) {
      let written: string;
      try {
        written = executionJson(mutant as typeof execution);
      } catch {
        continue;
      }
      expect(sha256(written), where).not.toBe(sha256(executionJson(execution)));
    }
  });
});

describe('the message of a commit', () => {
  const id = computePlanId(manifest);

  it('names plan, approvers and run', () => {
    expect(commitMessage(id, ['mona', 'hubot'], 'https://example.com/runs/1')).toBe(
      [
        `Carry out Codex plan ${id.slice(0, 12)}`,
        '',
        `Codex-Plan-Id: ${id}`,
        'Codex-Plan-Approved-By: mona',
        'Codex-Plan-Approved-By: hubot',
        'Codex-Plan-Run: https://example.com/runs/1',
      ].join('\n'),
    );
  });

  it('is known again by the whole id alone', () => {
    expect(carriesOut(commitMessage(id, [], ''), id)).toBe(true);
    expect(carriesOut(commitMessage(id, [], '').replaceAll('\n', '\r\n'), id)).toBe(true);
    expect(carriesOut(`Codex-Plan-Id: ${id.slice(0, 12)}`, id)).toBe(false);
    expect(carriesOut(`see Codex-Plan-Id: ${id}`, id)).toBe(false);
    expect(carriesOut(`Codex-Plan-Id: ${sha256('another')}`, id)).toBe(false);
  });
});
