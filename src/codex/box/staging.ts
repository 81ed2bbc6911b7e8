/**
 * Puts programs into a folder that the box's user can reach. An action that is root starts the box as another user, and on a
 * self-hosted machine the tool cache often lies in `/root`, which nobody else may enter.
 */
import {
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { isReachable } from '../../system/reachable.ts';
import type { CodexPackage } from '../install/codex-package.ts';
import { boxUser } from './box-user.ts';

/** The programs that the box is made of and shows. */
export interface Programs {
  readonly codex: CodexPackage;
  /** Absolute path of the Node that runs the action. */
  readonly node: string;
}

/**
 * @param folder of this run's own, which the box's user can reach; what has to be staged is put there
 * @returns the same programs, in a place that the box's user can reach
 */
export function stagePrograms({ codex, node }: Programs, folder: string): Programs {
  if (boxUser === null) return { codex, node };
  const stage = (path: string, name: string) => {
    const real = realpathSync(path);
    if (isReachable(real)) return path;
    const staged = join(folder, name, basename(real));
    mkdirSync(join(folder, name), { mode: 0o711 });
    linkTree(real, staged);
    return staged;
  };
  return {
    codex: { ...codex, root: stage(codex.root, 'codex'), bwrap: stage(codex.bwrap, 'bwrap') },
    node: stage(node, 'node'),
  };
}

/**
 * Links cost nothing; on another file system the content is copied. These are programs of the action, and nothing
 * boxed yet.
 */
function linkTree(from: string, to: string): void {
  const found = lstatSync(from);
  if (found.isSymbolicLink()) {
    symlinkSync(readlinkSync(from), to);
  } else if (found.isDirectory()) {
    mkdirSync(to, { mode: 0o755 });
    for (const name of readdirSync(from)) linkTree(join(from, name), join(to, name));
  } else {
    try {
      linkSync(from, to);
    } catch {
      copyFileSync(from, to, constants.COPYFILE_FICLONE);
    }
  }
}
