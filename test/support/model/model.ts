/**
 * The scripted model: a loopback server that answers `POST …/v1/responses` as OpenAI's API does, from a script, and
 * keeps every request, since the request is all that a model would see.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer, Failure, Item } from './script.ts';
import { say } from './script.ts';

/** Who makes a call: the planner sends the plan's schema, the guardian its own, the editor none. */
export type Caller = 'plan' | 'edit' | 'guardian';

export interface ModelCall {
  readonly caller: Caller;
  /** 0 for the first call of this caller that the script answers. */
  readonly turn: number;
  readonly model: string;
  readonly headers: IncomingMessage['headers'];
  readonly url: string;
  // biome-ignore lint/suspicious/noExplicitAny: the request is foreign, and tests look into any corner of it.
  readonly body: any;
  /** The whole request body as JSON, to search for what must not be in it; of a scripted agent its prompt, as JSON, too. */
  readonly text: string;
}

type Answers = readonly Answer[] | ((call: ModelCall) => Answer | Promise<Answer>);

/** Answers for each caller, in the order of its calls; or one function for all of them. */
export type Script = Partial<Record<Caller, Answers>> | ((call: ModelCall) => Answer);

export interface ScriptedModel {
  /** What goes into the `responses-api-endpoint` input. */
  readonly endpoint: string;
  readonly calls: readonly ModelCall[];
  callsOf(caller: Caller): ModelCall[];
  /** What is answered from now on; turns count from 0 again. */
  follow(script: Script): void;
  /** What is answered, and how many calls of each caller were answered by another script before. */
  readonly present: { script: Script; before: Readonly<Record<Caller, number>> };
  /** Its server keeps this process no longer from its end. */
  unref(): void;
  close(): Promise<void>;
}

export interface ModelOptions {
  /** What the answers name as their model; what was asked for when unset. */
  readonly returnedModel?: string;
}

export async function startModel(
  script: Script,
  options: ModelOptions = {},
): Promise<ScriptedModel> {
  const calls: ModelCall[] = [];
  const callsOf = (caller: Caller) => calls.filter((call) => call.caller === caller);
  const present: ScriptedModel['present'] = { script, before: { plan: 0, edit: 0, guardian: 0 } };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) sendError(response, 400, String(error));
      else response.destroy();
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await read(request);
    if (request.url === '/ask') return answerAgent(JSON.parse(text), response);
    if (request.method !== 'POST' || !/\/responses(\?|$)/.test(request.url ?? '')) {
      return sendError(response, 404, `scripted model: no ${request.method} ${request.url}`);
    }
    const body = JSON.parse(text);
    const { headers, url = '' } = request;
    const call = record({ caller: callerOf(body), model: body.model, headers, url, body, text });
    const planned = await choose(present.script, call);
    if (isFailure(planned)) return fail(response, planned);
    stream(response, items(planned), options.returnedModel ?? call.model, calls.length);
  }

  function record(made: Omit<ModelCall, 'turn'>): ModelCall {
    const turn = callsOf(made.caller).length - present.before[made.caller];
    const call: ModelCall = { ...made, turn };
    calls.push(call);
    return call;
  }

  async function answerAgent(asked: Asked, response: ServerResponse): Promise<void> {
    const text = JSON.stringify(asked.text);
    const call = record({ ...asked, text, headers: {}, url: '', body: {} });
    const planned = await choose(present.script, call);
    if (isFailure(planned)) {
      response.writeHead(modelFailed).end('{}');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(items(planned)));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}/v1/responses`,
    calls,
    callsOf,
    follow: (script) => {
      const count = (caller: Caller) => callsOf(caller).length;
      const before = { plan: count('plan'), edit: count('edit'), guardian: count('guardian') };
      Object.assign(present, { script, before });
    },
    present,
    unref: () => void server.unref(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What a scripted agent asks. */
interface Asked {
  readonly caller: Caller;
  readonly model: string;
  /** The prompt. */
  readonly text: string;
}

/** The status that tells an agent that is no Codex of any failure. */
const modelFailed = 424;

/** The script had a failure in the place of an answer. How it looks is for the Codex CLI alone. */
export class ModelFailed extends Error {}

/**
 * Asks the scripted model for an agent that is no Codex: the items of its answer.
 * @throws ModelFailed
 */
export async function askModel(
  endpoint: string,
  caller: Caller,
  model: string,
  text: string,
): Promise<readonly Item[]> {
  const body = JSON.stringify({ caller, model, text } satisfies Asked);
  const response = await fetch(new URL('/ask', endpoint), { method: 'POST', body });
  if (response.status === modelFailed) throw new ModelFailed('The scripted model failed.');
  const answer = await response.json();
  if (!response.ok) throw new Error(JSON.stringify(answer));
  return answer as readonly Item[];
}

/** What the commands and patches of a call's history came back with, newest last: what the model would read next. */
export function outputs(call: ModelCall): string[] {
  return call.body.input
    .filter((item: { type: string }) => /_call_output$/.test(item.type))
    .map((item: { output: unknown }) =>
      typeof item.output === 'string' ? item.output : JSON.stringify(item.output),
    );
}

/** The texts of the messages of one role, in their order. */
export function messages(call: ModelCall, role: 'developer' | 'user'): string[] {
  return call.body.input
    .filter(
      (item: { type: string; role?: string }) => item.type === 'message' && item.role === role,
    )
    .flatMap(({ content }: { content: { text: string }[] }) => content.map(({ text }) => text));
}

/**
 * All that the model can call, by its full name. Newer models find their tools in an item of the input, and most of them
 * through `exec` alone, whose description names each.
 */
export function tools(call: ModelCall): string[] {
  const items: { tools?: Tool[] }[] = [call.body, ...call.body.input];
  return items.flatMap((item) => (item.tools ?? []).flatMap((tool) => namesOf(tool, '')));
}

interface Tool {
  readonly type: string;
  readonly name?: string;
  readonly description?: string;
  readonly tools?: Tool[];
}

function namesOf({ type, name, description, tools: inside }: Tool, prefix: string): string[] {
  const full = `${prefix}${name ?? type}`;
  if (inside !== undefined) return inside.flatMap((tool) => namesOf(tool, `${full}.`));
  const nested = [...(description ?? '').matchAll(/^### `(\w+)`/gm)];
  return [full, ...nested.map((match) => `${full} ${match[1]}`)];
}

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON.
function callerOf(body: any): Caller {
  const properties = body.text?.format?.schema?.properties;
  if (properties?.risk_level) return 'guardian';
  return properties ? 'plan' : 'edit';
}

async function choose(script: Script, call: ModelCall): Promise<Answer> {
  if (typeof script === 'function') return script(call);
  const answers = script[call.caller];
  if (typeof answers === 'function') return answers(call);
  const answer = answers?.[call.turn];
  if (answer === undefined) throw new Error(`scripted model: ${call.caller} ${call.turn} has none`);
  return answer;
}

function isFailure(answer: Answer): answer is Failure {
  return typeof answer === 'object' && 'failure' in answer;
}

function items(answer: Exclude<Answer, Failure>): readonly Item[] {
  if (typeof answer === 'string') return [say(answer)];
  return Array.isArray(answer) ? (answer as readonly Item[]) : [answer as Item];
}

function fail(response: ServerResponse, failure: Failure): void {
  switch (failure.failure) {
    case 'status':
      response.writeHead(failure.status, {
        'content-type': 'application/json',
        ...failure.headers,
      });
      response.end(JSON.stringify(failure.body));
      return;
    case 'cut':
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(event('response.created', { response: { id: 'resp_cut' } }));
      setTimeout(() => response.destroy(), 50);
      return;
    case 'hang':
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
  }
}

function stream(response: ServerResponse, output: readonly Item[], model: string, n: number): void {
  const id = `resp_${n}`;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(event('response.created', { response: { id, model } }));
  for (const [index, item] of output.entries()) {
    const named = item.type.endsWith('_call')
      ? { id: `item_${n}_${index}`, call_id: `call_${n}_${index}`, ...item }
      : { id: `item_${n}_${index}`, ...item };
    response.write(event('response.output_item.done', { output_index: index, item: named }));
  }
  const usage = {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 15,
  };
  response.end(event('response.completed', { response: { id, model, usage } }));
}

function event(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

function sendError(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message, type: 'scripted', code: null } }));
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
