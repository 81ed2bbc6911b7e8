/** Which part of a list a call sees. */
export interface View {
  /** How many of the newest entries are not listed yet. */
  lag: number;
  order: 'kept' | 'reversed' | 'shuffled';
}

/** The whole list, as it is. */
export const WHOLE: View = { lag: 0, order: 'kept' };

/** A list, oldest first, as a call sees it. */
export function seen<T>(items: readonly T[], { lag, order }: View): T[] {
  const listed = items.slice(0, Math.max(0, items.length - lag));
  if (order === 'reversed') return listed.reverse();
  if (order === 'kept') return listed;
  // The same order each time, neither by time nor by time reversed.
  const half = Math.ceil(listed.length / 2);
  return listed.map((_, index) => listed[(index % 2) * half + (index >> 1)] as T);
}

/** How a call goes wrong. Exactly one of the kinds, or `delay` alone. */
export interface Fault {
  /** HTTP method; any when left out. */
  method?: string;
  /** Matches the path with its query, or, as a string, the exact path or GitHub's template of it. */
  path?: RegExp | string;
  /** Matches the query of a GraphQL call with the JSON of its variables after it. */
  graphql?: RegExp;
  /** The first matching call that fails, counted from 1. */
  nth?: number;
  /** How many matching calls fail from there on. Default 1; `Infinity` is allowed. */
  times?: number;
  /** Whether the call takes effect before it fails. Default `before`: it has none. Git never has. */
  when?: 'before' | 'after';
  /** Milliseconds to wait first. */
  delay?: number;
  /** Answers this status with GitHub's kind of error body. */
  status?: number;
  /** The `message` of that body. */
  message?: string;
  /** The JSON of that answer, in place of GitHub's kind of error. */
  body?: unknown;
  /** Seconds in a `retry-after` header. */
  retryAfter?: number;
  /** Further headers of that answer. */
  headers?: Record<string, string>;
  /** Resets the connection. */
  drop?: boolean;
  /** Never answers; the connection stays open until the client or `close()` ends it. */
  hang?: boolean;
  /**
   * Answers 200 with what is not JSON, although it says so; with the page of a proxy that stands in between; with
   * nothing, or with half of the real answer and then a reset.
   */
  garbage?: 'malformed' | 'html' | 'bytes' | 'empty' | 'truncated';
  /** Answers with this in place of the JSON of the real answer. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever GitHub answers
  edit?: (answer: any) => unknown;
  /** Changes where the real answer redirects to. */
  redirect?: (location: string) => string;
  /** How many of the newest entries a list (events, comments, artifacts, a timeline) does not have yet. */
  lag?: number;
  /** The order in which a list comes. */
  order?: View['order'];
}

/** A fault that is active; `hits` counts the calls that it spoilt. */
export interface FaultHandle {
  readonly hits: number;
  remove(): void;
}

/** The calls that a test wants to go wrong. */
export class Faults {
  readonly active: { fault: Fault; seen: number; hits: number }[] = [];

  /** Registers a fault. */
  add(fault: Fault): FaultHandle {
    const entry = { fault, seen: 0, hits: 0 };
    this.active.push(entry);
    return {
      get hits() {
        return entry.hits;
      },
      remove: () => {
        const at = this.active.indexOf(entry);
        if (at >= 0) this.active.splice(at, 1);
      },
    };
  }

  /** Removes all faults. */
  clear(): void {
    this.active.length = 0;
  }

  /** The fault that a call meets, if any; every matching fault counts the call. */
  meet(call: FaultyCall) {
    let met: Fault | null = null;
    for (const entry of this.active) {
      if (!matches(entry.fault, call)) continue;
      entry.seen += 1;
      const first = entry.fault.nth ?? 1;
      const last = first + (entry.fault.times ?? 1) - 1;
      if (met !== null || entry.seen < first || entry.seen > last) continue;
      entry.hits += 1;
      met = entry.fault;
    }
    return met;
  }
}

interface FaultyCall {
  method: string;
  path: string;
  search: string;
  template: string | null;
  /** The query of a GraphQL call and its variables; null for others. */
  query: string | null;
}

function matches(fault: Fault, call: FaultyCall): boolean {
  if (fault.graphql && (call.query === null || !fault.graphql.test(call.query))) return false;
  if (fault.method && fault.method.toUpperCase() !== call.method) return false;
  if (fault.path === undefined) return true;
  if (typeof fault.path === 'string') {
    return fault.path === call.path || fault.path === call.template;
  }
  return new RegExp(fault.path.source, fault.path.flags.replace(/[gy]/g, '')).test(
    call.path + call.search,
  );
}

const MESSAGES: Record<number, string> = {
  401: 'Bad credentials',
  403: 'Resource not accessible by integration',
  404: 'Not Found',
  409: 'Conflict',
  422: 'Validation Failed',
  429: 'API rate limit exceeded',
  500: 'Server Error',
  502: 'Server Error',
  503: 'Service unavailable',
};

/** The answer of a fault with a `status`. */
export function faultAnswer(fault: Fault & { status: number }) {
  const headers: Record<string, string> = { ...fault.headers };
  if (fault.retryAfter !== undefined) headers['retry-after'] = String(fault.retryAfter);
  return {
    status: fault.status,
    headers,
    body: fault.body ?? {
      message: fault.message ?? MESSAGES[fault.status] ?? 'Error',
      documentation_url: 'https://docs.github.com/rest',
      status: String(fault.status),
    },
  };
}
