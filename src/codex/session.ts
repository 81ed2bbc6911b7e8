/**
 * One run of Codex from beginning to end: a fresh home, a proxy with a fresh token, a box that was seen to hold, and
 * nothing left of any of them afterwards.
 */
import { join } from 'node:path';
import { cleaningUp } from '../core/first-error.ts';
import { Stopped, toStopped } from '../decision.ts';
import { repositoryOf } from '../system/workspace-folders.ts';
import {
  type BoxLayout,
  boxEnvironment,
  codexCommand,
  SOCKET_NAME,
  startBox,
  watchBox,
} from './box/box.ts';
import { handOver, letRead } from './box/box-user.ts';
import { checkCommandBoxUsed, configureCommandBox } from './box/command-box.ts';
import { checkRoom, type Limits, limitsFor, machineOf } from './box/limits.ts';
import type { Running, Supervision } from './box/process.ts';
import { stagePrograms } from './box/staging.ts';
import { findTools, noTools, type Tools } from './box/tools.ts';
import { checkModelChoice, type ModelChoice } from './configuration.ts';
import type { CodexPackage } from './install/codex-package.ts';
import { keyRefused, parseEndpoint } from './proxy/endpoint.ts';
import { ResponsesProxy } from './proxy/responses-proxy.ts';
import { type RunFolders, withRunFolders } from './run-folders.ts';
import { allowUserNamespaces, explained, probeSandbox } from './sandbox-probe.ts';
import { settle } from './settle.ts';

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
  /** Whether the model's commands get the tools that the job set up (policy `codex.tools`). */
  readonly tools: boolean;
  /** Takes a folder below `temporary` to remove it later; when unset, it is removed at once. */
  readonly removeLater?: (path: string) => void;
  /** Called when Codex is given its prompt: what takes time and is not needed before has some then. */
  readonly onAsked?: () => void;
  /** What the box may use, in the place of what the machine has for it. */
  readonly limits?: Partial<Limits>;
}

export interface Session {
  readonly codex: CodexPackage;
  readonly tools: Tools;
  /** Codex's home, on this side of the box. */
  readonly home: string;
  readonly proxy: ResponsesProxy;
  /**
   * Waits until the proxy lets requests to the model through.
   * @throws whatever speaks against it
   */
  whenReady(): Promise<void>;
  /**
   * To be called once a command has run.
   * @param version of Codex
   * @throws Stopped codex-failed if it did not run in the command box
   */
  checkCommandBox(version: string): void;
  run(args: readonly string[], supervision: Omit<Supervision, 'timeoutMs'>): Running;
}

export interface SessionOptions {
  /** Absolute path of a folder that is there; its repository lies beside it. */
  readonly workspace: string;
  readonly writable: boolean;
  /**
   * Settles once the workspace is written and nothing speaks against asking a model; only of one that cannot be written by
   * the box. No request leaves before that.
   */
  readonly ready?: Promise<unknown>;
}

/** What the model's commands get of the machine's tools. */
export function projectTools({
  tools,
  temporary,
}: Pick<CodexOptions, 'tools' | 'temporary'>): Tools {
  return tools ? findTools(process.env, [temporary]) : noTools;
}

/**
 * Runs `task` with a Codex that is ready to be started, and cleans up whatever happens. If the sandbox does not start,
 * it is cured once, if that can be, and the task begins again: it has called no model yet.
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
  const endpoint = parseEndpoint(options.endpoint);
  const codex = await options.codex();
  const start = async () => {
    try {
      return await withRunFolders(options, (folders) =>
        attempt(folders, options, wanted, endpoint, codex, task),
      );
    } catch (error) {
      // A program that is no Codex can fail in any way before it is found out.
      await codex.version;
      throw error;
    }
  };
  try {
    return await start();
  } catch (error) {
    if (!isCurable(error)) throw error;
    if (!(await allowUserNamespaces())) throw explained(error);
    options.report('The sandbox did not start, so unprivileged user namespaces were allowed.');
  }
  try {
    return await start();
  } catch (error) {
    throw isCurable(error) ? explained(error) : error;
  }
}

async function attempt<T>(
  { folder, sockets, home }: RunFolders,
  options: CodexOptions,
  wanted: SessionOptions,
  endpoint: URL,
  found: CodexPackage,
  task: (session: Session) => Promise<T>,
): Promise<T> {
  const started: Running[] = [];
  const stopAll = (fault: Stopped | null): void => {
    for (const running of started) running.stop(fault);
  };
  const repository = repositoryOf(wanted.workspace);
  const readable = Promise.resolve(wanted.ready).then(() => letRead({ ...wanted, repository }));
  const isReady = Promise.all([readable, found.version]).then(
    () => true,
    () => false,
  );
  // Codex starts while the sandbox is tried out, and none of its requests leaves before that has held.
  let probe: Promise<Stopped | null> = Promise.resolve(untried);
  const proxy = new ResponsesProxy({
    endpoint,
    apiKey: options.apiKey,
    admit: async () => (await probe) === null && (await isReady),
    onKeyRefused: (status, message) => stopAll(keyRefused(endpoint, status, message)),
  });
  const staged = stagePrograms({ codex: found, node: process.execPath }, folder);
  const { codex } = staged;
  const layout: BoxLayout = {
    ...staged,
    workspace: wanted.workspace,
    writable: wanted.writable,
    home,
    sockets,
    administration: options.administration ?? '/etc/codex',
    tools: projectTools(options),
  };
  const limits = { ...limitsFor(machineOf([layout.workspace, layout.home])), ...options.limits };
  checkRoom(limits);
  const startBoxed = (command: readonly string[], supervision: Supervision): Running => {
    const running = startBox(layout, command, boxEnvironment(proxy.token), supervision);
    started.push(running);
    return running;
  };
  const { timeoutMs } = options;
  const begin = async (): Promise<T> => {
    const socket = join(sockets, SOCKET_NAME);
    await proxy.listen(socket);
    configureCommandBox(home, layout);
    await handOver({
      own: [folder, home, sockets, socket],
      workspace: layout.workspace,
      writable: layout.writable,
      repository,
      shown: [codex.root, codex.bwrap, layout.node],
      temporary: options.temporary,
    });
    probe = probeSandbox(startBoxed, layout, limits, timeoutMs).then((failure) => {
      if (failure !== null) stopAll(failure);
      return failure;
    });
    const done = task({
      codex,
      tools: layout.tools,
      home,
      proxy,
      whenReady: async () => {
        await readable;
        options.onAsked?.();
      },
      checkCommandBox: (version) => checkCommandBoxUsed(home, version),
      run: (args, supervision) => {
        const command = codexCommand(codex, args, limits);
        const timeFrom = wanted.ready === undefined ? {} : ({ timeFrom: 'startTime' } as const);
        const running = startBoxed(command, { ...supervision, timeoutMs, ...timeFrom });
        // What the workspace takes of the disk while it is built is not what the box takes.
        const watchIt = () => {
          const { freeDiskBytes } = limitsFor(machineOf([layout.workspace, layout.home]));
          watchBox(running, layout, { ...limits, freeDiskBytes, ...options.limits });
        };
        isReady.then(watchIt).catch((error: unknown) => running.stop(toStopped(error)));
        return running;
      },
    });
    const [failure, outcome] = await Promise.all([probe, settle(done)]);
    // Without its sandbox, Codex may have failed in any way.
    if (failure !== null) throw failure;
    return outcome();
  };
  const failed = 'What ran around Codex could not be ended.';
  return cleaningUp({ failed, log: { warn: options.report } }, begin, async () => {
    stopAll(null);
    await Promise.all(started.map(({ ended }) => ended));
    await proxy.close();
  });
}

const untried = new Stopped('sandbox-unavailable', 'The sandbox has not been tried out.');

/** Whether the sandbox itself says that it cannot start. If the action had to end it, a second try would end alike. */
function isCurable(error: unknown): error is Stopped {
  return error instanceof Stopped && error.reason === 'sandbox-unavailable' && !error.cause;
}
