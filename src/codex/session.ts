/**
 * One run of Codex from beginning to end: a fresh home, a proxy with a fresh token, a box that was seen to hold, and
 * nothing left of any of them afterwards.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stopped } from '../decision.ts';
import {
  type BoxLayout,
  boxArguments,
  boxEnvironment,
  codexCommand,
  SOCKET_NAME,
} from './box/box.ts';
import { type Running, type Supervision, start as startProcess } from './box/process.ts';
import { checkModelChoice, type ModelChoice } from './configuration.ts';
import type { CodexPackage } from './install/codex-package.ts';
import { ResponsesProxy } from './proxy/responses-proxy.ts';
import { allowUserNamespaces, probeSandbox } from './sandbox-probe.ts';

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
}

const SOCKET_PATH_LIMIT = 100;

/**
 * Runs `task` with a Codex that is ready to be started, and cleans up whatever happens. Where the sandbox does not start,
 * it is cured once, if that can be, and the task begins anew: it has asked no model yet.
 */
export async function withSession<T>(
  options: CodexOptions,
  wanted: SessionOptions,
  task: (session: Session) => Promise<T>,
): Promise<T> {
  checkModelChoice(options.choice);
  // An endpoint of one's own may ask for none.
  if (options.apiKey === '' && options.endpoint === null) {
    throw new Stopped('config-invalid', 'openai-api-key is not set.');
  }
  const endpoint = parseEndpoint(options.endpoint ?? OPENAI_ENDPOINT);
  const codex = await options.codex();
  try {
    return await attempt(options, wanted, endpoint, codex, task);
  } catch (error) {
    if (!isCurable(error)) throw error;
    options.report('The sandbox does not start; allowing unprivileged user namespaces.');
    await allowUserNamespaces();
    return attempt(options, wanted, endpoint, codex, task);
  }
}

async function attempt<T>(
  options: CodexOptions,
  wanted: SessionOptions,
  endpoint: URL,
  codex: CodexPackage,
  task: (session: Session) => Promise<T>,
): Promise<T> {
  mkdirSync(options.temporary, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(options.temporary, 'codex-'));
  const sockets = socketFolder(folder);
  const home = join(folder, 'home');
  mkdirSync(home, { mode: 0o700 });

  const started: Running[] = [];
  const stopAll = (fault: Stopped | null): void => {
    for (const running of started) running.stop(fault);
  };
  // Codex starts while the sandbox is tried out, and none of its requests leaves before that has held.
  let probe: Promise<Stopped | null> = Promise.resolve(untried);
  const proxy = new ResponsesProxy({
    endpoint,
    apiKey: options.apiKey,
    admit: async () => (await probe) === null,
    onKeyRefused: (status, message) => stopAll(keyRefused(endpoint, status, message)),
  });
  const layout: BoxLayout = {
    codex,
    workspace: wanted.workspace,
    writable: wanted.writable,
    home,
    sockets,
    administration: options.administration ?? '/etc/codex',
  };
  const startBoxed = (command: readonly string[], supervision: Supervision): Running => {
    const args = [...boxArguments(layout), ...command];
    const env = boxEnvironment(proxy.token);
    const running = startProcess({ file: codex.bwrap, args, env }, supervision);
    started.push(running);
    return running;
  };
  const { timeoutMs } = options;
  try {
    await proxy.listen(join(sockets, SOCKET_NAME));
    probe = probeSandbox(startBoxed, codex, timeoutMs).then((failure) => {
      if (failure !== null) stopAll(failure);
      return failure;
    });
    const done = task({
      codex,
      home,
      proxy,
      run: (args, supervision) =>
        startBoxed(codexCommand(codex, args), { ...supervision, timeoutMs }),
    });
    const [failure, outcome] = await Promise.all([probe, settle(done)]);
    // Without its sandbox, Codex may have failed in any way.
    if (failure !== null) throw failure;
    return outcome();
  } finally {
    stopAll(null);
    await Promise.all(started.map(({ ended }) => ended));
    await proxy.close();
    rmSync(folder, { recursive: true, force: true });
    rmSync(sockets, { recursive: true, force: true });
  }
}

/** How a promise ended, to be taken up later. */
function settle<T>(promise: Promise<T>): Promise<() => T> {
  return promise.then(
    (value) => () => value,
    (error: unknown) => () => {
      throw error;
    },
  );
}

const untried = new Stopped('sandbox-unavailable', 'The sandbox has not been tried out.');

/** Where the sandbox itself said that it cannot start. One that had to be ended would only have to be ended again. */
function isCurable(error: unknown): boolean {
  return error instanceof Stopped && error.reason === 'sandbox-unavailable' && !error.cause;
}

function parseEndpoint(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new Stopped('config-invalid', `responses-api-endpoint is not an http(s) URL: ${text}`);
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

function keyRefused(endpoint: URL, status: number, message: string): Stopped {
  const said = message === '' ? '' : ` It says: ${message}`;
  return new Stopped('codex-failed', `${endpoint.host} refused the key (${status}).${said}`);
}
