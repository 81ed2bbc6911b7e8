/**
 * The functions that a model script is made of: what the scripted model answers, item by item, and how it can fail.
 */

/** One output item of the Responses API. */
export type Item = Record<string, unknown> & { readonly type: string };

/** How the server misbehaves instead of answering. */
export type Failure =
  | {
      readonly failure: 'status';
      readonly status: number;
      readonly body: unknown;
      readonly headers: Record<string, string>;
    }
  /** The stream ends after its first event. */
  | { readonly failure: 'cut' }
  /** The headers come, and nothing after them. */
  | { readonly failure: 'hang' };

/** What the model answers to one call: the items of one response, or a failure. A string is a final message. */
export type Answer = string | Item | readonly Item[] | Failure;

/** A final message. */
export function say(text: string): Item {
  return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] };
}

/** A command, in Codex's sandbox unless `escalate` asks to leave it. */
export function run(cmd: string, options: { escalate?: string } = {}): Item {
  const escalation =
    options.escalate === undefined
      ? {}
      : { sandbox_permissions: 'require_escalated', justification: options.escalate };
  // After this time Codex returns the output that there is so far, and a busy machine is slow.
  return call('exec_command', { cmd, yield_time_ms: 20_000, ...escalation });
}

/**
 * A command whose output comes in one piece, both streams. Codex reads the output as it comes and stops when the
 * command ends: on a busy machine, what was written right before the end can be missing.
 */
export function runInOnePiece(cmd: string): Item {
  return run(`said=$({ ${cmd}; } 2>&1); printf '%s\\n' "$said"; sleep 0.3`);
}

/** Any function tool by its name. */
export function call(name: string, args: unknown): Item {
  return { type: 'function_call', name, arguments: JSON.stringify(args) };
}

/** A patch of one or more files, made of `create`, `update`, `move` and `remove`. */
export function patch(...hunks: readonly string[]): Item {
  return {
    type: 'custom_tool_call',
    name: 'apply_patch',
    input: ['*** Begin Patch', ...hunks, '*** End Patch'].join('\n'),
  };
}

export function create(path: string, text: string): string {
  return [`*** Add File: ${path}`, ...lines(text).map((line) => `+${line}`)].join('\n');
}

/** Replaces the lines of `from` by those of `to`. */
export function update(path: string, from: string, to: string): string {
  return [`*** Update File: ${path}`, ...hunk(from, to)].join('\n');
}

export function move(path: string, to: string, before: string, after: string): string {
  return [`*** Update File: ${path}`, `*** Move to: ${to}`, ...hunk(before, after)].join('\n');
}

export function remove(path: string): string {
  return `*** Delete File: ${path}`;
}

/** What the guardian answers to a review. */
export function assess(
  outcome: 'allow' | 'deny',
  options: { risk?: string; authorization?: string; rationale?: string } = {},
): Item {
  return say(
    JSON.stringify({
      risk_level: options.risk ?? (outcome === 'allow' ? 'low' : 'high'),
      user_authorization: options.authorization ?? 'unknown',
      outcome,
      rationale: options.rationale ?? `scripted: ${outcome}`,
    }),
  );
}

/** An HTTP error, in the shape of the API's own. */
export function refuse(
  status: number,
  message = `scripted ${status}`,
  headers: Record<string, string> = {},
): Failure {
  const body = { error: { message, type: 'scripted', code: null } };
  return { failure: 'status', status, body, headers };
}

/** What an account without credit gets: a 429, and waiting does not help. */
export const noQuota: Failure = {
  failure: 'status',
  status: 429,
  body: { error: { message: 'scripted: no quota', type: 'scripted', code: 'insufficient_quota' } },
  headers: {},
};

export const cut: Failure = { failure: 'cut' };
export const hang: Failure = { failure: 'hang' };

function hunk(from: string, to: string): string[] {
  return ['@@', ...lines(from).map((line) => `-${line}`), ...lines(to).map((line) => `+${line}`)];
}

function lines(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}
