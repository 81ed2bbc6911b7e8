/**
 * The box: bubblewrap around the whole Codex CLI, with nothing in it to reach. Its root is built from an allow-list, it has
 * separate process and network namespaces, and one socket, to the proxy that speaks the Responses API alone.
 *
 * Codex itself is all that runs here. Its commands and its file operations run in a second box inside this one
 * (`command-box.ts`): Codex's own sandbox does not hold what a reviewer lets out of it, and a command that had been let
 * out was seen to read Codex's environment, to call the model with the token that it found there, and to write into
 * Codex's standard output.
 */
import { lstatSync, readlinkSync } from 'node:fs';
import { repositoryOf } from '../../system/workspace-folders.ts';
import type { CodexPackage } from '../install/codex-package.ts';
import { boxUser } from './box-user.ts';
import { withForwarder } from './forwarder.ts';
import { type Limits, smallFolder, withLimits } from './limits.ts';
import { type Running, type Supervision, start } from './process.ts';
import type { Tools } from './tools.ts';
import { watch } from './watch.ts';

/** Where things lie in the box: fixed places, so that neither flags nor prompts tell of the machine. */
export const inBox = {
  /** The workspace, for commands; for Codex itself an empty folder, so that no file there can speak to it. */
  workspace: '/workspace',
  home: '/codex-home',
  programs: '/opt/gate/bin',
  node: '/opt/gate/bin/node',
  bwrap: '/opt/gate/bin/bwrap',
  sockets: '/opt/gate/sockets',
  /** Where the workspace lies for the command box to take it from. */
  handedOver: '/opt/gate/workspace',
  /** Of the box's own network, which holds nothing but this. */
  port: 8787,
} as const;

/** The name of the proxy's socket in its folder. */
export const SOCKET_NAME = 'responses';

/** The name of the variable that carries the run's token to Codex: no key of any service. */
export const TOKEN_VARIABLE = 'CODEX_GATE_TOKEN';

/**
 * A name that resolves without a network. Codex looks its own host name up, and waits five seconds for a name server if
 * `/etc/hosts` does not have it.
 */
export const HOST_NAME = 'localhost';

export interface BoxLayout {
  readonly codex: CodexPackage;
  /** Absolute path of the Node that the forwarder runs on. */
  readonly node: string;
  /** Absolute path of the work tree; its repository lies beside it. */
  readonly workspace: string;
  /** Whether commands can write the workspace; they never can write its `.git`. */
  readonly writable: boolean;
  /** The fresh `CODEX_HOME`. */
  readonly home: string;
  /** The folder of the proxy's socket. */
  readonly sockets: string;
  /** The folder of the administrator's requirements. */
  readonly administration: string;
  /** Tools of the project for the model's commands. */
  readonly tools: Tools;
}

/** What the model's commands may find of `/etc`: enough for programs to start, no password, key or package token. */
const SHOWN_OF_ETC = [
  'alternatives',
  'bash.bashrc',
  'debian_version',
  'fonts',
  'group',
  'host.conf',
  'hosts',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'locale.alias',
  'localtime',
  'magic',
  'mime.types',
  'nsswitch.conf',
  'os-release',
  'passwd',
  'perl',
  'protocols',
  'services',
  'shells',
  'ssl/certs',
  'ssl/openssl.cnf',
  'terminfo',
  'timezone',
];

/**
 * An administrator's constraints hold in the box too. The machine's defaults beside them (`config.toml`) do not: they are
 * for people at a terminal, and could start programs.
 */
const ADMINISTRATION = ['requirements.toml', 'managed_config.toml'];

function administrated(folder: string, name: string): string[] {
  return ['--ro-bind-try', `${folder}/${name}`, `/etc/codex/${name}`];
}

const SYSTEM_FOLDERS = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];

/** The arguments of bubblewrap up to the command. */
export function boxArguments(layout: BoxLayout): string[] {
  const { codex } = layout;
  const workspaceBind = layout.writable ? '--bind' : '--ro-bind';
  return [
    ...['--unshare-all', '--die-with-parent', '--hostname', HOST_NAME],
    ...systemFolders(),
    ...SHOWN_OF_ETC.flatMap((name) => ['--ro-bind-try', `/etc/${name}`, `/etc/${name}`]),
    ...ADMINISTRATION.flatMap((name) => administrated(layout.administration, name)),
    ...['--proc', '/proc', ...deviceFolder(), ...smallFolder('/tmp')],
    ...['--ro-bind', codex.root, codex.rootInBox],
    ...['--ro-bind', layout.node, inBox.node, '--ro-bind', codex.bwrap, inBox.bwrap],
    ...['--ro-bind', layout.sockets, inBox.sockets],
    ...failingLsbRelease(),
    ...[workspaceBind, layout.workspace, inBox.handedOver],
    ...['--ro-bind', repositoryOf(layout.workspace), `${inBox.handedOver}/.git`],
    ...['--bind', layout.home, inBox.home],
    ...layout.tools.shown.flatMap(({ real, folder }) => ['--ro-bind', real, folder]),
    ...['--dir', inBox.workspace, '--remount-ro', '/', '--chdir', inBox.workspace],
    '--',
  ];
}

/**
 * Codex asks `lsb_release` for the name of the system twice before its first request, 15 ms each time, and reads
 * `/etc/os-release` if that fails. It alone finds programs of this folder by their names: the path of commands is
 * another.
 */
function failingLsbRelease(): string[] {
  return ['--symlink', '/bin/false', `${inBox.programs}/lsb_release`];
}

/** Starts a command in the box, under the box's user. */
export function startBox(
  layout: BoxLayout,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  supervision: Supervision,
): Running {
  const args = [...boxArguments(layout), ...command];
  const user = boxUser === null ? {} : { user: boxUser };
  return start({ file: layout.codex.bwrap, args, env, ...user }, supervision);
}

/** Ends what runs in the box if it uses more than it may. */
export function watchBox(
  running: Running,
  { workspace, writable, home }: BoxLayout,
  limits: Limits,
): void {
  if (running.pid === undefined) return;
  // A workspace that the box only reads may still be written from outside while Codex starts.
  const folders = writable ? [workspace, home] : [home];
  const watched = { pid: running.pid, folders, limits };
  running.ended.then(watch(watched, running.stop));
}

/** `/dev`, itself read-only: only `/dev/shm` can be filled, and that is small. */
export function deviceFolder(): string[] {
  return ['--dev', '/dev', ...smallFolder('/dev/shm'), '--remount-ro', '/dev'];
}

/** Codex in the box, with the forwarder that leads its loopback to the proxy's socket. */
export function codexCommand(
  codex: CodexPackage,
  args: readonly string[],
  limits: Limits,
): string[] {
  const socket = `${inBox.sockets}/${SOCKET_NAME}`;
  const command = [codex.binaryInBox, ...args];
  return withLimits(limits, withForwarder(inBox.node, socket, inBox.port, command));
}

/** The whole environment of the box. */
export function boxEnvironment(token: string): Record<string, string> {
  return {
    // Codex looks for bubblewrap on its path, and is to find the one that made the box.
    PATH: `${inBox.programs}:/usr/bin:/bin`,
    LANG: 'C.UTF-8',
    HOME: inBox.home,
    CODEX_HOME: inBox.home,
    [TOKEN_VARIABLE]: token,
  };
}

/** The system's programs and libraries, as they lie on this machine: folders, or links into `/usr`. */
export function systemFolders(): string[] {
  return SYSTEM_FOLDERS.flatMap((path) => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return [];
    if (found.isSymbolicLink()) return ['--symlink', readlinkSync(path), path];
    return ['--ro-bind', path, path];
  });
}
