/**
 * A JSON-RPC client of `codex app-server`: one object a line, both ways. The server asks too; each of its requests gets an
 * answer, a refusal if it is unknown, because an open request would hold the turn for ever.
 */
import { z } from 'zod';
import { Stopped } from '../../decision.ts';

const id = z.union([z.string(), z.number()]);
const message = z.union([
  z.object({ id, method: z.string(), params: z.unknown() }),
  z.object({ method: z.string(), params: z.unknown() }),
  z.object({ id, error: z.object({ code: z.number(), message: z.string() }) }),
  z.object({ id, result: z.unknown() }),
]);

/** What answers the server. */
export interface Client {
  onNotification(method: string, params: unknown): void;
  /** The result of the server's request; null refuses it as unknown. */
  onRequest(method: string, params: unknown): object | null;
}

interface Pending {
  readonly method: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (fault: Stopped) => void;
}

const METHOD_NOT_FOUND = -32601;

export class AppServer {
  readonly #client: Client;
  readonly #write: (text: string) => void;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;

  constructor(client: Client, write: (text: string) => void) {
    this.#client = client;
    this.#write = write;
  }

  /** @throws Stopped codex-failed if the line is no message of the protocol. */
  take(line: string): void {
    const parsed = message.safeParse(parse(line));
    if (!parsed.success) {
      throw new Stopped(
        'codex-failed',
        `Codex printed a line that is no message of its protocol: ${line.slice(0, 200)}`,
      );
    }
    const { data } = parsed;
    if (!('method' in data)) this.#settle(data);
    else if ('id' in data) this.#answer(data.id, data.method, data.params);
    else this.#client.onNotification(data.method, data.params);
  }

  notify(method: string): void {
    this.#send({ method });
  }

  async request<T extends z.ZodType>(
    method: string,
    params: object,
    result: T,
  ): Promise<z.infer<T>> {
    const number = this.#nextId++;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#pending.set(number, { method, resolve, reject });
    });
    this.#send({ id: number, method, params });
    const parsed = result.safeParse(await answer);
    if (parsed.success) return parsed.data;
    throw new Stopped('codex-failed', `Codex answered ${method} in a form that is not known.`);
  }

  /** Ends every open request: the server is gone. */
  abandon(fault: Stopped): void {
    for (const { reject } of this.#pending.values()) reject(fault);
    this.#pending.clear();
  }

  #settle(answer: { id: string | number; result?: unknown; error?: { message: string } }): void {
    const pending = this.#pending.get(Number(answer.id));
    if (pending === undefined) return;
    this.#pending.delete(Number(answer.id));
    if (answer.error === undefined) pending.resolve(answer.result);
    else {
      const said = `Codex refused ${pending.method}: ${answer.error.message}`;
      pending.reject(new Stopped('codex-failed', said));
    }
  }

  #answer(number: string | number, method: string, params: unknown): void {
    const result = this.#client.onRequest(method, params);
    if (result === null) {
      const error = { code: METHOD_NOT_FOUND, message: `${method} is not answered here` };
      this.#send({ id: number, error });
    } else this.#send({ id: number, result });
  }

  #send(object: object): void {
    this.#write(`${JSON.stringify(object)}\n`);
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
