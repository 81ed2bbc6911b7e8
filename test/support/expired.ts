/** The artifacts of a loop as an online audit gets them, with what GitHub tells of those that it no longer stores. */
import type { Absent, AbsentArtifact } from '../../src/core/audit/absent.ts';
import { audit } from '../../src/core/audit/audit.ts';
import { Ledger } from '../../src/core/audit/ledger.ts';
import { kindOf } from './audit-tools.ts';
import { storedIn } from './loop/audited.ts';
import type { Loop } from './loop/loop.ts';
import type { Folder } from './resealed.ts';

/** An artifact with what GitHub tells of it. */
export interface Online extends Folder {
  readonly absent: AbsentArtifact;
}

/** Oldest first. */
export async function onlineIn(loop: Loop): Promise<readonly Online[]> {
  const stored = await storedIn(loop);
  return stored.map(({ name, id, members }) => {
    const artifact = loop.repo.artifacts.list().find((one) => one.id === id);
    if (artifact === undefined) throw new Error(`there is no artifact ${id}`);
    const { digest, createdAt } = artifact;
    const run = {
      id: artifact.run.id,
      attempt: artifact.run.attempt,
      createdAt: artifact.run.createdAt,
    };
    const kind = kindOf({ name, members }) as AbsentArtifact['kind'];
    const called = `${name} (artifact ${id})`;
    return { name: called, members, absent: { name: called, kind, id, digest, run, createdAt } };
  });
}

/** What an audit finds if GitHub still stores these artifacts, and lists those. */
export function auditOnline(
  stored: readonly Online[],
  expired: readonly Online[],
  more: Partial<Absent> = {},
) {
  return audit(
    stored.map(({ name, members, absent: { id, digest, run } }) => ({
      name,
      members,
      stored: { id, digest: digest ?? '', run: run.id, runBegan: run.createdAt },
    })),
    'proven',
    new Ledger(),
    { artifacts: expired.map(({ absent }) => absent), forgottenBefore: null, ...more },
  );
}

/** All ways to choose up to this many. */
export function chooseUpTo<T>(all: readonly T[], most: number): readonly (readonly T[])[] {
  if (most === 0 || all.length === 0) return [[]];
  const [first, ...rest] = all;
  return [
    ...chooseUpTo(rest, most),
    ...chooseUpTo(rest, most - 1).map((some) => [first as T, ...some]),
  ];
}
