/**
 * The box: an outer bubblewrap around the whole Codex CLI. Codex's own sandbox holds its commands, not its patches and
 * not what a reviewer lets out of it; an approved command was seen to read the environment of its parent, and an accepted
 * patch to write outside the workspace. In the box there is nothing to reach: a root that is built from an allow-list,
 * process and network namespaces of its own, and one socket, to the proxy that speaks the Responses API alone.
 */
import { lstatSync, readlinkSync } from 'node:fs';
import { repositoryOf } from '../../system/workspace-folders.ts';
import type { CodexPackage } from '../install/codex-package.ts';
import { withForwarder } from './forwarder.ts';

/** Where things lie in the box: fixed places, so that neither flags nor prompts tell of the machine. */
export const inBox = {
  workspace: '/workspace',
  home: '/codex-home',
  programs: '/opt/gate/bin',
  node: '/opt/gate/bin/node',
  bwrap: '/opt/gate/bin/bwrap',
  sockets: '/opt/gate/sockets',
  /** Of the box's own network, which holds nothing but this. */
  port: 8787,
} as const;

/** The name of the proxy's socket in its folder. */
export const SOCKET_NAME = 'responses';

/** The name of the variable that carries the run's token to Codex: no key of any service. */
export const TOKEN_VARIABLE = 'CODEX_GATE_TOKEN';

export interface BoxLayout {
  readonly codex: CodexPackage;
  /** Absolute path of the work tree; its repository lies beside it. */
  readonly workspace: string;
  /** Whether the workspace can be written; its `.git` never can. */
  readonly writable: boolean;
  /** The fresh `CODEX_HOME`. */
  readonly home: string;
  /** The folder of the proxy's socket. */
  readonly sockets: string;
  /** The folder of the administrator's requirements. */
  readonly administration: string;
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
    '--unshare-all',
    '--die-with-parent',
    ...dropPrivileges(),
    '--hostname',
    'codex',
    ...SYSTEM_FOLDERS.flatMap(systemFolder),
    ...SHOWN_OF_ETC.flatMap((name) => ['--ro-bind-try', `/etc/${name}`, `/etc/${name}`]),
    ...ADMINISTRATION.flatMap((name) => administrated(layout.administration, name)),
    ...['--proc', '/proc', ...coverKernelSettings(), '--dev', '/dev', '--tmpfs', '/tmp'],
    ...['--ro-bind', codex.root, codex.rootInBox],
    ...['--ro-bind', process.execPath, inBox.node, '--ro-bind', codex.bwrap, inBox.bwrap],
    ...['--ro-bind', layout.sockets, inBox.sockets],
    ...[workspaceBind, layout.workspace, inBox.workspace],
    ...['--ro-bind', repositoryOf(layout.workspace), `${inBox.workspace}/.git`],
    ...['--bind', layout.home, inBox.home],
    ...['--chdir', inBox.workspace],
    '--',
  ];
}

/** Codex in the box, with the forwarder that leads its loopback to the proxy's socket. */
export function codexCommand(codex: CodexPackage, args: readonly string[]): string[] {
  const socket = `${inBox.sockets}/${SOCKET_NAME}`;
  return withForwarder(inBox.node, socket, inBox.port, [codex.binaryInBox, ...args]);
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

const isRoot = process.getuid?.() === 0;

/**
 * Root would keep every capability in the box: enough to unmount what covers the real files. Without any, it cannot hand
 * its own number on to the sandbox within, so it goes by another there.
 */
function dropPrivileges(): string[] {
  return isRoot ? ['--cap-drop', 'ALL', '--uid', NOBODY, '--gid', NOBODY] : [];
}

const NOBODY = '65534';
const KERNEL_SETTINGS = ['bus', 'fs', 'irq', 'sys', 'sysrq-trigger'].map((name) => `/proc/${name}`);

/**
 * The settings of the kernel belong to root, in whatever namespace: a command that had been let out of the sandbox as root
 * was seen to write `core_pattern`, by which the kernel starts a program outside of every box. For root alone, since a
 * covered `/proc` keeps Codex's own sandbox from having one.
 */
function coverKernelSettings(): string[] {
  return isRoot ? KERNEL_SETTINGS.flatMap((path) => ['--ro-bind-try', path, path]) : [];
}

/** As it is on this machine: a folder, or a link into `/usr`. */
function systemFolder(path: string): string[] {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (found.isSymbolicLink()) return ['--symlink', readlinkSync(path), path];
  return ['--ro-bind', path, path];
}
