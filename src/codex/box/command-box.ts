/**
 * The command box: a second bubblewrap, inside of Codex's own box, in which everything runs that a model asks for. Codex
 * starts it as its execution environment (`codex exec-server`): commands and file operations, each in Codex's sandbox or
 * let out of that by a reviewer, happen there.
 *
 * The command box has separate namespaces. So even a command that was let out sees no process, no environment, no
 * memory and no open file of Codex, has no way to the model, and finds nothing of Codex's home. It shares its box with
 * the program that runs commands, so it can lie about the output and the status of other commands; about files, only
 * what is read from the disk afterwards is trusted.
 */
import { lstatSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stopped } from '../../decision.ts';
import { type BoxLayout, deviceFolder, HOST_NAME, inBox, systemFolders } from './box.ts';
import { smallFolder } from './limits.ts';

/** The `CODEX_HOME` of the program that runs commands: an empty folder that nobody can write. */
const COMMAND_HOME = '/command-home';

/** The environment of that program. Nobody passes it on: each command gets what Codex's configuration says. */
const ENVIRONMENT = [
  // Codex's sandbox is made with the bubblewrap that made the boxes.
  `PATH=${inBox.programs}:/usr/bin:/bin`,
  'LANG=C.UTF-8',
  'HOME=/tmp',
  `CODEX_HOME=${COMMAND_HOME}`,
];

/** What the command box is made of. */
export type CommandLayout = Pick<BoxLayout, 'codex' | 'writable' | 'tools'>;

/**
 * The command that runs `command` in the command box. It is for Codex's box: it takes from there what it shows.
 * Through `env -i`, because Codex hands its environment on, and bubblewrap's own would show it to whoever is in the box.
 */
export function inCommandBox(layout: CommandLayout, command: readonly string[]): string[] {
  const { codex, writable, tools } = layout;
  return [
    ...['/usr/bin/env', '-i', ...ENVIRONMENT],
    ...[inBox.bwrap, '--unshare-all', '--hostname', HOST_NAME],
    ...[...systemFolders(), '--ro-bind', '/etc', '/etc'],
    ...['--proc', '/proc', ...deviceFolder(), ...smallFolder('/tmp')],
    ...['--ro-bind', codex.rootInBox, codex.rootInBox, '--ro-bind', inBox.bwrap, inBox.bwrap],
    ...tools.shown.flatMap(({ folder }) => ['--ro-bind', folder, folder]),
    ...[writable ? '--bind' : '--ro-bind', inBox.handedOver, inBox.workspace],
    ...['--ro-bind', `${inBox.handedOver}/.git`, `${inBox.workspace}/.git`],
    ...['--dir', COMMAND_HOME, '--remount-ro', '/', '--chdir', inBox.workspace],
    ...['--', ...command],
  ];
}

const CONFIGURATION = 'environments.toml';
/** Made by the command that Codex starts the command box with. */
const MARK = 'command-box-started';
const NAME = 'command-box';
/** A busy machine is slow, and without a box for commands nothing can be done. */
const START_SECONDS = 60;

/**
 * Has Codex run everything in the command box, and nothing beside itself.
 * @param home `CODEX_HOME`, on this side of the box
 */
export function configureCommandBox(home: string, layout: CommandLayout): void {
  const server = [layout.codex.binaryInBox, 'exec-server', '--listen', 'stdio'];
  const mark = `${inBox.home}/${MARK}`;
  const args = ['-c', ': > "$0" && exec "$@"', mark, ...inCommandBox(layout, server)];
  const lines = [
    `default = "${NAME}"`,
    'include_local = false',
    '[[environments]]',
    `id = "${NAME}"`,
    'program = "/bin/sh"',
    `args = ${JSON.stringify(args)}`,
    `initialize_timeout_sec = ${START_SECONDS}`,
  ];
  writeFileSync(join(home, CONFIGURATION), `${lines.join('\n')}\n`);
}

/**
 * A version of Codex that does not know of execution environments would run commands beside itself, in an empty folder.
 * @throws Stopped codex-failed if Codex did not start the command box
 */
export function checkCommandBoxUsed(home: string, version: string): void {
  // Not `existsSync`, which takes every error of the system for a mark that is not there.
  if (lstatSync(join(home, MARK), { throwIfNoEntry: false }) !== undefined) return;
  throw new Stopped(
    'codex-failed',
    `Codex ${version} did not run its commands in the box that it was given for them.`,
  );
}
