import { describe, expect, it } from 'vitest';
import { approvalJson, parseApproval } from '../../../src/core/records/approval.ts';
import { denialJson, parseDenial } from '../../../src/core/records/denial.ts';
import { executionJson, parseExecution } from '../../../src/core/records/execution.ts';
import { computePlanId, manifestJson, parseManifest } from '../../../src/core/records/manifest.ts';
import { parseVerification, verificationJson } from '../../../src/core/records/verification.ts';
import { parseWithdrawal, withdrawalJson } from '../../../src/core/records/withdrawal.ts';
import { sha256 } from '../../../src/core/text/digest.ts';
import { canonicalJson } from '../../../src/core/text/json.ts';
import { Stopped, stopReasons } from '../../../src/decision.ts';
import { mutationsOf } from '../plans.ts';
import { approval, denial, execution, manifest, verification, withdrawal } from '../samples.ts';

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
  {
    name: 'execution.json',
    text: executionJson(execution),
    read: (text: string) => executionJson(parseExecution(text)),
  },
  {
    name: 'denial.json',
    text: denialJson(denial),
    read: (text: string) => denialJson(parseDenial(text)),
  },
  {
    name: 'withdrawal.json',
    text: withdrawalJson(withdrawal),
    read: (text: string) => withdrawalJson(parseWithdrawal(text)),
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
        `${name} does not fit its schema at `,
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
    [
      'an escaped letter',
      (one: string) => one.replace('"octo/demo"', String.raw`"\u006fcto/demo"`),
    ],
    [
      'a number in another form',
      (one: string) => one.replace('"pull_request":12', '"pull_request":1.2e1'),
    ],
  ])('is refused with %s', (_, reword) => {
    expect(JSON.parse(reword(text))).toEqual(JSON.parse(text));
    expect(reword(text)).not.toBe(text);
    expect(refusal(read, reword(text))).toBe(`${name} is not in its canonical form.`);
  });

  it('is refused with a key twice, and if it is no JSON', () => {
    const twice = text.replace('"pull_request":12', '"pull_request":12,"pull_request":12');
    expect(refusal(read, twice)).toBe(`${name}: It names a key twice.`);
    expect(refusal(read, '')).toBe(`${name}: It is not one JSON document.`);
    expect(refusal(read, `\ufeff${text}`)).toBe(`${name}: It is not one JSON document.`);
    expect(refusal(read, '[]')).toContain(`${name} does not fit its schema at the top level: `);
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
    ['a digest that is cut', `"dist_sha256":"${'c'.repeat(64)}"`, '"dist_sha256":"cccc"'],
    ['a name for the commit of the policy', `"commit":"${'b'.repeat(40)}"`, '"commit":"main"'],
    ['a label event without a name', '"name":"approved-plan"', '"name":""'],
  ])('is refused with %s', (_, from, to) => {
    if (!text.includes(from)) return;
    expect(refusal(read, text.replace(from, to))).toContain(`${name} does not fit its schema at `);
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
        'manifest.json does not fit its schema at files.0',
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
        'approval.json does not fit its schema at files.0',
      );
    }
    const gone = { ...modified, operation: 'delete', after: null };
    expect(refusal(parseApproval, canonicalJson({ ...approval, files: [gone] }))).toBeUndefined();
  });

  it('names an approver', () => {
    const text = canonicalJson({ ...approval, approvers: [] });
    expect(refusal(parseApproval, text)).toContain(
      'approval.json does not fit its schema at approvers',
    );
  });
});

describe('denial.json', () => {
  it('has a reason of the closed set', () => {
    for (const reason of stopReasons) {
      expect(refusal(parseDenial, canonicalJson({ ...denial, reason }))).toBeUndefined();
    }
    for (const reason of ['ok', 'unknown', '']) {
      expect(refusal(parseDenial, canonicalJson({ ...denial, reason }))).toContain(
        'denial.json does not fit its schema at reason',
      );
    }
  });

  it('keeps a refused path as the model gave it', () => {
    const [refused] = denial.refused;
    for (const path of ['', '/etc/passwd', '../x', '.git/config', 'a\nb']) {
      const text = denialJson({
        ...denial,
        refused: [{ ...refused, path }] as typeof denial.refused,
      });
      expect(parseDenial(text).refused[0]?.path).toBe(path);
    }
  });

  it('may be about no plan and no label', () => {
    const text = canonicalJson({ ...denial, plan_id: null, label_events: [] });
    expect(refusal(parseDenial, text)).toBeUndefined();
  });
});
