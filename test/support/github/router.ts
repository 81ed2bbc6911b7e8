import type { Access, Token } from './access.ts';
import type { View } from './faults.ts';
import type { GitHub } from './github.ts';
import type { Repository } from './repository.ts';

/** A request as a handler sees it. */
export interface Call {
  github: GitHub;
  /** Path parameters, decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** The JSON body; `{}` if there is none. */
  body: Record<string, unknown>;
  /** The `Accept` header. */
  accept: string;
  token: Token | null;
  /** The repository of a `/repos/{owner}/{repo}` route; reading it elsewhere throws. */
  repository: Repository;
  /** Which part of a list this call sees. */
  view: View;
  /** What follows `/repos/{owner}/{repo}` in the path, still encoded. */
  pathInRepository: string;
}

/** What a handler answers. A `Buffer` or string goes out as it is, anything else as JSON. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** One operation of GitHub's REST API, with the path template that GitHub documents. */
export interface Route {
  method: string;
  template: string;
  access: Access;
  handle: (call: Call) => Answer;
}

interface Compiled {
  route: Route;
  pattern: RegExp;
  names: string[];
}

/** Parameters that hold slashes, as GitHub takes them encoded or not. */
const GREEDY = new Set(['ref', 'path', 'basehead', 'branch', 'name']);

/** Finds the route of a request. */
export class Router {
  readonly #routes: Compiled[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map(compile);
  }

  /** The route for a method and path with its parameters; null if nothing matches. */
  find(method: string, path: string): { route: Route; params: Record<string, string> } | null {
    for (const { route, pattern, names } of this.#routes) {
      if (route.method !== method) continue;
      const match = pattern.exec(path);
      if (!match) continue;
      const params: Record<string, string> = {};
      for (const [index, name] of names.entries()) {
        const value = decode(match[index + 1] ?? '');
        if (value === null) return null;
        params[name] = value;
      }
      return { route, params };
    }
    return null;
  }
}

function compile(route: Route): Compiled {
  const names: string[] = [];
  const source = route.template
    .split(/(\{[^}]+\})/)
    .map((part) => {
      if (!part.startsWith('{')) return part.replace(/[.+]/g, '\\$&');
      const name = part.slice(1, -1);
      names.push(name);
      // Without a path it is the root of the repository.
      if (name === 'path') return '(.*?)';
      return GREEDY.has(name) ? '(.+?)' : '([^/]+)';
    })
    .join('');
  return { route, names, pattern: new RegExp(`^${source}/?$`) };
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
