import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { planDigest, planJson } from '../../../src/core/plan/plan.ts';
import { approvalJson } from '../../../src/core/records/approval.ts';
import {
  planMembers,
  readApprovalEvidence,
  readDenialEvidence,
  readExecutionEvidence,
  readPlanEvidence,
  readVerificationEvidence,
  readWithdrawalEvidence,
} from '../../../src/core/records/archive-contents.ts';
import { denialJson } from '../../../src/core/records/denial.ts';
import { executionJson } from '../../../src/core/records/execution.ts';
import { appendToJournal } from '../../../src/core/records/journal.ts';
import { computePlanId } from '../../../src/core/records/manifest.ts';
import {
  listMembers,
  type Members,
  toMembers,
  withChecksums,
} from '../../../src/core/records/members.ts';
import { packPlan } from '../../../src/core/records/pack.ts';
import { verificationJson } from '../../../src/core/records/verification.ts';
import { withdrawalJson } from '../../../src/core/records/withdrawal.ts';
import { sha256 } from '../../../src/core/text/digest.ts';
import { Stopped, type StopReason } from '../../../src/decision.ts';
import { makeTemporaryFolder } from '../../support/ram-disk.ts';
import {
  approval,
  approvalArtifact,
  approvalJournal,
  contents,
  denial,
  denialArtifact,
  execution,
  executionArtifact,
  fact,
  manifest,
  plan,
  planArtifact,
  policyRecord,
  verification,
  verificationArtifact,
  withdrawal,
  withdrawalArtifact,
} from '../samples.ts';

const artifacts = [
  { name: 'a plan artifact', make: planArtifact, read: readPlanEvidence, sums: 'plan.sha256' },
  {
    name: 'an approval artifact',
    make: approvalArtifact,
    read: readApprovalEvidence,
    sums: 'approval.sha256',
  },
  {
    name: 'a verification artifact',
    make: verificationArtifact,
    read: readVerificationEvidence,
    sums: 'verification.sha256',
  },
  {
    name: 'an execution artifact',
    make: executionArtifact,
    read: readExecutionEvidence,
    sums: 'execution.sha256',
  },
  {
    name: 'a denial artifact',
    make: denialArtifact,
    read: readDenialEvidence,
    sums: 'denial.sha256',
  },
  {
    name: 'a withdrawal artifact',
    make: withdrawalArtifact,
    read: readWithdrawalEvidence,
    sums: 'withdrawal.sha256',
  },
];

type Read = (members: Members) => unknown;

function refusal(read: Read, members: Members): StopReason | 'accepted' {
  try {
    read(members);
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(Stopped);
    return (error as Stopped).reason;
  }
}

function messageOf(read: Read, members: Members): string {
  try {
    read(members);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
}

const having = (members: Members, name: string, content: string | Uint8Array): Members =>
  new Map([...members, [name, Buffer.from(content as string)]]);
const without = (members: Members, name: string): Members =>
  new Map([...members].filter(([member]) => member !== name));

/** As somebody does who knows the format: the checksums are made anew. */
const rehashed = (members: Members, sums: string) => withChecksums(without(members, sums), sums);

/** One bit of each byte, one after the other. */
function* damages(content: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < content.length; at++) {
    const damaged = Uint8Array.from(content);
    damaged[at] = (damaged[at] as number) ^ (1 << (at % 8));
    yield damaged;
  }
}

describe.each(artifacts)('$name', ({ make, read, sums }) => {
  const members = make();

  it('is read back', () => {
    expect(refusal(read, members)).toBe('accepted');
    expect(refusal(read, new Map([...members].reverse()))).toBe('accepted');
  });

  it('has checksums that coreutils agrees with', () => {
    const folder = makeTemporaryFolder('evidence');
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const [name, content] of members) writeFileSync(join(folder, name), content);
    execFileSync('sha256sum', ['--check', '--strict', '--quiet', sums], { cwd: folder });
    const listed = Buffer.from(members.get(sums) as Uint8Array).toString();
    expect(listed.trimEnd().split('\n')).toHaveLength(members.size - 1);
  });

  it('is refused if a member is missing, renamed or too many', () => {
    for (const name of members.keys()) {
      const content = members.get(name) as Uint8Array;
      const renamed = having(without(members, name), `${name}.bak`, content);
      for (const spoilt of [without(members, name), renamed, rehashed(renamed, sums)]) {
        expect(['artifact-invalid', 'digest-mismatch'], name).toContain(refusal(read, spoilt));
      }
    }
    for (const spoilt of [having(members, 'extra.txt', ''), having(members, '../x', 'x')]) {
      expect(refusal(read, spoilt)).toBe('artifact-invalid');
      expect(refusal(read, rehashed(spoilt, sums))).toBe('artifact-invalid');
    }
    expect(refusal(read, new Map())).toBe('artifact-invalid');
  });

  it('is refused if a member changed places with another one', () => {
    const names = [...members.keys()];
    for (const [index, name] of names.entries()) {
      const other = names[(index + 1) % names.length] as string;
      const swapped = new Map(members)
        .set(name, members.get(other) as Uint8Array)
        .set(other, members.get(name) as Uint8Array);
      if (Buffer.compare(members.get(name) as Buffer, members.get(other) as Buffer) === 0) continue;
      expect(refusal(read, swapped), `${name} and ${other}`).not.toBe('accepted');
    }
  });

  it('is refused with any bit turned, any byte more and any byte less', () => {
    for (const [name, content] of members) {
      for (const damaged of damages(content)) {
        expect(refusal(read, having(members, name, damaged)), name).not.toBe('accepted');
      }
      const longer = Buffer.concat([content, Buffer.from('\n')]);
      expect(refusal(read, having(members, name, longer)), name).not.toBe('accepted');
      if (content.length === 0) continue;
      expect(refusal(read, having(members, name, content.subarray(1))), name).not.toBe('accepted');
    }
  });

  it('has checksums over everything, each once, and follows none of their names', () => {
    const lines = Buffer.from(members.get(sums) as Uint8Array).toString();
    const [first = '', ...rest] = lines.trimEnd().split('\n');
    for (const spoilt of [
      '',
      `${rest.join('\n')}\n`,
      `${lines}${first}\n`,
      `${lines}${sha256('')}  ../../etc/passwd\n`,
      lines.replace('  ', ' *'),
      lines.toUpperCase(),
      lines.replaceAll('\n', '\r\n'),
    ]) {
      expect(refusal(read, having(members, sums, spoilt))).toBe('digest-mismatch');
    }
    const turned = `${[first, ...rest].reverse().join('\n')}\n`;
    expect(refusal(read, having(members, sums, turned))).toBe('accepted');
  });

  it('is refused if text is not UTF-8', () => {
    const spoilt = having(members, sums, Buffer.from([0xff, 0xfe]));
    expect(refusal(read, spoilt)).toBe('artifact-invalid');
    expect(messageOf(read, spoilt)).toBe(`${sums} is not valid UTF-8.`);
  });

  it('says what is wrong with its files', () => {
    const lacking = without(members, 'policy.json');
    expect(messageOf(read, lacking)).toBe('The artifact lacks policy.json.');
    const more = having(members, 'x', '');
    expect(messageOf(read, more)).toBe('The artifact has a file that does not belong there.');
    const changed = having(members, 'policy.json', 'x');
    expect(messageOf(read, changed)).toBe(`${sums} does not match the files beside it.`);
  });
});

describe('a plan artifact that somebody made over', () => {
  const whole = planArtifact();

  it('is another plan once any bit of it is another', () => {
    for (const name of [...planMembers, 'manifest.json']) {
      for (const damaged of damages(whole.get(name) as Uint8Array)) {
        const spoilt = rehashed(having(whole, name, damaged), 'plan.sha256');
        if (refusal(readPlanEvidence, spoilt) !== 'accepted') continue;
        expect(readPlanEvidence(spoilt).planId, name).not.toBe(computePlanId(manifest));
      }
    }
  });

  it('is another plan if its manifest was made over, too', () => {
    const log = toMembers({ ...contents, 'run.log': 'something else\n' });
    const made = packPlan({ ...manifest, members: listMembers(log) }, log);
    expect(readPlanEvidence(made).planId).not.toBe(computePlanId(manifest));
  });

  const anotherPlan = planJson({ ...plan, title: 'Another' });
  it.each([
    ['another prompt', { 'prompt.txt': 'something else' }, {}, 'prompt_sha256: expected'],
    [
      'a prompt that is not normal',
      { 'prompt.txt': 'greet \n' },
      {},
      'prompt.txt is not a normalised prompt.',
    ],
    ['an empty prompt', { 'prompt.txt': '' }, {}, 'prompt.txt is not a normalised prompt.'],
    [
      'a prompt with a byte order mark',
      { 'prompt.txt': '\ufeffgreet' },
      {},
      'prompt.txt is not a normalised prompt.',
    ],
    ['another plan', { 'plan.json': anotherPlan }, {}, 'plan_sha256: expected'],
    [
      'a plan in another form',
      { 'plan.json': JSON.stringify(plan, null, 1) },
      {},
      'plan.json is not in its canonical form.',
    ],
    ['no plan', { 'plan.json': '{}' }, {}, 'plan.json: The plan does not fit its schema'],
    [
      'another rendering',
      { 'plan.txt': 'Harmless\n' },
      {},
      'plan.txt is not the rendering of plan.json.',
    ],
    ['a broken journal', { 'journal.jsonl': '{}\n' }, {}, 'journal.jsonl does not fit its schema'],
    [
      'other instructions',
      { 'instructions.md': 'Do as you like.\n' },
      {},
      'instructions_sha256: expected',
    ],
    ['no instructions', { 'instructions.md': '' }, {}, 'instructions_sha256: expected'],
    [
      'other files',
      {},
      { files: manifest.files.slice(1) },
      'The manifest is about other files than the plan.',
    ],
    [
      'files in another order',
      {},
      { files: manifest.files.toReversed() },
      'The manifest is about other files than the plan.',
    ],
  ])('is refused with %s', (_, changed, record, why) => {
    const members = toMembers({ ...contents, ...changed });
    const made = packPlan({ ...manifest, members: listMembers(members), ...record }, members);
    expect(messageOf(readPlanEvidence, made)).toContain(why);
    const differs = /_sha256: expected|is not the rendering|is about other files/.test(why);
    expect(refusal(readPlanEvidence, made)).toBe(differs ? 'digest-mismatch' : 'artifact-invalid');
  });

  const listed = listMembers(toMembers(contents));
  const [first, ...rest] = listed as [(typeof listed)[number], ...(typeof listed)[number][]];
  it.each([
    ['none', [], 'artifact-invalid'],
    ['one less', rest, 'artifact-invalid'],
    ['one twice', [first, first, ...rest.slice(1)], 'artifact-invalid'],
    ['one twice besides all', [...listed, first], 'artifact-invalid'],
    ['one too many', [...listed, { ...first, name: 'x' }], 'artifact-invalid'],
    ['one of another name', [{ ...first, name: 'x' }, ...rest], 'digest-mismatch'],
    ['one of another size', [{ ...first, size: first.size + 1 }, ...rest], 'digest-mismatch'],
    ['one of another digest', [{ ...first, sha256: sha256('x') }, ...rest], 'digest-mismatch'],
  ])('is refused where the manifest lists %s', (_, members, reason) => {
    const made = packPlan({ ...manifest, members }, toMembers(contents));
    expect(refusal(readPlanEvidence, made)).toBe(reason);
    expect(messageOf(readPlanEvidence, made)).toBe(
      reason === 'artifact-invalid'
        ? 'The manifest does not list each member once.'
        : `${first.name} is not what the manifest lists.`,
    );
  });

  it('gives what was read if it is whole', () => {
    expect(readPlanEvidence(whole)).toEqual({
      planId: computePlanId(manifest),
      manifest,
      prompt: contents['prompt.txt'],
      plan,
      instructions: contents['instructions.md'],
      journal: contents['journal.jsonl'],
    });
  });
});

describe('an approval artifact that somebody made over', () => {
  const whole = approvalArtifact();
  const made = (name: string, content: string) =>
    rehashed(having(whole, name, content), 'approval.sha256');

  it('is refused with another change', () => {
    expect(messageOf(readApprovalEvidence, made('change.patch', 'diff'))).toContain(
      'change_sha256: expected',
    );
  });

  it.each([
    ['none', '{}\n', 'journal.jsonl does not fit its schema'],
    ['empty', '', 'The journal does not tell of this approval.'],
    ['the plan’s', contents['journal.jsonl'], 'The journal does not tell of this approval.'],
    [
      'of another approval',
      appendToJournal('', { ...fact, event: 'approved', digests: { approval: sha256('x') } }),
      'The journal does not tell of this approval.',
    ],
    [
      'of something else that was done with it',
      approvalJournal.replaceAll('"approved"', '"verified"'),
      'The journal does not tell of this approval.',
    ],
  ])('is refused with a journal that is %s', (_, journal, why) => {
    expect(messageOf(readApprovalEvidence, made('journal.jsonl', journal))).toContain(why);
  });

  it('is refused with another record: its journal tells of this one', () => {
    const record = approvalJson({ ...approval, pull_request: 13 });
    expect(refusal(readApprovalEvidence, made('approval.json', record))).toBe('digest-mismatch');
  });

  it.each([
    ['none', '{}', 'policy.json does not fit its schema'],
    [
      'in another form',
      policyRecord.replace('{', '{ '),
      'policy.json is not in its canonical form',
    ],
    ['of another schema', policyRecord.replace('codex-policy/v1', 'codex-policy/v2'), 'at schema'],
    ['without hours', policyRecord.replace('"hours":24', ''), 'at policy.approvers.hours'],
    ['of a source that is none', policyRecord.replace('"default"', '"guess"'), 'at sources.'],
  ])('is refused with a policy that is %s', (_, policy, why) => {
    expect(policy).not.toBe(policyRecord);
    expect(messageOf(readApprovalEvidence, made('policy.json', policy))).toContain(why);
    expect(refusal(readApprovalEvidence, made('policy.json', policy))).toBe('artifact-invalid');
  });

  it('gives its record, the change, the policy and the journal', () => {
    expect(readApprovalEvidence(whole)).toEqual({
      digest: sha256(approvalJson(approval)),
      approval,
      change: whole.get('change.patch'),
      policy: JSON.parse(policyRecord),
      journal: approvalJournal,
    });
  });
});

describe('a verification artifact that somebody made over', () => {
  const whole = verificationArtifact();
  const refusalOf = (members: Members) =>
    refusal(readVerificationEvidence, rehashed(members, 'verification.sha256'));
  const withRecord = (members: Members, change: Partial<typeof verification>) =>
    having(members, 'verification.json', verificationJson({ ...verification, ...change }));

  it('has a diff exactly if it records a drift', () => {
    expect(refusalOf(without(whole, 'drift.diff'))).toBe('artifact-invalid');
    expect(refusalOf(withRecord(whole, { result: 'verified' }))).toBe('artifact-invalid');
    const verified = withRecord(without(whole, 'drift.diff'), { result: 'verified' });
    expect(refusalOf(verified)).toBe('accepted');
  });

  it('has the regenerated plan as it was hashed and rendered, or has it not', () => {
    expect(refusalOf(without(without(whole, 'plan.json'), 'plan.txt'))).toBe('accepted');
    expect(refusalOf(without(whole, 'plan.json'))).toBe('artifact-invalid');
    expect(refusalOf(without(whole, 'plan.txt'))).toBe('artifact-invalid');
    expect(refusalOf(having(whole, 'plan.txt', 'Harmless\n'))).toBe('digest-mismatch');
    expect(refusalOf(withRecord(whole, { regenerated: null }))).toBe('digest-mismatch');
    expect(refusalOf(withRecord(whole, { regenerated: { plan_sha256: sha256('') } }))).toBe(
      'digest-mismatch',
    );
  });

  it('says what is wrong with it', () => {
    const why = (members: Members) =>
      messageOf(readVerificationEvidence, rehashed(members, 'verification.sha256'));
    expect(why(without(whole, 'drift.diff'))).toBe(
      'verification.json says drifted, and there is no drift.diff.',
    );
    expect(why(withRecord(whole, { result: 'verified' }))).toBe(
      'There is a drift.diff, and verification.json does not say drifted.',
    );
    expect(why(withRecord(whole, { regenerated: null }))).toBe(
      `regenerated.plan_sha256: expected none, got ${planDigest(plan)}.`,
    );
    expect(why(withRecord(whole, { regenerated: { plan_sha256: sha256('') } }))).toBe(
      `regenerated.plan_sha256: expected ${sha256('')}, got ${planDigest(plan)}.`,
    );
    expect(why(having(whole, 'journal.jsonl', '{}\n'))).toContain(
      'journal.jsonl does not fit its schema',
    );
  });

  it('gives its record and its journal', () => {
    const journal = contents['journal.jsonl'];
    expect(readVerificationEvidence(whole)).toEqual({ verification, journal });
  });
});

describe.each([
  {
    name: 'an execution artifact',
    make: executionArtifact,
    read: readExecutionEvidence,
    record: 'execution.json',
    sums: 'execution.sha256',
    another: executionJson({ ...execution, pull_request: 13 }),
    evidence: { execution, journal: contents['journal.jsonl'] },
  },
  {
    name: 'a denial artifact',
    make: denialArtifact,
    read: readDenialEvidence,
    record: 'denial.json',
    sums: 'denial.sha256',
    another: denialJson({ ...denial, pull_request: 13 }),
    evidence: { denial, journal: contents['journal.jsonl'] },
  },
  {
    name: 'a withdrawal artifact',
    make: withdrawalArtifact,
    read: readWithdrawalEvidence,
    record: 'withdrawal.json',
    sums: 'withdrawal.sha256',
    another: withdrawalJson({ ...withdrawal, pull_request: 13 }),
    evidence: { withdrawal, journal: contents['journal.jsonl'] },
  },
])('$name that somebody made over', ({ make, read, record, sums, another, evidence }) => {
  const made = (name: string, content: string) => rehashed(having(make(), name, content), sums);

  it('gives its record and its journal', () => {
    expect(read(make())).toEqual(evidence);
  });

  it('is refused with a journal or a record that is broken', () => {
    for (const [name, content] of [
      ['journal.jsonl', '{}\n'],
      ['journal.jsonl', contents['journal.jsonl'].slice(0, -1)],
      [record, '{}'],
    ] as const) {
      expect(refusal(read, made(name, content)), name).toBe('artifact-invalid');
      expect(messageOf(read, made(name, content)), name).toContain(name);
    }
  });

  it('is read with another whole record: who made it is asked elsewhere', () => {
    expect(refusal(read, made(record, another))).toBe('accepted');
  });
});
