/**
 * What a request to the Responses API may ask for. A command that a reviewer let out of the sandbox can read the
 * token of the run and ask by itself; a hosted tool, or a picture given by its address, would reach the network for
 * it.
 */

/** All that the pinned CLI sends, or can be set to: none of it makes the API fetch, call or store anything. */
const KEYS: ReadonlySet<string> = new Set([
  ...['model', 'instructions', 'input', 'tools', 'tool_choice', 'parallel_tool_calls'],
  ...['reasoning', 'text', 'include', 'store', 'stream', 'stream_options', 'service_tier'],
  ...['prompt_cache_key', 'prompt_cache_options', 'client_metadata'],
]);

/** Tools that Codex carries out itself, and groups of them. */
const LOCAL_TOOLS: ReadonlySet<unknown> = new Set(['function', 'custom', 'namespace']);

/** JSON schemas, which may describe anything. */
const SCHEMAS: ReadonlySet<string> = new Set(['parameters', 'output_schema']);

/** Why a request is not let through; null if there is no objection. The text may be foreign. */
export function objectionTo(asked: Record<string, unknown>): string | null {
  const unknown = Object.keys(asked).find((key) => !KEYS.has(key));
  if (unknown !== undefined) return `it sets ${unknown}`;
  if (typeof asked.model !== 'string') return 'it names no model';
  // Left out, it means true.
  if (asked.store !== false) return 'it would be stored';
  // Without recursion, because whoever asks chooses the depth.
  const open: object[] = [{ tools: asked.tools, input: asked.input }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const [key, value] of entriesOf(next)) {
      const objection = objectionToEntry(key, value);
      if (objection !== null) return objection;
      if (typeof value === 'object' && value !== null && !SCHEMAS.has(key)) open.push(value);
    }
  }
  return null;
}

/** One after the other, since there may be millions. */
function* entriesOf(value: object): Generator<[string, unknown]> {
  if (Array.isArray(value)) for (const inner of value) yield ['', inner];
  else for (const key of Object.keys(value)) yield [key, (value as Record<string, unknown>)[key]];
}

function objectionToEntry(key: string, value: unknown): string | null {
  if (value == null) return null;
  if (key === 'tools') return objectionToTools(value);
  if (key === 'file_id') return 'it names a file that is stored';
  const isInline = typeof value === 'string' && value.startsWith('data:');
  return key.endsWith('_url') && !isInline ? `it has ${key} fetched` : null;
}

/** Newer models are given theirs in an item of the input, in groups. */
function objectionToTools(tools: unknown): string | null {
  if (!Array.isArray(tools)) return 'its tools are no list';
  const foreign = tools.find((tool) => !LOCAL_TOOLS.has(tool?.type));
  return foreign === undefined ? null : `it asks for the tool ${foreign?.type}`;
}
