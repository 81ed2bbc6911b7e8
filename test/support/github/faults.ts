/** How a call goes wrong. Exactly one of the kinds, or `delay` alone. */
export interface Fault {
  /** HTTP method; any when left out. */
  method?: string;
  /** Matches the path with its query, or, as a string, the exact path or GitHub's template of it. */
  path?: RegExp | string;
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
  /** Seconds in a `retry-after` header. */
  retryAfter?: number;
  /** Further headers of that answer. */
  headers?: Record<string, string>;
  /** Resets the connection. */
  drop?: boolean;
  /** Never answers; the connection stays open until the client or `close()` ends it. */
  hang?: boolean;
  /** Answers 200 with what is not JSON, or with half of the real answer and then a reset. */
  garbage?: 'malformed' | 'truncated';
  /** Answers with this in place of the JSON of the real answer. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever GitHub answers
  edit?: (answer: any) => unknown;
}

/** A fault at work; `hits` counts the calls it spoilt. */
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

  /** The fault that a call meets, if any; every matching fault counts the call. */
  meet(call: { method: string; path: string; search: string; template: string | null }) {
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

function matches(
  fault: Fault,
  call: { method: string; path: string; search: string; template: string | null },
): boolean {
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
    body: {
      message: fault.message ?? MESSAGES[fault.status] ?? 'Error',
      documentation_url: 'https://docs.github.com/rest',
      status: String(fault.status),
    },
  };
}
