/** Facts that an honest workflow can leave: each counts only if the records bear it out. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEvidenceFolders } from '../../../src/system/evidence-folders.ts';
import { auditOf, findingsIn, forgingIn, later, nthOf } from '../../support/audit-tools.ts';
import { type Folder, type Forge, type Forged, reseal } from '../../support/resealed.ts';

const samples = join(import.meta.dirname, '../../../docs/samples/executed');
const order = ['codex-plan', 'codex-approval', 'codex-verification', 'codex-execution'];
const isOlder = (name: string) => /\/\d+-/.test(name);
/** Oldest first; the folder of an older plan begins with its run. */
const folders: readonly Folder[] = [...readEvidenceFolders([samples]).artifacts].sort(
  (a, b) =>
    Number(isOlder(b.name)) - Number(isOlder(a.name)) ||
    order.findIndex((kind) => a.name.includes(kind)) -
      order.findIndex((kind) => b.name.includes(kind)),
);

describe('an approver who got another login', () => {
  /** In the verification: the login of its time, and whom its policy names. */
  const verified = (login: string, users: readonly string[], change?: (approver: Forged) => void) =>
    reseal(
      folders,
      forgingIn(folders, 'verification', 0, (files) => {
        const [approver] = files['verification.json'].approvers;
        approver.login = login;
        change?.(approver);
        files['policy.json'].policy.approvers.users = users;
        files['policy.json'].sources['approvers.users'] = 'file';
        files['verification.json'].policy.blob = '1'.repeat(40);
      }),
    );

  it('is looked up in the policy under that login', () => {
    const { findings, toldByGitHub } = auditOf(verified('robert', ['robert']));
    expect(findings).toEqual([]);
    expect(toldByGitHub).toContainEqual(
      expect.stringMatching(/^That bob is the account that .*verification-1 calls robert\.$/),
    );
  });

  it('is not allowed under a policy that names somebody else', () => {
    expect(findingsIn(verified('bob', ['robert']))).toContainEqual(
      expect.stringMatching(/should have been refused by the policy of that time/),
    );
    expect(findingsIn(verified('robert', ['bob']))).toContainEqual(
      expect.stringMatching(/should have been refused by the policy of that time/),
    );
  });

  it.each<[string, RegExp, (approver: Forged) => void]>([
    [
      'another account',
      /names other approvers than its approval/,
      (approver) => {
        approver.id = 4711;
      },
    ],
    [
      'a role that may not approve any more',
      /should have been refused by the policy of that time/,
      (approver) => {
        approver.permission = 'read';
      },
    ],
    [
      'a role that GitHub does not have',
      /records a permission that GitHub does not have/,
      (approver) => {
        approver.permission = 'owner';
      },
    ],
    [
      'an app',
      /who is no person/,
      (approver) => {
        approver.login = 'bob[bot]';
      },
    ],
  ])('is not %s', (_, finding, change) => {
    expect(findingsIn(verified('bob', ['bob'], change))).toContainEqual(
      expect.stringMatching(finding),
    );
  });
});

describe('a second execution', () => {
  const second = { ...nthOf(folders, 'execution'), name: '999/codex-execution-1' };
  const twice = (unreached: (commit: string) => readonly string[]) => {
    const forge: Forge = (files, { name }) => {
      if (name !== second.name) return;
      const record = files['execution.json'];
      const line = structuredClone(files['journal.jsonl'].at(-1));
      line.at = later(line.at, 30);
      record.unreached = unreached(record.commit);
      line.detail = '9'.repeat(40);
      Object.assign(record, { created_at: line.at, commit: line.detail });
      files['journal.jsonl'].push(line);
    };
    return auditOf(reseal([...folders, second], forge));
  };

  it('is no finding if its run saw that the branch did not have the first commit', () => {
    const { findings, toldByGitHub } = twice((commit) => [commit]);
    expect(findings).toEqual([]);
    expect(toldByGitHub).toContainEqual(
      expect.stringMatching(/^That the branch did not have commit [0-9a-f]{40} when 999/),
    );
  });

  it.each([
    ['no commit', () => []],
    ['another commit', () => ['8'.repeat(40)]],
  ])('is a finding if its run names %s', (_, unreached) => {
    expect(twice(unreached).findings).toContainEqual(
      expect.stringMatching(/^999\/codex-execution-1 was made after the plan was carried out/),
    );
  });
});
