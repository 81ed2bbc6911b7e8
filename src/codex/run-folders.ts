/** The folders of one run of Codex: nothing is left of them, however the run ends. */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { cleaningUp } from '../core/first-error.ts';
import { removeTree } from '../system/remove-tree.ts';
import { socketFolder } from './box/socket-folder.ts';
import { oneLine } from './run-log.ts';

/** Absolute paths. */
export interface RunFolders {
  /** Private; `home` is in it. */
  readonly folder: string;
  /** Where the proxy's socket will be: in `folder`, unless its path is too long for a socket. */
  readonly sockets: string;
  /** Codex's home, empty. */
  readonly home: string;
}

export interface FolderOptions {
  /** A private folder, made if it is not there. */
  readonly temporary: string;
  /** Takes progress, one line a call; the text is foreign. */
  readonly report: (line: string) => void;
  /** Takes a folder below `temporary` to remove it later; when unset, it is removed at once. */
  readonly removeLater?: (path: string) => void;
}

/** Makes the folders for `task`, and removes them after it. */
export async function withRunFolders<T>(
  { temporary, report, ...options }: FolderOptions,
  task: (folders: RunFolders) => Promise<T>,
): Promise<T> {
  const remove = (path: string): void => {
    for (const failure of removeTree(path)) {
      report(`Codex left something that could not be removed: ${oneLine(failure)}`);
    }
  };
  mkdirSync(temporary, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(temporary, 'codex-'));
  let sockets: string | undefined;
  const begin = async (): Promise<T> => {
    sockets = socketFolder(folder);
    const home = join(folder, 'home');
    mkdirSync(home, { mode: 0o700 });
    return task({ folder, sockets, home });
  };
  const telling = { failed: 'What Codex left could not be removed.', log: { warn: report } };
  return cleaningUp(telling, begin, () => {
    // It can lie elsewhere.
    if (sockets !== undefined) remove(sockets);
    const { removeLater = remove } = options;
    removeLater(folder);
  });
}
