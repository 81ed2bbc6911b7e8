/**
 * One run of Codex from beginning to end: a fresh home, a proxy with a fresh token, a box that was seen to hold, and
 * nothing left of any of them afterwards.
 */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Fault } from '../decision.ts';
import { type BoxLayout, boxArguments, boxEnvironment, codexCommand, SOCKET_NAME } from './box.ts';
import { checkModelChoice, type ModelChoice, probeArguments } from './environment.ts';
import type { CodexPackage } from './package.ts';
import { type Running, type Supervision, start as startProcess } from './process.ts';
import { type ProxyOptions, ResponsesProxy } from './responses-proxy.ts';
import { oneLine } from './run-log.ts';

/** What planner and editor are made with. */
export interface CodexOptions {
  /** Where Codex is; asked for only when it is needed, since it may have to be installed. */
  readonly codex: () => Promise<CodexPackage>;
  readonly apiKey: string;
  /** The full URL that Codex's requests are POSTed to; OpenAI's when null. */
  readonly endpoint: string | null;
  readonly choice: ModelChoice;
  /** A private folder that is not the system's temporary one; Codex's home is made, and removed, in it. */
  readonly temporary: string;
  readonly timeoutMs: number;
  /** Takes progress, one line a call; the text is foreign. */
  readonly report: (line: string) => void;
  /** Where the machine's administrator keeps requirements; `/etc/codex` when unset. */
  readonly administration?: string;
}

export const OPENAI_ENDPOINT = 'https://api.openai.com/v1/responses';

export interface Session {
  readonly codex: CodexPackage;
  /** Codex's home, on this side of the box. */
  readonly home: string;
  readonly proxy: ResponsesProxy;
  run(args: readonly string[], supervision: Omit<Supervision, 'timeoutMs'>): Running;
}

export interface SessionOptions {
  readonly workspace: string;
  readonly writable: boolean;
  readonly onGuardianAnswer?: ProxyOptions['onGuardianAnswer'];
}

const SOCKET_PATH_LIMIT = 100;
const PROBE_TIMEOUT_MS = 30_000;

/** Runs `task` with a Codex that is ready to be started, and cleans up whatever happens. */
export async function withSession<T>(
  options: CodexOptions,
  wanted: SessionOptions,
  task: (session: Session) => Promise<T>,
): Promise<T> {
  checkModelChoice(options.choice);
  const endpoint = parseEndpoint(options.endpoint ?? OPENAI_ENDPOINT);
  const codex = await options.codex();
  mkdirSync(options.temporary, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(options.temporary, 'codex-'));
  const sockets = socketFolder(folder);
  let running: Running | null = null;
  const proxy = new ResponsesProxy({
    endpoint,
    apiKey: options.apiKey,
    onKeyRefused: (status, message) => running?.stop(keyRefused(endpoint, status, message)),
    ...(wanted.onGuardianAnswer && { onGuardianAnswer: wanted.onGuardianAnswer }),
  });
  try {
    const home = join(folder, 'home');
    mkdirSync(home, { mode: 0o700 });
    await proxy.listen(join(sockets, SOCKET_NAME));
    const layout: BoxLayout = {
      codex,
      workspace: wanted.workspace,
      writable: wanted.writable,
      home,
      sockets,
      administration: options.administration ?? '/etc/codex',
    };
    const startBoxed = (command: readonly string[], supervision: Supervision) =>
      startProcess(
        {
          file: codex.bwrap,
          args: [...boxArguments(layout), ...command],
          env: boxEnvironment(proxy.token),
        },
        supervision,
      );
    await ensureSandbox(startBoxed, codex, options.report);
    return await task({
      codex,
      home,
      proxy,
      run: (args, supervision) => {
        running = startBoxed(codexCommand(codex, args), {
          ...supervision,
          timeoutMs: options.timeoutMs,
        });
        return running;
      },
    });
  } finally {
    (running as Running | null)?.stop(null);
    await proxy.close();
    rmSync(folder, { recursive: true, force: true });
    rmSync(sockets, { recursive: true, force: true });
  }
}

function parseEndpoint(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new Fault('config-invalid', `responses-api-endpoint is not an http(s) URL: ${text}`);
  }
  return url;
}

/** Private, and short: the path of a unix socket ends at 107 bytes. */
function socketFolder(folder: string): string {
  const preferred = join(folder, 's');
  if (Buffer.byteLength(join(preferred, SOCKET_NAME)) > SOCKET_PATH_LIMIT) {
    return mkdtempSync(join(tmpdir(), 'codex-'));
  }
  mkdirSync(preferred, { mode: 0o700 });
  chmodSync(preferred, 0o700);
  return preferred;
}

function keyRefused(endpoint: URL, status: number, message: string): Fault {
  const said = message === '' ? '' : ` It says: ${message}`;
  return new Fault('codex-failed', `${endpoint.host} refused the key (${status}).${said}`);
}

/**
 * Starts both sandboxes around nothing, before any model is called. Where the distribution forbids unprivileged user
 * namespaces (Ubuntu 24.04 and later, by AppArmor), they are allowed once, if the runner lets us.
 */
async function ensureSandbox(
  startBoxed: (command: readonly string[], supervision: Supervision) => Running,
  codex: CodexPackage,
  report: (line: string) => void,
): Promise<void> {
  const probe = async (): Promise<string | null> => {
    const command = [codex.binaryInBox, ...probeArguments(codex.rootInBox)];
    const { code, stderr, fault } = await startBoxed(command, {
      timeoutMs: PROBE_TIMEOUT_MS,
      input: '',
      onLine: () => {},
    }).ended;
    if (code === 0 && fault === null) return null;
    return oneLine(fault?.message ?? stderr.trim().slice(-500)) || `exit status ${code}`;
  };
  if ((await probe()) === null) return;
  report('The sandbox does not start; allowing unprivileged user namespaces on this runner.');
  await allowUserNamespaces();
  const failure = await probe();
  if (failure !== null) throw new Fault('sandbox-unavailable', `The sandbox says: ${failure}`);
}

const NAMESPACE_SETTINGS = [
  { key: 'kernel/apparmor_restrict_unprivileged_userns', value: 0 },
  { key: 'kernel/unprivileged_userns_clone', value: 1 },
];

async function allowUserNamespaces(): Promise<void> {
  for (const { key, value } of NAMESPACE_SETTINGS) {
    if (!existsSync(`/proc/sys/${key}`)) continue;
    const sysctl = ['sysctl', '-w', `${key.replace('/', '.')}=${value}`];
    const command = process.getuid?.() === 0 ? sysctl : ['sudo', '-n', ...sysctl];
    const [file = '', ...args] = command;
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
    // What it could not change shows in the next probe.
    await promisify(execFile)(file, args, { env, timeout: 10_000 }).catch(() => {});
  }
}
