import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whatIsMissing } from '../../src/codex/sandbox-probe.ts';
import { folder } from './setting.ts';

function machine(files: Record<string, string>): string {
  const root = folder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

describe('what a machine lacks for a sandbox', () => {
  it('is nothing if nothing is known', () => {
    expect(whatIsMissing(machine({}))).toEqual([]);
    const good = {
      'proc/sys/user/max_user_namespaces': '63000\n',
      'proc/sys/kernel/unprivileged_userns_clone': '1\n',
      'proc/sys/kernel/apparmor_restrict_unprivileged_userns': '0\n',
    };
    expect(whatIsMissing(machine(good))).toEqual([]);
  });

  it.each([
    [
      'no user namespaces',
      { 'proc/sys/user/max_user_namespaces': '0\n' },
      'user.max_user_namespaces',
    ],
    [
      'Ubuntu since 24.04',
      { 'proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n' },
      'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
    ],
    [
      'an older Debian',
      { 'proc/sys/kernel/unprivileged_userns_clone': '0\n' },
      'sudo sysctl -w kernel.unprivileged_userns_clone=1',
    ],
    ['a container of Docker', { '.dockerenv': '' }, 'seccomp=unconfined'],
    ['a container of Podman', { 'run/.containerenv': '' }, 'systempaths=unconfined'],
  ])('is said with what to do: %s', (_, files, advice) => {
    expect(whatIsMissing(machine(files as Record<string, string>))).toEqual([
      expect.stringContaining(advice),
    ]);
  });
});
