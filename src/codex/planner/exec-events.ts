/** The JSON lines of `codex exec --json`: checked when they come in, and kept as facts. */
import { z } from 'zod';
import { Stopped } from '../../decision.ts';
import { oneLine, type RunLog, STILL_RUNNING, seconds } from '../run-log.ts';
import { noTokens, type Tokens } from '../usage.ts';

const item = z.discriminatedUnion('type', [
  z.object({ type: z.literal('agent_message'), text: z.string() }),
  z.object({
    type: z.literal('command_execution'),
    id: z.string(),
    command: z.string(),
    exit_code: z.number().nullish(),
    status: z.string(),
  }),
  z.object({
    type: z.literal('file_change'),
    changes: z.array(z.object({ path: z.string(), kind: z.string() })),
    status: z.string(),
  }),
  z.object({ type: z.literal('collab_tool_call') }),
  z.object({ type: z.literal('error'), message: z.string() }),
]);

const usage = z.object({
  input_tokens: z.number(),
  cached_input_tokens: z.number(),
  output_tokens: z.number(),
});

const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('thread.started'), thread_id: z.string() }),
  z.object({ type: z.literal('item.started'), item: z.unknown() }),
  z.object({ type: z.literal('item.completed'), item: z.unknown() }),
  z.object({ type: z.literal('turn.completed'), usage }),
  z.object({ type: z.literal('turn.failed'), error: z.object({ message: z.string() }) }),
  z.object({ type: z.literal('error'), message: z.string() }),
]);

/** Other events and items have nothing to keep. But a known one must not be missed because its form is new. */
const typed = z.object({ type: z.string() });

/** How Codex says that an administrator's requirement replaces a setting that the gate relies on. */
const GATE_REPLACED = /^Configured value for `(?:permission_profile|model_provider)` is /;

export class ExecEvents {
  /** The model's last message. */
  message: string | null = null;
  completed = false;
  /** Tokens of the turn; zeros until Codex tells them. */
  tokens: Tokens = noTokens;
  ranCommands = false;
  /** Why the turn failed, as Codex says it. */
  failure: string | null = null;
  readonly #log: RunLog;
  readonly #report: (line: string) => void;
  readonly #running = new Map<string, { readonly command: string; readonly began: number }>();
  #thread: string | null = null;

  constructor(log: RunLog, report: (line: string) => void) {
    this.#log = log;
    this.#report = report;
  }

  /** @throws Stopped codex-failed if the line is not one of Codex's. */
  take(line: string): void {
    const fact = read(event, parse(line));
    if (fact !== null) this.#fact(fact);
  }

  #fact(fact: z.infer<typeof event>): void {
    switch (fact.type) {
      case 'thread.started':
        this.#thread ??= fact.thread_id;
        if (fact.thread_id !== this.#thread) throw subAgent();
        break;
      case 'item.started': {
        const begun = read(item, fact.item);
        if (begun?.type !== 'command_execution') break;
        this.ranCommands = true;
        this.#running.set(begun.id, { command: begun.command, began: Date.now() });
        break;
      }
      case 'item.completed': {
        const done = read(item, fact.item);
        if (done !== null) this.#item(done);
        break;
      }
      case 'turn.completed': {
        this.completed = true;
        for (const { command } of this.#running.values()) {
          this.#command(command, STILL_RUNNING);
        }
        const { input_tokens, cached_input_tokens, output_tokens } = fact.usage;
        this.tokens = { input: input_tokens, cached: cached_input_tokens, output: output_tokens };
        this.#log.add(
          `tokens: ${input_tokens} in (${cached_input_tokens} cached), ${output_tokens} out`,
        );
        break;
      }
      case 'turn.failed':
        this.failure = fact.error.message;
        this.#log.add(`failed: ${this.failure}`);
        break;
      case 'error':
        // Codex goes on after most of these: it tries again.
        this.#report(`Codex: ${oneLine(fact.message)}`);
        this.#log.add(`error: ${fact.message}`);
    }
  }

  #item(done: z.infer<typeof item>): void {
    switch (done.type) {
      case 'agent_message':
        this.message = done.text;
        this.#log.add(`message: ${done.text}`);
        break;
      case 'command_execution': {
        const began = this.#running.get(done.id)?.began;
        this.#running.delete(done.id);
        const time = began === undefined ? '' : `, ${seconds(Date.now() - began)}`;
        this.#command(done.command, `exit ${done.exit_code ?? done.status}${time}`);
        break;
      }
      case 'collab_tool_call':
        throw subAgent();
      case 'file_change': {
        const changes = done.changes.map(({ kind, path }) => `${kind} ${path}`);
        this.#log.add(`patch ${done.status}: ${changes.join(', ')}`);
        break;
      }
      case 'error':
        this.#log.add(`warning: ${done.message}`);
        if (GATE_REPLACED.test(done.message)) throw new Stopped('config-invalid', done.message);
    }
  }

  #command(command: string, outcome: string): void {
    this.#report(`$ ${oneLine(command)} → ${outcome}`);
    this.#log.add(`command: ${command} (${outcome})`);
  }
}

function subAgent(): Stopped {
  return new Stopped(
    'codex-failed',
    'Codex started a sub-agent, although the action switches them off.',
  );
}

/** Null if it is of another kind. */
function read<T extends typeof event | typeof item>(kinds: T, json: unknown): z.infer<T> | null {
  const parsed = kinds.safeParse(json);
  if (parsed.success) return parsed.data as z.infer<T>;
  const kind = typed.safeParse(json).data?.type;
  const known = kinds.options.some((option) => option.shape.type.value === kind);
  if (kind !== undefined && !known) return null;
  const shown = JSON.stringify(json).slice(0, 200);
  throw new Stopped(
    'codex-failed',
    `Codex printed something that is not one of its events: ${shown}`,
  );
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
