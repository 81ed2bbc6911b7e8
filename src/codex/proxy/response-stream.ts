/** The few parts of a response stream (server-sent events) that are read or written. */

/** A first event is a few hundred kilobytes at most: it repeats the instructions. */
const FIRST_EVENT_BYTES = 1024 * 1024;

/** Reads the model's name from the first event, and then stops looking. */
export class ResponseObserver {
  model: string | null = null;
  #head = '';
  #done = false;

  push(chunk: Buffer): void {
    if (this.#done) return;
    this.#head += chunk.toString('latin1');
    const end = this.#head.search(/\r?\n\r?\n/);
    if (end === -1 && this.#head.length < FIRST_EVENT_BYTES) return;
    this.#done = true;
    this.model = modelOf(end === -1 ? '' : this.#head.slice(0, end));
    this.#head = '';
  }
}

function modelOf(event: string): string | null {
  const data = /^data: ?(.*)$/m.exec(event)?.[1];
  if (data === undefined) return null;
  try {
    const model = (JSON.parse(data) as { response?: { model?: unknown } }).response?.model;
    return typeof model === 'string' ? model : null;
  } catch {
    return null;
  }
}

/** A whole response that says one thing. */
export function responseOf(message: string): string {
  const item = {
    type: 'message',
    role: 'assistant',
    id: 'msg_gate',
    content: [{ type: 'output_text', text: message }],
  };
  const usage = {
    input_tokens: 0,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 0,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 0,
  };
  return [
    { type: 'response.created', response: { id: 'resp_gate' } },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: { id: 'resp_gate', usage } },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
}
